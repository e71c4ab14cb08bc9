import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { machine, qwen } from "../support/qwen.ts";

/** The `settings.json` examples of the user documentation, word for word; the keys are no keys. */
const EXAMPLES = join(import.meta.dir, "..", "fixtures", "docs");

type Case = {
  readonly example: string;
  readonly key: string;
  readonly envKey: string;
  readonly baseUrl: string;
  readonly provider: {
    readonly method: string;
    readonly provider: string;
    readonly region: string;
  };
};

describe("the one-file examples of the documentation are complete", () => {
  const cases: readonly Case[] = [
    {
      example: "coding-plan-one-file.json",
      key: "sk-sp-xxxxxxxxx",
      envKey: "BAILIAN_CODING_PLAN_API_KEY",
      baseUrl: "https://coding.dashscope.aliyuncs.com/v1",
      provider: { method: "coding-plan", provider: "coding-plan", region: "china" },
    },
    {
      example: "dashscope-one-file.json",
      key: "sk-xxxxxxxxxxxxx",
      envKey: "DASHSCOPE_API_KEY",
      baseUrl: "https://dashscope.aliyuncs.com/compatible-mode/v1",
      provider: { method: "standard-api-key", provider: "modelstudio", region: "cn-beijing" },
    },
  ];
  for (const { example, key, envKey, baseUrl, provider } of cases) {
    test(example, async () => {
      const place = machine();
      place.write(".qwen/settings.json", readExample(example));
      const ran = await qwen(place, ["auth", "status", "--json"]);

      const inSettings = (name: string): object => ({
        kind: "settings",
        name,
        path: place.settings,
        scope: "user",
        origin: "user",
      });
      const file = (scope: string, path: string): object => ({
        scope,
        path: join(place.home, path),
        exists: false,
      });
      expect(JSON.parse(ran.stdout)).toEqual({
        schemaVersion: 1,
        loggedIn: true,
        ...provider,
        state: "configured",
        protocol: "openai",
        protocolSource: inSettings("security.auth.selectedType"),
        baseUrl: { value: baseUrl, source: inSettings("modelProviders.openai[0].baseUrl") },
        model: { id: "qwen3-coder-plus", source: inSettings("model.name") },
        key: {
          present: true,
          masked: "***",
          source: inSettings(`env.${envKey}`),
          envKey,
          shadowed: [],
        },
        settings: [
          file("system-defaults", "system/system-defaults.json"),
          { ...file("user", ".qwen/settings.json"), exists: true, mode: "0600" },
          file("project", "p/.qwen/settings.json"),
          file("system", "system/settings.json"),
        ],
        dotenv: { shadowed: [] },
        trust: { folder: place.project, trusted: false, required: false },
        verified: { state: "unchecked" },
        // The page writes `YOUR_KEY` where a key belongs, which is saved and in force.
        warnings: [expect.stringContaining("it looks like a placeholder")],
      });
      expect({ exitCode: ran.exitCode, stderr: ran.stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(ran.stdout).not.toContain(key);
    });
  }
});

describe("the example with three protocols needs a key and takes the model of its protocol", () => {
  type Choice = {
    readonly name: string;
    readonly env?: Record<string, string>;
    readonly args?: readonly string[];
    readonly expected: object;
  };
  const openai = {
    exitCode: 0,
    state: "configured",
    method: "api-key",
    provider: "openai",
    protocol: "openai",
    model: "gpt-4o",
    baseUrl: "https://api.openai.com/v1",
    envKey: "OPENAI_API_KEY",
    hasKey: true,
  };
  const anthropic = {
    ...openai,
    provider: "anthropic",
    protocol: "anthropic",
    model: "claude-sonnet-4-20250514",
    baseUrl: "https://api.anthropic.com",
    envKey: "ANTHROPIC_API_KEY",
  };
  const gemini = {
    ...openai,
    provider: "gemini",
    protocol: "gemini",
    model: "gemini-2.5-pro",
    baseUrl: "https://generativelanguage.googleapis.com",
    envKey: "GEMINI_API_KEY",
  };
  const keys = {
    OPENAI_API_KEY: "sk-openai-xxxxxxxxxxxx",
    ANTHROPIC_API_KEY: "sk-ant-xxxxxxxxxxxxxxx",
    GEMINI_API_KEY: "AIza-xxxxxxxxxxxxxxxxx",
  };
  const cases: readonly Choice[] = [
    {
      name: "nothing selects one of three: incomplete",
      expected: { exitCode: 4, state: "incomplete", method: "none", hasKey: false },
    },
    {
      name: "an OpenAI key",
      env: { OPENAI_API_KEY: keys.OPENAI_API_KEY },
      expected: openai,
    },
    {
      name: "an Anthropic key",
      env: { ANTHROPIC_API_KEY: keys.ANTHROPIC_API_KEY },
      expected: anthropic,
    },
    { name: "a Gemini key", env: { GEMINI_API_KEY: keys.GEMINI_API_KEY }, expected: gemini },
    { name: "all three keys: the first protocol", env: keys, expected: openai },
    {
      name: "all three keys and `--auth-type gemini`",
      env: keys,
      args: ["--auth-type", "gemini"],
      expected: gemini,
    },
    {
      name: "all three keys and `--model` of Anthropic",
      env: keys,
      args: ["--model", "claude-sonnet-4-20250514"],
      expected: anthropic,
    },
    {
      name: "`--model` of Anthropic with the key of another vendor",
      env: { OPENAI_API_KEY: keys.OPENAI_API_KEY },
      args: ["--model", "claude-sonnet-4-20250514"],
      expected: { ...anthropic, exitCode: 4, state: "incomplete", hasKey: false },
    },
  ];
  for (const { name, env = {}, args = [], expected } of cases) {
    test(name, async () => {
      const place = machine();
      place.write(".qwen/settings.json", readExample("three-protocols.json"));
      const { exitCode, stdout } = await qwen(place, ["auth", "status", "--json", ...args], {
        env,
      });
      const { state, method, provider, protocol, model, baseUrl, key } = JSON.parse(stdout);
      const seen: object = {
        exitCode,
        state,
        method,
        provider,
        protocol,
        model: model?.id,
        baseUrl: baseUrl?.value,
        envKey: key.envKey,
        hasKey: key.present,
      };
      expect(seen).toEqual(expected);
    });
  }
});

function readExample(name: string): string {
  return readFileSync(join(EXAMPLES, name), "utf8");
}
