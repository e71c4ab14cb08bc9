import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesHolding } from "../../support/files-holding.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { recordingServer } from "../../support/recording-server.ts";

setDefaultTimeout(120_000);

const WORK = "sk-work-0123456789abcdef0001";
const PRIVATE = "sk-private-0123456789abcde02";
const OTHER = "sk-other-0123456789abcdef003";

/** One endpoint of one's own, whose variable is `GW_KEY`. */
async function login(at: Machine, origin: string, account: string | undefined, key: string) {
  const named = account === undefined ? [] : ["--account", account];
  const where = ["--base-url", `${origin}/v1`, "--env-key", "GW_KEY", "-m", "m", "-m", "n"];
  const args = ["auth", "api-key", ...where, ...named, "--key-stdin"];
  const done = await qwen(at, args, { stdin: `${key}\n` });
  expect(done.exitCode).toBe(0);
  return done;
}

function accountsOf(at: Machine) {
  return JSON.parse(readFileSync(join(at.home, ".qwen/accounts.json"), "utf8"));
}

function settingsOf(at: Machine) {
  return JSON.parse(readFileSync(at.settings, "utf8"));
}

async function json(at: Machine, args: readonly string[], env: Record<string, string> = {}) {
  const { stdout, exitCode } = await qwen(at, [...args, "--json"], { env });
  return { ...JSON.parse(stdout), exitCode };
}

async function twoAccounts() {
  const server = recordingServer();
  const at = machine();
  await login(at, server.origin, "work", WORK);
  await login(at, server.origin, "private", PRIVATE);
  return { server, at };
}

function snapshot(at: Machine): string {
  return readFileSync(at.settings, "utf8") + readFileSync(join(at.home, ".qwen/accounts.json"));
}

