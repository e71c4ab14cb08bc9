import { describe, expect, test } from "bun:test";
import {
  configuredOrThrow,
  connectionProblem,
  describeProblem,
  expiredTokenProblem,
  keylessProblem,
  nextCommand,
  reasonOf,
} from "../../src/auth/connection-problem.ts";
import { CATALOGUE } from "../../src/auth/providers/catalogue.ts";
import { loadConfiguration } from "../../src/models/load-configuration.ts";
import { resolveConnection } from "../../src/models/resolve-connection.ts";
import { configuration, settings } from "../models/configuration.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";
import { machine } from "../support/qwen.ts";

/** The problem of a machine whose user settings are `settings`. */
async function problemOf(settings: object, env: Record<string, string> = {}, project?: object) {
  const at = machine();
  at.write(".qwen/settings.json", settings);
  if (project !== undefined) {
    at.write("p/.qwen/settings.json", project);
  }
  const runtime = { ...fakeRuntime({ home: at.home, env }), cwd: at.project };
  const options = { trust: false, noProject: false, names: ["BAILIAN_CODING_PLAN_API_KEY"] };
  const configuration = await loadConfiguration(runtime, options);
  return connectionProblem(resolveConnection(configuration, {}, CATALOGUE), "ask");
}

const openai = (entry: object) => ({ modelProviders: { openai: [{ id: "m", ...entry }] } });

describe("connectionProblem()", () => {
  const deepseek = { baseUrl: "https://api.deepseek.com", envKey: "DEEPSEEK_API_KEY" };
  const standard = {
    baseUrl: "https://dashscope-us.aliyuncs.com/compatible-mode/v1",
    envKey: "DASHSCOPE_API_KEY",
  };
  type Case = readonly [name: string, settings: object, env: Record<string, string>, error: object];
  const cases: readonly Case[] = [
    [
      "says that nothing is configured",
      {},
      {},
      {
        code: "not-configured",
        message: "Cannot ask: nothing is configured",
        hint: "run `qwen auth`",
      },
    ],
    [
      "names the variable of a missing key",
      openai(deepseek),
      {},
      {
        code: "key-missing",
        message: "Cannot ask: no key: DEEPSEEK_API_KEY is not set",
        hint: "run `export DEEPSEEK_API_KEY=YOUR_KEY`",
      },
    ],
    [
      "names the login of a known method",
      openai(standard),
      {},
      { hint: "run `qwen auth api-key --provider modelstudio --region us-virginia`" },
    ],
    [
      "names the Coding Plan's login with its region",
      { codingPlan: { region: "global" } },
      {},
      { hint: "run `qwen auth coding-plan --region global`" },
    ],
    [
      "asks for a model",
      {},
      { OPENAI_API_KEY: "sk-0123456789" },
      {
        code: "model-missing",
        hint: "name one with `--model ID`; `qwen models --remote` lists them",
      },
    ],
    [
      "leads away from Qwen OAuth",
      { security: { auth: { selectedType: "qwen-oauth" } } },
      {},
      { code: "not-configured", message: expect.stringContaining("discontinued") },
    ],
    [
      "passes on what makes the settings unusable",
      { ...openai(deepseek), model: { name: "gone" } },
      {},
      { code: "unknown-model", exitCode: 3 },
    ],
  ];
  test.each(cases)("%s", async (_name, settings, env, error) => {
    expect(await problemOf(settings, env)).toMatchObject({ exitCode: 4, ...error });
  });

  test("names both sources of a key that is withheld", async () => {
    const env = { MY_KEY: "sk-0123456789" };
    const project = openai({ baseUrl: "https://elsewhere.example/v1", envKey: "MY_KEY" });
    const problem = await problemOf({}, env, project);
    expect(problem).toMatchObject({ exitCode: 4, code: "key-withheld" });
    expect(problem?.message).toContain("shell variable MY_KEY");
    expect(problem?.message).toContain("https://elsewhere.example/v1");
    expect(problem?.message).toContain("p/.qwen/settings.json");
  });

  test("has none where a request can be made", async () => {
    expect(
      await problemOf(openai(deepseek), { DEEPSEEK_API_KEY: "sk-0123456789" }),
    ).toBeUndefined();
  });
});

