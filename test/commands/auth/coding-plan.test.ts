import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CODING_PLAN } from "../../../src/auth/providers/alibaba-providers.ts";
import { codingPlanCommand, runCodingPlan } from "../../../src/commands/auth/coding-plan.ts";
import { CancelledError, UsageError } from "../../../src/errors.ts";
import type { FlagValues } from "../../../src/flags/flag.ts";
import { toGlobals } from "../../../src/flags/global-flags.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";

const KEY = "sk-sp-0123456789abcdef-a289";
const GLOBALS = toGlobals({});
const [PLAN_CHINA, PLAN_GLOBAL] = CODING_PLAN.endpoints;

function options(values: FlagValues) {
  return codingPlanCommand.toOptions(values, GLOBALS);
}

describe("codingPlanCommand.toOptions()", () => {
  test.each<[FlagValues, Partial<ReturnType<typeof options>>]>([
    [{}, { endpoint: undefined, key: undefined, scope: "user", json: false, force: false }],
    [{ region: "Beijing" }, { endpoint: PLAN_CHINA }],
    [{ region: "INTL" }, { endpoint: PLAN_GLOBAL }],
    [{ "base-url": "https://coding.dashscope.aliyuncs.com/v1" }, { endpoint: PLAN_CHINA }],
    [{ "base-url": "https://coding-intl.dashscope.aliyuncs.com/v1/" }, { endpoint: PLAN_GLOBAL }],
    [{ models: ["a", "b", "a"] }, { models: ["a", "b"] }],
    [{ models: ["a", "b"], model: "b" }, { model: "b" }],
    [{ model: "glm-5" }, { model: "glm-5" }],
    [{ scope: "project" }, { scope: "project" }],
    [{ "key-stdin": true }, { key: { kind: "stdin", flag: "--key-stdin" } }],
    [{ "key-file": "-" }, { key: { kind: "stdin", flag: "--key-file -" } }],
    [{ "key-file": "/k" }, { key: { kind: "file", path: "/k" } }],
    [{ "key-env": "K" }, { key: { kind: "variable", name: "K" } }],
    [{ key: KEY }, { key: { kind: "flag", key: KEY } }],
  ])("turns %j into %j", (values, expected) => {
    expect(options(values)).toMatchObject(expected);
  });

  test.each<[FlagValues, string]>([
    [{ region: "mars" }, 'Cannot use the region "mars": it is unknown'],
    [{ "base-url": "https://x.example/v1" }, "it is no endpoint of Alibaba Cloud Coding Plan"],
    [
      { region: "china", "base-url": "https://coding-intl.dashscope.aliyuncs.com/v1" },
      "Cannot use `--region china` with `--base-url`",
    ],
    [{ model: "gpt" }, 'Cannot make "gpt" the default'],
    [{ models: [] }, "Cannot use `--models`: it names no model"],
    [{ scope: "system" }, 'Cannot use the scope "system"'],
    [{ key: KEY, "key-stdin": true }, "Cannot take the key from both `--key-stdin` and `--key`"],
    [{ "key-file": "a", "key-env": "B" }, "from both `--key-file` and `--key-env`"],
  ])("refuses %j", (values, message) => {
    expect(() => options(values)).toThrow(UsageError);
    expect(() => options(values)).toThrow(message);
  });
});

describe("runCodingPlan()", () => {
  test("asks for region and key on a terminal, and writes once both are there", async () => {
    const runtime = fakeRuntime({
      terminals: ["stdin", "stderr"],
      answers: [
        { kind: "value", value: "global" },
        { kind: "value", value: KEY },
      ],
    });
    expect(await runCodingPlan(runtime, options({}))).toBe(0);
    const written = JSON.parse(readFileSync(join(runtime.home, ".qwen/settings.json"), "utf8"));
    expect(written.env).toEqual({ BAILIAN_CODING_PLAN_API_KEY: KEY });
    expect(written.codingPlan).toEqual({ region: "global" });
    expect(runtime.asked).toHaveLength(2);
    expect(runtime.secrets).toContain(KEY);
  });

  test.each([
    ["the region", [{ kind: "cancelled" }]],
    ["the region, by Esc", [{ kind: "back" }]],
    ["the key", [{ kind: "value", value: "china" }, { kind: "cancelled" }]],
  ] as const)("writes nothing when %s is not answered", async (_what, answers) => {
    const runtime = fakeRuntime({ terminals: ["stdin", "stderr"], answers });
    expect(runCodingPlan(runtime, options({}))).rejects.toThrow(CancelledError);
    expect(existsSync(join(runtime.home, ".qwen"))).toBe(false);
  });

  test.each([
    ["no terminal", [], {}, {}],
    ["--no-input", ["stdin", "stderr"], {}, { noInput: true }],
    ["CI", ["stdin", "stderr"], { CI: "true" }, {}],
    ["TERM=dumb", ["stdin", "stderr"], { TERM: "dumb" }, {}],
    ["stderr elsewhere", ["stdin"], {}, {}],
  ] as const)("names the missing flag with %s", async (_what, terminals, env, more) => {
    const runtime = fakeRuntime({ terminals, env });
    const call = runCodingPlan(runtime, { ...options({}), ...more });
    expect(call).rejects.toThrow("Cannot choose the region");
    expect(runtime.asked).toEqual([]);
  });

  test("asks although CI is set to a false value", async () => {
    const runtime = fakeRuntime({ terminals: ["stdin", "stderr"], env: { CI: "0" } });
    expect(runCodingPlan(runtime, options({}))).rejects.toThrow(CancelledError);
    expect(runtime.asked).toHaveLength(1);
  });
});
