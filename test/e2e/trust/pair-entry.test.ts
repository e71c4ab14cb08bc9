import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { machine, qwen } from "../../support/qwen.ts";
import { type Recording, recordingServer } from "../../support/recording-server.ts";

setDefaultTimeout(60_000);

/** What belongs to an entry belongs to its endpoint (`spec/settings-and-env.md`). */
const USER = ".qwen/settings.json";
const PROTOCOLS = ["openai", "anthropic", "gemini"] as const;

const A_KEY = "sk-canary-of-a-0123456789";
const B_KEY = "sk-for-b-0123456789abcdef";
const GATEWAY = "gateway-of-a-0123456789";
const BODY = "alice-of-a";
/** All that is the entry's. */
const OF_A = [A_KEY, GATEWAY, BODY];

const GENERATION = {
  customHeaders: { Authorization: `Bearer ${GATEWAY}`, "X-Gateway-Token": GATEWAY },
  extra_body: { user: BODY },
  samplingParams: { user: BODY, stop: BODY },
};

const ASKING: readonly string[][] = [
  ["-p", "hi"],
  ["-p", "hi", "-o", "json"],
  ["-p", "hi", "-o", "stream-json"],
  ["models", "--remote"],
  ["auth", "status", "--verify"],
  ["doctor", "--network"],
];

function leaked({ received }: Recording, secrets: readonly string[]): readonly string[] {
  return secrets.filter((secret) => received.some((request) => request.includes(secret)));
}

/** An entry of A's, selected, with a key, headers and a body of its own. */
function settingsOfA(a: Recording, more: object = {}) {
  const entry = { id: "a", baseUrl: `${a.origin}/v1`, envKey: "A_KEY" };
  return {
    env: { A_KEY },
    modelProviders: { openai: [{ ...entry, generationConfig: GENERATION }] },
    security: { auth: { selectedType: "openai" } },
    model: { name: "a" },
    ...more,
  };
}

describe("with `--openai-base-url` nothing of the configured entry goes to the other server:", () => {
  const models = [["-m", "other"], ["-m", "a"], []];
  test.each(models)("with a key of its own %s", async (...model) => {
    const at = machine();
    const [a, b] = [recordingServer(), recordingServer()];
    at.write(USER, settingsOfA(a));
    const flags = ["--openai-base-url", `${b.origin}/v1`, "--openai-api-key", B_KEY, ...model];
    for (const args of ASKING) {
      const { exitCode, stderr } = await qwen(at, [...args, ...flags]);
      expect({ args, exitCode, stderr }).toMatchObject({
        args,
        exitCode: args[0] === "doctor" ? expect.any(Number) : 0,
      });
    }
    expect(leaked(b, OF_A)).toEqual([]);
    expect(b.received[0]).toContain(`Bearer ${B_KEY}`);
    expect(a.received).toEqual([]);
  });

  const elsewhere = (a: Recording, b: Recording): readonly string[] => [
    `${b.origin}/v1`,
    `${a.origin}/v2`,
    `${a.origin}/v1/deeper`,
    `${a.origin}/v1?tenant=b`,
    `${a.origin}/V1`,
    `http://localhost:${a.host.split(":")[1]}/v1`,
  ];
  test("without a key: on private hosts none is sent", async () => {
    const at = machine();
    const [a, b] = [recordingServer(), recordingServer()];
    at.write(USER, settingsOfA(a));
    for (const url of elsewhere(a, b)) {
      for (const model of models) {
        const { stderr } = await qwen(at, ["-p", "hi", "--openai-base-url", url, ...model]);
        expect(stderr).not.toContain("Unexpected");
      }
    }
    expect([leaked(a, OF_A), leaked(b, OF_A)]).toEqual([[], []]);
    expect(b.received).not.toEqual([]);
  });

  test.each(models)(
    "without a key: elsewhere both ways to give one are named %s",
    async (...model) => {
      const at = machine();
      at.write(USER, settingsOfA(recordingServer()));
      const flags = ["--openai-base-url", "https://b.example/v1", ...model];
      for (const args of [
        ["-p", "hi"],
        ["auth", "status"],
        ["models", "--remote"],
      ]) {
        const { exitCode, stdout, stderr } = await qwen(at, [...args, ...flags]);
        expect({ args, exitCode }).toEqual({ args, exitCode: 4 });
        for (const part of ["--openai-api-key", "OPENAI_API_KEY", "https://b.example/v1"]) {
          expect(stdout + stderr).toContain(part);
        }
      }
    },
  );

  test("the standard key goes there, but not one that the entry pairs with its own", async () => {
    const at = machine();
    const [a, b] = [recordingServer(), recordingServer()];
    const flags = ["-p", "hi", "--openai-base-url", `${b.origin}/v1`];
    at.write(USER, settingsOfA(a));
    await qwen(at, flags, { env: { OPENAI_API_KEY: B_KEY } });
    expect(b.received.at(-1)).toContain(`Bearer ${B_KEY}`);
    const entry = { id: "a", baseUrl: `${a.origin}/v1`, envKey: "OPENAI_API_KEY" };
    at.write(USER, { env: { OPENAI_API_KEY: A_KEY }, modelProviders: { openai: [entry] } });
    await qwen(at, flags);
    expect(leaked(b, OF_A)).toEqual([]);
  });

  test("nor of what stands at the top level, or in `security.auth`", async () => {
    const at = machine();
    const [a, b] = [recordingServer(), recordingServer()];
    const model = { name: "a", generationConfig: GENERATION };
    const flags = ["-p", "hi", "--openai-base-url", `${b.origin}/v1`, "--openai-api-key", B_KEY];
    const auth = { selectedType: "openai", apiKey: A_KEY, baseUrl: `${a.origin}/v1` };
    for (const settings of [
      settingsOfA(a, { model }),
      { model, security: { auth } },
      { model, env: { OPENAI_API_KEY: A_KEY, OPENAI_BASE_URL: `${a.origin}/v1` } },
    ]) {
      at.write(USER, settings);
      expect(await qwen(at, flags)).toMatchObject({ exitCode: 0, stdout: "hi\n" });
      expect(b.received.at(-1)).toContain(`Bearer ${B_KEY}`);
    }
    expect(leaked(b, OF_A)).toEqual([]);
  });

  test("but all of it where the flag names the entry's own endpoint", async () => {
    const at = machine();
    const a = recordingServer();
    at.write(USER, settingsOfA(a));
    const own = a.origin.replace("http://", "HTTP://");
    expect(await qwen(at, ["-p", "hi", "--openai-base-url", `${own}/v1/`])).toMatchObject({
      exitCode: 0,
      stdout: "hi\n",
    });
    expect(a.received[0]).toContain(GATEWAY);
    expect(a.received[0]).toContain(BODY);
  });

  test("a model that is not the entry's keeps the endpoint's headers and none of its body", async () => {
    const at = machine();
    const a = recordingServer();
    at.write(USER, settingsOfA(a));
    expect(await qwen(at, ["-p", "hi", "-m", "other"])).toMatchObject({ exitCode: 0 });
    expect(leaked(a, [GATEWAY, BODY])).toEqual([GATEWAY]);
  });
});

