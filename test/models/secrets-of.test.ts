import { describe, expect, test } from "bun:test";
import { secretsOf } from "../../src/models/secrets-of.ts";
import { configuration, ofProject } from "./configuration.ts";

type Given = NonNullable<Parameters<typeof configuration>[0]>;

const entry = (more: object) => ({ modelProviders: { openai: [{ id: "m", ...more }] } });

describe("secretsOf() has", () => {
  const cases: readonly (readonly [what: string, given: Given, secrets: readonly string[]])[] = [
    ["nothing where there is nothing", {}, []],
    ["the standard variables of a protocol", { variables: { GEMINI_API_KEY: "k1" } }, ["k1"]],
    [
      "a variable that the user's entry names, whatever it is called",
      { settings: { user: entry({ envKey: "MINE" }) }, variables: { MINE: "k1" } },
      ["k1"],
    ],
    [
      "no variable that a project makes a secret by naming it",
      { settings: { project: entry({ envKey: "LANG" }) }, variables: { LANG: "en_GB.UTF-8" } },
      [],
    ],
    [
      "a variable that a project names, if it is called like a key",
      { settings: { project: entry({ envKey: "MY_TOKEN" }) }, variables: { MY_TOKEN: "k1" } },
      ["k1"],
    ],
    [
      "nothing of a project's",
      {
        settings: { project: { ...entry({ apiKey: "p1" }), env: { A_KEY: "p2" } } },
        variables: { OPENAI_API_KEY: ofProject("p3") },
      },
      [],
    ],
    [
      "what is called like a key in the user's `env`, and nothing else of it",
      {
        settings: {
          user: { env: { A_KEY: "k1", B_TOKEN: "k2", C_SECRET: "k3", D_PASSWORD: "k4", E: "e" } },
        },
      },
      ["k1", "k2", "k3", "k4"],
    ],
    [
      "`security.auth.apiKey` of the user",
      { settings: { user: { security: { auth: { apiKey: "k1" } } } } },
      ["k1"],
    ],
    [
      "no `security.auth.apiKey` of a project",
      { settings: { project: { security: { auth: { apiKey: "p1" } } } } },
      [],
    ],
    ["a key in an entry of the user's", { settings: { user: entry({ apiKey: "k1" }) } }, ["k1"]],
    [
      "a key where the name of its variable should stand",
      { settings: { user: entry({ envKey: "sk-0123456789abcdef0123" }) } },
      ["sk-0123456789abcdef0123"],
    ],
    [
      "the keys of accounts, and nothing of those in the keyring",
      {
        accounts: new Map([
          [
            "A_KEY",
            new Map([
              ["work", { key: "k1" }],
              ["home", {}],
            ]),
          ],
        ]),
      },
      ["k1"],
    ],
    [
      "a key as it stands there and as it is sent",
      { variables: { OPENAI_API_KEY: '"sk-0123456789abcdef"' } },
      ['"sk-0123456789abcdef"', "sk-0123456789abcdef"],
    ],
    [
      "no reference to a variable, and no word for no key",
      { settings: { user: { env: { A_KEY: "$B_KEY", C_KEY: `\${D_KEY}`, E_KEY: "not-needed" } } } },
      [],
    ],
  ];
  test.each(cases)("%s", (_what, given, secrets) => {
    expect(secretsOf(configuration(given))).toEqual([...secrets]);
  });

  test("what a `.env` has under such a name, also as a login", () => {
    const all = configuration();
    const of = (value: string, origin: "user" | "project") => ({
      value,
      source: { kind: "dotenv", name: "X", path: "/repo/.env", origin } as const,
    });
    const dotenv = {
      ...all.dotenv,
      variables: new Map([
        ["A_KEY", of("k1", "user")],
        ["B_KEY", of("p1", "project")],
        ["PLAIN", of("x", "user")],
      ]),
      logins: new Map([
        ["C_KEY", of("k2", "user")],
        ["PLAIN", of("x", "user")],
      ]),
    };
    expect(secretsOf({ ...all, dotenv })).toEqual(["k1", "k2"]);
  });
});
