import { ConfigError, UsageError } from "../errors.ts";
import { chooseProxy } from "../protocols/choose-proxy.ts";
import type { Network } from "../protocols/http.ts";
import type { Env } from "../runtime.ts";
import { findText } from "../settings/settings-layer.ts";
import type { Configuration } from "./load-configuration.ts";

type Given = {
  readonly env: Env;
  /** `--proxy` */
  readonly proxy: string | undefined;
  /** `--ca-cert` */
  readonly caCert: string | undefined;
};

type Named = { readonly name: string; readonly value: string };

/** What a proxy URL may carry and no output shows. */
export type ResolvedNetwork = { readonly network: Network; readonly secrets: readonly string[] };

/**
 * Proxy and certificates (`spec/protocols.md`): flags, the shell, a user's `.env`, `proxy` of user
 * or system settings. A project supplies neither (`spec/trust-and-secrets.md`).
 * @throws UsageError or ConfigError when a proxy is no URL, or a file of certificates is unusable
 */
export async function resolveNetwork(
  configuration: Pick<Configuration, "layers" | "dotenv">,
  { env, proxy, caCert }: Given,
): Promise<ResolvedNetwork> {
  const variable = (name: string): string | undefined => {
    const own = configuration.dotenv.variables.get(name);
    return env[name] || (own?.source.origin === "user" ? own.value : undefined);
  };
  const explicit = explicitProxy(configuration, proxy);
  if (explicit !== undefined) {
    checkProxy(explicit);
  }
  const files = ["QWEN_CA_CERT", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"].flatMap((name) => {
    const path = variable(name);
    return path === undefined ? [] : [{ name, path }];
  });
  const all = [...(caCert === undefined ? [] : [{ name: "--ca-cert", path: caCert }]), ...files];
  const authorities =
    all.length === 0
      ? undefined
      : (await import("../protocols/read-authorities.ts")).readAuthorities(all);
  return {
    network: {
      proxyFor: (url) => chooseProxy(url, { explicit: explicit?.value, variable }),
      authorities,
    },
    secrets: [explicit?.value, ...PROXY_VARIABLES.map(variable)].flatMap(passwordsOf),
  };
}

const PROXY_VARIABLES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

function explicitProxy(
  { layers }: Pick<Configuration, "layers">,
  flag: string | undefined,
): Named | undefined {
  if (flag !== undefined) {
    return { name: "--proxy", value: flag };
  }
  const own = layers.filter(({ origin }) => origin === "user");
  const setting = findText(own, ["proxy"]);
  return setting?.source.origin === "user"
    ? { name: `${setting.source.name}\` of \`${setting.source.path}`, value: setting.value }
    : undefined;
}

/** The value is not repeated: it may hold a password. */
function checkProxy({ name, value }: Named): void {
  const url = parseProxy(value);
  const isSupported = url?.protocol === "http:" || url?.protocol === "https:";
  if (isSupported && url.hostname !== "") {
    return;
  }
  const message = `Cannot use the proxy of \`${name}\`: only http:// and https:// proxies are supported`;
  const hint = "write it like `http://user:password@proxy.example:3128`";
  throw name === "--proxy"
    ? new UsageError(message, { code: "invalid-value", hint })
    : new ConfigError(message, { code: "settings-invalid", hint });
}

/** A proxy may be written without its scheme, which is `http:` then. */
function parseProxy(proxy: string): URL | null {
  return URL.parse(proxy.includes("://") ? proxy : `http://${proxy}`);
}

function passwordsOf(proxy: string | undefined): string[] {
  const password = proxy === undefined ? "" : (parseProxy(proxy)?.password ?? "");
  return password === "" ? [] : [password, decode(password)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
