import type { GlobalOptions } from "../flags/global-flags.ts";
import type { Http } from "../http/http.ts";
import type { Configuration } from "../models/configuration.ts";
import { loadConfiguration } from "../models/load-configuration.ts";
import { resolveNetwork } from "../models/resolve-network.ts";
import { uncheckedTls } from "../models/unchecked-tls.ts";
import type { Runtime } from "../runtime.ts";

/**
 * The way to the network as flags, shell and settings have it; the passwords of proxies are shown
 * nowhere from then on. Says that `NODE_TLS_REJECT_UNAUTHORIZED=0` and its like are ignored
 * (`spec/trust-and-secrets.md`, "Secrets in motion").
 * @throws UsageError or ConfigError when a proxy or a file of certificates cannot be used
 */
export async function openHttp(
  runtime: Runtime,
  configuration: Pick<Configuration, "layers" | "dotenv">,
  {
    quiet,
    ...given
  }: Pick<GlobalOptions, "proxy" | "caCert" | "clientCert" | "clientKey" | "quiet">,
): Promise<Http> {
  const { env, fetch, sleep, now, random, trace, version, platform, arch } = runtime;
  const { network, secrets } = await resolveNetwork(configuration, { ...given, env });
  secrets.forEach(runtime.addSecret);
  for (const name of quiet ? [] : uncheckedTls(env)) {
    await runtime.stderr.write(
      `warning: \`${name}\` is ignored: certificates are always checked; \`--ca-cert FILE\` names one to trust\n`,
    );
  }
  const userAgent = `QwenCode/${version} (${platform}; ${arch})`;
  return { fetch, sleep, now, random, trace, userAgent, network };
}

/** The way to the network for a login, which needs proxy and certificates but no connection yet. */
export async function loginHttp(runtime: Runtime, options: GlobalOptions): Promise<Http> {
  const { trust, noProject } = options;
  const configuration = await loadConfiguration(runtime, { trust, noProject, names: [] });
  return openHttp(runtime, configuration, options);
}
