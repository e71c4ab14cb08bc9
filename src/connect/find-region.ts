import { endpointName, setUpCommand } from "../auth/providers/find-provider.ts";
import type { Provider } from "../auth/providers/provider.ts";
import { type AskedEndpoint, askRegions, askSiblings } from "../auth/verify/try-endpoints.ts";
import { AuthError, QwenError, UnreachableError } from "../errors.ts";
import type { LoginOptions } from "../flags/login-flags.ts";
import type { Http } from "../http/http.ts";
import type { Runtime } from "../runtime.ts";
import { withProgress } from "../terminal/progress.ts";
import { loginHttp } from "./open-http.ts";

/**
 * `--region auto`: asks every region of a provider at once and takes the first that accepts the
 * key.
 * @throws AuthError when none does, UnreachableError when that cannot be told
 */
export async function findRegion(
  runtime: Runtime,
  options: LoginOptions,
  { provider, key }: { readonly provider: Provider; readonly key: string },
): Promise<AskedEndpoint> {
  const http = await loginHttp(runtime, options);
  const { quiet } = options;
  const asked = await withProgress(
    runtime.stderr,
    { text: `Asking the regions of ${provider.label}`, quiet },
    () => askRegions(http, provider, key),
  );
  const accepting = asked.find(({ verification }) => verification.state === "ok");
  if (accepting !== undefined) {
    return accepting;
  }
  throwIfInconclusive(asked);
  throw new AuthError(
    `Cannot find the region of the key: no region of ${provider.label} accepts it`,
    { code: "key-rejected", hint: await hintOf(http, provider, key) },
  );
}

/** @throws UnreachableError or QwenError when a region has not said that it rejects the key */
function throwIfInconclusive(asked: readonly AskedEndpoint[]): void {
  for (const { verification } of asked) {
    const { state } = verification;
    if (state === "unreachable" || state === "unverifiable") {
      const message = `Cannot find the region of the key: ${verification.detail}`;
      const hint = "name the region with `--region`, or try again later";
      throw state === "unreachable"
        ? new UnreachableError(message, { hint })
        : new QwenError(message, { hint });
    }
  }
}

/** Keys of Alibaba Cloud look alike: one that no region takes may be another plan's. */
async function hintOf(http: Http, provider: Provider, key: string): Promise<string> {
  const [first] = provider.endpoints;
  const others = first === undefined ? [] : await askSiblings(http, first.baseUrl, key);
  const found = others.find(({ verification }) => verification.state === "ok");
  return found === undefined
    ? "check the key, or make a new one where the provider shows its keys"
    : `run \`${setUpCommand(found)}\`: the key works at ${endpointName(found)}`;
}
