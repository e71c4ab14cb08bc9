import { describe, expect, test } from "bun:test";
import { ConfigError, UsageError } from "../../src/errors.ts";
import type { ConnectionFlags } from "../../src/models/connection-flags.ts";
import type { Protocol } from "../../src/models/protocol.ts";
import { checkEndpoint, homeEndpoint, resolveEndpoint } from "../../src/models/resolve-endpoint.ts";
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

const HERE = "https://here.example/v1";
const THERE = "https://there.example/v1";

describe("resolveEndpoint() knows what was replaced", () => {
  const accounts = new Map([
    [
      "A_KEY",
      new Map<string, object>([
        ["work", { baseUrl: THERE }],
        ["home", {}],
        ["same", { baseUrl: `${HERE}/` }],
      ]),
    ],
  ]);
  const account = (name: string) => ({ name, from: "--account" }) as const;
  const SOURCE: Source = {
    kind: "account",
    name: "work",
    path: "/home/me/.qwen/accounts.json",
    origin: "user",
  };
  const entryOf = (more: object = {}) => ({ id: "m", envKey: "A_KEY", baseUrl: HERE, ...more });
  type Case = readonly [
    name: string,
    entry: object | undefined,
    flags: ConnectionFlags,
    value: string,
    replaced: string | undefined,
    isOfAccount: boolean,
  ];
  const cases: readonly Case[] = [
    ["nothing for an entry alone", entryOf(), {}, HERE, undefined, false],
    [
      "nothing for the same endpoint as a flag",
      entryOf(),
      { baseUrl: `${HERE}/` },
      HERE,
      undefined,
      false,
    ],
    ["the entry's for another as a flag", entryOf(), { baseUrl: THERE }, THERE, HERE, false],
    ["nothing where there is no entry", undefined, { baseUrl: THERE }, THERE, undefined, false],
    [
      "the public one of an entry that names none",
      { id: "m" },
      { baseUrl: THERE },
      THERE,
      "https://api.openai.com/v1",
      false,
    ],
    [
      "the entry's for that of an account",
      entryOf(),
      { account: account("work") },
      THERE,
      HERE,
      true,
    ],
    [
      "nothing for an account without one",
      entryOf(),
      { account: account("home") },
      HERE,
      undefined,
      false,
    ],
    [
      "nothing for an account at the same",
      entryOf(),
      { account: account("same") },
      HERE,
      undefined,
      false,
    ],
    [
      "nothing for an account of a variable that the entry does not name",
      { id: "m", baseUrl: HERE },
      { account: account("work") },
      HERE,
      undefined,
      false,
    ],
    [
      "the entry's for a flag that is the account's",
      entryOf(),
      { baseUrl: THERE, account: account("work") },
      THERE,
      HERE,
      true,
    ],
    [
      "the entry's for a flag that is not the account's",
      entryOf(),
      { baseUrl: "https://x.example/v1", account: account("work") },
      "https://x.example/v1",
      HERE,
      false,
    ],
  ];
  test.each(cases)("%s", (_name, entry, flags, value, replaced, isOfAccount) => {
    const openai = entry === undefined ? [] : [entry];
    const all = configuration({ settings: { user: { modelProviders: { openai } } }, accounts });
    const [item] = all.models.entries;
    const resolved = resolveEndpoint(all, "openai", { flags, entry: item, model: "m" });
    expect(resolved).toMatchObject({
      kind: "known",
      endpoint: { value },
      replaced,
      isOfAccount,
    });
    if (resolved.kind === "known" && flags.account?.name === "work" && replaced !== undefined) {
      const flag = flags.baseUrl === undefined ? SOURCE : FLAG;
      expect(resolved.endpoint).toEqual({ value, source: flag, shadowed: [ENTRY] });
    }
  });
});

