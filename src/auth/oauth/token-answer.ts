import { RequestError } from "../../http/request-failure.ts";
import type { JsonObject } from "../../lib/json/json-object.ts";
import { malformed, secondsToMs, textOf } from "./account-answer.ts";
import { isToken, type OauthCredentials } from "./credentials.ts";
import { resourceEndpoint } from "./resource-endpoint.ts";

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
  const resourceUrl = textOf(answer.resource_url) || undefined;
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
  const resourceUrl = textOf(answer.resource_url) || undefined;
  const place = resourceEndpoint(resourceUrl);
  const { baseUrl } = old;
  return resourceUrl === undefined || place.kind === "invalid"
    ? toCredentials({ ...token, refreshToken, resourceUrl: old.resourceUrl, baseUrl }, old.fields)
    : toCredentials({ ...token, refreshToken, resourceUrl, baseUrl: place.baseUrl }, old.fields);
}

type Place = Pick<OauthCredentials, "resourceUrl" | "baseUrl">;
type Token = Omit<OauthCredentials, "fields" | keyof Place> & { readonly tokenType: string };

function readToken(answer: JsonObject, now: number): Token {
  const { access_token, refresh_token, token_type, expires_in } = answer;
  if (typeof access_token !== "string" || !isToken(access_token)) {
    throw new RequestError(malformed("the answer has no `access_token`"));
  }
  const type = typeof token_type === "string" && token_type !== "" ? token_type : "Bearer";
  if (type.toLowerCase() !== "bearer") {
    throw new RequestError(malformed("its token is of a type that is not known here"));
  }
  const isRefreshable = typeof refresh_token === "string" && isToken(refresh_token);
  const lifetime = secondsToMs(expires_in) || DEFAULT_LIFETIME_MS;
  return {
    accessToken: access_token,
    refreshToken: isRefreshable ? refresh_token : "",
    tokenType: type,
    expiresAt: now + Math.round(Math.min(lifetime, LONGEST_LIFETIME_MS)),
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
