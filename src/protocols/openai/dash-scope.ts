/** Whether a host is one of Alibaba Cloud that knows its own headers and fields. */
export function isDashScope(hostname: string): boolean {
  return /(?:^|[.-])dashscope(?:-\w+)?\.aliyuncs\.com$|\.maas\.aliyuncs\.com$/.test(hostname);
}
