import { describe, expect, test } from "bun:test";
import {
  applyLogin,
  loginNotes,
  plannedIds,
  plannedModel,
  previewLogin,
} from "../../../src/auth/login/apply-login.ts";
import type { Login } from "../../../src/auth/login/login.ts";
import { CODING_PLAN, MODELSTUDIO } from "../../../src/auth/providers/alibaba-providers.ts";
import { customEnvKey } from "../../../src/auth/providers/custom-env-key.ts";
import { findProvider } from "../../../src/auth/providers/find-provider.ts";
import type { Provider } from "../../../src/auth/providers/provider.ts";
import { PROVIDERS } from "../../../src/auth/providers/providers.ts";
import type { JsonObject } from "../../../src/lib/json/json-object.ts";
import { parseSettingsText } from "../../../src/settings/load-settings.ts";
import { applyTo, entriesOf, fixture, login } from "./apply-plan.ts";

const PLAN_KEY = "BAILIAN_CODING_PLAN_API_KEY";

function provider(id: string): Provider {
  const found = findProvider(id);
  if (found === undefined) {
    throw new Error(`no provider ${id}`);
  }
  return found;
}

const DEEPSEEK = provider("deepseek");

function custom(changes: Partial<Login> = {}): Login {
  const baseUrl = changes.baseUrl ?? "http://vllm:8000/v1";
  return {
    provider: undefined,
    region: undefined,
    protocol: "openai",
    baseUrl,
    envKey: customEnvKey("openai", baseUrl),
    key: "not-needed",
    store: "settings",
    models: ["m1", "m2"],
    model: "m1",
    label: undefined,
    ...changes,
  };
}

async function after(current: object, wanted: Login): Promise<JsonObject> {
  return (await applyTo(JSON.stringify(current), wanted)).value;
}

function idsOf(settings: unknown): unknown[] {
  return entriesOf(settings).map(({ id }) => id);
}

describe("applyLogin() of every provider", () => {
  for (const each of PROVIDERS.filter(({ endpoints }) => endpoints.length > 0)) {
    for (const { region } of each.endpoints) {
      test(`${each.id} ${region ?? ""} writes entries, key and selection into an empty file`, async () => {
        const models = each.models.length === 0 ? ["m"] : undefined;
        const envKey = each.envKey ?? customEnvKey("openai", each.endpoints[0]?.baseUrl ?? "");
        const wanted = login(each, {
          models,
          envKey,
          ...(region === undefined ? {} : { region }),
        });
        const value = await after({}, wanted);
        const ids = models ?? each.models.map(({ id }) => id);
        const entries = entriesOf(value, each.protocol);
        expect(value).toMatchObject({
          env: { [envKey]: "sk-sp-aaa" },
          security: { auth: { selectedType: each.protocol } },
          model: { name: ids[0] },
        });
        expect(entries).toHaveLength(ids.length);
        for (const [index, entry] of entries.entries()) {
          const id = ids[index];
          expect(entry).toMatchObject({ id, baseUrl: wanted.baseUrl, envKey });
          expect(entry.name).toBe(`[${wanted.label}] ${id}`);
        }
      });
    }
  }
});

