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

/** `base` + `/v1beta/models/MODEL:streamGenerateContent?alt=sse`; a version in the base stays. */
export function geminiUrl(baseUrl: string, model: string): string {
  const name = model
    .replace(/^models\//, "")
    .split("/")
    .map(encodeURIComponent)
    .join("/");
  const url = new URL(geminiModelsUrl(baseUrl));
  url.pathname += `/${name}:streamGenerateContent`;
  return withQuery(url.href, { alt: "sse" });
}

/** A URL with these parameters in its query, beside those that are there. */
export function withQuery(href: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(href);
  for (const [name, value] of Object.entries(parameters)) {
    url.searchParams.set(name, value);
  }
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