describe("`model.generationConfig` does not reach an entry:", () => {
  test.each(PROTOCOLS)("%s", async (protocol) => {
    const at = machine();
    const e2 = recordingServer();
    const entry = { id: "b", baseUrl: `${e2.origin}/v1`, envKey: "K2" };
    const settings = {
      env: { K2: B_KEY },
      modelProviders: { [protocol]: [entry] },
      security: { auth: { selectedType: protocol } },
      model: { name: "b", generationConfig: { ...GENERATION, timeout: 5000, maxRetries: 1 } },
    };
    at.write(USER, settings);
    const { exitCode, stdout, stderr } = await qwen(at, ["-p", "hi"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "hi\n" });
    expect(leaked(e2, [...OF_A, B_KEY])).toEqual([B_KEY]);
    const lines = stderr.split("\n").filter((line) => line.includes("model.generationConfig"));
    expect(lines).toHaveLength(1);
    for (const part of [
      "`customHeaders`",
      "`extra_body`",
      "`samplingParams`",
      "~/.qwen/settings.json",
    ]) {
      expect(lines[0]).toContain(part);
    }
    for (const args of ASKING) {
      await qwen(at, args);
    }
    expect(leaked(e2, OF_A)).toEqual([]);
  });

  test("it serves a model without one", async () => {
    const at = machine();
    const e2 = recordingServer();
    at.write(USER, { model: { name: "b", generationConfig: GENERATION } });
    const env = { OPENAI_BASE_URL: `${e2.origin}/v1`, OPENAI_API_KEY: B_KEY };
    expect(await qwen(at, ["-p", "hi"], { env })).toEqual({
      exitCode: 0,
      stdout: "hi\n",
      stderr: "",
    });
    expect(leaked(e2, OF_A)).toEqual([GATEWAY, BODY]);
  });
});