describe("applyLogin() of ModelStudio Standard", () => {
  test("writes what Qwen Code 0.15.6 does, with nothing emptied", async () => {
    const theirs = JSON.parse(
      fixture("qwen-code-0.15.6-api-key-standard-beijing-default-models.json"),
    );
    const value = await after({}, login(MODELSTUDIO, { key: theirs.env.DASHSCOPE_API_KEY }));
    expect<unknown>(value).toEqual({
      env: { DASHSCOPE_API_KEY: theirs.env.DASHSCOPE_API_KEY },
      modelProviders: theirs.modelProviders,
      security: theirs.security,
      model: theirs.model,
    });
  });

  test.each([
    "qwen-code-0.15.6-coding-plan-china.json",
    "qwen-code-0.15.6-coding-plan-global.json",
    "qwen-code-0.15.10-coding-plan-china.json",
    "qwen-code-0.15.10-coding-plan-global.json",
    "qwen-code-0.24.4-coding-plan-china.json",
  ])("leaves nothing of the plan in %s", async (name) => {
    const { text } = await applyTo(fixture(name), login(MODELSTUDIO));
    for (const stale of [
      "coding.dashscope",
      "coding-intl",
      PLAN_KEY,
      "codingPlan",
      "coding-plan",
    ]) {
      expect(text).not.toContain(stale);
    }
    expect(idsOf(JSON.parse(text))).toEqual(["qwen3.5-plus", "glm-5", "kimi-k2.5"]);
  });

  test("keeps what is somebody else's, comments too", async () => {
    const before = await parseSettingsText(fixture("pre-existing-before.jsonc"), "");
    const planned = await applyTo(fixture("pre-existing-before.jsonc"), login(CODING_PLAN));
    const { text, value } = await applyTo(planned.text, login(MODELSTUDIO));
    const { modelProviders: _a, env, model: _b, ...rest } = value;
    const { modelProviders: _c, env: oldEnv, model: _d, ...oldRest } = before;
    const { [PLAN_KEY]: _e, ...foreign } = Object(oldEnv);
    expect(rest).toEqual(oldRest);
    expect(env).toEqual({ ...foreign, DASHSCOPE_API_KEY: "sk-sp-aaa" });
    for (const comment of ["// my settings", "// theme comment", "/* anthropic kept? */"]) {
      expect(text).toContain(comment);
    }
  });

  test("and back to the plan and back again is the same each time", async () => {
    let text = fixture("pre-existing-before.jsonc");
    const seen: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      text = (await applyTo(text, login(CODING_PLAN))).text;
      seen.push(JSON.stringify(await parseSettingsText(text, "")));
      text = (await applyTo(text, login(MODELSTUDIO))).text;
      const value = await parseSettingsText(text, "");
      // The user's own entries, one of a model of the login's, stay where they are.
      expect(idsOf(value)).toEqual(["glm-5", "kimi-k2.5", "gpt-4o", "old-cp", "qwen3.5-plus"]);
    }
    // The plan does not take the Standard entries away; from the second round on nothing changes.
    expect(seen[2]).toBe(seen[1] ?? "");
  });
});

