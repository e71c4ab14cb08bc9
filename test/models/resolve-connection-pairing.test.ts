import { describe, expect, test } from "bun:test";
import { CATALOGUE } from "../../src/auth/providers/catalogue.ts";
import type { ConnectionFlags } from "../../src/models/connection-flags.ts";
import type { Resolution } from "../../src/models/resolution.ts";
import { resolveConnection } from "../../src/models/resolve-connection.ts";
import { configuration, ofProject } from "./configuration.ts";

type Given = NonNullable<Parameters<typeof configuration>[0]>;

function resolve(given: Given, flags: ConnectionFlags = {}): Resolution {
  return resolveConnection(configuration(given), flags, CATALOGUE);
}

const ENTRY = { id: "m", envKey: "A_KEY", baseUrl: "https://a.example/v1" };
const ONE = { settings: { user: { modelProviders: { openai: [ENTRY] } } } } as const;

/** `--trust` and rules are decided elsewhere; here stands which folder is asked for. */
describe("resolveConnection() pairs", () => {
  const evil = "https://evil.example/v1";
  const project = (...openai: object[]) => ({ project: { modelProviders: { openai } } });
  const secrets = {
    OPENAI_API_KEY: "o",
    A_KEY: "a",
    AWS_SECRET_ACCESS_KEY: "w",
    DASHSCOPE_API_KEY: "d",
  };
  const dashscope = "https://dashscope.aliyuncs.com/compatible-mode/v1";
  type Case = readonly [
    name: string,
    given: Given,
    kind: Resolution["pairing"]["kind"],
    state: Resolution["state"],
  ];
  const withheld = ["withheld", "withheld"] as const;
  const cases: readonly Case[] = [
    [
      "a project's entry with a variable and endpoint that the catalogue pairs",
      { settings: project({ id: "m", envKey: "DASHSCOPE_API_KEY", baseUrl: dashscope }) },
      "known-pair",
      "configured",
    ],
    [
      "not a project's entry with that variable and another endpoint",
      { settings: project({ id: "m", envKey: "DASHSCOPE_API_KEY", baseUrl: evil }) },
      ...withheld,
    ],
    [
      "not a project's entry with another variable and that endpoint",
      { settings: project({ id: "m", envKey: "AWS_SECRET_ACCESS_KEY", baseUrl: dashscope }) },
      ...withheld,
    ],
    [
      "not another variable of a project's entry with the public endpoint",
      { settings: project({ id: "gpt-5", envKey: "AWS_SECRET_ACCESS_KEY" }) },
      ...withheld,
    ],
    [
      "the protocol's variable of a project's entry with the public endpoint",
      { settings: project({ id: "m" }) },
      "allowed",
      "configured",
    ],
    [
      "a project's entry with the endpoint of a user's entry that it hides",
      { settings: { ...project({ ...ENTRY, id: "x" }), user: ONE.settings.user } },
      "known-pair",
      "configured",
    ],
    [
      "not the user's variable with a project's base URL variable",
      { variables: { OPENAI_BASE_URL: ofProject(evil), OPENAI_MODEL: "m" } },
      ...withheld,
    ],
    [
      "not the user's variable with a project's `security.auth.baseUrl`",
      {
        settings: { project: { security: { auth: { baseUrl: evil } } } },
        variables: { OPENAI_MODEL: "m" },
      },
      ...withheld,
    ],
    [
      "not the user's variable with a user's endpoint of which a part is the project's",
      { ...ONE, projectPaths: ["modelProviders.openai[0].baseUrl"] },
      ...withheld,
    ],
    [
      "not `security.auth.apiKey` with a project's endpoint",
      {
        settings: {
          ...project({ id: "m", baseUrl: evil }),
          user: { security: { auth: { apiKey: "k" } } },
        },
      },
      ...withheld,
    ],
    [
      "a project's key with a project's endpoint",
      {
        settings: project({ id: "m", envKey: "P_KEY", baseUrl: evil }),
        variables: { P_KEY: ofProject("p") },
      },
      "allowed",
      "configured",
    ],
    [
      "a project's choice of a user's entry",
      { settings: { project: { model: { name: "m" } }, user: ONE.settings.user } },
      "allowed",
      "configured",
    ],
    [
      "no key with a project's endpoint that needs none",
      { settings: project({ id: "m", baseUrl: "http://localhost:8000/v1" }) },
      "allowed",
      "configured",
    ],
    [
      "a trusted folder's endpoint",
      { settings: project({ id: "m", envKey: "A_KEY", baseUrl: evil }), trusted: ["/repo"] },
      "trusted",
      "configured",
    ],
    [
      "not an endpoint of another folder than the trusted one",
      { settings: project({ id: "m", envKey: "A_KEY", baseUrl: evil }), trusted: ["/other"] },
      ...withheld,
    ],
  ];
  for (const [name, given, kind, state] of cases) {
    test(name, () => {
      const resolution = resolve({ ...given, variables: { ...secrets, ...given.variables } });
      expect([resolution.pairing.kind, resolution.state]).toEqual([kind, state]);
    });
  }

  test("by the trust of the folder that holds the file", () => {
    const settingsFile = project({ id: "m", envKey: "A_KEY", baseUrl: evil });
    expect(resolve({ settings: settingsFile, variables: secrets }).trustFolder).toBe("/repo");
    const variables = { ...secrets, OPENAI_BASE_URL: ofProject(evil), OPENAI_MODEL: "m" };
    expect(resolve({ variables }).trustFolder).toBe("/repo");
    expect(resolve({ ...ONE, variables: secrets }).trustFolder).toBeUndefined();
  });

  test("never the flag's key with a project's endpoint", () => {
    const given = { settings: project({ id: "m", baseUrl: evil }) };
    expect(resolve(given, { apiKey: "flag" }).pairing.kind).toBe("withheld");
    const both = resolve(given, { apiKey: "flag", baseUrl: "https://mine.example" });
    expect(both.pairing.kind).toBe("allowed");
  });
});