describe("a key without an endpoint is not sent to a guess:", () => {
  type Case = readonly [
    name: string,
    settings: object,
    env: Record<string, string>,
    args?: string[],
  ];
  const openai = { security: { auth: { selectedType: "openai" } } };
  const cases: readonly Case[] = [
    [
      "in settings",
      { ...openai, env: { OPENAI_API_KEY: A_KEY }, model: { name: "qwen3-coder-plus" } },
      {},
    ],
    ["in the shell", {}, { OPENAI_API_KEY: A_KEY, OPENAI_MODEL: "deepseek-chat" }],
    ["with a model of the command line", {}, { OPENAI_API_KEY: A_KEY }, ["-m", "glm-5"]],
    [
      "in `security.auth.apiKey`",
      { security: { auth: { selectedType: "openai", apiKey: A_KEY } }, model: { name: "kimi-k2" } },
      {},
    ],
    ["as a flag", {}, {}, ["--openai-api-key", A_KEY, "-m", "qwen-max"]],
    [
      "for an entry that names neither an endpoint nor the protocol's own key",
      {
        env: { DASHSCOPE_API_KEY: A_KEY },
        modelProviders: { openai: [{ id: "qwen-max", envKey: "DASHSCOPE_API_KEY" }] },
      },
      {},
    ],
    [
      "with an id that only looks like OpenAI's",
      {},
      { OPENAI_API_KEY: A_KEY, OPENAI_MODEL: "my-gpt-4o" },
    ],
    ...["gpt-oss-120b", "gpt-j-6b", "gpt-neox-20b", "gpt-4all-j", "gpt-20b", "o3x", "o12-7b"].map(
      (id): Case => [
        `with ${id}, which OpenAI does not serve`,
        {},
        { OPENAI_API_KEY: A_KEY, OPENAI_MODEL: id },
      ],
    ),
  ];
  test.each(cases)("%s", async (_name, settings, env, args = []) => {
    const at = machine();
    at.write(USER, settings);
    const proxy = recordingServer();
    const all = { ...env, HTTPS_PROXY: proxy.origin };
    for (const asking of [
      ["-p", "hi"],
      ["auth", "status", "--verify"],
      ["models", "--remote"],
    ]) {
      const { exitCode, stdout, stderr } = await qwen(at, [...asking, ...args], { env: all });
      expect({ asking, exitCode }).toEqual({ asking, exitCode: 4 });
      expect(stdout + stderr).toContain("OPENAI_BASE_URL");
      expect(stdout + stderr).toContain("qwen auth");
      expect(stdout + stderr).not.toContain("api.openai.com");
    }
    expect(proxy.received).toEqual([]);
  });

  test.each([
    "gpt-5",
    "o3-mini",
    "chatgpt-4o-latest",
    "codex-mini-latest",
    "ft:gpt-4o:acme::x",
    "gpt-3.5-turbo",
    "gpt-4.1",
    "o1",
  ])("%s is OpenAI's", async (model) => {
    const { exitCode, stdout } = await qwen(machine(), ["auth", "status", "--json", "-m", model], {
      env: { OPENAI_API_KEY: A_KEY },
    });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).baseUrl.value).toBe("https://api.openai.com/v1");
  });

  test("an entry for the protocol's own key is complete without one", async () => {
    const at = machine();
    at.write(USER, { modelProviders: { openai: [{ id: "m", envKey: "OPENAI_API_KEY" }] } });
    const { exitCode, stdout } = await qwen(at, ["auth", "status", "--json"], {
      env: { OPENAI_API_KEY: A_KEY },
    });
    expect([exitCode, JSON.parse(stdout).baseUrl.value]).toEqual([0, "https://api.openai.com/v1"]);
  });

  const bases = [
    ["openai", "OPENAI", "gpt-5"],
    ["anthropic", "ANTHROPIC", "claude-x"],
    ["gemini", "GEMINI", "gemini-x"],
  ] as const;
  test.each(bases)(
    "nor while another variable names another endpoint: %s",
    async (type, name, model) => {
      const at = machine();
      const proxy = recordingServer();
      const auth = ["--auth-type", type, "-m", model];
      const [key, base] = [`${name}_API_KEY`, `${name}_API_BASE`];
      const env = { [key]: A_KEY, [base]: "https://other.example/v1", HTTPS_PROXY: proxy.origin };
      for (const args of [
        ["-p", "hi"],
        ["auth", "status"],
        ["models", "--remote"],
      ]) {
        const { exitCode, stdout, stderr } = await qwen(at, [...args, ...auth], { env });
        expect({ args, exitCode }).toEqual({ args, exitCode: 4 });
        expect(stdout + stderr).toContain(key);
        expect(stdout + stderr).toContain(base);
      }
      expect(proxy.received).toEqual([]);
    },
  );
});