describe("applyLogin() of a preset", () => {
  const own = (id: string, more: object = {}) => ({
    id,
    name: `[DeepSeek] ${id}`,
    baseUrl: "https://api.deepseek.com",
    envKey: "DEEPSEEK_API_KEY",
    ...more,
  });

  test("puts its entries first and keeps all others", async () => {
    const other = { id: "gpt", envKey: "X", baseUrl: "https://x/v1" };
    const value = await after(
      { modelProviders: { openai: [other] }, ui: { a: 1 } },
      login(DEEPSEEK),
    );
    expect(idsOf(value)).toEqual(["deepseek-v4-pro", "deepseek-v4-flash", "gpt"]);
    expect(value.ui).toEqual({ a: 1 });
  });

  test("puts the given ids first and keeps its other entries, with their fields", async () => {
    const openai = [
      own("old", { generationConfig: { timeout: 7 } }),
      own("kept", { generationConfig: { timeout: 5 }, note: "mine" }),
    ];
    const value = await after(
      { modelProviders: { openai } },
      login(DEEPSEEK, { models: ["new", "kept"], model: "new" }),
    );
    expect<unknown>(entriesOf(value)).toEqual([own("new"), openai[1], openai[0]]);
  });

  test("without ids keeps those configured earlier", async () => {
    const current = { modelProviders: { openai: [own("a"), own("b")] }, model: { name: "b" } };
    expect(plannedIds(current, login(DEEPSEEK))).toEqual(["a", "b"]);
    expect(plannedModel(current, login(DEEPSEEK))).toBe("b");
    const value = await after(current, login(DEEPSEEK, { key: "sk-new" }));
    expect<unknown>(value).toMatchObject({ ...current, env: { DEEPSEEK_API_KEY: "sk-new" } });
  });

  test("updates an entry that a person wrote for the same model where it stands", async () => {
    const mine = {
      id: "m",
      name: "mine",
      baseUrl: "https://api.deepseek.com/",
      envKey: "MY",
      z: 1,
    };
    const other = { id: "o", baseUrl: "https://o" };
    const value = await after(
      { modelProviders: { openai: [other, mine] } },
      login(DEEPSEEK, { models: ["m", "n"], model: "m" }),
    );
    expect<unknown>(entriesOf(value)).toEqual([
      own("n"),
      other,
      { ...mine, envKey: "DEEPSEEK_API_KEY" },
    ]);
    expect(value.model).toEqual({ name: "m" });
  });

  test("takes entries with the label of Qwen Code for its own", async () => {
    const grok = {
      id: "g",
      name: "[Grok] g",
      baseUrl: "https://api.x.ai/v1",
      envKey: "XAI_API_KEY",
    };
    const value = await after(
      { modelProviders: { openai: [grok] } },
      login(provider("xai"), { models: ["h"] }),
    );
    expect(idsOf(value)).toEqual(["h", "g"]);
    const renewed = await applyTo(JSON.stringify(value), login(provider("xai")));
    expect(idsOf(renewed.value)).toEqual(["h", "g"]);
  });

  test("moves its models to another region", async () => {
    const moonshot = provider("moonshot");
    const before = await after({}, login(moonshot, { region: "global", models: ["k"] }));
    const value = await after(before, login(moonshot, { region: "china" }));
    expect(entriesOf(value).map(({ id, baseUrl }) => [id, baseUrl])).toEqual([
      ["k", "https://api.moonshot.cn/v1"],
    ]);
  });

  test("writes `model.baseUrl` only where another entry has the same id", async () => {
    const other = { id: "deepseek-v4-pro", baseUrl: "https://x/v1" };
    const value = await after({ modelProviders: { openai: [other] } }, login(DEEPSEEK));
    expect(value.model).toEqual({ name: "deepseek-v4-pro", baseUrl: "https://api.deepseek.com" });
    const alone = await after({ model: { baseUrl: "https://x/v1" } }, login(DEEPSEEK));
    expect(alone.model).toEqual({ name: "deepseek-v4-pro" });
  });

  test("keeps comments between entries whose ids do not change", async () => {
    const first = await applyTo("{}\n", login(DEEPSEEK));
    const commented = first.text.replace(
      '"id": "deepseek-v4-flash"',
      '// fast\n        "id": "deepseek-v4-flash"',
    );
    const { text } = await applyTo(
      commented,
      login(DEEPSEEK, { envKey: "DEEPSEEK_API_KEY", key: "sk-2" }),
    );
    expect(text).toContain("// fast");
    expect(text).toContain("sk-2");
  });

  test("changes nothing the second time", async () => {
    for (const start of ["{}\n", fixture("pre-existing-before.jsonc")]) {
      for (const each of PROVIDERS.filter(({ models }) => models.length > 0)) {
        const once = await applyTo(start, login(each));
        expect((await applyTo(once.text, login(each))).text).toBe(once.text);
      }
    }
  });

  test("keeps a key out of the settings when another store holds it", async () => {
    const value = await after(
      { env: { DEEPSEEK_API_KEY: "old", A: "b" } },
      login(DEEPSEEK, { store: "env-file" }),
    );
    expect(value.env).toEqual({ A: "b" });
  });
});

