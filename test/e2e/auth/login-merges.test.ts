import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

setDefaultTimeout(60_000);

const CHINA = "https://coding.dashscope.aliyuncs.com/v1";
const TOKEN_PLAN = "https://token-plan.cn-beijing.maas.aliyuncs.com/compatible-mode/v1";

function settingsOf(at: Machine) {
  return JSON.parse(readFileSync(at.settings, "utf8"));
}

function idsOf(at: Machine): string[] {
  return settingsOf(at).modelProviders.openai.map(({ id }: { id: string }) => id);
}

const logIn = (at: Machine, ...args: string[]) =>
  qwen(at, ["auth", ...args, "--key-stdin"], { stdin: "sk-sp-new00000000000000002" });

describe("renewing the key", () => {
  test("of the Coding Plan keeps a model that was added by hand, and its choice", async () => {
    const at = machine();
    await logIn(at, "coding-plan", "--region", "china");
    const mine = `{ "id": "qwen3.9-plus", "name": "mine", "baseUrl": "${CHINA}", "envKey": "BAILIAN_CODING_PLAN_API_KEY", "generationConfig": { "timeout": 300000 } }, // new`;
    const edited = readFileSync(at.settings, "utf8")
      .replace('"openai": [', `"openai": [\n      ${mine}`)
      .replace('"name": "qwen3.5-plus"\n', '"name": "qwen3.9-plus"\n')
      .replace("sk-sp-new00000000000000002", "sk-sp-old00000000000000001");
    at.write(".qwen/settings.json", edited);
    const ran = await logIn(at, "coding-plan", "--region", "china");
    expect([ran.exitCode, ran.stderr]).toEqual([0, expect.not.stringContaining("removed")]);
    expect(ran.stderr).toContain("default model qwen3.9-plus");
    expect(readFileSync(at.settings, "utf8")).toBe(
      edited.replace("sk-sp-old00000000000000001", "sk-sp-new00000000000000002"),
    );
  });

  test("of the Token Plan keeps what Qwen Code and a person wrote", async () => {
    const at = machine();
    const entry = (id: string, name: string) => ({
      id,
      name,
      baseUrl: TOKEN_PLAN,
      envKey: "BAILIAN_TOKEN_PLAN_API_KEY",
      generationConfig: { timeout: 7 },
    });
    const openai = [entry("q9", "[ModelStudio Token Plan] q9"), entry("glm-5", "my glm")];
    at.write(".qwen/settings.json", { modelProviders: { openai }, model: { name: "q9" } });
    const ran = await logIn(at, "api-key", "--provider", "token-plan", "--region", "china");
    expect(ran.exitCode).toBe(0);
    const { modelProviders, model } = settingsOf(at);
    expect(modelProviders.openai).toEqual(expect.arrayContaining(openai));
    expect(model).toEqual({ name: "q9" });
  });

  test.each(["openrouter", "fireworks", "requesty", "openai"])(
    "of %s, and naming another model, keeps the first with its fields",
    async (provider) => {
      const at = machine();
      await logIn(at, "api-key", "--provider", provider, "--model", "a");
      const tuned = settingsOf(at);
      tuned.modelProviders.openai[0].generationConfig = { timeout: 9 };
      at.write(".qwen/settings.json", tuned);
      const named = await logIn(at, "api-key", "--provider", provider, "--model", "b");
      expect([named.exitCode, idsOf(at)]).toEqual([0, ["b", "a"]]);
      expect(settingsOf(at).modelProviders.openai[1]).toEqual(tuned.modelProviders.openai[0]);
      await logIn(at, "api-key", "--provider", provider);
      expect([idsOf(at), settingsOf(at).model]).toEqual([["b", "a"], { name: "b" }]);
    },
  );
});

test("a login for another region, and a switch to one, say what of one's own gets its key", async () => {
  const at = machine();
  const key = { stdin: "sk-sp-china-0123456789abcdef01" };
  const china = ["auth", "coding-plan", "--region", "china", "--account", "cn", "--key-stdin"];
  expect((await qwen(at, china, key)).exitCode).toBe(0);
  const settings = settingsOf(at);
  const mine = { ...settings.modelProviders.openai[0], id: "mine", name: "mine" };
  settings.modelProviders.openai.push(mine);
  at.write(".qwen/settings.json", settings);
  const global = ["auth", "coding-plan", "--region", "global", "--account", "intl", "--key-stdin"];
  const told = "kept at another region, where this key may be none: mine (china)";
  const login = await qwen(at, global, { stdin: "sk-sp-intl-0123456789abcdef012" });
  expect([login.exitCode, login.stderr.includes(told)]).toEqual([0, true]);
  const back = await qwen(at, ["auth", "switch", "coding-plan@cn"]);
  expect([back.exitCode, back.stderr.includes("another region")]).toEqual([0, false]);
  const there = await qwen(at, ["auth", "switch", "coding-plan@intl", "--json"]);
  expect(JSON.parse(there.stdout).warnings).toEqual([told]);
});

test("a login says what it removes, and what stays without a key", async () => {
  const at = machine();
  await logIn(at, "coding-plan", "--region", "china");
  const settings = settingsOf(at);
  const mine = { ...settings.modelProviders.openai[0], id: "mine", name: "mine" };
  settings.modelProviders.openai.push(mine);
  at.write(".qwen/settings.json", settings);
  const ran = await logIn(at, "api-key", "--provider", "modelstudio", "--region", "cn-beijing");
  expect(ran.stderr).toContain("removed, as their key or endpoint is replaced: qwen3.5-plus, ");
  expect(ran.stderr).toContain("kept, though `BAILIAN_CODING_PLAN_API_KEY` was removed: mine");
  expect(idsOf(at)).toEqual(["qwen3.5-plus", "glm-5", "kimi-k2.5", "mine"]);
});
