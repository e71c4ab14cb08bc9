import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { currentProcess } from "../../../src/lib/files/process-identity.ts";
import { killAt, killPoints } from "../../support/kill-at.ts";
import { cannotMount } from "../../support/namespace.ts";
import { missingPrograms, testUnless } from "../../support/needs.ts";
import { type Machine, machine, QWEN, qwen } from "../../support/qwen.ts";
import { answer, scriptedServer } from "../../support/scripted-server.ts";
import { run } from "../../support/shell.ts";
import { modeOf, snapshot } from "../../support/snapshot.ts";
import { cannotTrace } from "../../support/trace-calls.ts";
import { cannotBeNobody, giveAway, qwenAsNobody } from "../../support/unprivileged.ts";
import { EXPIRED, oauthMachine, RENEWED, storedTokens } from "../oauth/oauth-machine.ts";

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

/** What a settings file says, whatever comments are in it. */
const parse = (text: string) => Bun.JSONC.parse(text) as Record<string, never>;

test("20 different writers at once lose nothing", async () => {
  const at = machine();
  at.write(".qwen/settings.json", COMMENT);
  at.write(".qwen/.env", "# mine\nOTHER=1\n");
  at.write(".qwen/trustedFolders.json", '{\n  // mine\n  "/srv": "DO_NOT_TRUST"\n}\n');
  const known = [
    ["coding-plan", "-r", "global"],
    ["api-key", "--provider", "deepseek"],
    ["api-key", "--provider", "openrouter"],
    ["api-key", "--provider", "moonshot", "--region", "global"],
    ["api-key", "--provider", "minimax", "--region", "china"],
  ];
  const stores = ["settings", "env-file"] as const;
  const writers = Array.from({ length: 20 }, (_, index) => {
    const store = stores[index % 2] ?? "settings";
    const endpoint = ["-u", `https://host-${index}.test/v1`, "-m", `m-${index}`];
    const which = known[index] ?? ["api-key", ...endpoint, "--env-key", `KEY_OF_${index}`];
    const key = `sk-key-of-writer-${String(index).padStart(20, "0")}`;
    const args = ["auth", ...which, "--key-stdin", "--store", store];
    return { key, store, index, isCustom: index >= known.length, args };
  });
  const folders = Array.from({ length: 5 }, (_, index) => join(at.home, `folder-${index}`));
  const ran = await Promise.all([
    ...writers.map(({ args, key }) => qwen(at, args, { stdin: key })),
    ...folders.map((folder) => run(at, ["sh", "-c", `mkdir ${folder} && qwen trust ${folder}`])),
  ]);
  expect(ran.map(({ exitCode, stderr }) => (exitCode === 0 ? 0 : stderr))).toEqual(
    ran.map(() => 0),
  );

  const [settings, dotenv] = [textOf(at, "settings.json"), textOf(at, ".env")];
  expect(settings).toStartWith('{\n  // mine\n  "ui": { "theme": "Dark" },\n  "mcpServers": {}');
  expect(dotenv).toStartWith("# mine\nOTHER=1\n");
  const wrong = writers.filter(({ key, store }) => {
    const places = [settings.includes(`"${key}"`), dotenv.includes(`=${key}\n`)];
    return places.join() !== (store === "settings" ? "true,false" : "false,true");
  });
  expect(wrong).toEqual([]);
  const ids = JSON.stringify(parse(settings).modelProviders);
  expect(
    writers.filter(({ isCustom, index }) => isCustom && !ids.includes(`"m-${index}"`)),
  ).toEqual([]);
  const listed = JSON.parse((await qwen(at, ["auth", "list", "--json"])).stdout);
  expect(listed.providers.filter(({ key }: { key: { present: boolean } }) => !key.present)).toEqual(
    [],
  );
  expect(new Set(listed.providers.map(({ envKey }: { envKey: string }) => envKey)).size).toBe(20);
  expect(parse(textOf(at, "trustedFolders.json"))).toEqual({
    "/srv": "DO_NOT_TRUST",
    ...Object.fromEntries(folders.map((folder) => [folder, "TRUST_FOLDER"])),
  } as never);
  expect(readdirSync(folderOf(at)).sort()).toEqual([
    ".env",
    "settings.json",
    "trustedFolders.json",
  ]);
});

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

/** The commands that write each file, and what makes them write something else. */
const WRITERS: readonly { readonly file: string; readonly args: readonly string[] }[] = [
  { file: "settings.json", args: PLAN },
  { file: ".env", args: [...PLAN, "--store", "env-file"] },
  { file: "trustedFolders.json", args: ["trust"] },
];

const OLD_TEXTS: Readonly<Record<string, string>> = {
  "settings.json": COMMENT,
  ".env": "# mine\nOTHER=1\n",
  "trustedFolders.json": '{\n  // mine\n  "/srv": "DO_NOT_TRUST"\n}\n',
};

