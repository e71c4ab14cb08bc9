import { valueAt } from "../lib/json/json-object.ts";
import type { Env } from "../runtime.ts";
import type { Configuration } from "./configuration.ts";

/** What names a proxy and certificates, beside variables of proxies. */
export type NetworkOptions = {
  readonly env: Env;
  /** `--proxy` */
  readonly proxy: string | undefined;
  /** `--ca-cert` */
  readonly caCert: string | undefined;
  /** `--client-cert` */
  readonly clientCert?: string | undefined;
  /** `--client-key` */
  readonly clientKey?: string | undefined;
};

/** Variables that name a file of certificates to trust. */
export const AUTHORITY_VARIABLES = ["QWEN_CA_CERT", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"];

const CLIENT_VARIABLES = ["QWEN_CLIENT_CERT", "QWEN_CLIENT_KEY"];

const SETTINGS = [
  ["proxy"],
  ["clientCert"],
  ["clientKey"],
  ...AUTHORITY_VARIABLES.map((name) => ["env", name]),
];

/**
 * Whether anything is named that `resolveNetwork` could refuse, be it used or not: whoever asks
 * nothing loads that file only then.
 */
export function namesNetwork(
  { layers, dotenv }: Pick<Configuration, "layers" | "dotenv">,
  { env, proxy, caCert, clientCert, clientKey }: NetworkOptions,
): boolean {
  return (
    Boolean(proxy ?? caCert ?? clientCert ?? clientKey) ||
    [...AUTHORITY_VARIABLES, ...CLIENT_VARIABLES].some((name) => env[name]) ||
    AUTHORITY_VARIABLES.some((name) => dotenv.variables.has(name)) ||
    layers.some(({ value }) => SETTINGS.some((path) => valueAt(value, path) !== undefined))
  );
}