describe("resolveEndpoint() of OpenAI's protocol without an endpoint", () => {
  const of = (
    given: Given,
    model: string | undefined,
    more: { entry?: object; apiKey?: string } = {},
  ) => {
    const openai = more.entry === undefined ? [] : [more.entry];
    const all = configuration({ ...given, settings: { user: { modelProviders: { openai } } } });
    const request = { flags: { apiKey: more.apiKey }, entry: all.models.entries[0], model };
    const resolved = resolveEndpoint(all, "openai", request);
    return resolved.kind === "known" ? "public" : (resolved.misnamed ?? "unknown");
  };

  test.each([
    ["gpt-4o", "public"],
    ["gpt-5.1-codex", "public"],
    ["gpt-41", "public"],
    ["ft:gpt-4o:me", "public"],
    ["o3", "public"],
    ["o3-mini", "public"],
    ["chatgpt-4o-latest", "public"],
    ["codex-mini", "public"],
    ["gpt-oss-120b", "unknown"],
    ["gpt-4all", "unknown"],
    ["gpt-6b", "unknown"],
    ["o3x", "unknown"],
    ["xgpt-4o", "unknown"],
    ["qwen3-max", "unknown"],
    [undefined, "unknown"],
  ])("takes the public one for %j: %s", (model, expected) => {
    expect(of({}, model)).toBe(expected);
  });

  test.each([
    [{ id: "m" }, "public"],
    [{ id: "m", envKey: "OPENAI_API_KEY" }, "public"],
    [{ id: "m", envKey: "A_KEY" }, "unknown"],
  ])("takes it for the entry %j: %s", (entry, expected) => {
    expect(of({}, "m", { entry })).toBe(expected);
  });

  const other = "https://other.example/v1";
  const base = (value: string | ReturnType<typeof ofProject>, key?: string | object) => ({
    variables: {
      OPENAI_API_BASE: value,
      ...(key === undefined ? {} : { OPENAI_API_KEY: key }),
    } as NonNullable<Given["variables"]>,
  });
  test.each<[string, Given, { entry?: object; apiKey?: string }, string]>([
    ["names another", base(other), {}, "OPENAI_API_BASE"],
    ["names another beside a key", base(other, "sk-1"), {}, "OPENAI_API_BASE"],
    ["names the public one", base("https://api.openai.com/v1/"), {}, "public"],
    ["is not asked about a key of the command line", base(other), { apiKey: "sk-1" }, "public"],
    [
      "is not asked about another variable's key",
      base(other),
      { entry: { id: "gpt-4o", envKey: "A_KEY" } },
      "public",
    ],
    ["is a project's beside a key of the user's", base(ofProject(other), "sk-1"), {}, "public"],
    [
      "is a project's beside a key of the project's",
      base(ofProject(other), ofProject("sk-1")),
      {},
      "OPENAI_API_BASE",
    ],
  ])("minds what other programs read where that %s", (_what, given, more, expected) => {
    expect(of(given, "gpt-4o", more)).toBe(expected);
  });

  test("takes the public one of the other protocols for whatever model", () => {
    for (const protocol of ["anthropic", "gemini"] as const) {
      expect(resolve({}, { protocol, model: "m" })?.endpoint.source).toEqual(DEFAULT);
    }
  });
});

test("homeEndpoint() is what variables or settings say, else the public one", () => {
  expect(homeEndpoint(configuration(), "openai")).toBe("https://api.openai.com/v1");
  expect(homeEndpoint(configuration(withEndpoints("entry", "legacy")), "openai")).toBe(
    "https://legacy",
  );
  expect(homeEndpoint(configuration(withEndpoints("variable", "legacy")), "openai")).toBe(
    "https://variable",
  );
});

test("checkEndpoint() takes off what is added to it, and says so", () => {
  const value = "https://a.example/v1/chat/completions/";
  expect(checkEndpoint({ value, source: DEFAULT, shadowed: [] })).toEqual({
    kind: "known",
    endpoint: { value: "https://a.example/v1", source: DEFAULT, shadowed: [] },
    isPrivate: false,
    replaced: undefined,
    isOfAccount: false,
    warnings: [
      "the base URL ends before `/chat/completions`, which is added to it: https://a.example/v1 is used",
    ],
  });
});

test("checkEndpoint() takes a dollar in a path for what it is, and in an account for no variable", () => {
  const check = (value: string, source: Source) =>
    checkEndpoint({ value, source, shadowed: [] }).endpoint.value;
  expect(check("https://a.example/$BASE/v1", ENTRY)).toBe("https://a.example/$BASE/v1");
  const account: Source = { kind: "account", name: "work", path: "/f", origin: "user" };
  expect(() => check("$BASE", account)).toThrow("it is not a URL");
  expect(() => check("$BASE", ENTRY)).toThrow(
    expect.objectContaining({
      message: `Cannot use \`${ENTRY.name}\` of \`${ENTRY.path}\` as an endpoint: \`BASE\` is not set`,
      code: "settings-invalid",
      hint: `set \`BASE\`, or correct \`${ENTRY.name}\``,
    }),
  );
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
