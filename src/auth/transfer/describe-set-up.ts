import { normalEndpoint } from "../../lib/endpoint-url.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { referencedNames } from "../../settings/interpolate-settings.ts";
import { entriesOf, type SetUp } from "./set-up.ts";

const MOST_SHOWN = 6;

/**
 * What a set-up brings, for whoever has to say yes to it: endpoints with their models, variables
 * that it reads, and for whom it has keys. No key is shown.
 */
export function describeSetUp(setUp: SetUp): string[] {
  const groups = Map.groupBy(
    entriesOf(setUp),
    ({ protocol, entry: { baseUrl, anthropicBaseUrl: second, envKey } }) =>
      [
        baseUrl === undefined ? `the endpoint of ${protocol}` : normalEndpoint(baseUrl),
        ...(second === undefined ? [] : [`, ${normalEndpoint(second)} (anthropic)`]),
        ...(envKey === undefined ? [] : [` (${envKey})`]),
      ].join(""),
  );
  const { selection, env = {}, accounts = {} } = setUp;
  const endpoints = new Set(entriesOf(setUp).map(({ entry }) => entry.baseUrl));
  const referred = [...referencedNames({ ...setUp.modelProviders, env })];
  const named = Object.entries(accounts).flatMap(([envKey, own]) =>
    Object.entries(own).map(([name, { baseUrl }]) => {
      const isElsewhere = baseUrl !== undefined && !endpoints.has(baseUrl);
      return `${envKey}@${name}${isElsewhere ? ` (${normalEndpoint(baseUrl)})` : ""}`;
    }),
  );
  return [
    ...[...groups].map(
      ([where, entries]) => `  ${where}: ${shown(entries.map(({ entry }) => entry.id))}`,
    ),
    ...(selection === undefined ? [] : [`  default: ${selection.model}`]),
    ...(named.length === 0 ? [] : [`  accounts: ${shown(named)}`]),
    ...(Object.keys(env).length === 0 ? [] : [`  keys: ${shown(Object.keys(env))}`]),
    ...(referred.length === 0 ? [] : [`  reads the variables: ${referred.join(", ")}`]),
  ].map(visibleText);
}

function shown(words: readonly string[]): string {
  const unique = [...new Set(words)];
  const more = unique.length - MOST_SHOWN;
  const listed = unique.slice(0, MOST_SHOWN).join(", ");
  return more > 0 ? `${listed} and ${more} more` : listed;
}
