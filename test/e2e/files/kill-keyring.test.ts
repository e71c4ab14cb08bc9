import { describe, expect, setDefaultTimeout } from "bun:test";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cannotUseKeyring, openKeyring } from "../../support/keyring.ts";
import { killAt } from "../../support/kill-at.ts";
import { testUnless } from "../../support/needs.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { run } from "../../support/shell.ts";
import { cannotTrace } from "../../support/trace-calls.ts";

setDefaultTimeout(300_000);

const WORK = "sk-kill-work-0123456789abcdef00";
const CI = "sk-kill-ci-0123456789abcdef0000";
const NEXT = "sk-kill-next-0123456789abcdef00";

const VARIABLE = "DEEPSEEK_API_KEY";
const ITEMS = [VARIABLE, `${VARIABLE}@work`, `${VARIABLE}@ci`, `${VARIABLE}@third`];
const FILES = ["settings.json", "accounts.json"];

const LOGIN = ["auth", "deepseek", "--store", "keyring", "--key-stdin"];

type Change = {
  readonly name: string;
  readonly args: readonly string[];
  readonly stdin: string;
  /** Keys that are somewhere at every instant. */
  readonly kept: readonly string[];
};

/** Of the accounts `work` and `ci`, both in the keyring; `ci` is in force. */
const CHANGES: readonly Change[] = [
  {
    name: "a switch to another account",
    args: ["auth", "switch", "deepseek@work"],
    stdin: "",
    kept: [WORK, CI],
  },
  {
    name: "a new key of the account in force, by its name",
    args: ["auth", "set-key", "deepseek@ci", "--key-stdin"],
    stdin: NEXT,
    kept: [WORK],
  },
  {
    name: "a new key of the account in force, by its variable",
    args: ["auth", "set-key", "deepseek", "--key-stdin"],
    stdin: NEXT,
    kept: [WORK],
  },
  {
    name: "a login with an account",
    args: [...LOGIN, "--account", "third"],
    stdin: NEXT,
    kept: [WORK, CI],
  },
  {
    name: "a logout of the account in force",
    args: ["auth", "logout", "--account", "ci"],
    stdin: "",
    kept: [WORK],
  },
];

type State = {
  /** By file. */
  readonly texts: Readonly<Record<string, string>>;
  /** By item of the keyring; empty: there is none. */
  readonly keys: Readonly<Record<string, string>>;
};

/**
 * Makes items what they are to be, and prints what they are: by the same calls as the binary, since
 * an item of \`secret-tool\` would stand beside its own.
 */
const ITEMS_SCRIPT = `
  const [names, wanted] = JSON.parse(process.env.ITEMS);
  const found = {};
  for (const name of names) {
    const item = { service: "qwen", name };
    if (wanted !== null && wanted[name] === "") await Bun.secrets.delete(item);
    if (wanted !== null && wanted[name] !== "") await Bun.secrets.set({ ...item, value: wanted[name] });
    found[name] = (await Bun.secrets.get(item)) ?? "";
  }
  console.log(JSON.stringify(found));
`;

async function twoAccounts() {
  const at = machine();
  const { env } = await openKeyring(at);
  for (const [name, key] of [
    ["work", WORK],
    ["ci", CI],
  ] as const) {
    const args = [...LOGIN, "--account", name];
    expect((await qwen(at, args, { env, stdin: key })).exitCode).toBe(0);
  }
  const items = async (wanted: State["keys"] | null): Promise<State["keys"]> => {
    const given = { ...env, ITEMS: JSON.stringify([ITEMS, wanted]) };
    const ran = await run(at, [process.execPath, "-e", ITEMS_SCRIPT], { env: given });
    return JSON.parse(ran.stdout);
  };
  const read = async (): Promise<State> => ({
    texts: Object.fromEntries(FILES.map((name) => [name, textOf(at, name)])),
    keys: await items(null),
  });
  const restore = async ({ texts, keys }: State): Promise<void> => {
    for (const [name, text] of Object.entries(texts)) {
      rmSync(pathOf(at, name), { force: true });
      at.write(`.qwen/${name}`, text);
    }
    await items(keys);
  };
  return { at, env, read, restore };
}

const pathOf = (at: Machine, name: string) => join(at.home, ".qwen", name);

function textOf(at: Machine, name: string): string {
  const path = pathOf(at, name);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

/** Every file and item is as it was or as it will be, and no key is lost. */
function expectBetween(now: State, { old, wanted, kept }: Ends, where: string): void {
  for (const name of FILES) {
    expect([old.texts[name], wanted.texts[name]], where).toContain(now.texts[name]);
  }
  for (const item of ITEMS) {
    expect([old.keys[item], wanted.keys[item]], where).toContain(now.keys[item]);
  }
  const there = Object.values(now.keys);
  expect(
    kept.filter((key) => !there.includes(key)),
    where,
  ).toEqual([]);
}

type Ends = { readonly old: State; readonly wanted: State } & Pick<Change, "kept">;

const cannot = cannotUseKeyring ?? cannotTrace();

describe("kill -9 at every word to the keyring, and between it and the files, loses no key:", () => {
  testUnless(cannot).each(CHANGES)("$name", async ({ args, stdin, kept }) => {
    const { at, env, read, restore } = await twoAccounts();
    const old = await read();
    expect(await qwen(at, args, { env, stdin })).toMatchObject({ exitCode: 0 });
    const wanted = await read();
    expect(wanted).not.toEqual(old);
    const seen = new Set<string>();
    const check = async (where: string): Promise<void> => {
      const now = await read();
      expectBetween(now, { old, wanted, kept }, where);
      const state = JSON.stringify(now);
      if (seen.has(state)) {
        return;
      }
      seen.add(state);
      // What is done can be done again, but for an account that is gone while others are there.
      const isGone = args.includes("logout") && Bun.deepEquals(now, wanted);
      const again = await qwen(at, args, { env, stdin });
      expect(again, where).toMatchObject({ exitCode: isGone ? 4 : 0 });
      expect(await read(), where).toEqual(wanted);
    };
    let kills = 0;
    for (const call of ["sendmsg", "rename"]) {
      for (let count = 1; ; count += 1) {
        await restore(old);
        if (!(await killAt(at, args, { call, count, env, stdin }))) {
          break;
        }
        kills += 1;
        await check(`after a kill at ${call} ${count}`);
      }
    }
    expect(kills).toBeGreaterThan(8);
  });
});
