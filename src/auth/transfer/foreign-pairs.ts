import { UsageError } from "../../errors.ts";
import { hostOf, isWithinPair } from "../../lib/endpoint-url.ts";
import { visibleText } from "../../lib/visible-text.ts";
import type { Configuration } from "../../models/configuration.ts";
import { keyPlaces } from "../../models/key-places.ts";
import { userPairs } from "../../models/known-pairs.ts";
import { STANDARD } from "../../models/protocol.ts";
import { interpolateSettings, referencedNames } from "../../settings/interpolate-settings.ts";
import { CATALOGUE } from "../providers/catalogue.ts";
import { entriesOf, type SetUp } from "./set-up.ts";

/** Names under which secrets stand, whoever reads them. */
const SECRET_NAME = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/i;

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
    ...[...accounts].flatMap(([envKey, own]) =>
      [...own.values()].flatMap(({ baseUrl }) =>
        baseUrl === undefined ? [] : [{ envKey, baseUrl }],
      ),
    ),
  ];
  const isHere = (name: string): boolean =>
    variable(name) !== undefined ||
    keyPlaces(configuration, name).length > 0 ||
    (accounts.get(name)?.size ?? 0) > 0;
  for (const { protocol, entry } of entriesOf(setUp)) {
    const { baseUrl, anthropicBaseUrl } = interpolateSettings(
      { baseUrl: entry.baseUrl, anthropicBaseUrl: entry.anthropicBaseUrl },
      variable,
    ).value;
    const endpoints = [
      typeof baseUrl === "string" ? baseUrl : STANDARD[protocol].publicEndpoint,
      ...(typeof anthropicBaseUrl === "string" ? [anthropicBaseUrl] : []),
    ];
    const reference = { ...entry, env: setUp.env?.[entry.envKey ?? ""] };
    const referred = [...referencedNames(reference)].filter((name) => SECRET_NAME.test(name));
    const own = entry.envKey === undefined || free.has(entry.envKey) ? [] : [entry.envKey];
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
        `Cannot import the model "${visibleText(entry.id)}": it would send what \`${foreign.name}\` holds here to ${host}, where it does not belong`,
        {
          code: "invalid-value",
          hint: `give the model another variable in the file, or its key with \`--key-stdin\``,
        },
      );
    }
  }
}
