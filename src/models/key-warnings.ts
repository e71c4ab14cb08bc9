import type { ResolvedKey } from "./connection.ts";
import { placeOf } from "./connection-failures.ts";
import type { Configuration } from "./load-configuration.ts";

/** What is said of a key that will be sent: what it looks like, and which one it hides. */
export function keyWarnings(
  configuration: Pick<Configuration, "dotenv">,
  key: ResolvedKey,
): string[] {
  if (key.kind !== "present") {
    return [];
  }
  const notes = key.notes ?? [];
  return [
    ...notes.map((note) => `the key of ${placeOf(key.source)}: ${note}`),
    ...hiddenKeyWarnings(configuration, key),
  ];
}

/**
 * What is said where a project brings a key in place of one of the user's: questions go out, and are
 * kept, under somebody else's account (`spec/trust-and-secrets.md`). One line.
 */
function hiddenKeyWarnings(
  { dotenv }: Pick<Configuration, "dotenv">,
  { envKey, source, shadowed }: Extract<ResolvedKey, { kind: "present" }>,
): string[] {
  if (source.origin === "user") {
    return [];
  }
  const [hidden] = [
    ...shadowed.filter(({ origin }) => origin === "user"),
    ...dotenv.shadowed
      .filter(({ origin, names }) => origin === "user" && names.some((name) => name === envKey))
      .map(({ path, origin }) => ({ kind: "dotenv", name: envKey ?? "", path, origin }) as const),
  ];
  return hidden === undefined
    ? []
    : [
        `the key is the project's, ${placeOf(source)}; it hides yours, ${placeOf(hidden)} (\`--no-project\` takes that)`,
      ];
}
