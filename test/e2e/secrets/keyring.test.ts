import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { filesHolding } from "../../support/files-holding.ts";
import { cannotUseKeyring, lockedKeyring, openKeyring, silentBus } from "../../support/keyring.ts";
import { OPENAI } from "../../support/model-answers.ts";
import { testUnless } from "../../support/needs.ts";
import { type Machine, machine, qwen, type RunOptions } from "../../support/qwen.ts";
import { answer, scriptedServer, stream } from "../../support/scripted-server.ts";
import { run } from "../../support/shell.ts";
import { pathsBelow, snapshot } from "../../support/snapshot.ts";

setDefaultTimeout(60_000);

const KEY = "sk-canary-0123456789abcdef";
const ACCOUNT = ["service", "qwen", "account", "DEEPSEEK_API_KEY"];
const LOGIN = ["auth", "api-key", "--provider", "deepseek", "--key-stdin"];
const LISTED = { security: { auth: { selectedType: "openai", keyring: ["TEST_KEY"] } } };

function entryAt(baseUrl: string) {
  return {
    modelProviders: { openai: [{ id: "m", envKey: "TEST_KEY", baseUrl }] },
    model: { name: "m" },
    ...LISTED,
  };
}

/** The files that hold the key, by its store. */
const HOLDERS = { settings: [".qwen/settings.json"], "env-file": [".qwen/.env"], keyring: [] };

type Store = keyof typeof HOLDERS;

const MOVES: readonly (readonly [from: Store, to: Store])[] = [
  ["settings", "env-file"],
  ["settings", "keyring"],
  ["env-file", "settings"],
  ["env-file", "keyring"],
  ["keyring", "settings"],
  ["keyring", "env-file"],
];

/** Runs a login; the key goes to a store. */
function login(at: Machine, store: string, options: RunOptions, more: readonly string[] = []) {
  return qwen(at, [...LOGIN, "--store", store, ...more], { stdin: KEY, ...options });
}

const saved = (at: Machine) => JSON.parse(readFileSync(at.settings, "utf8"));

const keyringTest = testUnless(cannotUseKeyring);

