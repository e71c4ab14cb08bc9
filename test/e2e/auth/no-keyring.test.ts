import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

setDefaultTimeout(60_000);

const A = "sk-a-0123456789abcdef00000001";
const B = "sk-b-0123456789abcdef00000002";
const NAMELESS = "sk-c-0123456789abcdef00000003";
const NEW = "sk-d-0123456789abcdef00000004";

/** Accounts `a` and `b` in the file, `kr` in a keyring that this machine does not have. */
function withoutKeyring(key: string | undefined): Machine {
  const at = machine();
  at.write(".qwen/accounts.json", {
    schemaVersion: 1,
    accounts: { GW_KEY: { kr: { store: "keyring" }, a: { key: A }, b: { key: B } } },
  });
  const baseUrl = "http://127.0.0.1:9/v1";
  at.write(".qwen/settings.json", {
    $version: 4,
    modelProviders: { openai: [{ id: "m", name: "[gw] m", baseUrl, envKey: "GW_KEY" }] },
    ...(key === undefined ? {} : { env: { GW_KEY: key } }),
    security: {
      auth: { selectedType: "openai", ...(key === undefined ? { keyring: ["GW_KEY"] } : {}) },
    },
    model: { name: "m" },
  });
  return at;
}

const filesOf = (at: Machine) => ({
  settings: readFileSync(at.settings, "utf8"),
  accounts: readFileSync(join(at.home, ".qwen/accounts.json"), "utf8"),
});

describe("where no keyring can be used, an account in it", () => {
  test("hinders no change of the others", async () => {
    const at = withoutKeyring(A);
    const { settings, accounts } = filesOf(at);
    const switched = await qwen(at, ["auth", "switch", "GW_KEY@b"]);
    expect(switched).toMatchObject({ exitCode: 0 });
    expect(filesOf(at)).toEqual({ settings: settings.replace(A, B), accounts });
    const back = await qwen(at, ["auth", "set-key", "GW_KEY", "--key-stdin"], { stdin: NEW });
    expect(back).toMatchObject({ exitCode: 0 });
    expect(filesOf(at)).toEqual({
      settings: settings.replace(A, NEW),
      accounts: accounts.replace(B, NEW),
    });
    for (const args of [
      ["auth", "set-key", "GW_KEY@a", "--key-stdin"],
      ["auth", "logout", "--account", "a"],
    ]) {
      expect(await qwen(at, args, { stdin: A })).toMatchObject({ exitCode: 0 });
    }
  });

  test("hinders no new key where none in a file has the old one, and that is said", async () => {
    const at = withoutKeyring(NAMELESS);
    const args = ["auth", "set-key", "GW_KEY", "--key-stdin"];
    const { exitCode, stderr } = await qwen(at, args, { stdin: NEW });
    expect(exitCode).toBe(0);
    expect(stderr).toContain("accounts in the keyring were not compared: there is no D-Bus");
  });

  type Row = [name: string, key: string | undefined, args: string[], says: string[]];
  test.each<Row>([
    [
      "a switch from a key that may be its",
      NAMELESS,
      ["auth", "switch", "GW_KEY@b"],
      [
        "the keyring cannot be asked: there is no D-Bus session",
        "name it first: `qwen auth token | qwen auth api-key",
      ],
    ],
    [
      "a switch to it",
      A,
      ["auth", "switch", "GW_KEY@kr"],
      ["Cannot read `GW_KEY@kr` from the keyring", "`qwen auth api-key --account kr`"],
    ],
    [
      "a new key for it",
      A,
      ["auth", "set-key", "GW_KEY@kr", "--key-stdin"],
      ["there is no D-Bus session", "run it where the keyring is open"],
    ],
    [
      "a question with it",
      A,
      ["--account", "kr", "-p", "hi"],
      ["Cannot read `GW_KEY@kr` from the keyring", "`qwen auth api-key --account kr`"],
    ],
    [
      "a switch from a key in the keyring",
      undefined,
      ["auth", "switch", "GW_KEY@b"],
      ["Cannot read `GW_KEY` from the keyring", "for one command: `qwen --account b`"],
    ],
  ])("%s fails with its cause and a way out, and nothing is written", async (_name, ...row) => {
    const [key, args, says] = row;
    const at = withoutKeyring(key);
    const before = filesOf(at);
    const { exitCode, stderr } = await qwen(at, args, { stdin: NEW });
    expect(exitCode).not.toBe(0);
    for (const words of says) {
      expect(stderr).toContain(words);
    }
    expect(stderr).not.toContain("variable `GW_KEY@");
    expect(filesOf(at)).toEqual(before);
  });
});