describe("applyLogin() of an endpoint of one's own", () => {
  test("writes what Qwen Code 0.24.4 does, but for its `wireApi`", async () => {
    const theirs = JSON.parse(fixture("qwen-code-0.24.4-custom-provider.json"));
    const value = await after({}, custom({ baseUrl: "http://127.0.0.1:9/v1", key: "sk-cus" }));
    const entries = theirs.modelProviders.openai.map(
      ({ wireApi: _, ...entry }: JsonObject) => entry,
    );
    expect<unknown>(value).toEqual({
      env: theirs.env,
      modelProviders: { openai: entries },
      security: theirs.security,
      model: { name: "m1" },
    });
  });

  test("changes no entry that Qwen Code 0.24.4 wrote for it", async () => {
    const theirs = JSON.parse(fixture("qwen-code-0.24.4-custom-provider.json"));
    const value = await after(theirs, custom({ baseUrl: "http://127.0.0.1:9/v1", key: "sk-cus" }));
    expect(value.modelProviders).toEqual(theirs.modelProviders);
  });

  test("moves the given ids to the front, earlier ids stay", async () => {
    const before = await after({}, custom());
    const value = await after(before, custom({ models: ["m2", "m3"], model: "m2" }));
    expect(idsOf(value)).toEqual(["m2", "m3", "m1"]);
    expect(value.model).toEqual({ name: "m2" });
  });

  test("without ids keeps its own, and none of another endpoint", async () => {
    const other = custom({ baseUrl: "https://other.example/v1", models: ["x"], model: "x" });
    const before = await after(await after({}, custom()), other);
    const again = custom({ models: undefined, model: undefined });
    expect(plannedIds(before, again)).toEqual(["m1", "m2"]);
    const value = await after(before, again);
    expect(value.modelProviders).toEqual(before.modelProviders);
    expect(value.model).toMatchObject({ name: "m1" });
  });

  test("gives as many other ids entries of their own, without the fields of the earlier ones", async () => {
    const before = {
      modelProviders: {
        openai: ["m1", "m2"].map((id) => ({
          ...{ id, name: id, baseUrl: custom().baseUrl, envKey: custom().envKey },
          generationConfig: { timeout: 1 },
        })),
      },
    };
    const value = await after(before, custom({ models: ["m3", "m4"], model: "m3" }));
    expect(idsOf(value)).toEqual(["m3", "m4", "m1", "m2"]);
    expect(entriesOf(value).map(({ generationConfig }) => generationConfig)).toEqual([
      undefined,
      undefined,
      { timeout: 1 },
      { timeout: 1 },
    ]);
  });

  test("calls its models by a label", async () => {
    const value = await after({}, custom({ label: "Our vLLM", models: ["m"] }));
    expect(entriesOf(value)[0]?.name).toBe("[Our vLLM] m");
  });

  test("leaves the names that a person gave", async () => {
    const mine = { id: "m1", name: "My model", baseUrl: "http://vllm:8000/v1/", envKey: "X" };
    const value = await after({ modelProviders: { openai: [mine] } }, custom({ models: ["m1"] }));
    expect(entriesOf(value)[0]).toMatchObject({ name: "My model", envKey: custom().envKey });
    expect(entriesOf(value)).toHaveLength(1);
  });

  test("writes for the protocol that it speaks", async () => {
    const value = await after({}, custom({ protocol: "anthropic", models: ["c"], model: "c" }));
    expect(Object.keys(Object(value.modelProviders))).toEqual(["anthropic"]);
    expect(value).toMatchObject({ security: { auth: { selectedType: "anthropic" } } });
  });
});

test("previewLogin() shows what will stand there, the key masked", () => {
  const key = "sk-0123456789abcdefghij-a289";
  const preview = previewLogin({}, custom({ key, models: ["m1"] }));
  expect(JSON.stringify(preview)).not.toContain(key);
  expect<unknown>(preview).toEqual({
    env: { [custom().envKey]: "sk-…a289" },
    modelProviders: {
      openai: [{ id: "m1", name: "m1", baseUrl: "http://vllm:8000/v1", envKey: custom().envKey }],
    },
    security: { auth: { selectedType: "openai" } },
    model: { name: "m1" },
  });
});

test("previewLogin() shows that the key will be in the keyring", () => {
  const preview = previewLogin({}, custom({ models: ["m1"], store: "keyring" }));
  expect(preview).not.toHaveProperty("env");
  expect(preview).toMatchObject({
    security: { auth: { selectedType: "openai", keyring: [custom().envKey] } },
  });
});