describe("a full disk", () => {
  const PAGE = 4096;

  const rows = WRITERS.flatMap((writer) => [0, 1, 2].map((pages) => ({ ...writer, pages })));
  testUnless(cannotMount()).each(rows)(
    "leaves $file as it was, with room for $pages blocks",
    async ({ file, args, pages }) => {
      const at = machine();
      const small = onSmallDisk(at);
      try {
        const long = `// ${"x".repeat(3 * PAGE)}\n`;
        const old = {
          ...OLD_TEXTS,
          [file]: `${file === ".env" ? "#" : ""}${long}${OLD_TEXTS[file]}`,
        };
        for (const [name, text] of Object.entries(old)) {
          at.write(`.qwen/${name}`, text);
        }
        fillUp(join(folderOf(at), "filler"), pages);
        const ran = await within12s(at, args, KEY);
        expect({ exitCode: ran.exitCode, stdout: ran.stdout }).toEqual({ exitCode: 1, stdout: "" });
        expect(ran.stderr).toStartWith(
          `error: Cannot write \`~/.qwen/${file}\`: no space left on the device (ENOSPC)\n`,
        );
        expect(textOf(at, file)).toBe(old[file] ?? "");
        expect(readdirSync(folderOf(at)).sort()).toEqual([...FILES, "filler"].sort());
        rmSync(join(folderOf(at), "filler"));
        expect((await within12s(at, args, KEY)).exitCode).toBe(0);
      } finally {
        small.remove();
      }
    },
  );

  testUnless(cannotMount())(
    "keeps the tokens of Qwen OAuth, and asks for no other ones",
    async () => {
      const { origin, requests } = await scriptedServer(answer(200, RENEWED));
      const at = oauthMachine({ account: origin });
      const small = onSmallDisk(at);
      try {
        at.write(".qwen/settings.json", { security: { auth: { selectedType: "qwen-oauth" } } });
        const old = JSON.stringify({ ...storedTokens(), ...EXPIRED });
        at.write(".qwen/oauth_creds.json", old);
        fillUp(join(folderOf(at), "filler"), 0);
        const ran = await within12s(at, ["-p", "Hi"]);
        expect({ exitCode: ran.exitCode, stdout: ran.stdout }).toEqual({ exitCode: 1, stdout: "" });
        expect(ran.stderr).toContain("no space left on the device (ENOSPC)");
        expect(textOf(at, "oauth_creds.json")).toBe(old);
        expect(requests).toEqual([]);
      } finally {
        small.remove();
      }
    },
  );

  /** Puts a disk of 96 KiB in place of `~/.qwen`. */
  function onSmallDisk(at: Machine): { readonly remove: () => void } {
    mkdirSync(folderOf(at), { recursive: true, mode: 0o700 });
    const mount = ["mount", "-t", "tmpfs", "-o", "size=96k,mode=700", "tmpfs", folderOf(at)];
    expect(Bun.spawnSync(mount).success).toBe(true);
    return { remove: () => Bun.spawnSync(["umount", folderOf(at)]) };
  }

  /** Writes until nothing fits any more, then gives some blocks back. */
  function fillUp(path: string, pages: number): void {
    const file = openSync(path, "w");
    try {
      for (;;) {
        writeSync(file, new Uint8Array(PAGE));
      }
    } catch {
      ftruncateSync(file, Math.max(0, fstatSync(file).size - pages * PAGE));
    } finally {
      closeSync(file);
    }
  }
});

