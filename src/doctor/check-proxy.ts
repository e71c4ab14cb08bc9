import type { AuthorityFile } from "../http/read-authorities.ts";
import { type Check, check, type Failure, failed } from "./check.ts";

/** How requests to the endpoint in force leave this machine. */
export type ProxyFacts =
  | { readonly kind: "broken"; readonly failure: Failure }
  | { readonly kind: "no-endpoint" }
  | { readonly kind: "direct" }
  | {
      readonly kind: "proxy";
      readonly proxy: string;
      /** What names it: `HTTPS_PROXY`, `--proxy`. */
      readonly name: string;
      readonly noProxy: string | undefined;
      readonly isExempt: boolean;
    };

export function checkProxy(facts: ProxyFacts): Check {
  switch (facts.kind) {
    case "broken":
      return failed("proxy", facts.failure);
    case "no-endpoint":
      return check("proxy", { status: "skipped", summary: "there is no endpoint to reach" });
    case "direct":
      return check("proxy", { status: "ok", summary: "none" });
    case "proxy":
      return checkUsedProxy(facts);
  }
}

function checkUsedProxy(facts: Extract<ProxyFacts, { kind: "proxy" }>): Check {
  const { proxy, name, noProxy, isExempt } = facts;
  const from = `\`${name}\``;
  const detail = noProxy === undefined ? [] : [`NO_PROXY is ${noProxy}`];
  if (isExempt) {
    return check("proxy", {
      status: "ok",
      summary: `none: NO_PROXY names the host (else ${from})`,
      detail,
    });
  }
  const url = URL.parse(proxy);
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    return check("proxy", {
      status: "failed",
      summary: `the proxy of ${from} cannot be used: only http:// and https:// are supported`,
      remedy: "write it like `http://proxy.example:3128`",
    });
  }
  const withUser = url.username === "" ? "" : ", with credentials";
  return check("proxy", {
    status: "ok",
    summary: `${url.protocol}//${url.host} from ${from}${withUser}`,
    detail,
  });
}

export type CertificateFacts = {
  readonly files: readonly AuthorityFile[];
  readonly failure: Failure | undefined;
  /** The variables of the shell that ask for no checks, in vain. */
  readonly unchecked: readonly string[];
};

export function checkCertificates(facts: CertificateFacts): Check {
  const { files, failure, unchecked } = facts;
  const detail = files.map(({ name, path }) => `\`${path}\` from \`${name}\``);
  if (failure !== undefined) {
    return { ...failed("certificates", failure), detail };
  }
  if (unchecked.length > 0) {
    return check("certificates", {
      status: "warning",
      summary: `${unchecked.map((name) => `\`${name}\``).join(" and ")} ${unchecked.length === 1 ? "is" : "are"} ignored: certificates are always checked`,
      detail,
      remedy:
        "unset it, and name the certificates to trust with `--ca-cert FILE` or `QWEN_CA_CERT`",
    });
  }
  return check("certificates", {
    status: "ok",
    summary: files.length === 0 ? "those that are built in" : "further ones beside the built-in",
    detail,
  });
}
