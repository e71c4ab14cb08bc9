import { describe, expect, test } from "bun:test";
import { CATALOGUE } from "../../src/auth/providers/catalogue.ts";
import { checkedModels, modelNamed } from "../../src/flags/model-flags.ts";
import { resolveConnection } from "../../src/models/resolve-connection.ts";
import { configuration } from "../models/configuration.ts";
import { problemOf } from "../support/problem-of.ts";

describe("checkedModels()", () => {
  test.each([
    [undefined, undefined],
    [["a"], ["a"]],
    [
      ["b", "a", "b"],
      ["b", "a"],
    ],
  ])("of %j are %j", (ids, expected) => {
    expect(checkedModels(ids, "--model")).toEqual(expected);
  });

  test.each([
    [[], "it names no model"],
    [["a", "b c"], 'the id "b c" contains white space'],
    [["a\u0085"], 'the id "a\u0085" contains white space'],
  ])("refuses %j", (ids, why) => {
    expect(problemOf(() => checkedModels(ids, "--models"))).toEqual({
      name: "UsageError",
      code: "invalid-value",
      message: `Cannot use \`--models\`: ${why}`,
      hint: "write ids as the service spells them, such as `--models qwen3.5-plus,glm-5`",
    });
  });
});

type Entry = {
  readonly id: string;
  readonly baseUrl: string;
  readonly envKey: string;
  readonly name?: string;
};

const ONE: Entry = { id: "a", baseUrl: "https://one.example/v1", envKey: "K1" };
const TWO: Entry = { id: "a", baseUrl: "https://two.example/v1", envKey: "K2" };

/** What the word means where these are configured, or why it means nothing. */
function named(entries: readonly Entry[], word: string): unknown {
  const known = configuration({ settings: { user: { modelProviders: { openai: [...entries] } } } });
  const resolution = resolveConnection(known, {}, CATALOGUE);
  let found: unknown;
  const problem = problemOf(() => {
    const { id, baseUrl } = modelNamed(known, resolution, word);
    found = [id, baseUrl];
  });
  return problem ?? found;
}

const unknown = (word: string, hint: string) => ({
  name: "UsageError",
  code: "invalid-value",
  message: `Cannot switch to ${word}: no such model or provider is configured`,
  hint,
});

describe("modelNamed()", () => {
  test("is the entry that a word means", () => {
    expect(named([ONE], "a")).toEqual(["a", ONE.baseUrl]);
    expect(named([ONE, TWO], "a@two.example")).toEqual(["a", TWO.baseUrl]);
  });

  test("names the words that tell apart what is called alike", () => {
    expect(named([ONE, TWO], "a")).toEqual({
      name: "UsageError",
      code: "invalid-value",
      message: 'Cannot switch to "a": several are called so',
      hint: "choose a@one.example or a@two.example",
    });
  });

  const openrouter = {
    id: "b",
    name: "[OpenRouter] b",
    baseUrl: "https://openrouter.ai/api/v1",
    envKey: "OPENROUTER_API_KEY",
  };
  const modelscope = {
    id: "c",
    name: "[ModelScope] c",
    baseUrl: "https://api-inference.modelscope.cn/v1",
    envKey: "MODELSCOPE_API_KEY",
  };
  const key = "sk-0123456789abcdef0123";
  const many = Array.from({ length: 13 }, (_, at) => ({ ...ONE, id: `m${at}` }));
  const add = (provider: string, word: string) =>
    `or add it: \`qwen auth api-key --provider ${provider} --model ${word}\``;
  test.each<[readonly Entry[], word: string, shown: string, hint: string]>([
    [[], "x", '"x"', "run `qwen auth`"],
    [[ONE], "x", '"x"', "choose one of a"],
    [
      many.slice(0, 12),
      "x",
      '"x"',
      `choose one of ${many
        .slice(0, 12)
        .map(({ id }) => id)
        .join(", ")}`,
    ],
    [
      many,
      "x",
      '"x"',
      `choose one of ${many
        .slice(0, 12)
        .map(({ id }) => id)
        .join(", ")}, …`,
    ],
    [[ONE], "claude", '"claude"', "run `qwen auth api-key --provider anthropic` to set it up"],
    [[ONE], "coding-plan", '"coding-plan"', "run `qwen auth coding-plan` to set it up"],
    [[ONE], key, "this", "choose one of a"],
    [[], "x/y", '"x/y"', `run \`qwen auth\`; ${add("openrouter", "x/y")}`],
    [
      [ONE, openrouter],
      "x/y:free",
      '"x/y:free"',
      `choose one of a, b; ${add("openrouter", "x/y:free")}`,
    ],
    [[ONE, modelscope], "x/y", '"x/y"', `choose one of a, c; ${add("modelscope", "x/y")}`],
    [[ONE], "x/y/z", '"x/y/z"', "choose one of a"],
    [[ONE], `${key}/x`, "this", "choose one of a"],
  ])("of %j with %s tells %s: %s", (entries, word, shown, hint) => {
    expect(named(entries, word)).toEqual(unknown(shown, hint));
  });

  test("sees a message behind a model", () => {
    expect(named([ONE], " a and more")).toEqual({
      name: "UsageError",
      code: "invalid-value",
      message: 'Cannot switch to " a and more": it is more than a model\'s name',
      hint: 'name "a" alone, and send the rest as a message of its own',
    });
    expect(named([ONE], "x and more")).toEqual(unknown('"x and more"', "choose one of a"));
  });

  test("hands on what may have been meant: models, and providers that have one", () => {
    const entries = [ONE, TWO, openrouter];
    const known = configuration({ settings: { user: { modelProviders: { openai: entries } } } });
    const resolution = resolveConnection(known, {}, CATALOGUE);
    expect(() => modelNamed(known, resolution, "ab")).toThrow(
      expect.objectContaining({ suggest: { word: "ab", from: ["a", "b", "openrouter"] } }),
    );
  });
});
