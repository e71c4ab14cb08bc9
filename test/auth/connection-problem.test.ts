import { describe, expect, test } from "bun:test";
import { connectionProblem } from "../../src/auth/connection-problem.ts";
import { CATALOGUE } from "../../src/auth/providers/catalogue.ts";
import { loadConfiguration } from "../../src/models/load-configuration.ts";
import { resolveConnection } from "../../src/models/resolve-connection.ts";
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
