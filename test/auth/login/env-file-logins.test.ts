import { describe, expect, test } from "bun:test";
import { envFileEdits, storedInDotenv } from "../../../src/auth/login/env-file-logins.ts";
import { editJsonc } from "../../../src/lib/json/jsonc-edit.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";
import { machine } from "../../support/qwen.ts";

describe("storedInDotenv() is", () => {
  const names = (at: { readonly home: string }) => [
    ...storedInDotenv(fakeRuntime({ home: at.home })),
  ];

  test("what the user's .env sets", () => {
    const at = machine();
    at.write(".qwen/.env", "A_KEY=1\n# B_KEY=2\nexport C_KEY='3'\n");
    at.write(".env", "D_KEY=4\n");
    expect(names(at)).toEqual(["A_KEY", "C_KEY"]);
  });

  test("nothing where there is none, or none that can be read", () => {
    const at = machine();
    expect(names(at)).toEqual([]);
    at.write(".qwen/.env/file", "");
    expect(names(at)).toEqual([]);
  });
});

describe("envFileEdits()", () => {
  const settings = (listed: readonly string[]) => ({
    modelProviders: { openai: [{ id: "a", envKey: "A_KEY" }] },
    security: { auth: { envFile: listed } },
  });
  type Options = { stored?: string[]; used?: string[]; leaving?: string[] };
  test.each<[readonly string[], Options, readonly string[] | undefined]>([
    [[], {}, undefined],
    [[], { stored: ["A_KEY"] }, ["A_KEY"]],
    [[], { stored: ["B_KEY"] }, undefined],
    [[], { stored: ["B_KEY"], used: ["B_KEY"] }, ["B_KEY"]],
    [[], { used: ["B_KEY"] }, undefined],
    [["A_KEY"], { stored: ["A_KEY"] }, undefined],
    [["X"], { stored: ["A_KEY", "B_KEY"], used: ["B_KEY"] }, ["X", "A_KEY", "B_KEY"]],
    [["X", "A_KEY"], { stored: ["A_KEY"], leaving: ["A_KEY"] }, ["X"]],
    [[], { stored: ["A_KEY"], leaving: ["A_KEY"] }, undefined],
  ])("of the list %j with %j makes %j", (listed, { stored, used = [], leaving = [] }, after) => {
    const current = settings(listed);
    const edits = envFileEdits(current, { stored: new Set(stored), used, leaving });
    const { security } = JSON.parse(editJsonc(JSON.stringify(current), edits));
    expect(security.auth.envFile).toEqual([...(after ?? listed)]);
    expect(edits.length === 0).toBe(after === undefined);
  });
});