describe("connectionProblem() says of a key that is missing", () => {
  type Given = NonNullable<Parameters<typeof configuration>[0]>;
  const ENTRY = { id: "m", baseUrl: "https://a.example/v1", envKey: "A_KEY" };
  const user = (entry: object, more: object = {}): Given => ({
    settings: { user: { modelProviders: { openai: [entry] }, ...more } },
  });
  const OWN = "/home/me/.qwen/.env";
  const THEIRS = "/repo/.env";
  const shadowed = (path: string, origin: "user" | "project") => ({
    shadowed: [{ path, origin, names: ["A_KEY"] }],
  });
  const EXPORT = "run `export A_KEY=YOUR_KEY`";
  const cases: readonly (readonly [string, Given, object, string, string])[] = [
    ["its variable", user(ENTRY), {}, "no key: A_KEY is not set", EXPORT],
    [
      "whose file has it, behind a project's",
      { ...user(ENTRY), ...shadowed(OWN, "user") },
      {},
      `no key: A_KEY is not set; ${OWN} sets it, but another .env was found first: ${THEIRS}`,
      "add `--no-project` to have your own .env read",
    ],
    [
      "which file of the project has it",
      { ...user(ENTRY), ...shadowed("/repo/.qwen/.env", "project") },
      {},
      `no key: A_KEY is not set; /repo/.qwen/.env sets it, but another .env was found first: ${THEIRS}`,
      EXPORT,
    ],
    [
      "nothing of a file that sets another",
      { ...user(ENTRY), shadowed: [{ path: OWN, origin: "user", names: ["B_KEY"] }] },
      {},
      "no key: A_KEY is not set",
      EXPORT,
    ],
    [
      "that another is stored, and for what",
      user(ENTRY, { security: { auth: { apiKey: "sk-0123456789" } } }),
      {},
      "no key: A_KEY is not set; the key of /home/me/.qwen/settings.json (security.auth.apiKey) is for entries without an `envKey`",
      EXPORT,
    ],
    [
      "the variable that it refers to",
      user(ENTRY, { env: { A_KEY: "$B_KEY" } }),
      {},
      'A_KEY is "$B_KEY", and that variable is not set',
      EXPORT,
    ],
    [
      "that its entry names none, and which one is set",
      {
        ...user({ id: "m", baseUrl: ENTRY.baseUrl }),
        variables: { OPENAI_API_KEY: "sk-0123456789" },
      },
      {},
      "the entry names no `envKey`, and no standard variable belongs to its endpoint: OPENAI_API_KEY is set and not used",
      "name `OPENAI_API_KEY` in the entry's `envKey` if it is for that endpoint, or run `qwen auth api-key`",
    ],
    [
      "that its entry names none",
      user({ id: "m", baseUrl: ENTRY.baseUrl }),
      {},
      "the entry names no `envKey`, and no standard variable belongs to its endpoint",
      "run `qwen auth api-key`",
    ],
    [
      "that its entry names none beside headers, which may do",
      user({
        id: "m",
        baseUrl: ENTRY.baseUrl,
        generationConfig: { customHeaders: { "x-team": "t" } },
      }),
      {},
      "the entry names no `envKey`, and no standard variable belongs to its endpoint",
      "run `qwen auth api-key`, or name an `envKey` with the value `not-needed` if the headers authenticate",
    ],
    [
      "that no entry has the model that a variable asks for",
      { ...user(ENTRY), variables: { OPENAI_MODEL: "x" } },
      {},
      'no key: OPENAI_API_KEY is not set; no entry is called "x", which shell variable OPENAI_MODEL asks for',
      "name a configured model with `--model`; `qwen models` lists them",
    ],
    [
      "that a flag leads elsewhere",
      { ...user(ENTRY), variables: { A_KEY: "sk-0123456789" } },
      { baseUrl: "https://b.example/v1" },
      "no key for https://b.example/v1: neither `--openai-api-key` nor OPENAI_API_KEY is given, and the configured one is for https://a.example/v1",
      "add `--openai-api-key` with the key of that endpoint",
    ],
  ];
  test.each(cases)("%s", (_what, given, flags, why, hint) => {
    const resolution = resolveConnection(configuration(given), flags, CATALOGUE);
    expect(reasonOf(resolution)).toBe(why);
    expect(connectionProblem(resolution, "ask")).toMatchObject({
      code: "key-missing",
      message: `Cannot ask: ${why}`,
      hint,
    });
  });

  test("what can be no key, and where it is corrected", () => {
    const wrong = { A_KEY: "two words" };
    const typed = resolveConnection(
      configuration({ ...user(ENTRY), variables: wrong }),
      {},
      CATALOGUE,
    );
    expect(connectionProblem(typed, "ask")).toMatchObject({
      code: "invalid-key",
      message:
        "Cannot ask: the key of shell variable A_KEY cannot be sent: it contains white space",
      hint: "correct `A_KEY`",
    });
    const stored = resolveConnection(configuration(user(ENTRY, { env: wrong })), {}, CATALOGUE);
    const { path, name } = settings("user", "env.A_KEY");
    expect(connectionProblem(stored, "ask")?.hint).toBe(`correct \`${name}\` in \`${path}\``);
  });
});