testUnless(cannotBeNobody()).each(WRITERS)(
  "a read-only directory keeps $file, with the reason",
  async ({ file, args }) => {
    const at = machine();
    at.write(`.qwen/${file}`, OLD_TEXTS[file] ?? "");
    giveAway(at.home);
    chmodSync(folderOf(at), 0o500);
    const before = snapshot(at.home);
    const ran = await qwenAsNobody(at, args, { stdin: KEY });
    expect({ exitCode: ran.exitCode, stdout: ran.stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(ran.stderr).toContain("permission denied");
    expect(ran.stderr).toContain(`~/.qwen/${file}`);
    expect(snapshot(at.home)).toEqual(before);
  },
);

describe("what stands in place of a file", () => {
  type Odd = { readonly name: string; readonly make: (path: string) => void };
  const refused: readonly Odd[] = [
    { name: "a directory", make: (path) => mkdirSync(path) },
    { name: "a pipe", make: (path) => Bun.spawnSync(["mkfifo", path]) },
    { name: "a device", make: (path) => symlinkSync("/dev/null", path) },
    { name: "a loop", make: (path) => symlinkSync(path, path) },
  ];
  const rows = WRITERS.flatMap((writer) => refused.map((odd) => ({ ...writer, ...odd })));
  testUnless(missingPrograms("mkfifo")).each(rows)(
    "$name is not written to: $file",
    async ({ make, file, args }) => {
      const at = machine();
      mkdirSync(folderOf(at), { mode: 0o700 });
      make(join(folderOf(at), file));
      const before = snapshot(at.home);
      const ran = await within12s(at, args, KEY);
      expect({ exitCode: ran.exitCode, stdout: ran.stdout }).toEqual({ exitCode: 3, stdout: "" });
      expect(ran.stderr).toContain(`~/.qwen/${file}`);
      expect(snapshot(at.home)).toEqual(before);
    },
  );

  const followed: readonly Odd[] = [
    { name: "a link", make: (path) => linkTo(path, true) },
    { name: "a link to nothing yet", make: (path) => linkTo(path, false) },
    { name: "a link through a directory that is one", make: (path) => linkThrough(path) },
  ];
  const links = WRITERS.flatMap((writer) => followed.map((odd) => ({ ...writer, ...odd })));
  test.each(links)("$name stays, and its file is written: $file", async ({ make, file, args }) => {
    for (const umask of ["000", "077", "777"]) {
      const at = machine();
      mkdirSync(folderOf(at), { mode: 0o700 });
      const path = join(folderOf(at), file);
      make(path);
      const target = readlinkSync(path);
      const argv = ["sh", "-c", `umask ${umask}; exec qwen "$@"`, "sh", ...args];
      const ran = await run(at, argv, { stdin: KEY });
      expect({ umask, exitCode: ran.exitCode, stderr: ran.stderr }).toMatchObject({ exitCode: 0 });
      expect(readlinkSync(path)).toBe(target);
      expect(modeOf(realpathSync(path))).toBe("0600");
      expect(readFileSync(path, "utf8")).toMatch(/sk-sp-|TRUST_FOLDER/);
      expect(readdirSync(folderOf(at)).filter((name) => !FILES.includes(name))).toEqual([]);
    }
  });

  function linkTo(path: string, exists: boolean): void {
    const target = join(dirname(dirname(path)), `real-${basename(path)}`);
    if (exists) {
      writeFileSync(target, OLD_TEXTS[basename(path)] ?? "", { mode: 0o644 });
    }
    symlinkSync(target, path);
  }

  function linkThrough(path: string): void {
    const home = dirname(dirname(path));
    mkdirSync(join(home, "real"));
    symlinkSync("real", join(home, "by-link"));
    symlinkSync(join(home, "by-link", basename(path)), path);
  }
});

describe("a lock of", () => {
  const { pid, startTime, host } = currentProcess();
  const record = (more: object) =>
    `${JSON.stringify({ pid, startTime, host, id: "a", ...more })}\n`;
  type Lock = { readonly name: string; readonly text: string; readonly isWaitedFor: boolean };
  const locks: readonly Lock[] = [
    { name: "a process that lives and hangs", text: record({}), isWaitedFor: true },
    { name: "another machine", text: record({ host: "elsewhere" }), isWaitedFor: true },
    { name: "nobody: an empty file", text: "", isWaitedFor: true },
    {
      name: "nobody: garbage",
      text: "\u0000garbage\u001b[31m".repeat(100),
      isWaitedFor: true,
    },
    { name: "a process of an earlier start", text: record({ startTime: "1" }), isWaitedFor: false },
    { name: "a process that is dead", text: record({ pid: 2 ** 22 + 1 }), isWaitedFor: false },
  ];

  // How long that is by the clock says how busy the machine is; what is slept for it is held by the
  // tests of the lock. Here the command ends by itself, and says that it waited and how long.
  test("whomever is waited for no longer than its time, and leaves nothing", async () => {
    const outcomes = await Promise.all(
      locks.flatMap(({ name, text, isWaitedFor }) =>
        WRITERS.map(async ({ file, args }) => {
          const at = machine();
          at.write(`.qwen/${file}`, OLD_TEXTS[file] ?? "");
          at.write(`.qwen/${file}.lock`, text);
          const { exitCode, stderr } = await run(at, ["qwen", ...args], {
            stdin: KEY,
            timeoutMs: 120_000,
          });
          const left = readdirSync(folderOf(at)).filter((it) => !FILES.includes(it));
          const says = stderr.includes(`${file}.lock\` for 5 s, so it was taken`);
          const isShown = stderr.includes("garbage");
          return { name, file, exitCode, left, isShown, isAsMeant: says === isWaitedFor };
        }),
      ),
    );
    expect(outcomes).toEqual(
      outcomes.map(({ name, file }) => ({
        name,
        file,
        exitCode: 0,
        left: [],
        isShown: false,
        isAsMeant: true,
      })),
    );
  });
});
