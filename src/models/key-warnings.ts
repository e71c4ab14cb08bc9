import type { Configuration } from "./configuration.ts";
import { placeOf } from "./connection-failures.ts";
import type { Resolution, ResolvedKey } from "./resolution.ts";
import { unusedStandard } from "./resolve-key.ts";

/** What is said of a key that will be sent: what it looks like, and which one it hides. */
export function keyWarnings(
  configuration: Pick<Configuration, "dotenv" | "variable">,
  { key, protocol, entry }: Pick<Resolution, "key" | "protocol" | "entry">,
): string[] {
  if (key.kind === "keyless") {
    return key.header === undefined ? keylessWarnings(configuration, { key, protocol, entry }) : [];
  }
  if (key.kind !== "present") {
    return [];
  }
  const notes = key.notes ?? [];
  return [
    ...notes.map((note) => `the key of ${placeOf(key.source)}: ${note}`),
    ...hiddenKeyWarnings(configuration, key),
  ];
}

type Keyless = Pick<Resolution, "protocol" | "entry"> & {
  readonly key: Extract<ResolvedKey, { kind: "keyless" }>;
};

/** A server without a key may be what is meant, or a key may have been forgotten. */
function keylessWarnings(
  configuration: Pick<Configuration, "dotenv" | "variable">,
  { key, protocol, entry }: Keyless,
): string[] {
  const { envKey, isUnset } = key;
  if (envKey !== undefined && isUnset === true) {
    const reference = configuration.variable(envKey)?.value;
    if (reference !== undefined) {
      return [`${envKey} is "${reference}", and that variable is not set: asked without a key`];
    }
    const { shadowed } = configuration.dotenv;
    const hidden = shadowed.find(({ names }) => names.includes(envKey));
    const where = hidden === undefined ? "" : `; \`${hidden.path}\` sets it and was not read`;
    return [`${envKey} is not set${where}: asked without a key`];
  }
  const unused = protocol && unusedStandard(configuration, protocol.value, entry);
  return unused === undefined
    ? []
    : [`${unused} is set and not used: the entry "${entry?.id}" names no \`envKey\``];
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
    ...(envKey === undefined
      ? []
      : dotenv.shadowed
          .filter(({ origin, names }) => origin === "user" && names.some((name) => name === envKey))
          .map(({ path, origin }) => ({ kind: "dotenv", name: envKey, path, origin }) as const)),
  ];
  return hidden === undefined
    ? []
    : [
        `the key is the project's, ${placeOf(source)}; it hides yours, ${placeOf(hidden)} (\`--no-project\` takes that)`,
      ];
}
