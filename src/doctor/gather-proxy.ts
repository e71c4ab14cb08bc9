import { type AuthorityFile, readAuthorityFile } from "../http/read-authorities.ts";
import type { Configuration } from "../models/configuration.ts";
import { authorityFiles, resolveProxy } from "../models/resolve-network.ts";
import { uncheckedTls } from "../models/unchecked-tls.ts";
import type { Runtime } from "../runtime.ts";
import type { Failure } from "./check.ts";
import type { CertificateFacts, ProxyFacts } from "./check-proxy.ts";
import { toFailure } from "./gather-files.ts";

type Machine = Pick<Runtime, "env" | "addSecret">;
type Files = Pick<Configuration, "layers" | "dotenv">;

/** The passwords of proxies are shown nowhere from then on. */
export function gatherProxy(
  { env, addSecret }: Machine,
  files: Files,
  { proxy, baseUrl }: { readonly proxy: string | undefined; readonly baseUrl: string | undefined },
): ProxyFacts {
  try {
    const { find, secrets } = resolveProxy(files, { env, proxy });
    secrets.forEach(addSecret);
    if (baseUrl === undefined || !URL.canParse(baseUrl)) {
      return { kind: "no-endpoint" };
    }
    const found = find(baseUrl);
    return found === undefined ? { kind: "direct" } : { kind: "proxy", ...found };
  } catch (error) {
    return { kind: "broken", failure: toFailure(error) };
  }
}

export function gatherCertificates(
  { env }: Machine,
  given: Files,
  { caCert }: { readonly caCert: string | undefined },
): CertificateFacts {
  const files = authorityFiles(given, { env, caCert });
  return {
    files,
    failure: files.map(failureOf).find((failure) => failure !== undefined),
    unchecked: uncheckedTls(env),
  };
}

function failureOf(file: AuthorityFile): Failure | undefined {
  try {
    readAuthorityFile(file);
    return undefined;
  } catch (error) {
    return toFailure(error);
  }
}