describe("loginNotes() tells", () => {
  const BEIJING = "https://dashscope.aliyuncs.com/compatible-mode/v1";
  const SINGAPORE = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1";
  const CHINA = "https://coding.dashscope.aliyuncs.com/v1";
  const ofStandard = (id: string, more: object = {}) => ({
    id,
    name: `[ModelStudio Standard] ${id}`,
    baseUrl: BEIJING,
    envKey: "DASHSCOPE_API_KEY",
    ...more,
  });
  const ofPlan = (id: string, more: object = {}) => ({
    id,
    name: `[ModelStudio Coding Plan] ${id}`,
    baseUrl: CHINA,
    envKey: PLAN_KEY,
    ...more,
  });
  const headers = { generationConfig: { customHeaders: { A: "a" }, timeout: 1 } };
  const openai = (...entries: readonly unknown[]) => ({ modelProviders: { openai: entries } });
  const replaced = "removed, as their key or endpoint is replaced";
  const elsewhere = "kept at another region, where this key may be none";

  test.each<[string, JsonObject, Login, readonly string[]]>([
    ["nothing of nothing", {}, login(MODELSTUDIO), []],
    ["nothing of what stays", openai(ofStandard("a"), { id: "x" }), login(MODELSTUDIO), []],
    [
      "what a replaced provider had, each id once",
      openai(ofPlan("a"), ofPlan("b"), ofPlan("a")),
      login(MODELSTUDIO),
      [`${replaced}: a, b`],
    ],
    [
      "what of it a person wrote, and stays without its key",
      openai(ofPlan("a"), ofPlan("mine", { name: "mine" }), { id: "x", envKey: "OTHER" }),
      login(MODELSTUDIO),
      [`${replaced}: a`, `kept, though \`${PLAN_KEY}\` was removed: mine`],
    ],
    [
      "that a list of models is replaced",
      openai(ofPlan("glm-5"), ofPlan("mine")),
      login(CODING_PLAN, { models: ["glm-5"] }),
      ["removed, as the list of models is replaced: mine"],
    ],
    [
      "what stays at another region, of every protocol",
      {
        modelProviders: {
          openai: [
            { id: "x", baseUrl: SINGAPORE, envKey: "DASHSCOPE_API_KEY" },
            { id: "y", baseUrl: SINGAPORE, envKey: "OTHER" },
            { id: "z", baseUrl: "https://a.example/v1", envKey: "DASHSCOPE_API_KEY" },
            { id: "here", baseUrl: BEIJING, envKey: "DASHSCOPE_API_KEY" },
            { id: "odd", baseUrl: 5, envKey: "DASHSCOPE_API_KEY" },
            "text",
          ],
          anthropic: [
            {
              id: "c",
              baseUrl: "https://dashscope-intl.aliyuncs.com/apps/anthropic",
              envKey: "DASHSCOPE_API_KEY",
            },
          ],
        },
      },
      login(MODELSTUDIO),
      [`${elsewhere}: x (sg-singapore), c (sg-singapore)`],
    ],
    [
      "whose headers stay behind with an endpoint",
      openai(ofStandard("a", headers), ofStandard("b")),
      login(MODELSTUDIO, { baseUrl: "https://proxy.example/v1" }),
      ["headers and bodies for the endpoint of before are left out of: a"],
    ],
    [
      "nothing of headers that go along to another region",
      openai(ofStandard("a", headers)),
      login(MODELSTUDIO, { region: "sg-singapore" }),
      [],
    ],
    [
      "nothing of regions at an endpoint of one's own",
      openai({ id: "m1", baseUrl: "http://vllm:8000/v1" }),
      custom(),
      [],
    ],
  ])("%s", (_what, current, wanted, notes) => {
    expect(loginNotes(current, wanted)).toEqual([...notes]);
  });
});

