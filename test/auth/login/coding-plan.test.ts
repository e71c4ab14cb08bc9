import { describe, expect, test } from "bun:test";
import { parseSettingsText } from "../../../src/settings/load-settings.ts";
import { applied, apply, CHINA, entriesOf, fixture, GLOBAL, KEY } from "./apply-plan.ts";

describe("applyLogin() of the Coding Plan writes", () => {
  const ids = [
    "qwen3.5-plus",
    "qwen3.6-plus",
    "qwen3.7-plus",
    "glm-5",
    "kimi-k2.5",
    "MiniMax-M2.5",
    "qwen3-coder-plus",
    "qwen3-coder-next",
    "qwen3-max-2026-01-23",
    "glm-4.7",
  ];

  test("exactly this into an empty file", async () => {
    const { modelProviders, ...rest } = await applied({}, { region: "global" });
    expect(rest).toEqual({
      env: { [KEY]: "sk-sp-aaa" },
      security: { auth: { selectedType: "openai" } },
      model: { name: "qwen3.5-plus" },
      codingPlan: { region: "global" },
    });
    const entries = entriesOf({ modelProviders });
    expect(entries.map(({ id }) => id)).toEqual(ids);
    expect(entries[1]).toEqual({
      id: "qwen3.6-plus",
      name: "[ModelStudio Coding Plan for Global/Intl] qwen3.6-plus",
      description: "Currently available to Pro subscribers only.",
      baseUrl: GLOBAL,
      envKey: KEY,
      generationConfig: {
        extra_body: { enable_thinking: true },
        contextWindowSize: 1_000_000,
        modalities: { image: true, video: true },
      },
    });
    expect(Object.keys(entries[1] ?? {})).toEqual([
      "id",
      "name",
      "description",
      "baseUrl",
      "envKey",
      "generationConfig",
    ]);
    expect(entries[6]).toEqual({
      id: "qwen3-coder-plus",
      name: "[ModelStudio Coding Plan for Global/Intl] qwen3-coder-plus",
      baseUrl: GLOBAL,
      envKey: KEY,
      generationConfig: { contextWindowSize: 1_000_000 },
    });
  });

  for (const region of ["china", "global"] as const) {
    test(`the entries that Qwen Code 0.15.10 writes for ${region}`, async () => {
      const theirs = entriesOf(JSON.parse(fixture(`qwen-code-0.15.10-coding-plan-${region}.json`)));
      const ours = entriesOf(await applied({}, { region }));
      const common = theirs.filter(({ id }) => ids.includes(String(id)));
      expect(common.length).toBeGreaterThan(8);
      for (const their of common) {
        expect(ours.find(({ id }) => id === their.id)).toEqual(their);
      }
    });
  }

  test("the given models instead of the list, unknown ones without details", async () => {
    const value = await applied({}, { models: ["new-model", "glm-5"] });
    const entries = entriesOf(value);
    expect(entries[0]).toEqual({
      id: "new-model",
      name: "[ModelStudio Coding Plan] new-model",
      baseUrl: CHINA,
      envKey: KEY,
    });
    expect(entries.map(({ id }) => id)).toEqual(["new-model", "glm-5"]);
    expect(value.model).toEqual({ name: "new-model" });
  });

  test("the given model as the default", async () => {
    expect((await applied({}, { model: "glm-5" })).model).toEqual({ name: "glm-5" });
  });

  test("into the objects of version 5", async () => {
    const other = { id: "gpt", envKey: "OPENAI_API_KEY" };
    const openai = { protocol: "openai", models: [other], extra: 1 };
    const value = await applied({ $version: 5, modelProviders: { openai } });
    expect(entriesOf(value).map(({ id }) => id)).toEqual([...ids, "gpt"]);
    expect(value).toMatchObject({
      $version: 5,
      modelProviders: { openai: { protocol: "openai", extra: 1 } },
    });
  });
});

