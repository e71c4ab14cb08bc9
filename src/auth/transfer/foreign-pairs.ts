import { UsageError } from "../../errors.ts";
import { hostOf, isWithinPair } from "../../lib/endpoint-url.ts";
import { isJsonObject, type JsonObject } from "../../lib/json/json-object.ts";
import { visibleText } from "../../lib/visible-text.ts";
import type { Configuration } from "../../models/configuration.ts";
import { keyPlaces } from "../../models/key-places.ts";
import { userPairs } from "../../models/known-pairs.ts";
import { STANDARD } from "../../models/protocol.ts";
import type { Runtime } from "../../runtime.ts";
import { looksLikeKey } from "../../secrets/looks-like-key.ts";
import { interpolateSettings, referencedNames } from "../../settings/interpolate-settings.ts";
import type { KnownPair } from "../../trust/pairing.ts";
import { CATALOGUE } from "../providers/catalogue.ts";
import { entriesOf, type SetUp } from "./set-up.ts";

/** Names under which secrets stand, whoever reads them. */
const SECRET_NAME =
  /KEY|TOKEN|SECRET|PASS(?:W|PHRASE|_|$)|CREDENTIAL|COOKIE|AUTH(?!OR)|_PWD$|(?:^|_)(?:PAT|DSN)$/i;

/** Whether a variable holds a secret, as far as its name and value tell. */
function isSecret(name: string, value = ""): boolean {
  return SECRET_NAME.test(name) || looksLikeKey(value) || (URL.parse(value)?.password ?? "") !== "";
}

type Here = Pick<Runtime, "env" | "platform"> & {
  /** Variables whose key comes with the import. */
  readonly free: ReadonlySet<string>;
};

/**
 * A file that somebody wrote does not choose where a key goes that this machine has already: a
 * variable of the user's is sent only to endpoints that it belongs to by the user's own entries,
 * accounts and the catalogue. What the import brings or was given a key of its own for is free.
 * @throws UsageError that names variable and host
 */
export function throwIfForeign(
  configuration: Configuration,
  setUp: SetUp,
  { free, ...machine }: Here,
): void {
  const { variable } = configuration;
  const names = namesHere(configuration, machine);
  const pairs = [
    ...userPairs(configuration),
    ...CATALOGUE.knownPairs(),
    ...accountPairs(configuration),
  ];
  for (const place of placesOf(setUp)) {
    const { baseUrl, anthropicBaseUrl } = interpolateSettings(place.urls, variable).value;
    const endpoints = [baseUrl, anthropicBaseUrl].filter((url) => typeof url === "string");
    const referred = [...referencedNames(place.reads)]
      .flatMap((name) => spellings(name, names, machine))
      .filter((name) => isSecret(name, variable(name)?.value));
    const own = place.envKey === undefined ? [] : spellings(place.envKey, names, machine);
    const kept = own.filter((name) => !free.has(name));
    const sent = [...kept, ...referred].filter((name) => isHere(configuration, name));
    const foreign = endpoints
      .flatMap((endpoint) => sent.map((name) => ({ name, endpoint })))
      .find(({ name, endpoint }) => {
        const known = pairs.filter(({ envKey }) => envKey === name);
        return !known.some((pair) => isWithinPair(endpoint, pair.baseUrl));
      });
    if (foreign !== undefined) {
      const host = visibleText(hostOf(foreign.endpoint));
      throw new UsageError(
        `Cannot import ${place.what}: it would send what \`${foreign.name}\` holds here to ${host}, where it does not belong`,
        {
          code: "invalid-value",
          hint: `give the model another variable in the file, or its key with \`--key-stdin\``,
        },
      );
    }
  }
}

function isHere(configuration: Configuration, name: string): boolean {
  return (
    configuration.variable(name) !== undefined ||
    keyPlaces(configuration, name).length > 0 ||
    (configuration.accounts.get(name)?.size ?? 0) > 0
  );
}

/** Names of variables that this machine has something for. */
function namesHere(
  { merged, models, accounts }: Configuration,
  { env }: Pick<Runtime, "env">,
): readonly string[] {
  const stored = isJsonObject(merged.env) ? Object.keys(merged.env) : [];
  const used = models.entries.flatMap(({ envKey }) => envKey ?? []);
  return [...Object.keys(env), ...stored, ...used, ...accounts.keys()];
}

/** A variable by all its names: on Windows `gw_key` is what `GW_KEY` is. */
function spellings(
  name: string,
  names: readonly string[],
  { platform }: Pick<Runtime, "platform">,
): readonly string[] {
  const upper = name.toUpperCase();
  const same = names.filter((other) => platform === "win32" && other.toUpperCase() === upper);
  return [...new Set([name, ...same])];
}

/**
 * Where the user's accounts belong. Of several the key in force is one's alone, and the others'
 * endpoints are none of its: an account may have come with an earlier import.
 */
function accountPairs({ accounts, variable }: Configuration): KnownPair[] {
  return [...accounts].flatMap(([envKey, own]) => {
    const inForce = variable(envKey)?.value;
    return [...own.values()].flatMap(({ key, baseUrl }) => {
      const isIts = inForce === undefined || key === undefined || key === inForce;
      return baseUrl !== undefined && isIts ? [{ envKey, baseUrl }] : [];
    });
  });
}

type Place = {
  /** For messages. */
  readonly what: string;
  readonly urls: JsonObject;
  /** What is filled with values of variables and sent there. */
  readonly reads: JsonObject;
  /** The variable whose key is sent there. */
  readonly envKey: string | undefined;
};

/** All that a set-up sends something to: its models, and its accounts, which bring keys of their own. */
function placesOf(setUp: SetUp): readonly Place[] {
  const models = entriesOf(setUp).map(({ protocol, entry }): Place => {
    const { id, envKey, baseUrl = STANDARD[protocol].publicEndpoint, anthropicBaseUrl } = entry;
    const reads = { ...entry, env: setUp.env?.[envKey ?? ""] };
    const what = `the model "${visibleText(id)}"`;
    return { what, urls: { baseUrl, anthropicBaseUrl }, reads, envKey };
  });
  const accounts = Object.entries(setUp.accounts ?? {}).flatMap(([envKey, own]) =>
    Object.entries(own).map(([name, { baseUrl }]): Place => {
      const what = `the account ${envKey}@${name}`;
      return { what, urls: { baseUrl }, reads: { baseUrl }, envKey: undefined };
    }),
  );
  return [...models, ...accounts];
}
