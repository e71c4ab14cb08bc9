import { UsageError } from "../../errors.ts";
import { hostOf, isWithinPair } from "../../lib/endpoint-url.ts";
import type { JsonObject } from "../../lib/json/json-object.ts";
import { visibleText } from "../../lib/visible-text.ts";
import type { Configuration } from "../../models/configuration.ts";
import { keyPlaces } from "../../models/key-places.ts";
import { userPairs } from "../../models/known-pairs.ts";
import { STANDARD } from "../../models/protocol.ts";
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

/**
 * A file that somebody wrote does not choose where a key goes that this machine has already: a
 * variable of the user's is sent only to endpoints that it belongs to by the user's own entries,
 * accounts and the catalogue. What the import brings or was given a key of its own for is free.
 * @param free variables whose key comes with the import
 * @throws UsageError that names variable and host
 */
export function throwIfForeign(
  configuration: Configuration,
  setUp: SetUp,
  free: ReadonlySet<string>,
): void {
  const { accounts, variable } = configuration;
  const pairs = [
    ...userPairs(configuration),
    ...CATALOGUE.knownPairs(),
    ...accountPairs(configuration),
  ];
  const isHere = (name: string): boolean =>
    variable(name) !== undefined ||
    keyPlaces(configuration, name).length > 0 ||
    (accounts.get(name)?.size ?? 0) > 0;
  for (const place of placesOf(setUp)) {
    const { baseUrl, anthropicBaseUrl } = interpolateSettings(place.urls, variable).value;
    const endpoints = [baseUrl, anthropicBaseUrl].filter((url) => typeof url === "string");
    const referred = [...referencedNames(place.reads)].filter((name) =>
      isSecret(name, variable(name)?.value),
    );
    const own = place.envKey === undefined || free.has(place.envKey) ? [] : [place.envKey];
    const sent = [...own, ...referred].filter(isHere);
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
