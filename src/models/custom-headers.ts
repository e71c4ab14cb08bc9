import { ConfigError } from "../errors.ts";
import { isJsonObject, type JsonObject } from "../lib/json/json-object.ts";
import { looksLikeKey } from "../secrets/looks-like-key.ts";
import { unfilledName } from "../settings/interpolate-settings.ts";
import { unkeptField } from "../settings/merge-settings.ts";
import type { Source } from "../source.ts";

type CustomHeaders = {
  readonly headers: Readonly<Record<string, string>>;
  /** What was left out, and why. */
  readonly warnings: readonly string[];
};

/** Headers that decide where a request ends, or speak to whoever is in between. */
const FRAMING =
  /^(?:connection|keep-alive|content-length|content-encoding|transfer-encoding|upgrade|http2-settings|expect|proxy-.*|te|trailer)$/i;

/** A reference that interpolation left as it is, because there is no such variable. */
const REFERENCE = /\$(?:[A-Za-z_]\w*|\{[^}]*\})/;

/**
 * Understands `customHeaders` (`spec/settings-and-env.md`): numbers and booleans are text, `null`
 * is none. A header with a reference that nothing fills, and `Host`, are left out.
 * @param source where they stand
 * @throws ConfigError for headers that cannot be sent
 */
export function readCustomHeaders(value: unknown, source: Source): CustomHeaders {
  const place =
    source.path === undefined ? `\`${source.name}\`` : `\`${source.name}\` of \`${source.path}\``;
  const invalid = ({ why, hint }: Fault): ConfigError =>
    new ConfigError(`Cannot use ${place}: ${why}`, { code: "settings-invalid", hint });
  if (!isJsonObject(value)) {
    const why = "expected an object of names and texts";
    throw invalid({ why, hint: 'write headers as {"name": "value"}' });
  }
  const headers: Record<string, string> = {};
  const warnings: string[] = [];
  for (const [name, given] of Object.entries(value)) {
    const text = textOf(given);
    const fault = faultOf(name, text);
    if (fault !== undefined) {
      throw invalid(fault);
    }
    const reason = HOST.test(name) ? "it is the endpoint's" : unresolved(text ?? "");
    if (reason !== undefined) {
      warnings.push(`the header "${name}" of ${place} is left out: ${reason}`);
    } else if (given !== null && text !== undefined) {
      headers[name] = text;
    }
  }
  return { headers, warnings };
}

export type Fault = { readonly why: string; readonly hint: string };

/** Why headers cannot become `customHeaders`, wherever they come from; `undefined`: they can. */
export function headersFault(
  headers: readonly (readonly [name: string, value: unknown])[],
): Fault | undefined {
  const names = new Set<string>();
  for (const [name, value] of headers) {
    const fault = headerFault(name, value);
    if (fault !== undefined) {
      return fault;
    }
    if (names.has(name.toLowerCase())) {
      return { why: `"${name}" is given twice`, hint: "give each header once" };
    }
    names.add(name.toLowerCase());
  }
  return undefined;
}

function headerFault(name: string, value: unknown): Fault | undefined {
  if (HOST.test(name)) {
    return { why: `the header "${name}" is the endpoint's`, hint: `leave "${name}" out` };
  }
  return unkeptField({ [name]: value }) === undefined ? faultOf(name, textOf(value)) : noName(name);
}

/** Values of headers that are credentials by name or look, each also without a scheme. */
export function headerSecrets(headers: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(headers)
    .filter((header): header is [string, string] => typeof header[1] === "string")
    .map(([name, value]) => [name, value.trim()] as const)
    .filter(([name, value]) => /auth|key|token|secret|cookie/i.test(name) || looksLikeKey(value))
    .map(([, value]) => [value, value.replace(/^\w+ /, "")])
    .flat();
}

/** Credentials that stand in `customHeaders` themselves, and not in a variable that they name. */
export function typedCredentials(generationConfig: JsonObject | undefined): string[] {
  const headers = generationConfig?.customHeaders;
  if (!isJsonObject(headers)) {
    return [];
  }
  const typed = Object.entries(headers).filter(
    ([, value]) => typeof value === "string" && unfilledName(value) === undefined,
  );
  return headerSecrets(Object.fromEntries(typed));
}

const HOST = /^host$/i;

function faultOf(name: string, text: string | undefined): Fault | undefined {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
    return noName(name);
  }
  if (FRAMING.test(name)) {
    return { why: `the header "${name}" is not for settings to set`, hint: `remove "${name}"` };
  }
  const why = `the value of "${name}" is no text that a header can hold`;
  if (text === undefined) {
    return { why, hint: "write it as a text" };
  }
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text)
    ? undefined
    : { why, hint: "use ASCII only: headers hold nothing else" };
}

function noName(name: string): Fault {
  const why = `${JSON.stringify(name)} is no name of a header`;
  return { why, hint: "use letters, digits and `-` in names of headers" };
}

function unresolved(text: string): string | undefined {
  const [reference] = REFERENCE.exec(text) ?? [];
  return reference === undefined ? undefined : `nothing fills \`${reference}\``;
}

function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    // The end of the line that a variable of a secret brings along is none of the header.
    case "string":
      return value.trim();
    case "number":
    case "boolean":
      return String(value);
    default:
      return value === null ? "" : undefined;
  }
}
