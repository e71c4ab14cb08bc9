import type { Configuration } from "../models/load-configuration.ts";
import { resolveNetwork } from "../models/resolve-network.ts";
import type { Http } from "../protocols/http.ts";
import type { Runtime } from "../runtime.ts";
import type { GlobalOptions } from "./command.ts";

/**
 * The way to the network as flags, shell and settings have it; the passwords of proxies are shown
 * nowhere from then on.
 * @throws UsageError or ConfigError when a proxy or a file of certificates cannot be used
 */
export async function openHttp(
  runtime: Runtime,
  configuration: Pick<Configuration, "layers" | "dotenv">,
  { proxy, caCert }: Pick<GlobalOptions, "proxy" | "caCert">,
): Promise<Http> {
  const { env, fetch, sleep, now, random, version, platform, arch } = runtime;
  const { network, secrets } = await resolveNetwork(configuration, { env, proxy, caCert });
  secrets.forEach(runtime.addSecret);
  const userAgent = `QwenCode/${version} (${platform}; ${arch})`;
  return { fetch, sleep, now, random, userAgent, network };
}
