import { describe, expect, test } from "bun:test";
import { userPairs } from "../../src/models/known-pairs.ts";
import { configuration, ofProject } from "./configuration.ts";

type Given = NonNullable<Parameters<typeof configuration>[0]>;

/** The pairs beside those of the protocols and their public endpoints. */
function extraPairs(given: Given): readonly string[] {
  const standard = new Set(pairs({}));
  return pairs(given).filter((pair) => !standard.has(pair));
}

function pairs(given: Given): string[] {
  return userPairs(configuration(given)).map(({ envKey, baseUrl }) => `${envKey} ${baseUrl}`);
}

function openai(...entries: readonly object[]) {
  return { modelProviders: { openai: entries } };
}

const ENTRY = { id: "m", envKey: "A_KEY", baseUrl: "https://a.example/v1" };
const PAIR = "A_KEY https://a.example/v1";

test("userPairs() has the protocols' variables with their public endpoints", () => {
  expect(pairs({}).sort()).toEqual([
    "ANTHROPIC_API_KEY https://api.anthropic.com",
    "ANTHROPIC_AUTH_TOKEN https://api.anthropic.com",
    "GEMINI_API_KEY https://generativelanguage.googleapis.com",
    "GOOGLE_API_KEY https://generativelanguage.googleapis.com",
    "OPENAI_API_KEY https://api.openai.com/v1",
  ]);
});

describe("userPairs() has", () => {
  const project = openai({ id: "x", envKey: "B_KEY", baseUrl: "https://b.example" });
  const cases: readonly (readonly [name: string, given: Given, expected: readonly string[]])[] = [
    ["an entry of the user's settings", { settings: { user: openai(ENTRY) } }, [PAIR]],
    ["an entry of the system's settings", { settings: { system: openai(ENTRY) } }, [PAIR]],
    [
      "an entry of the system's defaults",
      { settings: { "system-defaults": openai(ENTRY) } },
      [PAIR],
    ],
    [
      "an entry that a project's array hides",
      { settings: { user: openai(ENTRY), project } },
      [PAIR],
    ],
    [
      "an entry of version 5",
      { settings: { user: { modelProviders: { openai: { models: [ENTRY] } } } } },
      [PAIR],
    ],
    ["no entry of the project's settings", { settings: { project } }, []],
    [
      "no entry whose endpoint is the project's in part",
      {
        settings: { user: openai(ENTRY) },
        projectPaths: ["modelProviders.openai[0].baseUrl"],
      },
      [],
    ],
    [
      "no entry whose variable the project names",
      { settings: { user: openai(ENTRY) }, projectPaths: ["modelProviders.openai[0].envKey"] },
      [],
    ],
    [
      "no entry without a variable or without an endpoint",
      {
        settings: { user: openai({ id: "m", envKey: "A_KEY" }, { id: "n", baseUrl: "https://a" }) },
      },
      [],
    ],
    [
      "the user's base URL variable",
      { variables: { OPENAI_BASE_URL: "https://mine" } },
      ["OPENAI_API_KEY https://mine"],
    ],
    [
      "no base URL variable of the project's",
      { variables: { OPENAI_BASE_URL: ofProject("https://b") } },
      [],
    ],
  ];
  for (const [name, given, expected] of cases) {
    test(name, () => {
      expect(extraPairs(given)).toEqual(expected);
    });
  }
});
