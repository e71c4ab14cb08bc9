import type { RequestFailure, Via } from "../../http/request-failure.ts";
import { isPrivateHost } from "../../lib/endpoint-url.ts";
import type { Protocol } from "../../models/protocol.ts";
import { alibabaProvider } from "../providers/alibaba-endpoints.ts";
import { setUpCommand } from "../providers/find-provider.ts";
import { PROVIDERS } from "../providers/providers.ts";

const ANOTHER_MODEL = "choose another one with `--model`; `qwen models --remote` lists them";

type AskedEndpoint = { readonly baseUrl: string; readonly protocol?: Protocol | undefined };

/** What a person can do about a failure, one imperative line; `undefined`: nothing but to wait. */
export function failureHint(
  { kind, refusedField, via, message }: RequestFailure,
  { baseUrl, protocol }: AskedEndpoint,
): string | undefined {
  switch (kind) {
    case "dns":
    case "refused":
      return "check the base URL in `qwen auth status`, and `HTTPS_PROXY` where there is a proxy";
    case "tls":
      return message.includes("client certificate")
        ? "give it with `--client-cert FILE` and `--client-key FILE`, or `QWEN_CLIENT_CERT` and `QWEN_CLIENT_KEY`"
        : /HTTP\/2|speak TLS|no TLS/.test(message)
          ? "check the base URL in `qwen auth status`"
          : "give the certificate of your own authority with `--ca-cert FILE` or `QWEN_CA_CERT`";
    case "proxy":
      return via === undefined
        ? "check `HTTPS_PROXY` and `NO_PROXY`, or give another one with `--proxy URL`"
        : proxyHint(via, baseUrl);
    case "server-error":
    case "forbidden":
    case "not-allowed":
      return via === undefined ? undefined : proxyHint(via, baseUrl);
    case "timeout":
      return "try again, or allow more time with `generationConfig.timeout`";
    case "rejected":
      return rejectedHint(baseUrl);
    case "unknown-model":
      return "run `qwen models --remote` to see which ones there are";
    case "model-not-allowed":
      return ANOTHER_MODEL;
    case "quota":
      return quotaHint(baseUrl);
    case "window":
      return "wait until it refills, or choose another model with `--model` (`/model` in a session)";
    case "rate-limited":
      return "try again later, or choose another model with `--model`";
    case "blocked":
      return "put it in other words: a filter of the service does not let it through";
    case "too-long":
      return "shorten it (`/clear` in a session), or choose a model with a larger window with `--model`";
    case "not-found":
    case "not-an-api":
      return pathHint(baseUrl, protocol);
    case "bad-request":
      return refusedField === undefined
        ? undefined
        : `take \`${refusedField}\` out of \`samplingParams\` and \`extra_body\``;
    case "redirected":
      return "give the address that it redirects to as the base URL, if you trust it";
    default:
      return undefined;
  }
}

/** A server nearby is mostly not meant to be asked by way of a proxy. */
function proxyHint({ name }: Via, baseUrl: string): string {
  const hostname = URL.parse(baseUrl)?.hostname ?? "";
  return isPrivateHost(hostname)
    ? `name ${hostname} in \`NO_PROXY\`, so that the proxy of \`${name}\` is left out`
    : `check the proxy of \`${name}\`, or name ${hostname} in \`NO_PROXY\``;
}

/**
 * What a person can do about a key that is not accepted. Keys of Alibaba Cloud look alike, and only
 * work in their own region and for their own plan.
 */
export function rejectedHint(baseUrl: string): string {
  const provider = alibabaProvider(baseUrl);
  if (provider !== undefined) {
    return `run \`${setUpCommand({ provider })} --region auto\` to find where it works: a key of Alibaba Cloud (sk- or sk-sp-) only does in its own region and for its own plan`;
  }
  const consoleUrl = consoleUrlAt(baseUrl);
  return consoleUrl === undefined
    ? "check the key, and set another one with `qwen auth`"
    : `check the key at ${consoleUrl}, and set another one with \`qwen auth\``;
}

function quotaHint(baseUrl: string): string {
  const consoleUrl = consoleUrlAt(baseUrl);
  return consoleUrl === undefined
    ? "add credit to the account, or choose another model with `--model`"
    : `look at the account at ${consoleUrl}, or choose another model with \`--model\``;
}

/** The mistake is mostly in the end of the base URL, which is another for each protocol. */
function pathHint(baseUrl: string, protocol: Protocol = "openai"): string {
  const check = "check the base URL in `qwen auth status`";
  const path = URL.parse(baseUrl)?.pathname ?? "";
  return protocol !== "openai" || /\/v\d/.test(path)
    ? check
    : `${check}; for OpenAI-compatible servers it mostly ends in /v1`;
}

/** Where the account of a service of the catalogue is looked at. */
function consoleUrlAt(baseUrl: string): string | undefined {
  const host = URL.parse(baseUrl)?.host;
  for (const { endpoints, consoleUrl } of PROVIDERS) {
    const endpoint = endpoints.find((known) => URL.parse(known.baseUrl)?.host === host);
    if (endpoint !== undefined) {
      return endpoint.consoleUrl ?? consoleUrl;
    }
  }
  return undefined;
}
