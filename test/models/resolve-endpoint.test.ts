import { describe, expect, test } from "bun:test";
import { ConfigError, UsageError } from "../../src/errors.ts";
import type { Protocol } from "../../src/models/protocol.ts";
import { checkEndpoint, resolveEndpoint } from "../../src/models/resolve-endpoint.ts";
import type { Source } from "../../src/source.ts";
import { configuration, ofProject, PATHS, settings, variableSource } from "./configuration.ts";

type Given = NonNullable<Parameters<typeof configuration>[0]>;

const FLAG: Source = { kind: "flag", name: "--openai-base-url", origin: "user" };
const DEFAULT: Source = { kind: "default", origin: "user" };
const ENTRY = settings("user", "modelProviders.openai[0].baseUrl");
const LEGACY = settings("user", "security.auth.baseUrl");

/** Resolves with the first configured entry, if there is one. */
function resolve(
  given: Given,
  { protocol = "openai" as Protocol, baseUrl = "", model = "gpt-4o" } = {},
) {
  const all = configuration(given);
  const entry = all.models.entries.find((candidate) => candidate.protocol === protocol);
  const flags = { baseUrl: baseUrl || undefined };
  const resolved = resolveEndpoint(all, protocol, { flags, entry, model });
  return resolved.kind === "known" ? resolved : undefined;
}

/** Settings and variables with an endpoint at each of the named places. */
function withEndpoints(...places: readonly ("entry" | "variable" | "legacy")[]): Given {
  const item = { id: "m", ...(places.includes("entry") ? { baseUrl: "https://entry" } : {}) };
  const auth = places.includes("legacy") ? { baseUrl: "https://legacy" } : {};
  return {
    settings: { user: { modelProviders: { openai: [item] }, security: { auth } } },
    variables: places.includes("variable") ? { OPENAI_BASE_URL: "https://variable" } : {},
  };
}

describe("resolveEndpoint() takes", () => {
  const variable = variableSource("OPENAI_BASE_URL");
  type Case = readonly [name: string, given: Given, flag: string, value: string, ...Source[]];
  const cases: readonly Case[] = [
    [
      "the flag first",
      withEndpoints("entry", "variable", "legacy"),
      "https://flag",
      "https://flag",
      FLAG,
      ENTRY,
      variable,
      LEGACY,
    ],
    [
      "the entry before the variable",
      withEndpoints("entry", "variable", "legacy"),
      "",
      "https://entry",
      ENTRY,
      variable,
      LEGACY,
    ],
    [
      "the variable before `security.auth.baseUrl`",
      withEndpoints("variable", "legacy"),
      "",
      "https://variable",
      variable,
      LEGACY,
    ],
    [
      "`security.auth.baseUrl` before the default",
      withEndpoints("legacy"),
      "",
      "https://legacy",
      LEGACY,
    ],
    ["the public default last", withEndpoints(), "", "https://api.openai.com/v1", DEFAULT],
  ];
  for (const [name, given, baseUrl, value, source, ...shadowed] of cases) {
    test(name, () => {
      expect<unknown>(resolve(given, { baseUrl })).toMatchObject({
        endpoint: { value, source, shadowed },
        warnings: [],
      });
    });
  }

  const protocols: readonly (readonly [Protocol, string, ...string[]])[] = [
    ["openai", "https://api.openai.com/v1", "OPENAI_BASE_URL"],
    ["anthropic", "https://api.anthropic.com", "ANTHROPIC_BASE_URL"],
    [
      "gemini",
      "https://generativelanguage.googleapis.com",
      "GEMINI_BASE_URL",
      "GOOGLE_GEMINI_BASE_URL",
    ],
  ];
  for (const [protocol, publicEndpoint, ...names] of protocols) {
    test(`the variables and the public default of ${protocol}`, () => {
      expect(resolve({}, { protocol })?.endpoint.value).toBe(publicEndpoint);
      const variables = Object.fromEntries(names.map((name) => [name, `https://${name}/v1`]));
      const [source, ...shadowed] = names.map((name) => variableSource(name));
      expect<unknown>(resolve({ variables }, { protocol })).toMatchObject({
        endpoint: { source, shadowed },
      });
    });
  }

  test("a project's endpoint for the project's", () => {
    const variables = { OPENAI_BASE_URL: ofProject("https://evil.example") };
    expect(resolve({ variables })?.endpoint.source.origin).toBe("project");
    const project = { modelProviders: { openai: [{ id: "m", baseUrl: "https://evil.example" }] } };
    expect(resolve({ settings: { project } })?.endpoint.source.origin).toBe("project");
    const auth = { security: { auth: { baseUrl: "https://evil.example" } } };
    expect(resolve({ settings: { project: auth } })?.endpoint.source.origin).toBe("project");
  });
});

describe("checkEndpoint() judges", () => {
  const plain = (host: string) => [
    `${host} is reached over plain http: the key can be read on the way`,
  ];
  const cases: readonly (readonly [url: string, isPrivate: boolean, warnings: string[]])[] = [
    ["https://api.example.com/v1", false, []],
    ["http://api.example.com/v1", false, plain("api.example.com")],
    ["http://8.8.8.8:8000/v1", false, plain("8.8.8.8:8000")],
    ["http://localhost:8000/v1", true, []],
    ["http://vllm:8000/v1", true, []],
    ["http://192.168.1.5/v1", true, []],
    ["https://10.0.0.1/v1", true, []],
    ["http://host.docker.internal:11434/v1", true, []],
  ];
  for (const [value, isPrivate, warnings] of cases) {
    test(`${value} as ${isPrivate ? "private" : "public"}`, () => {
      const endpoint = { value, source: DEFAULT, shadowed: [] };
      expect(checkEndpoint(endpoint)).toMatchObject({ endpoint, isPrivate, warnings });
    });
  }
});

describe("resolveEndpoint() refuses", () => {
  for (const value of ["vllm:8000/v1", "api.example.com", "ftp://a", "https://u:secret@a"]) {
    test(`${value} in settings, naming the place`, () => {
      const openai = [{ id: "m", baseUrl: value }];
      const run = () => resolve({ settings: { user: { modelProviders: { openai } } } });
      expect(run).toThrow(ConfigError);
      expect(run).toThrow(`\`modelProviders.openai[0].baseUrl\` of \`${PATHS.user}\``);
      expect(run).not.toThrow("secret");
    });

    test(`${value} as a flag, as a usage error`, () => {
      const run = () => resolve({}, { baseUrl: value });
      expect(run).toThrow(UsageError);
      expect(run).toThrow("--openai-base-url");
    });
  }

  test.each(["$BASE", `$${"{BASE}"}/v1`, "https://$BASE/v1", `https://$${"{BASE}"}.example/v1`])(
    "%s with a variable that is not set, naming that",
    (value) => {
      const openai = [{ id: "m", baseUrl: value }];
      const run = () => resolve({ settings: { user: { modelProviders: { openai } } } });
      expect(run).toThrow("as an endpoint: `BASE` is not set");
    },
  );

  test("a variable, naming it", () => {
    const run = () => resolve({ variables: { OPENAI_BASE_URL: "localhost" } });
    expect(run).toThrow(ConfigError);
    expect(run).toThrow("`OPENAI_BASE_URL` of the environment");
  });
});