describe("expiredTokenProblem()", () => {
  const none = resolveConnection(configuration(), {}, CATALOGUE);
  const oauth = { path: "/t", expiresAt: 1, isRefreshDue: true, warnings: [] };
  test.each([undefined, { ...oauth, isExpired: false }])("has none for %j", (stored) => {
    const resolution = stored === undefined ? none : { ...none, oauth: stored };
    expect(expiredTokenProblem(resolution, "print the token")).toBeUndefined();
  });

  test("says that a token has expired, and what refreshes it", () => {
    const resolution = { ...none, oauth: { ...oauth, isExpired: true } };
    expect(expiredTokenProblem(resolution, "print the token")).toMatchObject({
      code: "oauth-expired",
      exitCode: 4,
      message: "Cannot print the token: the token of Qwen OAuth has expired",
      hint: "run `qwen auth qwen-oauth --force` to refresh it",
    });
  });
});

test.each([
  [{ header: "x-key" }, 'the entry authenticates by its header "x-key"', undefined],
  [{ isUnset: true }, "A_KEY is not set", "run `export A_KEY=YOUR_KEY`"],
  [{}, "https://a.example/v1 wants none", undefined],
] as const)("keylessProblem() with %j says %s", (more, why, hint) => {
  const key = { kind: "keyless", envKey: "A_KEY", ...more } as const;
  const problem = keylessProblem(key, { doing: "print", endpoint: "https://a.example/v1" });
  expect([problem.code, problem.message, problem.hint]).toEqual([
    "key-missing",
    `Cannot print: ${why}`,
    hint,
  ]);
});

