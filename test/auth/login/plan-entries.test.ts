import { describe, expect, test } from "bun:test";
import type { Login } from "../../../src/auth/login/login.ts";
import { newEntry, planEntries } from "../../../src/auth/login/plan-entries.ts";
import { CODING_PLAN, MODELSTUDIO } from "../../../src/auth/providers/alibaba-providers.ts";
import { findProvider } from "../../../src/auth/providers/find-provider.ts";
import type { JsonObject } from "../../../src/lib/json/json-object.ts";
import { CHINA, GLOBAL, KEY, login } from "./apply-plan.ts";

const BEIJING = "https://dashscope.aliyuncs.com/compatible-mode/v1";
const SINGAPORE = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1";
const DASHSCOPE = "DASHSCOPE_API_KEY";

/** An entry of ModelStudio's, as a login writes it. */
const own = (id: string, more: object = {}): JsonObject => ({
  id,
  name: `[ModelStudio Standard] ${id}`,
  baseUrl: BEIJING,
  envKey: DASHSCOPE,
  ...more,
});
const hand = (id: string, more: object = {}): JsonObject => ({ ...own(id), name: id, ...more });

function plan(items: readonly unknown[], wanted: Login, ids: readonly string[]) {
  return planEntries({ modelProviders: { openai: items } }, wanted, ids);
}

describe("planEntries() without named models", () => {
  const standard = login(MODELSTUDIO);
  test.each<[string, readonly unknown[], readonly string[], readonly object[], readonly object[]]>([
    [
      "makes them where there are none",
      [],
      ["a", "b"],
      [{ value: own("a") }, { value: own("b") }],
      [],
    ],
    [
      "leaves those that are there in their place",
      [own("b"), hand("x"), own("a")],
      ["a", "b"],
      [
        { value: own("b"), from: 0 },
        { value: hand("x"), from: 1 },
        { value: own("a"), from: 2 },
      ],
      [],
    ],
    [
      "puts what is new behind its own before it",
      [hand("x"), own("a"), own("c")],
      ["a", "b", "c"],
      [
        { value: hand("x"), from: 0 },
        { value: own("a"), from: 1 },
        { value: own("b") },
        { value: own("c"), from: 2 },
      ],
      [],
    ],
    [
      "takes anybody's entry of the same model, with its name and fields",
      [hand("a", { envKey: "MINE", name: "Mine", extra: 1 })],
      ["a"],
      [{ value: hand("a", { name: "Mine", extra: 1 }), from: 0 }],
      [],
    ],
    [
      "gives a name to what has none",
      [{ id: "a", baseUrl: BEIJING, envKey: DASHSCOPE }],
      ["a"],
      [{ value: own("a"), from: 0 }],
      [],
    ],
    [
      "takes its own before anybody's",
      [hand("a", { envKey: "MINE" }), own("a")],
      ["a"],
      [
        { value: hand("a", { envKey: "MINE" }), from: 0 },
        { value: own("a"), from: 1 },
      ],
      [],
    ],
    [
      "lets those of another region follow, and drops what would stand twice",
      [own("a", { baseUrl: SINGAPORE }), own("z", { baseUrl: SINGAPORE }), own("a")],
      ["a"],
      [
        { value: own("z"), from: 1 },
        { value: own("a"), from: 2 },
      ],
      [own("a", { baseUrl: SINGAPORE })],
    ],
    [
      "takes what is no entry for what it is",
      ["text", null, own("a")],
      ["a"],
      [
        { value: "text", from: 0 },
        { value: null, from: 1 },
        { value: own("a"), from: 2 },
      ],
      [],
    ],
    [
      "removes what a provider replaces",
      [
        { id: "a", name: "[ModelStudio Coding Plan] a", baseUrl: CHINA, envKey: KEY },
        { id: "p", name: "mine", baseUrl: CHINA, envKey: KEY },
      ],
      [],
      [{ value: { id: "p", name: "mine", baseUrl: CHINA, envKey: KEY }, from: 1 }],
      [{ id: "a", name: "[ModelStudio Coding Plan] a", baseUrl: CHINA, envKey: KEY }],
    ],
  ])("%s", (_what, items, ids, planned, removed) => {
    const found = plan(items, standard, ids);
    expect({ items: found.items, removed: found.removed }).toEqual({
      items: planned,
      removed,
    } as never);
    expect(found.front.map(({ id }) => id)).toEqual([...ids]);
  });
});

describe("planEntries() with named models", () => {
  const named = (...models: string[]) => login(MODELSTUDIO, { models });
  test("puts them to the front, but an entry that somebody else wrote stays", () => {
    const items = [hand("x"), hand("b", { envKey: "MINE" }), own("c"), own("a")];
    const found = plan(items, named("a", "b", "n"), ["a", "b", "n"]);
    expect(found.items).toEqual([
      { value: own("a"), from: 3 },
      { value: own("n") },
      { value: hand("x"), from: 0 },
      { value: hand("b"), from: 1 },
      { value: own("c"), from: 2 },
    ]);
    expect(found.front).toEqual([own("a"), hand("b"), own("n")]);
    expect(found.removed).toEqual([]);
  });

  test("replaces the list of a plan", () => {
    const label = "ModelStudio Coding Plan";
    const of = (id: string, baseUrl = CHINA) => ({
      id,
      name: `[${label}] ${id}`,
      baseUrl,
      envKey: KEY,
    });
    const items = [of("x"), of("y", GLOBAL), of("a", GLOBAL)];
    const found = plan(items, login(CODING_PLAN, { models: ["a"] }), ["a"]);
    expect(found.items).toEqual([{ value: of("a"), from: 2 }]);
    expect(found.removed).toEqual([of("x"), of("y", GLOBAL)]);
  });
});

