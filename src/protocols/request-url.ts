import { ConfigError } from "../errors.ts";
import { ADDED_QUERY, encodePath, isPlainPath } from "../lib/endpoint-url.ts";

/**
 * The URLs that requests go to (`reference/wire-protocols.md` §1.4). Paths are appended and a query
 * stays behind them; every base URL that works with Qwen Code gives the same URL here, and one that
 * already ends in the version is not doubled.
 */

/** `base` + `/chat/completions`, or another path such as `/models`. */
export function openaiUrl(baseUrl: string, path = "/chat/completions"): string {
  return append(baseUrl, /$/, path);
}

/** `base` + `/v1/messages`, or another path below the version. */
export function anthropicUrl(baseUrl: string, path = "/messages"): string {
  return append(baseUrl, /\/v1$/, `/v1${path}`);
}

/**
 * `base` + `/v1beta/models/MODEL:streamGenerateContent?alt=sse`; a version in the base stays.
 * @throws ConfigError for a model whose name would change the path
 */
export function geminiUrl(baseUrl: string, model: string): string {
  const name = encodePath(model.replace(/^models\//, ""));
  if (!isPlainPath(name)) {
    throw new ConfigError(
      `Cannot ask the model "${model}": its name would change where the request goes`,
      { code: "settings-invalid", hint: "name a model as `qwen models --remote` lists it" },
    );
  }
  const url = new URL(geminiModelsUrl(baseUrl));
  url.pathname += `/${name}:streamGenerateContent`;
  return withQuery(url.href, "alt");
}

/** A URL with what the protocol adds to its query, beside what is there. */
export function withQuery(href: string, name: keyof typeof ADDED_QUERY): string {
  const url = new URL(href);
  url.searchParams.set(name, ADDED_QUERY[name]);
  return url.href;
}

/** Where Gemini lists its models. */
export function geminiModelsUrl(baseUrl: string): string {
  const version = /\/(v1beta|v1alpha|v1)\/*$/.exec(new URL(baseUrl).pathname)?.[1] ?? "v1beta";
  return append(baseUrl, /\/(?:v1beta|v1alpha|v1)$/, `/${version}/models`);
}

function append(baseUrl: string, ending: RegExp, path: string): string {
  const url = new URL(baseUrl);
  url.pathname = url.pathname.replace(/\/+$/, "").replace(ending, "") + path;
  return url.href;
}
