import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { OPENAI } from "../../support/model-answers.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { scriptedServer, stream } from "../../support/scripted-server.ts";

setDefaultTimeout(30_000);

const KEY = "sk-0123456789abcdef0123";

/** `SERVER` in settings is the origin of a server that answers and remembers. */
type Given = {
  readonly user: object;
  readonly project?: object;
  readonly env?: Record<string, string>;
  readonly args?: readonly string[];
};

async function ask({ user, project, env, args = [] }: Given) {
  const server = await scriptedServer(stream([OPENAI.text("pong"), OPENAI.finish]));
  const at = machine();
  const fill = (settings: object): string =>
    JSON.stringify(settings).replaceAll("SERVER", server.origin);
  at.write(".qwen/settings.json", fill(user));
  if (project !== undefined) {
    at.write("p/.qwen/settings.json", fill(project));
  }
  const ran = await qwen(at, ["-p", "hi", ...args], env === undefined ? {} : { env });
  return { ...ran, at, requests: server.requests };
}

const ENTRY = { id: "m", envKey: "K1", baseUrl: "SERVER/v1" };

/** Settings that work, with more of them. */
function working(more: object = {}, entry: object = {}): object {
  return {
    env: { K1: KEY },
    security: { auth: { selectedType: "openai" } },
    model: { name: "m" },
    modelProviders: { openai: [{ ...ENTRY, ...entry }] },
    ...more,
  };
}

