import { describe, expect, test } from "bun:test";
import { tokenCommand } from "../../../src/commands/auth/token.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";
import { laterProblemOf } from "../../support/problem-of.ts";
import { machine } from "../../support/qwen.ts";
import { optionsOf } from "../../support/read-line.ts";

const NONE = { model: undefined, authType: undefined, apiKey: undefined, baseUrl: undefined };

describe("tokenCommand.toOptions()", () => {
  test.each([
    ["auth token", { json: false, quiet: false, connection: NONE }],
    ["auth token --json -q", { json: true, quiet: true, connection: NONE }],
    ["auth token -m glm-5", { connection: { ...NONE, model: "glm-5" } }],
    ["-m glm-5 auth token", { connection: { ...NONE, model: "glm-5" } }],
    ["auth token -mglm-5 -m=qwen", { connection: { ...NONE, model: "qwen" } }],
    ["auth token --model=", { connection: NONE }],
    ["auth token --trust --no-project", { trust: true, noProject: true }],
    ["auth token --color never --proxy p", { color: "never", proxy: "p" }],
  ])("reads `%s`", async (line, expected) => {
    expect(await optionsOf(tokenCommand, line)).toMatchObject(expected);
  });

  test.each([
    ["auth token glm-5", "Cannot use an extra word: this command takes flags only"],
    ["auth token --model", "Cannot read `--model`: its value is missing"],
    ["auth token --show-token", "Cannot read `--show-token`: this flag is unknown"],
    ["auth token --color red", 'Cannot use the colour "red": it is unknown'],
  ])("refuses `%s`", async (line, message) => {
    await expect(optionsOf(tokenCommand, line)).rejects.toThrow(message);
  });
});

describe("tokenCommand.run()", () => {
  const KEY = "sk-0123456789abcdef";
  const SELECTED = { security: { auth: { selectedType: "openai" } }, model: { name: "m" } };
  const ENTRY = { id: "m", baseUrl: "https://one.example/v1", envKey: "A_KEY" };
  const models = (entry: object) => ({ ...SELECTED, modelProviders: { openai: [entry] } });
  const OAUTH = { security: { auth: { selectedType: "qwen-oauth" } } };

  /** What is printed on a machine with these settings, and the problem if there is one. */
  async function printed(settings: object, line = "auth token", tokens?: object) {
    const at = machine();
    at.write(".qwen/settings.json", settings);
    if (tokens !== undefined) {
      at.write(".qwen/oauth_creds.json", {
        ...{ access_token: "access-0123456789", refresh_token: "refresh-0123456789" },
        ...{ token_type: "Bearer", ...tokens },
      });
    }
    const runtime = fakeRuntime({ home: at.home, cwd: at.project });
    const options = await optionsOf(tokenCommand, line);
    const problem = await laterProblemOf(() => tokenCommand.run(runtime, options));
    return { ...runtime.written, problem, home: at.home };
  }

  test("prints the key and nothing else", async () => {
    const settings = { ...models(ENTRY), env: { A_KEY: KEY } };
    expect(await printed(settings)).toMatchObject({ stdout: `${KEY}\n`, stderr: "" });
    const { stdout, home } = await printed(settings, "auth token --json");
    expect(JSON.parse(stdout)).toMatchObject({
      token: KEY,
      envKey: "A_KEY",
      source: { kind: "settings", name: "env.A_KEY", path: `${home}/.qwen/settings.json` },
    });
  });

  test("prints a token that is good, and none that has expired, though it could be renewed", async () => {
    const good = await printed(OAUTH, "auth token", { expiry_date: Date.now() + 600_000 });
    expect(good).toMatchObject({ stdout: "access-0123456789\n", problem: undefined });
    const expired = await printed(OAUTH, "auth token", { expiry_date: 1 });
    expect(expired).toMatchObject({ stdout: "", problem: { code: "oauth-expired" } });
  });

  test.each([
    [models(ENTRY), "no key: A_KEY is not set"],
    [models({ id: "m", baseUrl: "http://localhost:9/v1" }), "http://localhost:9/v1 wants none"],
  ])("prints nothing where there is none: %j", async (settings, why) => {
    expect(await printed(settings)).toMatchObject({
      stdout: "",
      problem: { code: "key-missing", message: `Cannot print the key: ${why}` },
    });
  });
});
