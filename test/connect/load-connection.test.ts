import { describe, expect, test } from "bun:test";
import { loadConnection, withAccount } from "../../src/connect/load-connection.ts";
import { GLOBALS, setUp } from "./set-up.ts";

const KEY = "sk-0123456789abcdef";
const SELECTED = { security: { auth: { selectedType: "openai" } }, model: { name: "m" } };
const settings = (baseUrl: string) => ({
  ...SELECTED,
  env: { A_KEY: KEY },
  modelProviders: { openai: [{ id: "m", baseUrl, envKey: "A_KEY" }] },
});

describe("loadConnection() shows from then on", () => {
  const PART = "sk-abcdefghij0123456789";
  test.each<[string, readonly string[]]>([
    ["https://one.example/v1", [KEY]],
    [`https://one.example/${PART}/v1`, [KEY, PART]],
    [
      "https://one.example/v1?api-key=k1&x=1&TOKEN=k2&client_secret=k3&password=k4",
      [KEY, "k1", "k2", "k3", "k4"],
    ],
    [`https://one.example/${PART}/v1?key=k1`, [KEY, PART, "k1"]],
  ])("no secret of the endpoint %s", async (baseUrl, secrets) => {
    const { runtime, load } = setUp({ settings: settings(baseUrl) });
    await load();
    expect([...new Set(runtime.secrets)]).toEqual([...secrets]);
  });

  test("what a project brings: it does not decide what is hidden", async () => {
    const { runtime, load } = setUp({
      settings: SELECTED,
      files: { "p/.qwen/settings.json": settings(`https://one.example/${PART}/v1?key=k1`) },
    });
    const { resolution } = await load();
    expect(resolution.endpoint?.source.origin).toBe("project");
    expect(runtime.secrets).toEqual([]);
  });
});

test("loadConnection() keeps the ids of models as they are, also one that is asked for", async () => {
  const { runtime } = setUp({ settings: settings("https://one.example/v1") });
  const kept: string[] = [];
  const at = { ...runtime, keepAsIs: (text: string) => void kept.push(text) };
  await loadConnection(at, GLOBALS);
  await loadConnection(at, GLOBALS, { model: "/home/me/n" });
  expect(kept).toEqual(["m", "m", "m", "/home/me/n"]);
});

test("loadConnection() tells what it found where somebody reads that", async () => {
  const { runtime } = setUp({ settings: settings("https://one.example/v1") });
  const told: string[] = [];
  await loadConnection({ ...runtime, trace: (lines) => void told.push(...lines()) }, GLOBALS);
  expect(told.join("\n")).toContain("one.example");
  expect(told.join("\n")).not.toContain(KEY);
});

describe("withAccount()", () => {
  const account = { name: "home", from: "--account" } as const;
  test.each([
    [{}, {}, undefined],
    [{ QWEN_ACCOUNT: "" }, {}, undefined],
    [{ QWEN_ACCOUNT: "work" }, {}, { name: "work", from: "QWEN_ACCOUNT" }],
    [{ QWEN_ACCOUNT: "A_KEY@work" }, {}, { name: "work", envKey: "A_KEY", from: "QWEN_ACCOUNT" }],
    [{ QWEN_ACCOUNT: "work" }, { account }, account],
    [{}, { account }, account],
  ])("with %j and %j is %j", (env, flags, expected) => {
    const found = withAccount({ env }, { model: "m", ...flags });
    expect<unknown>(found).toEqual({ model: "m", ...(expected && { account: expected }) });
  });
});
