import { looksLikeKey, looksLikeKeyForVariable } from "../secrets/looks-like-key.ts";
import { parseKey } from "../secrets/parse-key.ts";
import { envKeysOf, keysInEntries } from "../settings/env-keys.ts";
import { envOf, findText } from "../settings/settings-layer.ts";
import { secretOrigin } from "../source.ts";
import type { Configuration } from "./configuration.ts";
import type { ModelEntry } from "./entries/model-entries.ts";
import { KEYLESS, PROTOCOLS, STANDARD } from "./protocol.ts";

/**
 * Every value of the user's that must not be shown: whatever stands, in any source, under a name
 * that an entry's `envKey` or a protocol reads as a key, or that looks like a key's name; and
 * legacy keys. Nothing of a project's: it would decide what is hidden in all that we say. Nor does
 * a project make a secret of any variable by naming it (`spec/trust-and-secrets.md`).
 */
export function secretsOf(configuration: Configuration): string[] {
  const { layers, dotenv, variable } = configuration;
  const named = new Set(KEY_NAMES);
  const others: string[] = [];
  for (const { origin, value } of layers) {
    for (const name of envKeysOf(value)) {
      if (origin === "user") {
        named.add(name);
      } else if (KEY_LIKE_NAME.test(name)) {
        others.push(name);
      }
    }
  }
  const isSecret = (name: string): boolean => named.has(name) || KEY_LIKE_NAME.test(name);
  const found = [
    ...[...named, ...others].map(variable),
    ...layers
      .map((layer) => [
        findText([layer], ["security", "auth", "apiKey"]),
        ...Object.keys(envOf(layer.value))
          .filter(isSecret)
          .map((name) => findText([layer], ["env", name])),
      ])
      .flat(),
    ...[...dotenv.variables, ...(dotenv.logins ?? [])]
      .filter(([name]) => isSecret(name))
      .map(([, known]) => ({ ...known, shadowed: [] })),
  ];
  return [
    ...found
      .map((secret) =>
        secret === undefined || secretOrigin(secret) === "project" ? [] : spellings(secret.value),
      )
      .flat(),
    ...[...configuration.accounts.values()]
      .map((own) =>
        [...own.values()]
          .map(({ key, baseUrl }) => [...(key === undefined ? [] : [key]), ...urlSecrets(baseUrl)])
          .flat(),
      )
      .flat(),
    ...configuration.models.entries
      .map((entry) => ENDPOINTS.map((field) => endpointSecrets(entry, field)).flat())
      .flat(),
    // Where the name of a variable should stand: what is no name may be a key.
    ...[...named].filter(looksLikeKeyForVariable),
    ...layers.map(({ origin, value }) => (origin === "user" ? keysInEntries(value) : [])).flat(),
  ].filter((value) => value !== KEYLESS && !NAME_OF_VARIABLE.test(value));
}

const ENDPOINTS = ["baseUrl", "anthropicBaseUrl"] as const;

function endpointSecrets(entry: ModelEntry, field: (typeof ENDPOINTS)[number]): readonly string[] {
  const url = entry[field];
  return url === undefined || entry.sourceOf(field).origin === "project" ? [] : urlSecrets(url);
}

/** Values of a query that are credentials by their name, `?key=…`, and parts of a path like keys. */
export function urlSecrets(url = ""): readonly string[] {
  const query = url.indexOf("?");
  const parts = (query === -1 ? url : url.slice(0, query)).split("/").slice(3);
  const keys = parts.filter(looksLikeKey);
  return query === -1 ? keys : [...keys, ...querySecrets(url)];
}

function querySecrets(url: string): readonly string[] {
  return [...(URL.parse(url)?.searchParams ?? [])]
    .filter(([name]) => /(?:key|token|secret|password)$/i.test(name))
    .map(([, value]) => value);
}

/** A reference to a variable that is not set: its name is what a person has to read. */
const NAME_OF_VARIABLE = /^\$(?:[A-Z][A-Z0-9_]*|\{[A-Z][A-Z0-9_]*\})$/;

/** A key as it stands there, and as it is sent. */
function spellings(text: string): string[] {
  const parsed = parseKey(text);
  return parsed.kind === "key" && parsed.key !== text ? [text, parsed.key] : [text];
}

const KEY_NAMES = PROTOCOLS.map((protocol) => STANDARD[protocol].keys).flat();
const KEY_LIKE_NAME = /KEY|TOKEN|SECRET|PASSWORD/;
