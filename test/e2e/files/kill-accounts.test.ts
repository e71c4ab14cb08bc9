import { describe, expect, setDefaultTimeout } from "bun:test";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { killAt, killPoints } from "../../support/kill-at.ts";
import { testUnless } from "../../support/needs.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { answer, scriptedServer } from "../../support/scripted-server.ts";
import { cannotTrace } from "../../support/trace-calls.ts";

setDefaultTimeout(300_000);

const HAND = "sk-kill-by-hand-0123456789abcdef";
const WORK = "sk-kill-work-0123456789abcdef00";
const CI = "sk-kill-ci-0123456789abcdef0000";
const NEXT = "sk-kill-next-0123456789abcdef00";

const FILES = ["settings.json", ".env", "accounts.json"];

const LOGIN = ["auth", "deepseek", "--key-stdin"];

/** What an import brings: an account, a key and entries, beside those that are there. */
const SET_UP = JSON.stringify({
  schemaVersion: 1,
  modelProviders: { openai: [{ id: "m", baseUrl: "https://gw.example/v1", envKey: "GW_KEY" }] },
  env: { GW_KEY: NEXT },
  selection: { selectedType: "openai", model: "m" },
  accounts: { GW_KEY: { own: { key: NEXT, baseUrl: "https://gw.example/v1" } } },
});

type Change = {
  readonly name: string;
  /** Where the keys of the accounts `work` and `ci` were put; `ci` is in force. */
  readonly store: "settings" | "env-file";
  readonly args: readonly string[];
  readonly stdin: string;
  /** Keys that are somewhere at every instant. */
  readonly kept: readonly string[];
};

const CHANGES: readonly Change[] = [
  {
    name: "a switch to another account",
    store: "settings",
    args: ["auth", "switch", "deepseek@work"],
    stdin: "",
    kept: [WORK, CI],
  },
  {
    name: "a new key of the account in force, by its name",
    store: "settings",
    args: ["auth", "set-key", "deepseek@ci", "--key-stdin"],
    stdin: NEXT,
    kept: [WORK],
  },
  {
    name: "a new key of the account in force, by its variable",
    store: "settings",
    args: ["auth", "set-key", "deepseek", "--key-stdin"],
    stdin: NEXT,
    kept: [WORK],
  },
  {
    name: "a new key in .env of the account in force, by its name",
    store: "env-file",
    args: ["auth", "set-key", "deepseek@ci", "--key-stdin"],
    stdin: NEXT,
    kept: [WORK],
  },
  {
    name: "an import, with keys in .env",
    store: "env-file",
    args: ["auth", "import", "-", "--yes", "--replace"],
    stdin: SET_UP,
    kept: [WORK, CI],
  },
  {
    name: "a login with an account",
    store: "env-file",
    args: [...LOGIN, "--account", "third", "--store", "env-file"],
    stdin: NEXT,
    kept: [WORK, CI],
  },
  {
    name: "a logout of the account in force",
    store: "settings",
    args: ["auth", "logout", "--account", "ci"],
    stdin: "",
    kept: [WORK],
  },
];

const folderOf = (at: Machine) => join(at.home, ".qwen");

