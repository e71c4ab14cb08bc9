import { describe, expect, test } from "bun:test";
import { CATALOGUE } from "../../../src/auth/providers/catalogue.ts";
import { anthropicBaseOf } from "../../../src/models/entries/anthropic-base.ts";
import type { Complete } from "../../../src/models/resolution.ts";
import { configuration, PATHS, settings, variableSource } from "../configuration.ts";

const BASE = "https://a.example/anthropic";
const ENTRY = { id: "m", baseUrl: "https://a.example/v1", envKey: "A_KEY", anthropicBaseUrl: BASE };
const NAME = "modelProviders.openai[0].anthropicBaseUrl";

type Options = {
  readonly scope?: "user" | "project";
  readonly projectPaths?: readonly string[];
  readonly trusted?: readonly string[];
};

/** What comes of the first entry, in force with a key of the user's and its own endpoint. */
function baseOf(entry: object, more: Partial<Complete> = {}, options: Options = {}) {
  const { scope = "user", ...given } = options;
  const file = { modelProviders: { openai: [{ ...ENTRY, ...entry }] } };
  const known = configuration({ settings: { [scope]: file }, ...given });
  const [found] = known.models.entries;
  const source = found?.sourceOf("baseUrl") ?? settings("user", "");
  return anthropicBaseOf(
    known,
    {
      protocol: { value: "openai", source, shadowed: [] },
      model: { value: "m", source, shadowed: [] },
      endpoint: { value: ENTRY.baseUrl, source, shadowed: [] },
      key: {
        kind: "present",
        value: "sk-1",
        source: variableSource("A_KEY"),
        shadowed: [],
        envKey: "A_KEY",
        scheme: "key",
      },
      selectedBy: undefined,
      isQwenOauth: false,
      entry: found,
      replaced: undefined,
      pairing: { kind: "allowed" },
      projectSource: undefined,
      trustFolder: undefined,
      isLegacyPlan: false,
      warnings: [],
      ...more,
    },
    CATALOGUE,
  );
}

const taken = (value: string, scope: "user" | "project" = "user", origin?: "project") => ({
  base: { value, source: settings(scope, NAME, origin), shadowed: [] },
});
const leftOut = (why: string, file = PATHS.user) => ({
  warning: `\`${NAME}\` of \`${file}\` is left out: ${why}`,
});
const FOREIGN = { scope: "project" } as const;
const KEYLESS = { key: { kind: "keyless", envKey: undefined } } as const;
const NO_KEY = "it is the project's, the key is yours, and the folder is not trusted";
const NO_ENDPOINT = "it is the project's, the endpoint is yours, and the folder is not trusted";
/** The endpoint is the user's, though the entry is the project's. */
const OWN_ENDPOINT = {
  endpoint: { value: ENTRY.baseUrl, source: settings("user", "x"), shadowed: [] },
};

describe("anthropicBaseOf() takes", () => {
  test.each<[string, object, Partial<Complete>, Options, object]>([
    ["the user's, in its one form", { anthropicBaseUrl: `${BASE}/` }, {}, {}, taken(BASE)],
    ["nothing where nothing stands", { anthropicBaseUrl: "" }, {}, {}, {}],
    [
      "nothing for an entry of that protocol",
      {},
      { protocol: { value: "anthropic", source: settings("user", "x"), shadowed: [] } },
      {},
      {},
    ],
    ["a project's without a key", {}, KEYLESS, FOREIGN, taken(BASE, "project")],
    [
      "a project's in a trusted folder",
      {},
      {},
      { ...FOREIGN, trusted: ["/repo"] },
      taken(BASE, "project"),
    ],
    [
      "a trusted project's beside an endpoint of the user's",
      {},
      { ...KEYLESS, ...OWN_ENDPOINT },
      { ...FOREIGN, trusted: ["/repo"] },
      taken(BASE, "project"),
    ],
    [
      "the user's beside an endpoint of the user's",
      {},
      { ...KEYLESS, ...OWN_ENDPOINT },
      {},
      taken(BASE),
    ],
  ])("%s", (_what, entry, more, options, expected) => {
    expect(baseOf(entry, more, options)).toEqual(expected);
  });
});

describe("anthropicBaseOf() leaves out", () => {
  test.each<[string, object, Partial<Complete>, Options, object]>([
    [
      "that of an entry whose key is for another endpoint",
      {},
      { replaced: ENTRY.baseUrl },
      {},
      leftOut("the account belongs to another endpoint"),
    ],
    [
      "one with a variable that is not set",
      { anthropicBaseUrl: "https://$HOST/anthropic" },
      {},
      {},
      leftOut("the variable HOST is not set"),
    ],
    [
      "what is no URL",
      { anthropicBaseUrl: "a.example" },
      {},
      {},
      leftOut("it is not a URL; it must begin with https:// or http://"),
    ],
    ["a project's, with a key of the user's", {}, {}, FOREIGN, leftOut(NO_KEY, PATHS.project)],
    [
      "one that a project filled, with a key of the user's",
      {},
      {},
      { projectPaths: [NAME] },
      leftOut(NO_KEY),
    ],
    [
      "a project's beside an endpoint of the user's, without a key",
      {},
      { ...KEYLESS, ...OWN_ENDPOINT },
      FOREIGN,
      leftOut(NO_ENDPOINT, PATHS.project),
    ],
  ])("%s", (_what, entry, more, options, expected) => {
    expect(baseOf(entry, more, options)).toEqual(expected);
  });
});
