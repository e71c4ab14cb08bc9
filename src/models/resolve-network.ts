import { isDeniedName } from "../env/denied-names.ts";
import { ConfigError, UsageError } from "../errors.ts";
import { findProxy, type ProxyChoice, usedProxy } from "../http/choose-proxy.ts";
import type { Network } from "../http/http.ts";
import type { AuthorityFile } from "../http/read-authorities.ts";
import type { ClientCertificate } from "../http/read-client-certificate.ts";
import type { Env } from "../runtime.ts";
import { findText } from "../settings/settings-layer.ts";
import type { Configuration } from "./configuration.ts";
import { AUTHORITY_VARIABLES, type NetworkOptions } from "./names-network.ts";

type NamedValue = { readonly name: string; readonly value: string };

type Files = Pick<Configuration, "layers" | "dotenv">;

/** A proxy that is configured for a URL, and what names it: `HTTPS_PROXY`, `--proxy`. */
type NamedProxy = Omit<ProxyChoice, "variable"> & { readonly name: string };

type ResolvedProxy = {
  readonly find: (url: string) => NamedProxy | undefined;
  /** What a proxy URL may carry and no output shows. */
  readonly secrets: readonly string[];
};

type ResolvedNetwork = Pick<ResolvedProxy, "secrets"> & { readonly network: Network };

/**
 * Proxy and certificates (`spec/protocols.md`): flags, the shell, a user's `.env`, `env` and `proxy`
 * of user or system settings. A project supplies neither (`spec/trust-and-secrets.md`).
 * @throws UsageError or ConfigError when a proxy is no URL, or a file of certificates is unusable
 */
export async function resolveNetwork(
  files: Files,
  given: NetworkOptions,
): Promise<ResolvedNetwork> {
  const { find, secrets } = resolveProxy(files, given);
  const authorities = authorityFiles(files, given);
  return {
    network: {
      proxyFor: (url) => usedProxy(find(url)),
      proxyName: (url) => find(url)?.name,
      authorities:
        authorities.length === 0
          ? undefined
          : (await import("../http/read-authorities.ts")).readAuthorities(authorities),
      client: await resolveClient(files, given),
    },
    secrets,
  };
}

/**
 * Fails where a question would for its proxy or certificates, for whoever tells what is in force
 * and asks nothing; those of the system are not read.
 * @throws UsageError or ConfigError as `resolveNetwork` does
 */
export async function checkNetwork(files: Files, given: NetworkOptions): Promise<void> {
  resolveProxy(files, given);
  const authorities = authorityFiles(files, given);
  if (authorities.length > 0) {
    authorities.forEach((await import("../http/read-authorities.ts")).readAuthorityFile);
  }
  await resolveClient(files, given);
}

/**
 * The client certificate that flags, shell and what is the user's own name; a project names none.
 * @throws ConfigError when it cannot be used
 */
async function resolveClient(
  { layers }: Files,
  { env, clientCert, clientKey }: NetworkOptions,
): Promise<ClientCertificate | undefined> {
  const own = layers.filter(({ origin }) => origin === "user");
  const find = (places: readonly (readonly [name: string, path: string | undefined])[]) =>
    places.map(([name, path]) => (path ? [{ name, path }] : [])).flat()[0];
  const cert = find([
    ["--client-cert", clientCert],
    ["QWEN_CLIENT_CERT", env.QWEN_CLIENT_CERT],
    ["clientCert", findText(own, ["clientCert"])?.value],
  ]);
  const key = find([
    ["--client-key", clientKey],
    ["QWEN_CLIENT_KEY", env.QWEN_CLIENT_KEY],
    ["clientKey", findText(own, ["clientKey"])?.value],
  ]);
  return cert === undefined && key === undefined
    ? undefined
    : (await import("../http/read-client-certificate.ts")).readClientCertificate({
        cert,
        key,
      });
}

/** @throws UsageError or ConfigError when a proxy of flag or settings is no URL */
export function resolveProxy(
  files: Files,
  { env, proxy }: Pick<NetworkOptions, "env" | "proxy">,
): ResolvedProxy {
  const variable = variableOf(files, env);
  const explicit = explicitProxy(files, proxy);
  if (explicit !== undefined) {
    checkProxy(explicit);
  }
  return {
    find: (url) => {
      const found = findProxy(url, { explicit: explicit?.value, variable });
      return found && { ...found, name: found.variable ?? explicit?.name ?? "" };
    },
    secrets: [explicit?.value, ...PROXY_VARIABLES.map(variable)].map(credentialsOf).flat(),
  };
}

/** The files of certificates that flag, shell, a user's `.env` and `env` of the user's name. */
export function authorityFiles(
  files: Files,
  { env, caCert }: Pick<NetworkOptions, "env" | "caCert">,
): readonly AuthorityFile[] {
  const variable = variableOf(files, env);
  const named = AUTHORITY_VARIABLES.map((name) => {
    const path = variable(name);
    return path === undefined ? [] : [{ name, path }];
  }).flat();
  return [...(caCert === undefined ? [] : [{ name: "--ca-cert", path: caCert }]), ...named];
}

function variableOf({ dotenv, layers }: Files, env: Env): (name: string) => string | undefined {
  const own = layers.filter(({ origin }) => origin === "user");
  return (name) => {
    const settings = isDeniedName(name) ? undefined : findText(own, ["env", name]);
    const places = [dotenv.variables.get(name), settings];
    return env[name] || places.find((place) => place?.source.origin === "user")?.value;
  };
}

const PROXY_VARIABLES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"]
  .map((name) => [name, name.toLowerCase()])
  .flat();

function explicitProxy(
  { layers }: Pick<Configuration, "layers">,
  flag: string | undefined,
): NamedValue | undefined {
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
function checkProxy({ name, value }: NamedValue): void {
  const url = parseProxy(value);
  const isSupported = url?.protocol === "http:" || url?.protocol === "https:";
  if (isSupported && url.hostname !== "") {
    return;
  }
  const message = `Cannot use the proxy of \`${name}\`: only http:// and https:// proxies are supported`;
  const hint = "write it like `http://proxy.example:3128`";
  throw name === "--proxy"
    ? new UsageError(message, { code: "invalid-value", hint })
    : new ConfigError(message, { code: "settings-invalid", hint });
}

/** A proxy may be written without its scheme, which is `http:` then. */
function parseProxy(proxy: string): URL | null {
  return URL.parse(proxy.includes("://") ? proxy : `http://${proxy}`);
}

/** The password, as it stands there and as it is sent; a user without one is a token. */
function credentialsOf(proxy: string | undefined): string[] {
  const url = proxy === undefined ? null : parseProxy(proxy);
  const credential = url?.password || url?.username;
  return credential ? [credential, decode(credential)] : [];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
