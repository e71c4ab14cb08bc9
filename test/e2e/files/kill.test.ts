import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { killAt, killPoints } from "../../support/kill-at.ts";
import { testUnless } from "../../support/needs.ts";
import { type Machine, machine, QWEN, qwen } from "../../support/qwen.ts";
import { run } from "../../support/shell.ts";
import { cannotTrace } from "../../support/trace-calls.ts";

setDefaultTimeout(300_000);

const OLD_KEY = "sk-sp-0123456789abcdef01234567old0";
const KEY = "sk-sp-0123456789abcdef01234567new1";
const COMMENT = '{\n  // mine\n  "ui": { "theme": "Dark" },\n  "mcpServers": {}\n}\n';

const PLAN = ["auth", "coding-plan", "-r", "china", "--key-stdin"];

/** Runs a command that must end by itself soon, whatever was left behind. */
function within12s(at: Machine, args: readonly string[], stdin = "") {
  return run(at, ["qwen", ...args], { stdin, timeoutMs: 12_000 });
}

const folderOf = (at: Machine) => join(at.home, ".qwen");

const FILES = ["settings.json", ".env", "trustedFolders.json"];

/** The text of a file of `~/.qwen`; nothing where it does not exist. */
function textOf(at: Machine, name: string): string {
  const path = join(folderOf(at), name);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

const textsOf = (at: Machine) => FILES.map((name) => textOf(at, name));

describe("kill -9", () => {
  const ROUNDS = 200;
  const LANES = 4;

  test(`at ${ROUNDS} random instants leaves the old or the new file`, async () => {
    const seen = { old: 0, new: 0 };
    await Promise.all(Array.from({ length: LANES }, () => lane(ROUNDS / LANES, seen)));
    expect(seen.old + seen.new).toBe(ROUNDS);
    // Both happened, or the instants were no random ones.
    expect(Math.min(seen.old, seen.new)).toBeGreaterThan(0);
  });

  /** Kills logins on one machine, again and again. */
  async function lane(rounds: number, seen: { old: number; new: number }): Promise<void> {
    const at = machine();
    at.write(".qwen/settings.json", COMMENT);
    await qwen(at, PLAN, { stdin: OLD_KEY });
    const old = readFileSync(at.settings, "utf8");
    const wanted = old.replace(OLD_KEY, KEY);
    const started = performance.now();
    await qwen(at, PLAN, { stdin: KEY });
    const usual = performance.now() - started;
    for (let round = 0; round < rounds; round += 1) {
      writeFileSync(at.settings, old);
      const child = Bun.spawn([QWEN, ...PLAN.slice(0, -1), "--key-env", "K"], {
        cwd: at.project,
        env: { ...at.env, K: KEY },
        stdio: ["ignore", "ignore", "ignore"],
      });
      await Bun.sleep(Math.random() * usual * 1.2);
      child.kill("SIGKILL");
      await child.exited;
      const text = readFileSync(at.settings, "utf8");
      expect([old, wanted]).toContain(text);
      seen[text === old ? "old" : "new"] += 1;
      if (round % 10 === 0) {
        expect((await within12s(at, ["auth", "status"])).exitCode).toBe(0);
      }
    }
    expect((await within12s(at, PLAN, KEY)).exitCode).toBe(0);
    expect(readFileSync(at.settings, "utf8")).toBe(wanted);
    expect(readdirSync(folderOf(at))).toEqual(["settings.json"]);
  }

  type Change = {
    readonly name: string;
    readonly before: readonly string[];
    readonly change: readonly string[];
    /** Whether a key must be there at every instant. */
    readonly keepsKey: boolean;
  };
  const changes: readonly Change[] = [
    {
      name: "a login that moves the key to the env file",
      before: PLAN,
      change: [...PLAN, "--store", "env-file"],
      keepsKey: true,
    },
    {
      name: "a login that moves the key to the settings",
      before: [...PLAN, "--store", "env-file"],
      change: PLAN,
      keepsKey: true,
    },
    { name: "a logout", before: PLAN, change: ["auth", "logout"], keepsKey: false },
    { name: "`qwen trust`", before: PLAN, change: ["trust"], keepsKey: true },
  ];
  /** Writes each of the files once more. */
  const SWEEP: readonly (readonly string[])[] = [
    [...PLAN, "--store", "env-file"],
    PLAN,
    ["trust", "/", "--force"],
    ["trust", "/", "--revoke"],
  ];

  testUnless(cannotTrace()).each(changes)(
    "at every call that changes a file leaves whole files: $name",
    async ({ before, change, keepsKey }) => {
      const at = machine();
      at.write(".qwen/settings.json", COMMENT);
      await qwen(at, before, { stdin: OLD_KEY });
      const old = textsOf(at);
      await qwen(at, change, { stdin: KEY });
      const wanted = textsOf(at);

      const restore = (): void => {
        for (const [index, name] of FILES.entries()) {
          rmSync(join(folderOf(at), name), { force: true });
          if (old[index] !== "") {
            at.write(`.qwen/${name}`, old[index] ?? "");
          }
        }
      };
      restore();
      const points = await killPoints(at, change, { stdin: KEY });
      expect(points.length).toBeGreaterThan(10);
      for (const point of points) {
        restore();
        const killed = await killAt(at, change, { ...point, stdin: KEY });
        const texts = textsOf(at);
        for (const [index, text] of texts.entries()) {
          expect([old[index], wanted[index]]).toContain(text);
        }
        const isThere = texts.some((text) => text.includes(OLD_KEY) || text.includes(KEY));
        expect({ point, killed, isThere: isThere || !keepsKey }).toEqual({
          point,
          killed: true,
          isThere: true,
        });
        expect((await within12s(at, change, KEY)).exitCode).toBe(0);
        expect(textsOf(at)).toEqual(wanted);
      }
      for (const args of SWEEP) {
        expect((await within12s(at, args, `${KEY}-next`)).exitCode).toBe(0);
      }
      expect(readdirSync(folderOf(at)).filter((name) => !FILES.includes(name))).toEqual([]);
    },
  );
});