describe("plannedIds() and plannedModel()", () => {
  const own = (id: string, more: object = {}) => ({
    id,
    name: `[DeepSeek] ${id}`,
    baseUrl: "https://api.deepseek.com",
    envKey: "DEEPSEEK_API_KEY",
    ...more,
  });
  const known = DEEPSEEK.models.map(({ id }) => id);
  const [first = ""] = known;
  const has = (entries: readonly object[], model: object = {}) => ({
    modelProviders: { openai: entries },
    model,
  });
  test.each<[string, JsonObject, Parameters<typeof login>[1], readonly string[], string]>([
    ["are those of the list where there are none", {}, {}, known, first],
    ["are those that are given", {}, { models: ["a", "b"] }, ["a", "b"], "a"],
    [
      "are those of an earlier login, each once",
      has([own("a"), own("b"), own("a")]),
      {},
      ["a", "b"],
      "a",
    ],
    ["are none that a person alone wrote", has([own("a", { name: "mine" })]), {}, known, first],
    [
      "are also those of a person beside an earlier login's",
      has([own("a", { name: "mine" }), own("b"), { ...own("x"), name: "y" }]),
      {},
      ["a", "b", "x"],
      "a",
    ],
    [
      "keep the model that was chosen",
      has([own("a"), own("b")], { name: "b" }),
      {},
      ["a", "b"],
      "b",
    ],
    [
      "keep it at this endpoint",
      has([own("b")], { name: "b", baseUrl: "https://api.deepseek.com/" }),
      {},
      ["b"],
      "b",
    ],
    [
      "keep it where none is named",
      has([own("a"), own("b")], { name: "b", baseUrl: "" }),
      {},
      ["a", "b"],
      "b",
    ],
    [
      "keep none of another endpoint",
      has([own("a"), own("b")], { name: "b", baseUrl: "https://a.example/v1" }),
      {},
      ["a", "b"],
      "a",
    ],
    [
      "keep none that is not among those given",
      has([own("b")], { name: "b" }),
      { models: ["a"] },
      ["a"],
      "a",
    ],
    [
      "keep one that is among those given",
      has([own("b")], { name: "b" }),
      { models: ["a", "b"] },
      ["a", "b"],
      "b",
    ],
    ["keep none that no entry has", has([own("a")], { name: "z" }), {}, ["a"], "a"],
    ["choose the one that is named", has([own("b")], { name: "b" }), { model: "c" }, ["b"], "c"],
  ])("%s", (_what, current, changes, ids, model) => {
    const wanted = login(DEEPSEEK, changes);
    expect(plannedIds(current, wanted)).toEqual([...ids]);
    expect(plannedModel(current, wanted)).toBe(model);
  });
});

describe("applyLogin() has the edits", () => {
  const set = (path: readonly string[], value: unknown) => ({ kind: "set", path, value });
  const remove = (...path: string[]) => ({ kind: "remove", path });

  test("of a plan: region, and no version of another's", () => {
    const current = {
      codingPlan: { region: "china", version: "x" },
      providerMetadata: { "coding-plan": {}, other: {} },
    };
    const edits = applyLogin(current, login(CODING_PLAN, { region: "global" }));
    expect(edits).toContainEqual(set(["codingPlan", "region"], "global") as never);
    expect(edits).toContainEqual(remove("codingPlan", "version") as never);
    expect(edits).toContainEqual(remove("providerMetadata", "coding-plan") as never);
  });

  test("that take away what a replaced plan kept beside its entries", () => {
    const current = { codingPlan: { region: "china" }, env: { [PLAN_KEY]: "sk-sp-1" } };
    const edits = applyLogin(current, login(MODELSTUDIO));
    expect(edits).toContainEqual(remove("env", PLAN_KEY) as never);
    expect(edits).toContainEqual(remove("codingPlan") as never);
    const others = applyLogin(current, login(DEEPSEEK));
    expect(others.filter(({ path }) => path[0] === "codingPlan")).toEqual([]);
  });

  test("of a key in the settings, and that of none elsewhere", () => {
    const key = ["env", "DEEPSEEK_API_KEY"];
    expect(applyLogin({}, login(DEEPSEEK))).toContainEqual(set(key, "sk-sp-aaa") as never);
    for (const store of ["env-file", "keyring"] as const) {
      expect(applyLogin({}, login(DEEPSEEK, { store }))).toContainEqual(remove(...key) as never);
    }
  });
});

test("previewLogin() shows a server without a key as it is, and nothing of a `.env`", () => {
  const shown = (changes: Partial<Login>) => Object(previewLogin({}, custom(changes)));
  expect(shown({}).env).toEqual({ [custom().envKey]: "not-needed" });
  expect("env" in shown({ key: "sk-0123456789", store: "env-file" })).toBe(false);
  expect(shown({ store: "env-file" }).security.auth).toEqual({ selectedType: "openai" });
});
