/** Ends of the hosts that resources of Azure OpenAI have. */
const HOSTS = [".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com"];

export function isAzure(baseUrl: string): boolean {
  const hostname = URL.parse(baseUrl)?.hostname ?? "";
  return HOSTS.some((host) => hostname.endsWith(host));
}

/** What the portal shows is the host alone; its OpenAI-compatible interface is below it. */
export function completedAzureUrl(baseUrl: string): string {
  const url = URL.parse(baseUrl);
  const isBare = url !== null && /^\/(?:openai\/?)?$/.test(url.pathname) && url.search === "";
  return isBare && isAzure(baseUrl) ? `${url.origin}/openai/v1` : baseUrl;
}
