import { ConfigError } from "../../errors.ts";
import { isJsonObject, type JsonObject } from "../../lib/json/json-object.ts";
import { resourceEndpoint } from "./resource-endpoint.ts";

/** What `oauth_creds.json` holds, as Qwen Code reads and writes it (`spec/qwen-oauth.md`). */
export type OauthCredentials = {
  readonly accessToken: string;
  /** Empty: there is none. */
  readonly refreshToken: string;
  /** The host, or more of a URL, that takes the token; `undefined`: the default one. */
  readonly resourceUrl: string | undefined;
  /** What that means (`resourceEndpoint`). */
  readonly baseUrl: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** The whole file: what is not known here is kept. */
  readonly fields: JsonObject;
};

/** A token is renewed so long before it expires, in milliseconds. */
const REFRESH_AHEAD_MS = 30_000;

/** Whether a token is about to expire, or has. */
export function isRefreshDue({ expiresAt }: OauthCredentials, now: number): boolean {
  return now >= expiresAt - REFRESH_AHEAD_MS;
}

/**
 * Understands the file. The fields that Qwen Code wants must be there.
 * @throws ConfigError naming `path`, never what stands there
 */
export function parseCredentials(text: string, path: string): OauthCredentials {
  const fields = parseObject(text, path);
  const { access_token, refresh_token, token_type, resource_url, expiry_date } = fields;
  if (typeof access_token !== "string" || !isToken(access_token)) {
    throw unusable(path, "`access_token` is no token");
  }
  if (typeof refresh_token !== "string" || (refresh_token !== "" && !isToken(refresh_token))) {
    throw unusable(path, "`refresh_token` is no token");
  }
  if (typeof token_type !== "string") {
    throw unusable(path, "`token_type` is no text");
  }
  if (typeof expiry_date !== "number") {
    throw unusable(path, "`expiry_date` is no number");
  }
  if (resource_url !== undefined && resource_url !== null && typeof resource_url !== "string") {
    throw unusable(path, "`resource_url` is no text");
  }
  const resourceUrl = resource_url || undefined;
  const endpoint = resourceEndpoint(resourceUrl);
  if (endpoint.kind === "invalid") {
    throw unusable(path, `\`resource_url\`: ${endpoint.reason}`);
  }
  return {
    accessToken: access_token,
    refreshToken: refresh_token,
    resourceUrl,
    baseUrl: endpoint.baseUrl,
    expiresAt: expiry_date,
    fields,
  };
}

/** The file as Qwen Code reads it. */
export function renderCredentials({ fields }: OauthCredentials): string {
  return `${JSON.stringify(fields, undefined, 2)}\n`;
}

/** Whether a text can stand in a header, as a token does. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

type Unusable = {
  /** Where a logout cannot remove it. */
  readonly hint?: string;
  readonly cause?: unknown;
};

/** The failure of everybody who needs a file that cannot be used. */
export function unusable(path: string, why: string, { hint, cause }: Unusable = {}): ConfigError {
  return new ConfigError(`Cannot use \`${path}\`: ${why}`, {
    code: "oauth-file-invalid",
    hint: hint ?? "run `qwen auth logout --provider qwen-oauth` to remove it, and log in again",
    cause,
  });
}

function parseObject(text: string, path: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ""));
    if (isJsonObject(value)) {
      return value;
    }
  } catch {
    // The parser's message would repeat a part of the file.
    throw unusable(path, "it is not valid JSON");
  }
  throw unusable(path, "expected an object");
}