describe("nextCommand() is", () => {
  type Given = NonNullable<Parameters<typeof configuration>[0]>;
  const entry = (more: object): Given => ({
    settings: { user: { modelProviders: { openai: [{ id: "m", ...more }] } } },
  });
  const coding = "https://coding-intl.dashscope.aliyuncs.com/v1";
  const beijing = "https://dashscope.aliyuncs.com/compatible-mode/v1";
  const OPENAI = "https://api.openai.com/v1";
  const url = { OPENAI_BASE_URL: OPENAI };
  test.each<[string, Given, object, string]>([
    ["a login where nothing is configured", {}, {}, "qwen auth"],
    ["a login where Qwen OAuth is selected", {}, { authType: "qwen-oauth" }, "qwen auth"],
    [
      "that of the Coding Plan with its region",
      entry({ baseUrl: coding, envKey: "BAILIAN_CODING_PLAN_API_KEY" }),
      {},
      "qwen auth coding-plan --region global",
    ],
    [
      "that of a provider whose key is missing",
      entry({ baseUrl: beijing, envKey: "DASHSCOPE_API_KEY" }),
      {},
      "qwen auth api-key --provider modelstudio --region cn-beijing",
    ],
    [
      "that of a provider whose key is unusable",
      {
        ...entry({ baseUrl: beijing, envKey: "DASHSCOPE_API_KEY" }),
        variables: { DASHSCOPE_API_KEY: "a b" },
      },
      {},
      "qwen auth api-key --provider modelstudio --region cn-beijing",
    ],
    [
      "to set the variable of another endpoint",
      entry({ baseUrl: "https://a.example/v1", envKey: "A_KEY" }),
      {},
      "export A_KEY=YOUR_KEY",
    ],
    [
      "to set an unusable variable of another endpoint",
      {
        ...entry({ baseUrl: "https://a.example/v1", envKey: "A_KEY" }),
        variables: { A_KEY: "a b" },
      },
      {},
      "export A_KEY=YOUR_KEY",
    ],
    [
      "a login where no variable is named",
      entry({ baseUrl: "https://a.example/v1" }),
      {},
      "qwen auth api-key",
    ],
    [
      "to name a model where all else is there",
      { variables: { ...url, OPENAI_API_KEY: "sk-0123456789" } },
      {},
      "export OPENAI_MODEL=MODEL_ID  # or add --model MODEL_ID",
    ],
    [
      "to choose where several protocols have models",
      {
        settings: {
          user: {
            modelProviders: {
              openai: [{ id: "o", envKey: "A", baseUrl: "https://a.example/v1" }],
              gemini: [{ id: "g", envKey: "B", baseUrl: "https://b.example" }],
            },
          },
        },
      },
      {},
      "qwen auth switch",
    ],
  ])("%s", (_what, given, flags, command) => {
    const resolution = resolveConnection(configuration(given), flags, CATALOGUE);
    expect(nextCommand(resolution)).toBe(command);
  });
});