describe("planEntries() of an endpoint of one's own", () => {
  const BASE = "http://vllm:8000/v1";
  const custom = (changes: Partial<Login> = {}): Login => ({
    provider: undefined,
    region: undefined,
    protocol: "openai",
    baseUrl: BASE,
    envKey: "V_KEY",
    key: "sk-1",
    store: "settings",
    models: ["m"],
    model: undefined,
    label: undefined,
    ...changes,
  });
  const entry = (more: object = {}) => ({
    id: "m",
    name: "m",
    baseUrl: BASE,
    envKey: "V_KEY",
    ...more,
  });
  const [GIVEN, OLD] = [{ timeout: 5 }, { timeout: 1, maxRetries: 2 }];

  test.each<[string, Partial<Login>, unknown, object]>([
    ["is called by its id", {}, undefined, entry()],
    ["is called by its label", { label: "Ours" }, undefined, entry({ name: "[Ours] m" })],
    ["keeps its name without a label", {}, entry({ name: "Mine" }), entry({ name: "Mine" })],
    [
      "is called anew by a label",
      { label: "Ours" },
      entry({ name: "Mine" }),
      entry({ name: "[Ours] m" }),
    ],
    [
      "has where it speaks Anthropic's protocol",
      { anthropicBaseUrl: "http://vllm:8000/a" },
      entry({ anthropicBaseUrl: "old" }),
      entry({ anthropicBaseUrl: "http://vllm:8000/a" }),
    ],
    [
      "keeps what is known of that",
      {},
      entry({ anthropicBaseUrl: "old" }),
      entry({ anthropicBaseUrl: "old" }),
    ],
    [
      "gets what is given",
      { generationConfig: GIVEN },
      undefined,
      entry({ generationConfig: GIVEN }),
    ],
    [
      "gets what is given over what it has",
      { generationConfig: GIVEN },
      entry({ generationConfig: OLD }),
      entry({ generationConfig: { timeout: 5, maxRetries: 2 } }),
    ],
    ["keeps what it has", {}, entry({ generationConfig: OLD }), entry({ generationConfig: OLD })],
    [
      "has each header once, as it is spelt there",
      { generationConfig: { customHeaders: { "X-A": "new", "X-B": "b" } } },
      entry({ generationConfig: { customHeaders: { "x-a": "old", "x-c": "c" } } }),
      entry({ generationConfig: { customHeaders: { "x-a": "new", "x-c": "c", "X-B": "b" } } }),
    ],
  ])("%s", (_what, changes, old, expected) => {
    const wanted = custom(changes);
    const found = plan(old === undefined ? [] : [old], wanted, ["m"]);
    expect(found.front).toEqual([expected as JsonObject]);
  });

  test("has no second protocol where that is the only one", () => {
    const wanted = custom({ protocol: "anthropic", anthropicBaseUrl: "u" });
    const found = planEntries({}, wanted, ["m"]);
    expect(found.front).toEqual([entry()]);
  });

  test("leaves entries of other endpoints alone", () => {
    const other = entry({ baseUrl: "http://other/v1" });
    const found = plan([other], custom(), ["m"]);
    expect(found.items).toEqual([{ value: entry() }, { value: other, from: 0 }]);
  });
});

test("an entry that moves to an endpoint of its provider keeps headers, and to another does not", () => {
  const config = {
    timeout: 5,
    extra_body: { a: 1 },
    customHeaders: { A: "a" },
    samplingParams: { top_p: 1 },
  };
  const old = own("a", { anthropicBaseUrl: "u", generationConfig: config });
  const toRegion = plan([old], login(MODELSTUDIO, { region: "sg-singapore" }), ["a"]);
  expect(toRegion.front).toEqual([own("a", { baseUrl: SINGAPORE, generationConfig: config })]);
  const elsewhere = "https://proxy.example/v1";
  const away = plan([old], login(MODELSTUDIO, { baseUrl: elsewhere }), ["a"]);
  expect(away.front).toEqual([own("a", { baseUrl: elsewhere, generationConfig: { timeout: 5 } })]);
});

describe("newEntry()", () => {
  const of = (id: string, provider: Login["provider"]) =>
    newEntry(id, { provider, label: "L", baseUrl: "u", envKey: "K" });
  const plain = (id: string) => ({ id, name: `[L] ${id}`, baseUrl: "u", envKey: "K" });

  test("has what the catalogue knows of a model", () => {
    expect(of("qwen3.6-plus", CODING_PLAN)).toEqual({
      ...plain("qwen3.6-plus"),
      description: "Currently available to Pro subscribers only.",
      generationConfig: {
        extra_body: { enable_thinking: true },
        contextWindowSize: 1_000_000,
        modalities: { image: true, video: true },
      },
    });
    expect(of("qwen3-coder-plus", CODING_PLAN)).toEqual({
      ...plain("qwen3-coder-plus"),
      generationConfig: { contextWindowSize: 1_000_000 },
    });
  });

  test("has what a provider wants of every model", () => {
    const minimax = findProvider("minimax");
    expect(of("any", minimax)).toEqual({
      ...plain("any"),
      generationConfig: { extra_body: { reasoning_split: true } },
    });
  });

  test("has nothing more of a model that is not known", () => {
    expect([of("any", CODING_PLAN), of("any", undefined)]).toEqual([plain("any"), plain("any")]);
  });
});
