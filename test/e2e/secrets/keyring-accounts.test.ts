import { expect, setDefaultTimeout } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesHolding } from "../../support/files-holding.ts";
import { cannotUseKeyring, openKeyring } from "../../support/keyring.ts";
import { testUnless } from "../../support/needs.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

setDefaultTimeout(120_000);

const WORK = "sk-work-0123456789abcdef0001";
const CI = "sk-ci-0123456789abcdef000002";

async function twoAccounts() {
  const at = machine();
  const session = await openKeyring(at);
  const { env } = session;
  for (const [name, key] of [
    ["work", WORK],
    ["ci", CI],
  ] as const) {
    const args = ["auth", "deepseek", "--account", name, "--store", "keyring", "--key-stdin"];
    expect((await qwen(at, args, { env, stdin: key })).exitCode).toBe(0);
  }
  const token = async (...args: string[]) =>
    (await qwen(at, ["auth", "token", ...args], { env })).stdout.trim();
  return { at, token, ...session };
}

function accountsOf(at: Machine) {
  const { accounts } = JSON.parse(readFileSync(join(at.home, ".qwen/accounts.json"), "utf8"));
  return accounts.DEEPSEEK_API_KEY;
}

const keyringTest = testUnless(cannotUseKeyring);

keyringTest("accounts in the keyring are items of their own, and no file has a key", async () => {
  const { at, token, env, secretTool } = await twoAccounts();
  const baseUrl = "https://api.deepseek.com";
  expect(accountsOf(at)).toEqual({
    work: { store: "keyring", baseUrl },
    ci: { store: "keyring", baseUrl },
  });
  for (const key of [WORK, CI]) {
    expect(filesHolding(at.home, key)).toEqual([]);
  }
  const item = ["lookup", "service", "qwen", "account", "DEEPSEEK_API_KEY@work"];
  expect((await secretTool(item)).trim()).toBe(WORK);
  expect([await token(), await token("--account", "work")]).toEqual([CI, WORK]);
  const status = await qwen(at, ["auth", "status", "--json"], { env });
  expect(JSON.parse(status.stdout)).not.toHaveProperty("account");
  const { stdout } = await qwen(at, ["auth", "list", "--json"], { env });
  for (const account of JSON.parse(stdout).providers[0].accounts) {
    expect(account).not.toHaveProperty("active");
    expect(account.key).not.toHaveProperty("masked");
  }
});

keyringTest("they are switched, renewed and removed there", async () => {
  const { at, token, env } = await twoAccounts();
  expect((await qwen(at, ["auth", "switch", "deepseek@work"], { env })).exitCode).toBe(0);
  expect(await token()).toBe(WORK);
  const renewed = "sk-renewed-0123456789abcd0003";
  const setKey = ["auth", "set-key", "deepseek@work", "--key-stdin"];
  expect((await qwen(at, setKey, { env, stdin: renewed })).exitCode).toBe(0);
  expect([await token(), await token("--account", "work")]).toEqual([renewed, renewed]);
  expect(await token("--account", "ci")).toBe(CI);
  const one = await qwen(at, ["auth", "logout", "--account", "work", "--json"], { env });
  expect(JSON.parse(one.stdout)).toMatchObject({
    keys: ["DEEPSEEK_API_KEY"],
    accounts: ["work"],
  });
  expect(await token("--account", "ci")).toBe(CI);
  expect(await token()).toBe("");
  expect(filesHolding(at.home, renewed)).toEqual([]);
});

keyringTest("a new key of the variable is a new key of the account that has it", async () => {
  const { at, token, env } = await twoAccounts();
  const renewed = "sk-renewed-0123456789abcd0003";
  const setKey = async (key: string) =>
    qwen(at, ["auth", "set-key", "deepseek", "--key-stdin", "--json"], { env, stdin: key });
  expect(JSON.parse((await setKey(renewed)).stdout)).toMatchObject({ account: "ci" });
  expect([await token(), await token("--account", "ci")]).toEqual([renewed, renewed]);
  expect(await token("--account", "work")).toBe(WORK);
  // One account in a file beside those in the keyring, and the key of all in the keyring.
  at.write(".qwen/accounts.json", {
    accounts: { DEEPSEEK_API_KEY: { ...accountsOf(at), plain: { key: renewed } } },
  });
  expect(JSON.parse((await setKey(CI)).stdout)).toMatchObject({ account: "plain" });
  expect([await token(), await token("--account", "plain")]).toEqual([CI, CI]);
});

keyringTest(
  "what stands around a key in the keyring does not come along with a switch",
  async () => {
    const { at, token, env, secretTool } = await twoAccounts();
    const item = ["service", "qwen", "account", "DEEPSEEK_API_KEY@work"];
    await secretTool(["store", "--label", "qwen", ...item], `${WORK}\n`);
    expect((await qwen(at, ["auth", "switch", "deepseek@work"], { env })).exitCode).toBe(0);
    const inForce = ["lookup", "service", "qwen", "account", "DEEPSEEK_API_KEY"];
    expect(await secretTool(inForce)).toBe(WORK);
    expect(await token()).toBe(WORK);
  },
);

keyringTest("an account whose item is gone is exit 4", async () => {
  const at = machine();
  const { env } = await openKeyring(at);
  await qwen(at, ["auth", "deepseek", "--key-stdin"], { stdin: CI });
  at.write(".qwen/accounts.json", {
    accounts: { DEEPSEEK_API_KEY: { work: { store: "keyring" } } },
  });
  for (const args of [
    ["token", "--account", "work"],
    ["switch", "deepseek@work"],
  ]) {
    const { exitCode, stderr } = await qwen(at, ["auth", ...args], { env });
    expect(exitCode).toBe(4);
    expect(stderr).toContain("Cannot find the key");
  }
});