describe("named accounts", () => {
  test("are kept beside the key in force, which is where Qwen Code looks", async () => {
    const { server, at } = await twoAccounts();
    const baseUrl = `${server.origin}/v1`;
    expect(accountsOf(at)).toEqual({
      schemaVersion: 1,
      accounts: { GW_KEY: { work: { key: WORK, baseUrl }, private: { key: PRIVATE, baseUrl } } },
    });
    expect(statSync(join(at.home, ".qwen/accounts.json")).mode & 0o777).toBe(0o600);
    expect(settingsOf(at).env).toEqual({ GW_KEY: PRIVATE });
    expect(await json(at, ["auth", "status"])).toMatchObject({ account: "private", exitCode: 0 });
    const { stdout } = await qwen(at, ["auth", "status"]);
    expect(stdout).toContain("account private");
  });

  test("a login without a name touches none, and its key has none", async () => {
    const { server, at } = await twoAccounts();
    const before = accountsOf(at);
    await login(at, server.origin, undefined, OTHER);
    expect(accountsOf(at)).toEqual(before);
    expect(await json(at, ["auth", "status"])).not.toHaveProperty("account");
  });

  test("two are used at once, and nothing is written", async () => {
    const { server, at } = await twoAccounts();
    const before = snapshot(at);
    const ask = (account: string, flags: readonly string[], env: Record<string, string>) =>
      Promise.all(
        Array.from({ length: 3 }, (_, index) =>
          qwen(at, [...flags, "-p", `${account} ${index}`], { env }),
        ),
      );
    const answers = await Promise.all([
      ask("work", ["--account", "work"], {}),
      ask("private", [], { QWEN_ACCOUNT: "private" }),
      ask("work", [], { QWEN_ACCOUNT: "GW_KEY@work" }),
    ]);
    for (const { exitCode, stdout } of answers.flat()) {
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "hi\n" });
    }
    const asked = server.received.filter((request) => request.startsWith("POST"));
    expect(asked).toHaveLength(9);
    for (const request of asked) {
      expect(request).toContain(`Bearer ${/work \d/.test(request) ? WORK : PRIVATE}"`);
    }
    expect(snapshot(at)).toBe(before);
  });

  test("`--account` goes before `QWEN_ACCOUNT` and the shell's variable, the given key before it", async () => {
    const { at } = await twoAccounts();
    const env = { GW_KEY: OTHER, QWEN_ACCOUNT: "private" };
    const token = async (args: readonly string[], shell: Record<string, string>) =>
      (await qwen(at, ["auth", "token", ...args], { env: shell })).stdout.trim();
    expect(await token(["--account", "work"], env)).toBe(WORK);
    expect(await token([], env)).toBe(PRIVATE);
    expect(await token([], { GW_KEY: OTHER })).toBe(OTHER);
    expect(await token(["--account", "work", "--openai-api-key", OTHER], env)).toBe(OTHER);
    const { key } = await json(at, ["auth", "status", "--account", "work"]);
    expect(key.source).toEqual({
      kind: "account",
      name: "work",
      path: join(at.home, ".qwen/accounts.json"),
      origin: "user",
    });
  });

  test("a name that is not there is exit 4 with those that are; a plain QWEN_ACCOUNT is passed over", async () => {
    const { at } = await twoAccounts();
    const unknown = await qwen(at, ["auth", "token", "--account", "wrok"]);
    expect(unknown.exitCode).toBe(4);
    expect(unknown.stderr).toContain("choose work or private");
    const qualified = await qwen(at, ["-p", "hi"], { env: { QWEN_ACCOUNT: "GW_KEY@wrok" } });
    expect(qualified.exitCode).toBe(4);
    const plain = await qwen(at, ["-p", "hi"], { env: { QWEN_ACCOUNT: "wrok" } });
    expect(plain).toMatchObject({ exitCode: 0, stdout: "hi\n" });
    expect(plain.stderr).toContain('`QWEN_ACCOUNT` is passed over: `GW_KEY` has no account "wrok"');
  });

  test("a QWEN_ACCOUNT of another variable is said to be that, though this one has the name", async () => {
    const { at } = await twoAccounts();
    const baseUrl = "https://other.example/v1";
    at.write(".qwen/accounts.json", {
      accounts: { ...accountsOf(at).accounts, X_KEY: { work: { key: OTHER, baseUrl } } },
    });
    const ran = await qwen(at, ["-p", "hi"], { env: { QWEN_ACCOUNT: "X_KEY@work" } });
    expect(ran).toMatchObject({ exitCode: 0, stdout: "hi\n" });
    expect(ran.stderr).toContain(
      "`QWEN_ACCOUNT` is passed over: it is for `X_KEY`, and `GW_KEY` holds the key here",
    );
  });

  test("an endpoint of an account that names a variable is refused as what it is", async () => {
    const { at } = await twoAccounts();
    at.write(".qwen/accounts.json", {
      accounts: { GW_KEY: { work: { key: WORK, baseUrl: "$ELSEWHERE" } } },
    });
    const env = { ELSEWHERE: "https://other.example/v1" };
    const { exitCode, stderr } = await qwen(at, ["--account", "work", "-p", "hi"], { env });
    expect(exitCode).toBe(3);
    expect(stderr).toContain("as an endpoint: it is not a URL");
  });

  test.each([[""], ["Work"], ["a/b"], ["-x="], ["a@b@c"], ["x".repeat(33)], ["no-such@work"]])(
    "refuses the name %j at a login and elsewhere",
    async (name) => {
      const at = machine();
      for (const args of [
        ["auth", "deepseek", "--key-stdin", `--account=${name}`],
        ["auth", "token", `--account=${name}`],
      ]) {
        const { exitCode } = await qwen(at, args, { stdin: WORK });
        expect(exitCode).toBe(2);
      }
      expect(existsSync(join(at.home, ".qwen"))).toBe(false);
    },
  );
});

test("a login says that `QWEN_ACCOUNT` still wins, and refuses a name where there is no key", async () => {
  const { server, at } = await twoAccounts();
  const args = ["auth", "api-key", "--base-url", `${server.origin}/v1`, "--env-key", "GW_KEY"];
  const done = await qwen(at, [...args, "--key-stdin"], {
    stdin: OTHER,
    env: { QWEN_ACCOUNT: "work" },
  });
  expect(done.stderr).toContain("the account that `QWEN_ACCOUNT` names wins over the key");
  const none = machine();
  for (const given of [
    ["auth", "ollama", "-m", "m", "--account", "work"],
    ["auth", "api-key", "--base-url", server.origin, "-m", "m", "--no-key", "--account", "work"],
  ]) {
    expect((await qwen(none, given)).exitCode).toBe(2);
  }
  expect(existsSync(join(none.home, ".qwen"))).toBe(false);
});

