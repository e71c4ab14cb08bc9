import * as v from "valibot";
import { RequestError } from "../../http/request-failure.ts";
import type { JsonObject } from "../../lib/json/json-object.ts";
import { malformed, Seconds } from "./account-response.ts";
import { isToken, type OauthCredentials } from "./credentials.ts";
import { resourceEndpoint } from "./resource-endpoint.ts";

const Token = v.pipe(v.string(), v.check(isToken));

/** RFC 6749 §5.1; without the token itself the answer is of no use, the rest may be missing. */
const TokenSchema = v.object({
  access_token: Token,
  refresh_token: v.optional(v.fallback(Token, ""), ""),
  token_type: v.optional(v.fallback(v.pipe(v.string(), v.nonEmpty()), "Bearer"), "Bearer"),
  expires_in: Seconds,
});

const PlaceSchema = v.object({ resource_url: v.optional(v.fallback(v.string(), ""), "") });

/** A token whose lifetime is not told is taken to live for so long; the service knows better. */
const DEFAULT_LIFETIME_MS = 60 * 60 * 1000;
/** Dates stay such that every program can show them. */
const LONGEST_LIFETIME_MS = 10 * 365 * 24 * 60 * 60 * 1000;

/**
 * The credentials of a login, over those that were stored before: fields that are not known here
 * stay, nothing else does.
 * @throws RequestError when the answer has no usable token, or names no safe place for it
 */
export function newCredentials(
  answer: JsonObject,
  { now, old }: { readonly now: number; readonly old: OauthCredentials | undefined },
): OauthCredentials {
  const token = readToken(answer, now);
  const resourceUrl = v.parse(PlaceSchema, answer).resource_url || undefined;
  const place = resourceEndpoint(resourceUrl);
  if (place.kind === "invalid") {
    throw new RequestError(malformed(`its \`resource_url\` cannot be used: ${place.reason}`));
  }
  const { resource_url: _gone, ...others } = old?.fields ?? {};
  return toCredentials({ ...token, resourceUrl, baseUrl: place.baseUrl }, others);
}

/**
 * The credentials after a refresh: what the answer does not tell, or tells in a way that cannot be
 * used, stays as it was. The old refresh token may be used up, so nothing here is a failure that
 * could be avoided.
 * @throws RequestError when the answer has no usable token
 */
export function refreshedCredentials(
  answer: JsonObject,
  { now, old }: { readonly now: number; readonly old: OauthCredentials },
): OauthCredentials {
  const token = readToken(answer, now);
  const refreshToken = token.refreshToken || old.refreshToken;
  const resourceUrl = v.parse(PlaceSchema, answer).resource_url || undefined;
  const place = resourceEndpoint(resourceUrl);
  const { baseUrl } = old;
  return resourceUrl === undefined || place.kind === "invalid"
    ? toCredentials({ ...token, refreshToken, resourceUrl: old.resourceUrl, baseUrl }, old.fields)
    : toCredentials({ ...token, refreshToken, resourceUrl, baseUrl: place.baseUrl }, old.fields);
}

type Place = Pick<OauthCredentials, "resourceUrl" | "baseUrl">;
type Token = Omit<OauthCredentials, "fields" | keyof Place> & { readonly tokenType: string };

function readToken(answer: JsonObject, now: number): Token {
  const parsed = v.safeParse(TokenSchema, answer);
  if (!parsed.success) {
    throw new RequestError(malformed("the answer has no `access_token`"));
  }
  const { access_token, refresh_token, token_type, expires_in } = parsed.output;
  if (token_type.toLowerCase() !== "bearer") {
    throw new RequestError(malformed("its token is of a type that is not known here"));
  }
  return {
    accessToken: access_token,
    refreshToken: refresh_token,
    tokenType: token_type,
    expiresAt: now + Math.round(Math.min(expires_in || DEFAULT_LIFETIME_MS, LONGEST_LIFETIME_MS)),
  };
}

function toCredentials(token: Token & Place, others: JsonObject): OauthCredentials {
  const { accessToken, refreshToken, tokenType, resourceUrl, baseUrl, expiresAt } = token;
  return {
    accessToken,
    refreshToken,
    resourceUrl,
    baseUrl,
    expiresAt,
    fields: {
      ...others,
      access_token: accessToken,
      refresh_token: refreshToken,
      token_type: tokenType,
      ...(resourceUrl === undefined ? {} : { resource_url: resourceUrl }),
      expiry_date: expiresAt,
    },
  };
}