describe("applyLogin() of the Coding Plan in a file that has something", () => {
  test("keeps all of it, after the plan's entries, and its comments", async () => {
    const before = await parseSettingsText(fixture("pre-existing-before.jsonc"), "");
    const { text, value } = await apply(fixture("pre-existing-before.jsonc"));
    const { modelProviders, env, model, codingPlan, ...rest } = value;
    const { modelProviders: _, env: oldEnv, model: __, ...oldRest } = before;
    expect(rest).toEqual(oldRest);
    expect(env).toEqual({ ...Object(oldEnv), [KEY]: "sk-sp-aaa" });
    expect(codingPlan).toEqual({ region: "china" });
    expect(model).toEqual({ name: "qwen3.5-plus", baseUrl: CHINA });
    expect(modelProviders).toHaveProperty("anthropic", [
      { id: "claude-x", envKey: "ANTHROPIC_API_KEY", baseUrl: "https://a" },
    ]);
    expect(entriesOf(value).slice(-3)).toEqual([...entriesOf(before)]);
    for (const comment of ["// my settings", "// theme comment", "/* anthropic kept? */"]) {
      expect(text).toContain(comment);
    }
  });

  test("agrees with what Qwen Code 0.15.10 makes of it, but for its own bookkeeping", async () => {
    const name = "qwen-code-0.15.10-coding-plan-china-pre-existing-after.jsonc";
    const theirs = await parseSettingsText(fixture(name), "");
    const { value } = await apply(fixture("pre-existing-before.jsonc"));
    // It takes an entry that a person wrote for another model of the plan away.
    const ours = entriesOf(value).filter(({ id }) => id !== "qwen3.7-plus" && id !== "old-cp");
    expect(ours).toEqual([...entriesOf(theirs)]);
    expect([value.env, value.security, value.ui, value.mcpServers]).toEqual([
      theirs.env,
      theirs.security,
      theirs.ui,
      theirs.mcpServers,
    ]);
  });

  test("replaces the other region's entries", async () => {
    const before = await applied({}, { region: "china" });
    const value = await applied(before, { region: "global", key: "sk-sp-new" });
    expect(entriesOf(value)).toHaveLength(10);
    expect(entriesOf(value).every(({ baseUrl }) => baseUrl === GLOBAL)).toBe(true);
    expect(value).toMatchObject({ codingPlan: { region: "global" }, env: { [KEY]: "sk-sp-new" } });
  });

  test("removes what makes Qwen Code offer an update", async () => {
    const value = await applied({
      codingPlan: { region: "global", version: "abc", other: 1 },
      providerMetadata: { "coding-plan": { version: "abc" }, other: { a: 1 } },
    });
    expect(value.codingPlan).toEqual({ region: "china", other: 1 });
    expect(value.providerMetadata).toEqual({ other: { a: 1 } });
  });

  test("takes an entry for the plan's by variable, endpoint and id or label", async () => {
    const openai = [
      { id: "mine", envKey: "MY_KEY", baseUrl: CHINA },
      { id: "other", envKey: KEY, baseUrl: "https://elsewhere/v1" },
      { id: "own", name: "my own", envKey: KEY, baseUrl: `${GLOBAL}/` },
      { id: "old", name: "[ModelStudio Coding Plan] old", envKey: KEY, baseUrl: `${GLOBAL}/` },
      "broken",
      { id: "glm-5", envKey: KEY, baseUrl: `${GLOBAL}/`, generationConfig: { timeout: 5 } },
    ];
    const value = await applied({ modelProviders: { openai } });
    // Behind the first three of the list and before what follows its fourth.
    expect<unknown>(entriesOf(value).slice(3, 9)).toEqual([
      openai[0],
      openai[1],
      openai[2],
      { ...Object(openai[3]), baseUrl: CHINA },
      "broken",
      { ...Object(openai[5]), name: "[ModelStudio Coding Plan] glm-5", baseUrl: CHINA },
    ]);
    expect(entriesOf(value)).toHaveLength(15);
  });

  test("keeps what a person wrote for the plan, and the model chosen of it", async () => {
    const text = `{
  "modelProviders": { "openai": [
    { "id": "qwen3.9-plus", "name": "mine", "baseUrl": "${CHINA}", // new
      "envKey": "${KEY}", "generationConfig": { "timeout": 300000 } }
  ] },
  "env": { "${KEY}": "sk-sp-old" },
  "security": { "auth": { "selectedType": "openai" } },
  "model": { "name": "qwen3.9-plus" }
}
`;
    const renewed = await apply(text);
    expect(entriesOf(renewed.value)).toHaveLength(11);
    expect(renewed.value.model).toEqual({ name: "qwen3.9-plus" });
    expect(renewed.text).toContain(`"mine", "baseUrl": "${CHINA}", // new\n`);
    expect(renewed.text).toContain('"timeout": 300000');
  });

  test("replaces its list by the given one, and keeps what a person wrote", async () => {
    const mine = { id: "mine", name: "mine", envKey: KEY, baseUrl: CHINA };
    const before = await applied({ modelProviders: { openai: [mine] } });
    const value = await applied(before, { models: ["a", "glm-5"] });
    expect(entriesOf(value).map(({ id }) => id)).toEqual(["a", "glm-5", "mine"]);
  });

  test("keeps fields and name that a person gave a plan's entry", async () => {
    const mine = {
      id: "glm-5",
      name: "my name",
      baseUrl: CHINA,
      envKey: KEY,
      wireApi: "chat",
      generationConfig: { timeout: 5, contextWindowSize: 1 },
    };
    const value = await applied({ modelProviders: { openai: [mine] } });
    expect(entriesOf(value).find(({ id }) => id === "glm-5")).toEqual(mine);
  });

  test("takes null for nothing, as everywhere", async () => {
    expect(entriesOf(await applied({ modelProviders: { openai: null } }))).toHaveLength(10);
  });

  test("refuses something that is no array where the entries belong", async () => {
    for (const openai of ["gpt", 5, { protocol: "openai" }]) {
      await expect(applied({ modelProviders: { openai } })).rejects.toMatchObject({
        name: "ConfigError",
        exitCode: 3,
        message: expect.stringContaining("`modelProviders.openai`"),
      });
    }
  });

  test("changes nothing the second time", async () => {
    for (const text of ["{}\n", fixture("pre-existing-before.jsonc")]) {
      for (const region of ["china", "global"] as const) {
        const once = await apply(text, { region });
        expect((await apply(once.text, { region })).text).toBe(once.text);
      }
    }
  });
});