describe("--store keyring", () => {
  keyringTest("puts the key where `secret-tool` finds it, and nowhere else", async () => {
    const at = machine();
    const { env, secretTool } = await openKeyring(at);
    const done = await login(at, "keyring", { env });
    expect(done).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: [
        "warning: the key is in the keyring, which Qwen Code itself does not read",
        "✓ DeepSeek is set up, default model deepseek-v4-pro",
        "  Settings: ~/.qwen/settings.json",
        "  Key: keyring (service qwen, account DEEPSEEK_API_KEY)",
        "  Check it: qwen auth status --verify",
        "",
      ].join("\n"),
    });
    expect(await secretTool(["lookup", ...ACCOUNT])).toBe(KEY);
    expect(saved(at).security.auth.keyring).toEqual(["DEEPSEEK_API_KEY"]);
    expect(filesHolding(at.home, KEY)).toEqual([]);
    const again = await login(at, "keyring", { env }, ["--json"]);
    expect(JSON.parse(again.stdout)).toMatchObject({ store: "keyring", path: at.settings });
  });

  keyringTest("works for the Coding Plan, and for settings of a project", async () => {
    const at = machine();
    const { env, secretTool } = await openKeyring(at);
    const plan = ["auth", "coding-plan", "-r", "china", "--key-stdin", "--store", "keyring"];
    const done = await qwen(at, [...plan, "--scope", "project"], { stdin: KEY, env });
    expect(done.exitCode).toBe(0);
    expect(saved(at)).toEqual({
      $version: 4,
      security: { auth: { keyring: ["BAILIAN_CODING_PLAN_API_KEY"] } },
    });
    const project = readFileSync(join(at.project, ".qwen", "settings.json"), "utf8");
    expect(project).not.toContain("keyring");
    expect(filesHolding(at.home, KEY)).toEqual([]);
    const account = ["service", "qwen", "account", "BAILIAN_CODING_PLAN_API_KEY"];
    expect(await secretTool(["lookup", ...account])).toBe(KEY);
  });

  keyringTest.each(MOVES)("moves a key from %s to %s, and leaves no copy", async (from, to) => {
    const at = machine();
    const { env, secretTool } = await openKeyring(at);
    expect((await login(at, from, { env })).exitCode).toBe(0);
    if (to !== "settings") {
      at.write(".qwen/settings.json.orig", `{ "env": { "DEEPSEEK_API_KEY": "${KEY}" } }`);
      at.write(".qwen/settings.json.bak", `{ "broken": "${KEY}", `);
    }
    const moved = await login(at, to, { env });
    expect(moved.exitCode).toBe(0);
    expect(moved.stderr).toContain("`DEEPSEEK_API_KEY` was removed from ");
    expect(filesHolding(at.home, KEY)).toEqual(HOLDERS[to].map((name) => join(at.home, name)));
    expect(await secretTool(["lookup", ...ACCOUNT])).toBe(to === "keyring" ? KEY : "");
    expect(saved(at).security.auth.keyring).toEqual(
      to === "keyring" ? ["DEEPSEEK_API_KEY"] : undefined,
    );
    const { stdout } = await qwen(at, ["auth", "token"], { env });
    expect(stdout).toBe(`${KEY}\n`);
  });

  keyringTest(
    "takes the copy out of the user's settings when a project's are written",
    async () => {
      const at = machine();
      const { env, secretTool } = await openKeyring(at);
      for (const store of ["env-file", "keyring"] as const) {
        await login(at, "settings", { env });
        expect((await login(at, store, { env }, ["--scope", "project"])).exitCode).toBe(0);
        expect(filesHolding(at.home, KEY)).toEqual(HOLDERS[store].map((it) => join(at.home, it)));
      }
      await login(at, "env-file", { env }, ["--scope", "project"]);
      expect(await secretTool(["lookup", ...ACCOUNT])).toBe("");
      expect(saved(at).security.auth.keyring).toBeUndefined();
    },
  );

  keyringTest("moves a key with the one that is in force", async () => {
    const at = machine();
    const { env, secretTool } = await openKeyring(at);
    await login(at, "settings", { env });
    const { stdout } = await qwen(at, ["auth", "token"], { env });
    await login(at, "keyring", { env, stdin: stdout });
    expect(await secretTool(["lookup", ...ACCOUNT])).toBe(KEY);
    expect(filesHolding(at.home, KEY)).toEqual([]);
  });

  keyringTest("is emptied by a logout, and by one of everything", async () => {
    const at = machine();
    const { env, secretTool } = await openKeyring(at);
    for (const args of [[], ["--all"], ["--provider", "deepseek"]]) {
      await login(at, "keyring", { env });
      const ran = await qwen(at, ["auth", "logout", ...args, "--json"], { env });
      expect(JSON.parse(ran.stdout)).toMatchObject({
        changed: true,
        keys: ["DEEPSEEK_API_KEY"],
        remaining: [],
      });
      expect(await secretTool(["search", "--all", "service", "qwen"])).toBe("");
      expect(saved(at).security.auth.keyring).toBeUndefined();
    }
  });

  keyringTest("fails where it is locked: exit 1, and nothing is written", async () => {
    const at = machine();
    const { env } = await lockedKeyring(at);
    const ran = await login(at, "keyring", { env });
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toStartWith("error: Cannot save the key in the keyring: ");
    expect(existsSync(at.settings)).toBe(false);
    expect(filesHolding(at.home, KEY)).toEqual([]);
  });

  test("fails without a session: exit 1, and nothing is written", async () => {
    const at = machine();
    const ran = await login(at, "keyring", {}, ["--json"]);
    expect(ran.exitCode).toBe(1);
    expect(JSON.parse(ran.stdout)).toEqual({
      error: {
        code: "keyring-unavailable",
        message: expect.stringMatching(
          /^Cannot save the key in the keyring: (?:there is no D-Bus session|libsecret is not installed)$/,
        ),
        hint: expect.stringContaining("leave `--store keyring` out"),
        exitCode: 1,
      },
    });
    expect(existsSync(at.settings)).toBe(false);
    expect(filesHolding(at.home, KEY)).toEqual([]);
  });

  keyringTest("gives up on one that does not answer: exit 1, and nothing is written", async () => {
    const at = machine();
    const bus = silentBus(at);
    const options = { env: bus.env, stdin: KEY };
    const ran = await run(at, ["qwen", ...LOGIN, "--store", "keyring"], options);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toStartWith(
      "error: Cannot save the key in the keyring: it did not answer in 3 s\n",
    );
    const listed = machine();
    listed.write(".qwen/settings.json", entryAt("https://api.example.com/v1"));
    const token = await run(listed, ["qwen", "auth", "token"], options);
    expect(token).toMatchObject({ exitCode: 1, stdout: "" });
    expect(token.stderr).toContain("from the keyring: it did not answer in 3 s\n");
    expect(bus.connections()).toBeGreaterThan(0);
    expect(pathsBelow(at.home).filter((path) => path.includes(".qwen"))).toEqual([]);
  });

  test("is left for another store though it is gone, and says that a copy may be there", async () => {
    const at = machine();
    at.write(".qwen/settings.json", { security: { auth: { keyring: ["DEEPSEEK_API_KEY"] } } });
    const ran = await login(at, "settings", {});
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain("warning: a copy of the key may still be in the keyring: Cannot ");
    expect(saved(at).security.auth.keyring).toBeUndefined();
    expect(saved(at).env).toEqual({ DEEPSEEK_API_KEY: KEY });
  });

  test("keeps a logout from saying that all is gone when it cannot be used", async () => {
    const at = machine();
    at.write(".qwen/settings.json", {
      ...entryAt("https://api.example.com/v1"),
      env: { TEST_KEY: KEY },
    });
    const before = snapshot(join(at.home, ".qwen"));
    const ran = await qwen(at, ["auth", "logout"]);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toStartWith("error: Cannot remove `TEST_KEY` from the keyring: ");
    expect(ran.stderr).toContain("take `TEST_KEY` out of `security.auth.keyring`");
    expect(snapshot(join(at.home, ".qwen"))).toEqual(before);
  });
});

