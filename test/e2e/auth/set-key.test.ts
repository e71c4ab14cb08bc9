import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { filesHolding } from "../../support/files-holding.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

setDefaultTimeout(120_000);

const OLD = "sk-old-0123456789abcdef00001";
const NEW = "sk-new-0123456789abcdef00002";
const OTHER = "sk-other-0123456789abcdef003";

const SETTINGS = `{
  // by hand
  "modelProviders": { "openai": [
    { "id": "m", "name": "mine", "baseUrl": "https://gw.example/v1", "envKey": "GW_KEY", "note": 1 } // kept
  ] },
  "env": { "GW_KEY": "${OLD}", "OTHER_KEY": "${OTHER}" /* not this one */ },
  "security": { "auth": { "selectedType": "openai" } },
  "model": { "name": "m" },
  "$version": 4
}
`;

async function setKey(at: Machine, ...words: string[]) {
  return qwen(at, ["auth", "set-key", ...words, "--key-stdin"], { stdin: `${NEW}\n` });
}

async function token(at: Machine, ...args: string[]) {
  return (await qwen(at, ["auth", "token", ...args])).stdout.trim();
}

describe("qwen auth set-key", () => {
  test.each([[[]], [["GW_KEY"]]])(
    "changes one key in the settings, and nothing else: %j",
    async (words) => {
      const at = machine();
      at.write(".qwen/settings.json", SETTINGS);
      const done = await setKey(at, ...words);
      expect(done).toMatchObject({ exitCode: 0, stdout: "" });
      expect(done.stderr).toContain("✓ GW_KEY has a new key");
      expect(readFileSync(at.settings, "utf8")).toBe(SETTINGS.replace(OLD, NEW));
      expect((await setKey(at, ...words)).stderr).toContain("had this key already");
      expect(done.stderr).not.toContain(NEW);
    },
  );

  test("changes it in the user's `.env`", async () => {
    const at = machine();
    const login = ["auth", "deepseek", "--store", "env-file", "--key-stdin"];
    await qwen(at, login, { stdin: OLD });
    const before = readFileSync(at.settings, "utf8");
    expect((await setKey(at, "deepseek")).exitCode).toBe(0);
    expect(readFileSync(at.settings, "utf8")).toBe(before);
    expect(filesHolding(at.home, OLD)).toEqual([]);
    expect(await token(at)).toBe(NEW);
  });

  test("of an account changes that one, and the key in force if it is that", async () => {
    const at = machine();
    for (const [name, key] of [
      ["work", OTHER],
      ["ci", OLD],
    ] as const) {
      await qwen(at, ["auth", "deepseek", "--account", name, "--key-stdin"], { stdin: key });
    }
    expect((await setKey(at, "deepseek@ci")).exitCode).toBe(0);
    expect([await token(at), await token(at, "--account", "ci")]).toEqual([NEW, NEW]);
    expect(await token(at, "--account", "work")).toBe(OTHER);
    const other = await setKey(at, "DEEPSEEK_API_KEY@work", "--json");
    expect(JSON.parse(other.stdout)).toMatchObject({
      envKey: "DEEPSEEK_API_KEY",
      account: "work",
      inForce: false,
      changed: true,
    });
    for (const key of [OLD, OTHER]) {
      expect(filesHolding(at.home, key)).toEqual([]);
    }
    const { baseUrl } = JSON.parse(readFileSync(join(at.home, ".qwen/accounts.json"), "utf8"))
      .accounts.DEEPSEEK_API_KEY.work;
    expect(baseUrl).toBe("https://api.deepseek.com");
  });

  test("without a name renews the account in force along with its key", async () => {
    const at = machine();
    await qwen(at, ["auth", "deepseek", "--account", "work", "--key-stdin"], { stdin: OLD });
    expect((await setKey(at)).exitCode).toBe(0);
    expect(await token(at, "--account", "work")).toBe(NEW);
    expect(filesHolding(at.home, OLD)).toEqual([]);
  });

  test("says what wins over the key that was written", async () => {
    const at = machine();
    at.write(".qwen/settings.json", SETTINGS);
    const args = ["auth", "set-key", "--key-stdin"];
    const done = await qwen(at, args, { stdin: NEW, env: { GW_KEY: OTHER } });
    expect(done.exitCode).toBe(0);
    expect(done.stderr).toContain(
      "the key of shell variable GW_KEY wins over the one just written",
    );
  });

  test.each<[words: readonly string[], exitCode: number, why: string]>([
    [[], 4, "no variable is in force"],
    [["deepseek"], 4, "nothing uses `DEEPSEEK_API_KEY`"],
    [["NO_SUCH_KEY"], 4, "nothing uses `NO_SUCH_KEY`"],
    [["deepseek@work"], 4, "`DEEPSEEK_API_KEY` has none of that name"],
    [["ollama"], 2, "the word is no provider with a key"],
    [["deepsek"], 2, "the word is no provider with a key"],
    [["deepseek@"], 2, "it is no name of an account"],
    [["deepseek@A/b"], 2, "it is no name of an account"],
    [["PATH"], 2, "the word is no provider with a key"],
    [["HOME"], 2, "the word is no provider with a key"],
    [["PATH@work"], 2, "the word is no provider with a key"],
    [["LD_PRELOAD"], 2, "the word is no provider with a key"],
    [["OPENAI_BASE_URL"], 2, "the word is no provider with a key"],
    [["EDITOR"], 4, "nothing uses `EDITOR`"],
    [[OTHER], 2, "the word is no provider with a key"],
  ])("%j is exit %d, and nothing is written", async (words, exitCode, why) => {
    const at = machine();
    const args = ["auth", "set-key", ...words, "--key-stdin"];
    const done = await qwen(at, args, { stdin: NEW, env: { EDITOR: "vi" } });
    expect({ ...done, stderr: done.stderr.includes(why) ? why : done.stderr }).toMatchObject({
      exitCode,
      stderr: why,
    });
    expect(done.stderr).not.toContain(OTHER);
    expect(existsSync(join(at.home, ".qwen"))).toBe(false);
  });

  test("what is no key is refused, and without one on a pipe it is said how to give one", async () => {
    const at = machine();
    at.write(".qwen/settings.json", SETTINGS);
    const none = await qwen(at, ["auth", "set-key"]);
    expect(none.exitCode).toBe(2);
    expect(none.stderr).toContain("--key-stdin");
    const args = ["auth", "set-key", "--key-stdin"];
    const wrong = await qwen(at, args, { stdin: "https://gw.example/v1" });
    expect(wrong.exitCode).toBe(2);
    expect(readFileSync(at.settings, "utf8")).toBe(SETTINGS);
  });
});
