const HOSTS =
  /(?:^|[.-])dashscope(?:-\w+)?\.aliyuncs\.com$|\.maas\.aliyuncs\.com$|\.(?:alicloudapi|alibaba-inc|aliyun-inc)\.com$/;

/** Whether a host is one of Alibaba's that knows DashScope's own headers and fields. */
export function isDashScope(hostname: string): boolean {
  return HOSTS.test(hostname);
}