describe("a key in the keyring", () => {
  keyringTest("is what chat, token, env and verification use", async () => {
    const server = await scriptedServer(
      stream([OPENAI.text("Hello"), OPENAI.finish]),
      answer(200, { data: [{ id: "m" }] }),
    );
    const at = machine();
    const { env, secretTool } = await openKeyring(at);
    at.write(".qwen/settings.json", entryAt(`${server.origin}/v1`));
    // An item that another program made for us.
    const item = ["service", "qwen", "account", "TEST_KEY", "xdg:schema", "com.oven-sh.bun.Secret"];
    await secretTool(["store", "--label=qwen", ...item], KEY);

    expect(await qwen(at, ["-p", "Hi"], { env })).toMatchObject({ exitCode: 0, stdout: "Hello\n" });
    const verified = await qwen(at, ["auth", "status", "--verify", "--json"], { env });
    expect(JSON.parse(verified.stdout)).toMatchObject({ verified: { state: "ok" } });
    const listed = await qwen(at, ["auth", "list", "--verify", "--json"], { env });
    expect(JSON.parse(listed.stdout).providers[0].verified.state).toBe("ok");
    const remote = await qwen(at, ["models", "--remote"], { env });
    expect(remote.exitCode).toBe(0);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(
      Array(4).fill(`Bearer ${KEY}`),
    );
    const exported = await qwen(at, ["auth", "env"], { env });
    expect(exported.stdout).toContain(`export TEST_KEY='${KEY}'`);
    const shown = await qwen(at, ["auth", "status", "--show-token", "--json"], { env });
    expect(JSON.parse(shown.stdout).key).toMatchObject({ value: KEY, masked: "sk-…cdef" });
    for (const { stdout, stderr } of [verified, listed, remote]) {
      expect(stdout + stderr).not.toContain(KEY);
    }
  });

  test("is told of without asking: no connection to D-Bus, whatever reads settings", async () => {
    const at = machine();
    const bus = silentBus(at);
    at.write(".qwen/settings.json", entryAt("https://api.example.com/v1"));
    const status = await qwen(at, ["auth", "status", "--json"], { env: bus.env });
    expect(status.exitCode).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({
      loggedIn: true,
      key: {
        present: true,
        source: { kind: "keyring", name: "TEST_KEY", origin: "user" },
        envKey: "TEST_KEY",
        shadowed: [],
      },
      verified: { state: "unchecked" },
    });
    expect(JSON.parse(status.stdout).key).not.toHaveProperty("masked");
    const list = await qwen(at, ["auth", "list", "--json"], { env: bus.env });
    expect(JSON.parse(list.stdout).providers[0].key).toEqual({
      present: true,
      source: { kind: "keyring", name: "TEST_KEY", origin: "user" },
    });
    const text = await qwen(at, ["auth", "status"], { env: bus.env });
    expect(text.stdout).toContain("API key   (not fetched)  from keyring (TEST_KEY)\n");
    for (const args of [["models"], ["auth", "switch", "m"], ["--help"], ["auth", "env", "-x"]]) {
      await qwen(at, args, { env: bus.env });
    }
    expect(bus.connections()).toBe(0);
  });

  test("is not asked for where the list does not name it, or another source has one", async () => {
    const at = machine();
    const bus = silentBus(at);
    at.write(".qwen/settings.json", { ...entryAt("https://api.example.com/v1"), security: {} });
    at.write("p/.qwen/settings.json", LISTED);
    const none = await qwen(at, ["auth", "token"], { env: bus.env });
    expect(none.exitCode).toBe(4);
    const login = await qwen(at, [...LOGIN, "--no-verify"], { env: bus.env, stdin: KEY });
    expect(login.exitCode).toBe(0);
    at.write(".qwen/settings.json", entryAt("https://api.example.com/v1"));
    const shell = { ...bus.env, TEST_KEY: KEY };
    expect((await qwen(at, ["auth", "token"], { env: shell })).stdout).toBe(`${KEY}\n`);
    expect(bus.connections()).toBe(0);
  });

  test("is not fetched for an endpoint that a project chose", async () => {
    const at = machine();
    const bus = silentBus(at);
    at.write(".qwen/settings.json", LISTED);
    at.write("p/.qwen/settings.json", entryAt("https://evil.example/v1"));
    for (const args of [
      ["auth", "token"],
      ["auth", "env"],
      ["-p", "Hi"],
      ["models", "--remote"],
    ]) {
      const ran = await qwen(at, args, { env: bus.env });
      expect({ args, exitCode: ran.exitCode, stdout: ran.stdout }).toEqual({
        args,
        exitCode: 4,
        stdout: "",
      });
      expect(ran.stderr).toContain("the key of keyring (TEST_KEY) is withheld");
    }
    expect(bus.connections()).toBe(0);
  });

  test("is a readable failure where there is no keyring: exit 1", async () => {
    const at = machine();
    at.write(".qwen/settings.json", entryAt("https://api.example.com/v1"));
    for (const args of [
      ["auth", "token"],
      ["-p", "Hi"],
      ["auth", "status", "--verify"],
    ]) {
      const ran = await qwen(at, args);
      expect({ args, exitCode: ran.exitCode, stdout: ran.stdout }).toEqual({
        args,
        exitCode: 1,
        stdout: "",
      });
      expect(ran.stderr).toContain("Cannot read `TEST_KEY` from the keyring: ");
      expect(ran.stderr).toContain("hint: unlock the keyring, or give the key in another way");
    }
  });

  keyringTest("is missing where it was removed by hand: exit 4", async () => {
    const at = machine();
    const { env } = await openKeyring(at);
    at.write(".qwen/settings.json", entryAt("https://api.example.com/v1"));
    const token = await qwen(at, ["auth", "token"], { env });
    expect(token).toMatchObject({ exitCode: 4, stdout: "" });
    expect(token.stderr).toContain("Cannot find the key: the keyring has no item for `TEST_KEY`");
    const status = await qwen(at, ["auth", "status", "--verify", "--json"], { env });
    expect(status.exitCode).toBe(4);
    expect(JSON.parse(status.stdout)).toMatchObject({ loggedIn: false, state: "incomplete" });
  });
});
