import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { alibaba } from "../../support/alibaba.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

setDefaultTimeout(60_000);

const KEY = "sk-sp-0123456789abcdef0123456789";
const CHINA = "coding.dashscope.aliyuncs.com";
const GLOBAL = "coding-intl.dashscope.aliyuncs.com";
const TOKEN_PLAN = "token-plan.ap-southeast-1.maas.aliyuncs.com";

function login(at: Machine, args: readonly string[], env: Record<string, string>) {
  return qwen(at, ["auth", "coding-plan", "--key-stdin", ...args], { env, stdin: KEY });
}

const isFor = (name: string) => (host: string, key: string) => host === name && key === KEY;

describe("qwen auth coding-plan --region auto", () => {
  test("finds the region that takes the key, asking both at once", async () => {
    const at = machine();
    const { env, seen } = await alibaba(isFor(GLOBAL));
    const ran = await login(at, ["--region", "auto", "--json"], env);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(JSON.parse(ran.stdout)).toMatchObject({
      region: "global",
      baseUrl: `https://${GLOBAL}/v1`,
      verified: { state: "ok", detail: '"qwen3.5-plus" answers' },
    });
    expect(JSON.parse(readFileSync(at.settings, "utf8")).codingPlan).toEqual({ region: "global" });
    expect(seen.toSorted()).toEqual([
      `GET ${GLOBAL}/v1/models`,
      `GET ${CHINA}/v1/models`,
      `POST ${GLOBAL}/v1/chat/completions`,
    ]);
  });

  test("names the other plan when that one takes the key: exit 4, nothing saved", async () => {
    const at = machine();
    const { env } = await alibaba(isFor(TOKEN_PLAN));
    const ran = await login(at, ["--region", "auto"], env);
    expect(ran).toEqual({
      exitCode: 4,
      stdout: "",
      stderr: [
        "error: Cannot find the region of the key: no region of Alibaba Cloud Coding Plan accepts it",
        "",
        "hint: run `qwen auth api-key --provider token-plan --region global`: the key works at Alibaba Cloud Token Plan (global)",
        "",
      ].join("\n"),
    });
    expect(existsSync(at.settings)).toBe(false);
  });

  test("tells a key that nobody takes: exit 4", async () => {
    const at = machine();
    const { env } = await alibaba(() => false);
    const ran = await login(at, ["--region", "auto"], env);
    expect(ran.exitCode).toBe(4);
    expect(ran.stderr).toContain("hint: check the key, or make a new one");
    expect(existsSync(at.settings)).toBe(false);
  });

  test("never calls a key bad when the services cannot be reached: exit 5", async () => {
    const at = machine();
    const ran = await login(at, ["--region", "auto"], { HTTPS_PROXY: "http://127.0.0.1:1" });
    expect(ran.exitCode).toBe(5);
    expect(ran.stderr).toStartWith("error: Cannot find the region of the key: ");
    expect(existsSync(at.settings)).toBe(false);
  });

  test.each([
    [["--region", "auto", "--no-verify"], "Cannot use `--region auto` with `--no-verify`"],
    [["--region", "auto", "--offline"], "Cannot use `--region auto`: `--offline` was given"],
    [
      ["--region", "auto", "--base-url", `https://${CHINA}/v1`],
      "Cannot use `--region auto` with `--base-url`",
    ],
  ])("refuses %j: exit 2", async (args, message) => {
    const at = machine();
    const ran = await login(at, args, {});
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toStartWith(`error: ${message}`);
    expect(existsSync(at.settings)).toBe(false);
  });
});

describe("a key of another region", () => {
  test("is explained by --verify: exit 4, nothing saved", async () => {
    const at = machine();
    const { env, seen } = await alibaba(isFor(GLOBAL));
    const ran = await login(at, ["--region", "china", "--verify"], env);
    expect(ran.exitCode).toBe(4);
    expect(ran.stderr).toContain(`${CHINA} does not accept the key (401: invalid access token)`);
    expect(ran.stderr).toContain("hint: run `qwen auth coding-plan --region auto`");
    expect(existsSync(at.settings)).toBe(false);
    expect(seen).toEqual([`GET ${CHINA}/v1/models`]);
  });

  test("is explained by a question to the model", async () => {
    const at = machine();
    const { env } = await alibaba(isFor(GLOBAL));
    await login(at, ["--region", "china"], env);
    const ran = await qwen(at, ["-p", "hello"], { env });
    expect(ran).toMatchObject({ exitCode: 4, stdout: "" });
    expect(ran.stderr).toContain("hint: run `qwen auth coding-plan --region auto`");
    expect(ran.stderr).not.toContain(KEY);
  });
});

test("qwen auth api-key --provider modelstudio --region auto finds one of four regions", async () => {
  const at = machine();
  const { env } = await alibaba(isFor("dashscope-us.aliyuncs.com"));
  const args = ["auth", "api-key", "--provider", "modelstudio", "--region", "auto", "--key-stdin"];
  const ran = await qwen(at, [...args, "--json"], { env, stdin: KEY });
  expect(ran.exitCode).toBe(0);
  expect(JSON.parse(ran.stdout)).toMatchObject({ region: "us-virginia" });
});