function textOf(at: Machine, name: string): string {
  const path = join(folderOf(at), name);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

const textsOf = (at: Machine) => FILES.map((name) => textOf(at, name));

/** Makes the files what they were. */
function restore(at: Machine, texts: readonly string[]): void {
  for (const [index, name] of FILES.entries()) {
    rmSync(join(folderOf(at), name), { force: true });
    if (texts[index] !== "") {
      at.write(`.qwen/${name}`, texts[index] ?? "");
    }
  }
}

async function loggedIn(store: Change["store"]): Promise<Machine> {
  const at = machine();
  at.write(".qwen/settings.json", '{\n  // mine\n  "ui": { "theme": "Dark" }\n}\n');
  for (const [name, key] of [
    ["work", WORK],
    ["ci", CI],
  ] as const) {
    const args = [...LOGIN, "--account", name, "--store", store];
    expect((await qwen(at, args, { stdin: key })).exitCode).toBe(0);
  }
  return at;
}

/** Kills the command at each instant in turn, and counts them. */
async function killEverywhere(
  at: Machine,
  { args, stdin }: Pick<Change, "args" | "stdin">,
  { old, check }: { readonly old: readonly string[]; readonly check: () => Promise<void> },
): Promise<number> {
  restore(at, old);
  const points = await killPoints(at, args, { stdin });
  for (const point of points) {
    restore(at, old);
    expect({ point, killed: await killAt(at, args, { ...point, stdin }) }).toMatchObject({
      killed: true,
    });
    try {
      await check();
    } catch (error) {
      throw new Error(`after a kill at ${point.call} ${point.count}`, { cause: error });
    }
  }
  return points.length;
}

describe("kill -9 at every call that changes a file leaves whole files, which the same command sets right", () => {
  testUnless(cannotTrace()).each(CHANGES)("$name", async ({ store, args, stdin, kept }) => {
    const at = await loggedIn(store);
    const old = textsOf(at);
    expect(await qwen(at, args, { stdin })).toMatchObject({ exitCode: 0 });
    const wanted = textsOf(at);
    expect(wanted).not.toEqual(old);
    const seen = new Set<string>();
    const check = async () => {
      const texts = textsOf(at);
      for (const [index, text] of texts.entries()) {
        expect([old[index], wanted[index]]).toContain(text);
      }
      const lost = kept.filter((key) => !texts.some((text) => text.includes(key)));
      expect(lost).toEqual([]);
      if (!seen.has(texts.join())) {
        expect((await qwen(at, ["auth", "list", "--json"])).exitCode).toBe(0);
      }
      seen.add(texts.join());
      // What is done can be done again, but for an account that is gone while others are there.
      const isGone = args.includes("logout") && Bun.deepEquals(texts, wanted);
      const again = await qwen(at, args, { stdin });
      expect(again).toMatchObject({ exitCode: isGone ? 4 : 0 });
      expect(textsOf(at)).toEqual(wanted);
    };
    expect(await killEverywhere(at, { args, stdin }, { old, check })).toBeGreaterThan(8);
    expect(await leftAfter(at, store)).toEqual([]);
  });

  testUnless(cannotTrace())("an update of models", async () => {
    const server = await scriptedServer(answer(200, { data: [{ id: "here" }, { id: "new" }] }));
    const at = machine();
    const entry = { baseUrl: `${server.origin}/v1`, envKey: "GW_KEY" };
    at.write(".qwen/settings.json", {
      modelProviders: {
        openai: [
          { id: "here", name: "[GW] here", ...entry },
          { id: "old", name: "[GW] old", ...entry },
        ],
      },
      env: { GW_KEY: HAND },
      security: { auth: { selectedType: "openai" } },
      model: { name: "here" },
    });
    const old = textsOf(at);
    const change = { args: ["models", "--update"], stdin: "" };
    expect((await qwen(at, change.args)).exitCode).toBe(0);
    const wanted = textsOf(at);
    expect(wanted[0]).toContain('"delisted": true');
    const check = async () => {
      expect([old, wanted]).toContainEqual(textsOf(at));
      expect((await qwen(at, ["auth", "status"])).exitCode).toBe(0);
      expect((await qwen(at, change.args)).exitCode).toBe(0);
      expect(textsOf(at)).toEqual(wanted);
    };
    expect(await killEverywhere(at, change, { old, check })).toBeGreaterThan(8);
  });

  /** What a later write of each file does not take away. */
  async function leftAfter(at: Machine, store: Change["store"]): Promise<readonly string[]> {
    const args = [...LOGIN, "--account", "sweep"];
    const other = store === "settings" ? "env-file" : "settings";
    for (const place of [other, store]) {
      await qwen(at, [...args, "--store", place], { stdin: `${NEXT}-${place}` });
    }
    return readdirSync(folderOf(at)).filter((name) => !FILES.includes(name));
  }
});
