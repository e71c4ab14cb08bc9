import { expect, test } from "bun:test";
import { type ProviderRow, renderProvider } from "../../../src/commands/output/render-providers.ts";
import { chooseStyle } from "../../../src/terminal/style.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";

const ROW: ProviderRow = {
  id: "deepseek",
  label: "DeepSeek",
  protocol: "openai",
  baseUrl: "https://api.deepseek.com",
  envKey: "DEEPSEEK_API_KEY",
  key: {
    present: true,
    masked: "sk-…cdef",
    source: { kind: "env", name: "DEEPSEEK_API_KEY", origin: "user" },
  },
  models: ["a", "b"],
  active: true,
};

const { source: _, ...UNSET } = ROW.key;
const MISSING = { ...UNSET, present: false };

test.each<readonly [name: string, row: Partial<ProviderRow>, lines: readonly string[]]>([
  [
    "one that is in force",
    {},
    [
      "* deepseek  DeepSeek",
      "    Base URL  https://api.deepseek.com (openai)",
      "    Key       sk-…cdef  from shell variable DEEPSEEK_API_KEY",
      "    Models    a, b",
    ],
  ],
  [
    "one without its key",
    {
      key: MISSING,
      active: false,
      problem: { code: "key-missing", reason: "no key: DEEPSEEK_API_KEY is not set" },
    },
    [
      "  deepseek  DeepSeek",
      "    Base URL  https://api.deepseek.com (openai)",
      "    Key       missing (DEEPSEEK_API_KEY)",
      "    Problem   no key: DEEPSEEK_API_KEY is not set",
      "    Models    a, b",
    ],
  ],
  [
    "one that was asked",
    { key: { present: false, needed: false }, models: [], verified: { state: "ok", detail: "2" } },
    [
      "* deepseek  DeepSeek",
      "    Base URL  https://api.deepseek.com (openai)",
      "    Key       none needed",
      "    Models    none",
      "    Verified  yes: 2",
    ],
  ],
])("renderProvider() shows %s", async (_name, given, lines) => {
  const runtime = fakeRuntime();
  const style = await chooseStyle(runtime, runtime.stdout, "never");
  expect(renderProvider({ ...ROW, ...given }, { style, screen: undefined })).toBe(
    `${lines.join("\n")}\n`,
  );
});