describe("connectionProblem() of what was chosen", () => {
  const problem = (given: Parameters<typeof configuration>[0], flags: object = {}) => {
    const resolution = resolveConnection(configuration(given), flags, CATALOGUE);
    const found = connectionProblem(resolution, "ask");
    return { code: found?.code, message: found?.message, hint: found?.hint };
  };
  const gone = "its free tier was discontinued on 2026-04-15";
  const instead = "run `qwen auth coding-plan` or `qwen auth api-key`";

  test("says who selected Qwen OAuth, and that it has ended", () => {
    expect(problem({}, { authType: "qwen-oauth" })).toEqual({
      code: "not-configured",
      message: `Cannot ask: Qwen OAuth (selected by flag --auth-type) has no stored tokens, and ${gone}`,
      hint: instead,
    });
  });

  test("says which variables it makes of no effect, three at most", () => {
    const user = { security: { auth: { selectedType: "qwen-oauth" } } };
    const variables = { OPENAI_API_KEY: "sk-0123456789", DEEPSEEK_API_KEY: "sk-0123456789" };
    const { code, message, hint } = problem({ settings: { user }, variables });
    expect([code, hint]).toEqual([
      "not-configured",
      "add `--auth-type openai`, or run `qwen auth logout --provider qwen-oauth`",
    ]);
    expect(message).toContain("DEEPSEEK_API_KEY is set, and nothing uses it");
    expect(message).toContain("OPENAI_API_KEY of the shell is not used");
  });

  test("says that tokens have expired", () => {
    const resolution = resolveConnection(configuration(), { authType: "qwen-oauth" }, CATALOGUE);
    const oauth = { path: "/t", expiresAt: 1, isExpired: true, isRefreshDue: true, warnings: [] };
    expect(reasonOf({ ...resolution, oauth })).toBe(
      `Qwen OAuth (selected by flag --auth-type) has only a token that has expired, and ${gone}`,
    );
    const { selectedBy: _by, ...rest } = resolution;
    expect(reasonOf({ ...rest, selectedBy: undefined, oauth })).toStartWith(
      "Qwen OAuth has only a token",
    );
  });

  test("withholds a key from a project's endpoint, and names both and the folder", () => {
    const project = {
      modelProviders: {
        openai: [{ id: "m", baseUrl: "https://evil.example/v1", envKey: "MY_KEY" }],
      },
    };
    const given = { settings: { project }, variables: { MY_KEY: "sk-0123456789" } };
    expect(problem(given)).toEqual({
      code: "key-withheld",
      message:
        "Cannot ask: the key of shell variable MY_KEY is withheld from https://evil.example/v1, as /repo/.qwen/settings.json (modelProviders.openai[0].baseUrl) says where it goes",
      hint: "add `--trust` if you trust this folder (`qwen trust /repo` for good), or `--no-project` to leave its files out",
    });
  });

  test("tells of files that were not read, whatever kind of problem it is", () => {
    const known = configuration();
    const distrusted = ["`/repo/.env` was not read", "`/repo/x` was not read"];
    const nothing = resolveConnection({ ...known, distrusted }, {}, CATALOGUE);
    expect(connectionProblem(nothing, "ask")).toMatchObject({
      name: "AuthError",
      code: "not-configured",
      message: `Cannot ask: nothing is configured; ${distrusted.join("; ")}`,
      hint: "run `qwen auth`",
    });
    const openai = [{ id: "a", baseUrl: "https://a.example/v1" }];
    const user = { modelProviders: { openai }, model: { name: "b" } };
    const wrong = { ...configuration({ settings: { user } }), distrusted };
    expect(connectionProblem(resolveConnection(wrong, {}, CATALOGUE), "ask")).toMatchObject({
      name: "ConfigError",
      code: "unknown-model",
      message: expect.stringContaining(`; ${distrusted.join("; ")}`),
      hint: "set `model.name` to one of: a",
      suggest: { word: "b", from: ["a"] },
    });
  });

  test("says that no model is chosen", () => {
    const variables = { OPENAI_API_KEY: "sk-0123456789" };
    expect(
      problem({ variables: { ...variables, OPENAI_BASE_URL: "https://a.example/v1" } }),
    ).toEqual({
      code: "model-missing",
      message: "Cannot ask: no model is chosen",
      hint: "name one with `--model ID`; `qwen models --remote` lists them",
    });
  });

  test("says that several protocols have models", () => {
    const modelProviders = {
      openai: [{ id: "o", envKey: "A", baseUrl: "https://a.example/v1" }],
      gemini: [{ id: "g", envKey: "B", baseUrl: "https://b.example" }],
    };
    expect(problem({ settings: { user: { modelProviders } } })).toEqual({
      code: "not-configured",
      message: "Cannot ask: several protocols have models and none is selected",
      hint: "run `qwen auth switch`",
    });
  });
});

test("describeProblem() and configuredOrThrow() say the same of what cannot be used", () => {
  const none = resolveConnection(configuration(), {}, CATALOGUE);
  expect(describeProblem(none)).toEqual({
    problem: { code: "not-configured", reason: "nothing is configured", hint: "run `qwen auth`" },
  });
  expect(() => configuredOrThrow(none, "print it")).toThrow(
    "Cannot print it: nothing is configured",
  );
  const openai = [{ id: "m", baseUrl: "http://127.0.0.1:8000/v1" }];
  const local = resolveConnection(
    configuration({ settings: { user: { modelProviders: { openai } } } }),
    {},
    CATALOGUE,
  );
  expect(describeProblem(local)).toEqual({});
  expect(configuredOrThrow(local, "print it")).toBe(local as never);
});
