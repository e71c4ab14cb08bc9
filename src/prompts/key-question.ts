import type { Endpoint, Provider } from "../auth/providers/provider.ts";

/** The question for a key, with what one looks like and where it is made, as far as that is known. */
export function keyQuestion(
  question: string,
  provider: Provider | undefined,
  endpoint: Endpoint | undefined,
): string {
  const url = endpoint?.consoleUrl ?? provider?.consoleUrl;
  const parts = [
    provider?.keyPrefix === undefined ? undefined : `it begins with ${provider.keyPrefix}`,
    url === undefined ? undefined : `made at ${url}`,
  ].filter((part) => part !== undefined);
  return [question, ...parts].join("\n");
}