describe("`null` is absent", () => {
  const nulls: readonly (readonly [name: string, user: object])[] = [
    ...["codingPlan", "providerProtocol", "advanced", "proxy", "apiKeyHelper", "ui"].map(
      (field) => [field, working({ [field]: null })] as const,
    ),
    ["excludedEnvVars", working({ advanced: { excludedEnvVars: null } })],
    [
      "fields of security.auth",
      working({
        security: { auth: { selectedType: "openai", apiKey: null, baseUrl: null, keyring: null } },
      }),
    ],
    ["fields of model", working({ model: { name: "m", baseUrl: null, generationConfig: null } })],
    [
      "fields of an entry",
      working({}, { name: null, description: null, wireApi: null, generationConfig: null }),
    ],
    [
      "fields of generationConfig",
      working({}, { generationConfig: { timeout: null, customHeaders: null, reasoning: null } }),
    ],
    ["a header", working({}, { generationConfig: { customHeaders: { "X-A": null } } })],
    ["a whole section", { ...working({ security: null }), env: { K1: KEY, OTHER: null } }],
  ];
  test.each(nulls)("%s", async (_name, user) => {
    const { exitCode, stderr, requests } = await ask({ user });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${KEY}`]);
  });

  test("and a login writes over it", async () => {
    const at = machine();
    at.write(".qwen/settings.json", {
      env: null,
      modelProviders: null,
      security: null,
      model: null,
    });
    const args = ["auth", "api-key", "--provider", "openai", "-m", "gpt-x", "--key-stdin"];
    expect(await qwen(at, args, { stdin: KEY })).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(readFileSync(at.settings, "utf8"))).toMatchObject({
      env: { OPENAI_API_KEY: KEY },
      model: { name: "gpt-x" },
    });
  });

  test("but not in a body, which is sent as it is written", async () => {
    const generationConfig = { extra_body: { stop: null }, samplingParams: { seed: null } };
    const { requests } = await ask({ user: working({}, { generationConfig }) });
    expect(requests.map(({ body }) => JSON.parse(body))).toMatchObject([
      { stop: null, seed: null },
    ]);
  });
});

describe("a wrong type in a field that changes nothing is a warning", () => {
  const cases: readonly (readonly [user: object, says: string])[] = [
    [working({}, { name: 5 }), "`modelProviders.openai[0].name`"],
    [working({}, { description: { en: "x" } }), "`modelProviders.openai[0].description`"],
    [working({ advanced: "x" }), "advanced: expected an object"],
    [
      working({ advanced: { excludedEnvVars: "A" } }),
      "advanced.excludedEnvVars: expected an array",
    ],
    [working({ codingPlan: [] }), "codingPlan: expected an object"],
    [working({ codingPlan: { region: 1 } }), "codingPlan.region: expected a string"],
    [working({ proxy: 8080 }), "proxy: expected a string"],
    [working({}, { imageOnly: "yes" }), "`modelProviders.openai[0].imageOnly`"],
    [working({}, { wireApi: "chat" }), "`modelProviders.openai[0].wireApi`"],
  ];
  test.each(cases)("%j", async (user, says) => {
    const { exitCode, stderr, requests } = await ask({ user });
    expect({ exitCode, requests: requests.length }).toEqual({ exitCode: 0, requests: 1 });
    expect(stderr).toStartWith("warning: ");
    expect(stderr).toContain(says);
  });
});

test("numbers and booleans in headers are text", async () => {
  const customHeaders = { "X-Number": 1, "X-Yes": true, "X-Text": "a" };
  const { stderr, requests } = await ask({
    user: working({}, { generationConfig: { customHeaders } }),
  });
  expect(stderr).toBe("");
  expect(requests.map(({ headers }) => headers)).toMatchObject([
    { "x-number": "1", "x-yes": "true", "x-text": "a" },
  ]);
});

test("headers lose the end of the line that the variable of a secret brings along", async () => {
  const customHeaders = { Authorization: "Bearer $SECRET", "X-Text": "\ufeff a \n" };
  const { exitCode, stderr, requests } = await ask({
    user: working({}, { generationConfig: { customHeaders } }),
    env: { SECRET: "gateway-0123456789abcdef\r\n" },
  });
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(requests.map(({ headers }) => headers)).toMatchObject([
    { authorization: "Bearer gateway-0123456789abcdef", "x-text": "a" },
  ]);
});

describe("a header that nothing fills is left out, with a warning", () => {
  test.each(["session_id", "NOT_SET", "X:-d"].map((name) => `$\{${name}}`).concat("a $NOT_SET"))(
    "%s",
    async (value) => {
      const customHeaders = { "X-T": value, "X-Other": "1" };
      const { exitCode, stderr, requests } = await ask({
        user: working({}, { generationConfig: { customHeaders } }),
      });
      expect(exitCode).toBe(0);
      expect(stderr).toContain("customHeaders");
      expect(stderr).toContain('"X-T"');
      expect(requests.map(({ headers }) => [headers["x-t"], headers["x-other"]])).toEqual([
        [undefined, "1"],
      ]);
    },
  );
});

describe("an entry that answers no chat is never the default", () => {
  const others = [
    { imageOnly: true },
    { voiceOnly: true },
    { realtimeOnly: true },
    { wireApi: "responses" },
  ];
  const settings = (other: object, more: object = {}): object => ({
    ...working({ modelProviders: { openai: [{ ...ENTRY, id: "x", ...other }, ENTRY] } }),
    model: {},
    ...more,
  });

  test.each(others)("%j", async (other) => {
    const { requests, stderr, at } = await ask({ user: settings(other) });
    expect(stderr).toBe("");
    expect(requests.map(({ body }) => JSON.parse(body).model)).toEqual(["m"]);
    expect((await qwen(at, ["models"])).stdout).not.toContain("x\n");
  });

  test.each(others)("%j, which refuses when it is chosen", async (other) => {
    const { exitCode, stderr, requests } = await ask({
      user: settings(other, { model: { name: "x" } }),
    });
    expect({ exitCode, requests: requests.length }).toEqual({ exitCode: 3, requests: 0 });
    expect(stderr).toContain('Cannot use the model "x"');
    expect(stderr).toContain(Object.keys(other).join());
  });

  test("the same id and URL with both interfaces is the one that chats", async () => {
    const openai = [{ ...ENTRY, wireApi: "responses" }, ENTRY];
    const { exitCode, stderr } = await ask({ user: working({ modelProviders: { openai } }) });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  test("an entry below `openai-responses` that says it chats is used", async () => {
    const modelProviders = {
      "openai-responses": [
        { ...ENTRY, id: "r" },
        { ...ENTRY, wireApi: "chat-completions" },
      ],
    };
    const security = { auth: { selectedType: "openai-responses" } };
    const { exitCode, requests } = await ask({ user: working({ modelProviders, security }) });
    expect({ exitCode, requests: requests.length }).toEqual({ exitCode: 0, requests: 1 });
  });
});

describe("`$runtime|TYPE|` is taken off a model's name", () => {
  test.each<Given>([
    { user: working({ model: { name: "$runtime|openai|m" } }) },
    { user: working({ model: {} }), args: ["-m", "$runtime|openai|m"] },
    {
      user: {
        security: { auth: { selectedType: "openai" } },
        model: { name: "$runtime|openai|m" },
      },
      env: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: "http://127.0.0.1:9/v1" },
    },
  ])("%j", async (given) => {
    const { at } = await ask(given);
    const args = ["auth", "status", "--json", ...(given.args ?? [])];
    const status = await qwen(at, args, { env: given.env ?? {} });
    expect(JSON.parse(status.stdout)).toMatchObject({ state: "configured", model: { id: "m" } });
  });
});

/** Every command that says what is in force, and none that sends a request. */
async function everywhere(at: Machine, env: Record<string, string> = {}) {
  const commands = [
    ["auth", "status"],
    ["auth", "token"],
    ["auth", "env"],
    ["-p", "hi"],
  ];
  return Promise.all(commands.map((args) => qwen(at, args, { env })));
}

describe("a field that is misspelt and decides where the key goes is an error", () => {
  const GATEWAY = "https://gateway.example/v1";
  const selected = (entry: object): object =>
    working({ modelProviders: { openai: [{ id: "m", ...entry }] } });
  const cases: readonly (readonly [user: object, path: string, meant: string])[] = [
    [selected({ envKey: "K1", baseURL: GATEWAY }), "modelProviders.openai[0].baseURL", "baseUrl"],
    [selected({ envKey: "K1", base_url: GATEWAY }), "modelProviders.openai[0].base_url", "baseUrl"],
    [selected({ envKey: "K1", url: GATEWAY }), "modelProviders.openai[0].url", "baseUrl"],
    [selected({ envkey: "K1", baseUrl: GATEWAY }), "modelProviders.openai[0].envkey", "envKey"],
    [selected({ envKey: KEY, baseUrl: GATEWAY }), "modelProviders.openai[0].envKey", "variable"],
    [
      working({ modelProviders: { openai: { baseUrl: GATEWAY, apiKey: KEY, model: "m" } } }),
      "modelProviders.openai",
      "array",
    ],
    [working({ modelProviders: { openrouter: [{ id: "m" }] } }), "openrouter", "providerProtocol"],
    [
      { ...working({ modelProviders: undefined }), modelproviders: {} },
      "modelproviders",
      "modelProviders",
    ],
  ];
  test.each(cases)("%j", async (user, path, meant) => {
    const at = machine();
    at.write(".qwen/settings.json", user);
    for (const env of [{}, { OPENAI_API_KEY: "sk-openai-0123456789abcdef" }]) {
      for (const { exitCode, stdout, stderr } of await everywhere(at, env)) {
        expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
        expect(stderr).toContain(path);
        expect(stderr).toContain(meant);
        expect(stderr).not.toContain("export");
        expect(stderr).not.toContain(KEY);
      }
    }
  });

  test("another endpoint of the command line needs it not", async () => {
    const { requests } = await ask({
      user: { modelProviders: { openai: [{ id: "m", envKey: "K1", baseURL: GATEWAY }] } },
      args: ["--openai-api-key", KEY],
    });
    expect(requests).toEqual([]);
  });

  test("a field beside the right one, or of an entry that is not selected, is a warning", async () => {
    const openai = [
      { ...ENTRY, baseURL: GATEWAY },
      { id: "n", baseURL: GATEWAY },
    ];
    const { exitCode, stderr, requests } = await ask({
      user: working({ modelProviders: { openai } }),
    });
    expect({ exitCode, requests: requests.length }).toEqual({ exitCode: 0, requests: 1 });
    expect(stderr.match(/did you mean `baseUrl`/g)).toHaveLength(2);
  });

  test("a key in an entry is named, hidden, and wants a private file", async () => {
    const at = machine();
    at.write(".qwen/settings.json", selected({ baseUrl: GATEWAY, apiKey: KEY }), 0o644);
    const { exitCode, stderr, stdout } = await qwen(at, ["auth", "status"]);
    expect(exitCode).toBe(4);
    expect(stdout + stderr).toContain("modelProviders.openai[0].apiKey");
    expect(stdout + stderr).toContain("envKey");
    expect(stdout + stderr).toContain("which holds a key");
    expect(stdout + stderr).not.toContain(KEY);
  });
});

describe("a repository's list of models does not lock its user out", () => {
  const theirs = { modelProviders: { openai: [{ ...ENTRY, id: "team", envKey: "TEAM_KEY" }] } };
  const env = { TEAM_KEY: "sk-team-0123456789abcdef" };

  test("its first model serves, and one line says why", async () => {
    const { exitCode, stderr, requests } = await ask({
      ...{ user: working(), project: theirs, env, args: ["--trust"] },
    });
    expect({ exitCode, models: requests.map(({ body }) => JSON.parse(body).model) }).toEqual({
      exitCode: 0,
      models: ["team"],
    });
    for (const part of [
      '"m"',
      "`~/.qwen/settings.json`",
      "p/.qwen/settings.json",
      '"team"',
      "--no-project",
    ]) {
      expect(stderr).toContain(part);
    }
    expect(stderr.match(/^warning: /gm)).toHaveLength(1);
  });

  test("`--no-project` and `-m` choose otherwise", async () => {
    const mine = await ask({ user: working(), project: theirs, env, args: ["--no-project"] });
    expect(mine.requests.map(({ body }) => JSON.parse(body).model)).toEqual(["m"]);
    expect(mine.stderr).toBe("");
    const named = await ask({
      user: working(),
      project: theirs,
      env,
      args: ["-m", "team", "--trust"],
    });
    expect(named.stderr).not.toContain("warning");
  });

  test("an empty list is named as the cause", async () => {
    const { at } = await ask({ user: working(), project: { modelProviders: { openai: [] } } });
    for (const { exitCode, stderr } of await everywhere(at)) {
      expect(exitCode).toBe(3);
      expect(stderr).toContain("p/.qwen/settings.json");
      expect(stderr).toContain("--no-project");
    }
  });

  test("a name that stands nowhere is still an error", async () => {
    const user = working({ model: { name: "typo" } });
    expect(await ask({ user, project: theirs, env })).toMatchObject({ exitCode: 3 });
  });
});
