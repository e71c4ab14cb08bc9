import type { Provider } from "./provider.ts";

/** Whether a base URL is at one of the further hosts of a service (`Provider.otherHosts`). */
export function isOtherHost({ otherHosts = [] }: Provider, baseUrl: string): boolean {
  const url = URL.parse(baseUrl);
  return url?.protocol === "https:" && otherHosts.some((host) => url.hostname.endsWith(`.${host}`));
}