describe("`auth switch`", () => {
  test("puts an account in force, and the model stays", async () => {
    const { at } = await twoAccounts();
    await qwen(at, ["auth", "switch", "n"]);
    const before = readFileSync(at.settings, "utf8");
    const done = await qwen(at, ["auth", "switch", "GW_KEY@work"]);
    expect(done.stderr).toContain("the account work is now in force, model n");
    expect(readFileSync(at.settings, "utf8")).toBe(before.replace(PRIVATE, WORK));
    expect(await json(at, ["auth", "status"])).toMatchObject({ account: "work" });
    expect(await json(at, ["auth", "switch", "GW_KEY@work"])).toMatchObject({ changed: false });
  });

  test("takes the endpoint along where it is another region's", async () => {
    const at = machine();
    for (const [region, key] of [
      ["china", WORK],
      ["global", PRIVATE],
    ] as const) {
      const args = ["auth", "moonshot", "--region", region, "--account", region, "--key-stdin"];
      await qwen(at, args, { stdin: key });
    }
    expect((await qwen(at, ["auth", "switch", "moonshot@china"])).exitCode).toBe(0);
    expect(settingsOf(at).env).toEqual({ MOONSHOT_API_KEY: WORK });
    for (const { baseUrl } of settingsOf(at).modelProviders.openai) {
      expect(baseUrl).toBe("https://api.moonshot.cn/v1");
    }
    const { baseUrl } = await json(at, ["auth", "status", "--account", "global"]);
    expect(baseUrl.value).toBe("https://api.moonshot.ai/v1");
    const alias = await qwen(at, ["auth", "token", "--account", "kimi@global"]);
    expect(alias.stdout.trim()).toBe(PRIVATE);
    const other = await qwen(at, ["auth", "token", "--account", "deepseek@global"]);
    expect(other.exitCode).toBe(4);
  });

  test.each([
    ["white space", "a b"],
    ["a line break", "abc\r\nX: y"],
    ["the name of a variable", "$OTHER_KEY"],
    ["an address", "https://evil.example"],
  ])("refuses a key that cannot be sent: %s", async (_name, key) => {
    const { at } = await twoAccounts();
    at.write(".qwen/accounts.json", {
      accounts: { GW_KEY: { ...accountsOf(at).accounts.GW_KEY, odd: { key } } },
    });
    const before = snapshot(at);
    const done = await qwen(at, ["auth", "switch", "GW_KEY@odd"]);
    expect(done.exitCode).toBe(4);
    expect(done.stderr).toContain('Cannot switch to "odd": its key cannot be sent');
    expect(done.stderr).not.toContain(key);
    expect(snapshot(at)).toEqual(before);
  });

  test("loses no key that has no name", async () => {
    const { server, at } = await twoAccounts();
    await login(at, server.origin, undefined, OTHER);
    const { exitCode, stderr } = await qwen(at, ["auth", "switch", "GW_KEY@work"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("the key in force has no name, and would be lost");
    expect(settingsOf(at).env).toEqual({ GW_KEY: OTHER });
  });

  test("an account that is not there is exit 4, a model with an at sign is a model", async () => {
    const at = machine();
    await qwen(at, ["auth", "deepseek", "--account", "work", "--key-stdin"], { stdin: WORK });
    const unknown = await qwen(at, ["auth", "switch", "deepseek@wrok"]);
    expect(unknown).toMatchObject({ exitCode: 4 });
    expect(unknown.stderr).toContain("choose work");
    const model = await qwen(at, ["auth", "switch", "deepseek-v4-flash@api.deepseek.com"]);
    expect(model.exitCode).toBe(0);
    expect(settingsOf(at).model.name).toBe("deepseek-v4-flash");
  });
});

describe("`auth list` and `auth logout`", () => {
  test("list shows them below their provider, the one in force marked, and asks about each", async () => {
    const { at } = await twoAccounts();
    const { providers } = await json(at, ["auth", "list"]);
    expect(providers).toMatchObject([
      {
        accounts: [
          { name: "work", active: false, key: { present: true } },
          { name: "private", active: true },
        ],
      },
    ]);
    const { stdout } = await qwen(at, ["auth", "list", "--verify"]);
    expect(stdout).toMatch(/ {2}work {2}sk-\S+ {2}yes/);
    expect(stdout).toContain("* private");
    expect(stdout).not.toContain(WORK);
  });

  test("a logout takes one, with the key in force if it is that, and then all", async () => {
    const { at } = await twoAccounts();
    const one = await json(at, ["auth", "logout", "--account", "work"]);
    expect(one).toMatchObject({ exitCode: 0, keys: [], accounts: ["work"] });
    expect(settingsOf(at).env).toEqual({ GW_KEY: PRIVATE });
    const unknown = await qwen(at, ["auth", "logout", "--account", "work"]);
    expect(unknown.exitCode).toBe(4);
    expect(unknown.stderr).toContain("choose private");
    const last = await json(at, ["auth", "logout", "--account", "private"]);
    expect(last).toMatchObject({ keys: ["GW_KEY"], accounts: ["private"] });
    expect(filesHolding(at.home, PRIVATE)).toEqual([]);
    const gone = await qwen(at, ["auth", "logout", "--account", "private"]);
    expect(gone.exitCode).toBe(0);
    expect(gone.stderr).toContain("Nothing was removed: there is no such account");
  });

  test("a logout of all takes all of them", async () => {
    const { at } = await twoAccounts();
    const done = await qwen(at, ["auth", "logout", "--all"]);
    expect(done.stderr).toContain("2 accounts");
    for (const key of [WORK, PRIVATE]) {
      expect(filesHolding(at.home, key)).toEqual([]);
    }
  });

  test("a login that removes another provider's stale key keeps its named ones", async () => {
    const at = machine();
    const plan = ["auth", "coding-plan", "--region", "china", "--account", "plan", "--key-stdin"];
    await qwen(at, plan, { stdin: WORK });
    const args = ["auth", "modelstudio", "--region", "cn-beijing", "--key-stdin"];
    expect((await qwen(at, args, { stdin: OTHER })).exitCode).toBe(0);
    expect(settingsOf(at).env).toEqual({ DASHSCOPE_API_KEY: OTHER });
    const { providers } = await json(at, ["auth", "list"]);
    expect(providers).toContainEqual(
      expect.objectContaining({
        id: "coding-plan",
        accounts: [expect.objectContaining({ name: "plan", active: false })],
      }),
    );
    expect((await qwen(at, ["auth", "switch", "coding-plan@plan"])).exitCode).toBe(0);
    expect(settingsOf(at).env.BAILIAN_CODING_PLAN_API_KEY).toBe(WORK);
  });
});

describe("the file of accounts", () => {
  test("keeps comments and unknown fields, and loses nothing to twenty writers", async () => {
    const server = recordingServer();
    const at = machine();
    at.write(
      ".qwen/accounts.json",
      `{\n  // mine\n  "schemaVersion": 1, "later": true,\n  "accounts": { "OLD_KEY": { "x": { "key": "${OTHER}", "note": "kept" } } }\n}\n`,
    );
    const writers = Array.from({ length: 20 }, (_, index) =>
      login(at, server.origin, `a${index}`, `${WORK}-${index}`),
    );
    await Promise.all(writers);
    const text = readFileSync(join(at.home, ".qwen/accounts.json"), "utf8");
    expect(text).toContain("// mine");
    expect(text).toContain('"note": "kept"');
    for (let index = 0; index < 20; index += 1) {
      expect(text).toContain(`${WORK}-${index}"`);
    }
    const { providers } = await json(at, ["auth", "list"]);
    expect(providers[0].accounts).toHaveLength(20);
  });

  test.each([
    ["{", "line 1"],
    ["[]", "expected an object"],
    ['{"schemaVersion": 2}', "schemaVersion: expected 1"],
    ['{"accounts": {"GW_KEY": {"work": {}}}}', "accounts.GW_KEY.work: expected `key`"],
    ['{"accounts": {"GW_KEY": []}}', "accounts.GW_KEY: expected an object"],
  ])("damaged (%s) is exit 3, and stays as it is", async (text, why) => {
    const at = machine();
    const path = at.write(".qwen/accounts.json", text);
    for (const args of [
      ["auth", "status"],
      ["auth", "deepseek", "--account", "work", "--key-stdin"],
    ]) {
      const { exitCode, stderr, stdout } = await qwen(at, args, { stdin: WORK });
      expect(exitCode).toBe(3);
      expect(stdout + stderr).toContain(why);
    }
    expect(readFileSync(path, "utf8")).toBe(text);
    expect(existsSync(at.settings)).toBe(false);
    writeFileSync(path, "");
    expect((await qwen(at, ["auth", "status"])).exitCode).toBe(4);
  });

  test("names are completed", async () => {
    const { at } = await twoAccounts();
    const offered = async (...words: string[]) =>
      (await qwen(at, ["__complete", String(words.length - 1), "--", ...words])).stdout;
    expect(await offered("auth", "status", "--account", "")).toBe("work\nprivate\n");
    expect(await offered("auth", "switch", "GW")).toBe("GW_KEY@work\nGW_KEY@private\n");
  });
});
