import { expect, setDefaultTimeout, test } from "bun:test";
import { machine, qwen } from "../../support/qwen.ts";

setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef0123";
const NOTHING = "  Nothing is in force now: `qwen auth` sets something up\n";

test("a logout of all says so, and again that nothing was stored", async () => {
  const at = machine();
  const login = ["auth", "api-key", "--provider", "deepseek", "--key-stdin", "--no-verify"];
  await qwen(at, login, { stdin: KEY });
  const all = await qwen(at, ["auth", "logout", "--all"]);
  expect(all.stderr).toStartWith("✓ Logged out of all providers: 1 key and 2 models removed\n");
  const again = await qwen(at, ["auth", "logout", "--all"]);
  expect(again).toEqual({
    exitCode: 0,
    stdout: "",
    stderr: `Nothing was removed: nothing was stored\n${NOTHING}`,
  });
  const one = await qwen(at, ["auth", "logout", "--provider", "deepseek"]);
  expect(one).toEqual({
    exitCode: 0,
    stdout: "",
    stderr: `Not logged in to DeepSeek: nothing was stored\n${NOTHING}`,
  });
});

test("a logout names what stays, and what still supplies the key", async () => {
  const at = machine();
  at.write(".qwen/settings.json", {
    modelProviders: {
      openai: [
        { id: "mine", baseUrl: "https://api.deepseek.com", envKey: "DEEPSEEK_API_KEY" },
        { id: "other", baseUrl: "https://own.example/v1", envKey: "OTHER_KEY" },
      ],
    },
    env: { DEEPSEEK_API_KEY: KEY, OTHER_KEY: KEY },
    model: { name: "mine" },
  });
  const env = { DEEPSEEK_API_KEY: "sk-of-the-shell-0123456789" };
  const out = await qwen(at, ["auth", "logout", "--provider", "deepseek"], { env });
  expect(out.exitCode).toBe(0);
  const lines = out.stderr.split("\n");
  expect(lines).toContain(
    "warning: shell variable DEEPSEEK_API_KEY still supplies `DEEPSEEK_API_KEY`",
  );
  expect(lines).toContain("warning: kept, as written by hand: mine");
});

test("empty connection flags, as unset variables of a script leave them, say nothing", async () => {
  const at = machine();
  at.write(".qwen/settings.json", {
    modelProviders: {
      openai: [{ id: "mine", baseUrl: "https://own.example/v1", envKey: "OTHER_KEY" }],
    },
    env: { OTHER_KEY: KEY },
  });
  const flags = ["--openai-base-url", "", "--openai-api-key", "", "--model", ""];
  const [plain, flagged] = await Promise.all([
    qwen(at, ["auth", "status"]),
    qwen(at, ["auth", "status", ...flags]),
  ]);
  expect(flagged).toEqual(plain);
  expect(plain.stdout).toContain("https://own.example/v1");
});
