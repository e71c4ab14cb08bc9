import { type Http, send } from "./http.ts";
import { readText } from "./read-body.ts";
import { withDeadline } from "./start-timer.ts";

type FormRequest = {
  readonly url: string;
  /** The account service that the fields are for. */
  readonly within: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Beside `accept`, `content-type` and `user-agent`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds for all of it, the body included. */
  readonly timeoutMs: number;
};

/** A whole answer, whatever its status. */
export type FormResponse = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
};

/** What account services answer is small (`spec/trust-and-secrets.md`, "Secrets in motion"). */
const LONGEST_BODY = 1024 * 1024;

/**
 * Posts a form and reads the whole answer. One request.
 * @throws RequestError when none comes, or one that is longer than 1 MiB
 */
export function postForm(
  http: Http,
  { url, within, fields, headers = {}, timeoutMs }: FormRequest,
): Promise<FormResponse> {
  return withDeadline(timeoutMs, undefined, async (signal) => {
    const request = {
      method: "POST",
      url,
      within,
      headers: new Headers({
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded",
        "user-agent": http.userAgent,
        ...headers,
      }),
      body: encodeForm(fields),
    } as const;
    const answer = await send(http, request, { timeoutMs: 0, signal });
    const body = await readText(answer, LONGEST_BODY);
    return { status: answer.response.status, headers: answer.response.headers, body };
  });
}

/** A space is `%20`, as Qwen Code sends it, which every server takes. */
function encodeForm(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map((pair) => pair.map(encodeURIComponent).join("="))
    .join("&");
}
