import { describe, expect, test } from "bun:test";
import { keyWarnings } from "../../src/models/key-warnings.ts";
import type { ResolvedKey } from "../../src/models/resolution.ts";
import type { Source } from "../../src/source.ts";
import { configuration, settings, variableSource } from "./configuration.ts";

type Given = NonNullable<Parameters<typeof configuration>[0]>;

const OURS: Source = { kind: "default", origin: "user" };
const OPENAI = { value: "openai", source: OURS, shadowed: [] } as const;
const OWN_ENV = "/home/me/.env";

function warned(key: ResolvedKey, { entry, ...given }: Given & { readonly entry?: object } = {}) {
  const modelProviders = entry === undefined ? {} : { openai: [{ id: "m", ...entry }] };
  const all = configuration({ settings: { user: { modelProviders } }, ...given });
  return keyWarnings(all, { key, protocol: OPENAI, entry: all.models.entries[0] });
}

const present = (source: Source, more: object = {}): ResolvedKey => ({
  ...{ kind: "present", value: "sk-0123456789abcdef", source, shadowed: [], scheme: "key" },
  ...{ envKey: source.name },
  ...more,
});

describe("keyWarnings() says of a key that is sent", () => {
  const ours = variableSource("A_KEY");
  const theirs = variableSource("A_KEY", "project");
  const hidden = (where: string) => [
    `the key is the project's, \`A_KEY\` in \`/repo/.env\`; it hides yours, ${where} (\`--no-project\` takes that)`,
  ];
  const shadowed = [{ path: OWN_ENV, origin: "user", names: ["B", "A_KEY"] }] as const;
  const others = [
    { path: OWN_ENV, origin: "user", names: ["B_KEY"] },
    { path: "/repo/.qwen/.env", origin: "project", names: ["A_KEY"] },
  ] as const;
  const cases: readonly (readonly [string, ResolvedKey, Given, readonly string[]])[] = [
    ["nothing of the user's own", present(ours), { shadowed }, []],
    [
      "nothing of the user's own, which hides another of theirs",
      present(ours, { shadowed: [settings("user", "env.A_KEY")] }),
      {},
      [],
    ],
    [
      "what it looks like",
      present(ours, { notes: ["n1", "n2"] }),
      {},
      ["the key of `A_KEY`: n1", "the key of `A_KEY`: n2"],
    ],
    ["nothing of a project's that hides none", present(theirs), { shadowed: others }, []],
    [
      "that a project's hides the user's in settings",
      present(theirs, { shadowed: [theirs, settings("user", "env.A_KEY")] }),
      { shadowed },
      hidden("`env.A_KEY` in `/home/me/.qwen/settings.json`"),
    ],
    [
      "that a project's hides the user's in a `.env` behind it",
      present(theirs),
      { shadowed },
      hidden(`\`A_KEY\` in \`${OWN_ENV}\``),
    ],
    [
      "nothing of a project's without a variable",
      present(theirs, { envKey: undefined }),
      { shadowed },
      [],
    ],
  ];
  test.each(cases)("%s", (_what, key, given, warnings) => {
    expect(warned(key, given)).toEqual([...warnings]);
  });
});

describe("keyWarnings() says where no key is sent", () => {
  const entry = { baseUrl: "http://localhost:8000/v1" };
  const unset: ResolvedKey = { kind: "keyless", envKey: "A_KEY", isUnset: true };
  const none: ResolvedKey = { kind: "keyless", envKey: undefined };
  const key = { OPENAI_API_KEY: "sk-0123456789abcdef" };
  const shadowed = [
    { path: "/home/me/.qwen/.env", origin: "user", names: ["B_KEY"] },
    { path: OWN_ENV, origin: "user", names: ["A_KEY"] },
  ] as const;
  const cases: readonly (readonly [
    string,
    ResolvedKey,
    Given & { readonly entry?: object },
    readonly string[],
  ])[] = [
    ["that its variable is not set", unset, {}, ["A_KEY is not set: asked without a key"]],
    [
      "which file that was not read sets it",
      unset,
      { shadowed },
      [`A_KEY is not set; \`${OWN_ENV}\` sets it and was not read: asked without a key`],
    ],
    ["nothing of a word for no key", { kind: "keyless", envKey: "A_KEY" }, { shadowed }, []],
    [
      "that a standard variable is not used",
      none,
      { entry, variables: key },
      ['OPENAI_API_KEY is set and not used: the entry "m" names no `envKey`'],
    ],
    ["nothing where none is set", none, { entry }, []],
    ["nothing where there is no entry", none, { variables: key }, []],
    [
      "nothing where the entry names another",
      none,
      { entry: { ...entry, envKey: "A" }, variables: key },
      [],
    ],
    ["nothing where a header serves", { ...none, header: "x-key" }, { entry, variables: key }, []],
  ];
  test.each(cases)("%s", (_what, keyless, given, warnings) => {
    expect(warned(keyless, given)).toEqual([...warnings]);
  });

  test.each<ResolvedKey>([
    { kind: "missing", envKeys: ["A_KEY"], unresolved: [], hiddenIn: [] },
    { ...{ kind: "unusable", reason: "it is empty", source: OURS }, shadowed: [], envKey: "A_KEY" },
  ])("nothing of one that is not there: %j", (missing) => {
    expect(warned(missing, { entry, variables: key, shadowed })).toEqual([]);
  });
});
