import { expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { withFileLock } from "../../../src/lib/files/file-lock.ts";
import { LockError } from "../../../src/lib/files/lock-file.ts";
import { currentProcess } from "../../../src/lib/files/process-identity.ts";
import { cannotRunAs, nextOutput, runScript, startScript } from "../../support/run-script.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const onLinux = test.if(process.platform === "linux");
const PATIENCE = 5000;

function lockedFile() {
  const directory = temporaryDirectory();
  const path = join(directory, "settings.json");
  return { directory, path, lock: `${path}.lock`, gate: `${path}.lock.take` };
}

/** A `sleep` that takes no time and counts; `onSleep` gets the milliseconds slept so far. */
function countingSleep(onSleep: (slept: number) => void = () => {}) {
  let slept = 0;
  return {
    slept: () => slept,
    sleep: async (milliseconds: number) => {
      slept += milliseconds;
      onSleep(slept);
    },
  };
}

async function deadProcess() {
  const child = Bun.spawn([process.execPath, "--version"], { stdout: "ignore" });
  await child.exited;
  return { ...currentProcess(), pid: child.pid };
}

function recordOf(owner: object): string {
  return `${JSON.stringify(owner)}\n`;
}

const FOREIGN = recordOf({ ...currentProcess(), host: "elsewhere" });

/** Takes the lock and returns how many milliseconds were slept for it. */
async function sleptFor(path: string, onSleep?: (slept: number) => void): Promise<number> {
  const { sleep, slept } = countingSleep(onSleep);
  return await withFileLock(path, () => slept(), { sleep });
}

test("withFileLock() returns what the action returns and leaves nothing behind", async () => {
  const { directory, path } = lockedFile();
  const result = await withFileLock(path, async () => "done", countingSleep());
  expect(result).toBe("done");
  expect(readdirSync(directory)).toEqual([]);
});

test("withFileLock() holds one private line of JSON that names the owner", async () => {
  const { directory, path, lock } = lockedFile();
  await withFileLock(
    path,
    ({ isHeld }) => {
      expect(readdirSync(directory)).toEqual(["settings.json.lock"]);
      expect(JSON.parse(readFileSync(lock, "utf8"))).toMatchObject(currentProcess());
      expect(readFileSync(lock, "utf8")).toMatch(/^[^\n]+\n$/);
      expect(statSync(lock).mode & 0o777).toBe(0o600);
      expect(isHeld()).toBe(true);
    },
    countingSleep(),
  );
});

test("withFileLock() releases the lock and rethrows when the action throws", async () => {
  const { directory, path } = lockedFile();
  const failure = new Error("no");
  const attempt = withFileLock(path, () => Promise.reject(failure), countingSleep());
  expect(await attempt.catch((error) => error)).toBe(failure);
  expect(readdirSync(directory)).toEqual([]);
});

test("withFileLock() lets actions of the same process run one after another", async () => {
  const { path } = lockedFile();
  let running = 0;
  const action = async () => {
    running += 1;
    expect(running).toBe(1);
    await Bun.sleep(0);
    running -= 1;
  };
  const attempts = [1, 2, 3, 4].map(() => withFileLock(path, action, { sleep: Bun.sleep }));
  await Promise.all(attempts);
});

test("withFileLock() takes the lock of a dead process at once", async () => {
  const { path, lock } = lockedFile();
  writeFileSync(lock, recordOf(await deadProcess()));
  expect(await sleptFor(path)).toBe(0);
});

onLinux("withFileLock() takes the lock at once when the pid was given to another", async () => {
  const { path, lock } = lockedFile();
  writeFileSync(lock, recordOf({ ...currentProcess(), startTime: "1.ab" }));
  expect(await sleptFor(path)).toBe(0);
});

test.each([
  ["a live process", recordOf(currentProcess())],
  ["another host", FOREIGN],
  ["nobody, with garbage in it", "\u0000{"],
  ["nobody, with nothing in it", ""],
  ["nobody, with JSON in it that names no process", "[]"],
  ["nobody, with too much in it", recordOf({ ...currentProcess(), id: "x".repeat(5000) })],
])("withFileLock() takes the lock of %s after 5 s", async (_, content) => {
  const { directory, path, lock } = lockedFile();
  writeFileSync(lock, content);
  const slept = await sleptFor(path);
  expect(slept).toBeGreaterThanOrEqual(PATIENCE);
  expect(slept).toBeLessThan(PATIENCE + 30);
  expect(readdirSync(directory)).toEqual([]);
});

test("withFileLock() waits 5 s anew when another lock has replaced the stale one", async () => {
  const { path, lock } = lockedFile();
  writeFileSync(lock, FOREIGN);
  let replacedAt = 0;
  const slept = await sleptFor(path, (sleptSoFar) => {
    if (replacedAt === 0 && sleptSoFar > PATIENCE - 100) {
      replacedAt = sleptSoFar;
      writeFileSync(`${lock}.new`, FOREIGN);
      renameSync(`${lock}.new`, lock);
    }
  });
  expect(slept).toBeGreaterThanOrEqual(replacedAt + PATIENCE);
});

onLinux("withFileLock() tells a holder that hung for 5 s that it has lost the lock", async () => {
  const { directory, path, lock } = lockedFile();
  const holder = startScript("hold-lock.ts", [path]);
  expect(await nextOutput(holder)).toBe("held");
  holder.kill("SIGSTOP");
  await withFileLock(
    path,
    async ({ isHeld }) => {
      const mine = readFileSync(lock, "utf8");
      holder.kill("SIGCONT");
      await holder.stdin.end();
      expect(await nextOutput(holder)).toBe("false");
      await holder.exited;
      expect(isHeld()).toBe(true);
      expect(readFileSync(lock, "utf8")).toBe(mine);
    },
    countingSleep(),
  );
  expect(readdirSync(directory)).toEqual([]);
});

test("withFileLock() never removes a directory in place of the lock", async () => {
  const { path, lock } = lockedFile();
  mkdirSync(lock);
  const error = await withFileLock(path, () => "done", countingSleep()).catch((cause) => cause);
  expect(error).toEqual(new LockError(`the lock \`${lock}\` is not a regular file`));
  expect(statSync(lock).isDirectory()).toBe(true);
});

test.each([
  ["link", "target"],
  ["dangling link", "missing"],
])("withFileLock() follows no %s in place of the lock", async (_, target) => {
  const { directory, path, lock } = lockedFile();
  writeFileSync(join(directory, "target"), recordOf(await deadProcess()));
  symlinkSync(target, lock);
  const before = readdirSync(directory);
  const error = await withFileLock(path, () => "done", countingSleep()).catch((cause) => cause);
  expect(error).toEqual(new LockError(`the lock \`${lock}\` is not a regular file`));
  expect(readdirSync(directory)).toEqual(before);
});

test("withFileLock() follows no link in place of the gate", async () => {
  const { directory, path, lock, gate } = lockedFile();
  writeFileSync(lock, recordOf(await deadProcess()));
  mkdirSync(join(directory, "target", "mine"), { recursive: true });
  symlinkSync("target", gate);
  const error = await withFileLock(path, () => "done", countingSleep()).catch((cause) => cause);
  expect(error).toEqual(new LockError(`the lock \`${gate}\` is not a directory`));
  expect(existsSync(join(directory, "target", "mine"))).toBe(true);
});

test("withFileLock() follows no link inside the gate", async () => {
  const { directory, path, lock, gate } = lockedFile();
  writeFileSync(lock, recordOf(await deadProcess()));
  mkdirSync(join(directory, "target"));
  writeFileSync(join(directory, "target", "removed"), "mine");
  mkdirSync(gate);
  symlinkSync("../target", join(gate, "entry"));
  const error = await withFileLock(path, () => "done", countingSleep()).catch((cause) => cause);
  expect(error).toBeInstanceOf(LockError);
  expect(readFileSync(join(directory, "target", "removed"), "utf8")).toBe("mine");
});

test("withFileLock() passes at once through the gate of a dead process", async () => {
  const { directory, path, lock, gate } = lockedFile();
  const { pid, startTime = "", host } = await deadProcess();
  const entry = join(gate, `${pid},${startTime},${host},0`);
  mkdirSync(entry, { recursive: true });
  writeFileSync(join(entry, "removed"), FOREIGN);
  writeFileSync(lock, recordOf({ pid, startTime, host }));
  expect(await sleptFor(path)).toBe(0);
  expect(readdirSync(directory)).toEqual([]);
});

test("withFileLock() waits 5 s for a live process inside the gate", async () => {
  const { directory, path, lock, gate } = lockedFile();
  const { pid, startTime = "", host } = currentProcess();
  mkdirSync(join(gate, `${pid},${startTime},${host},0`), { recursive: true });
  writeFileSync(lock, recordOf(await deadProcess()));
  const slept = await sleptFor(path);
  expect(slept).toBeGreaterThanOrEqual(PATIENCE);
  expect(slept).toBeLessThan(PATIENCE + 30);
  expect(readdirSync(directory)).toEqual([]);
});

test("withFileLock() removes temporary files of dead processes, not of live ones", async () => {
  const { directory, path } = lockedFile();
  const { pid } = await deadProcess();
  writeFileSync(join(directory, `.settings.json.lock.${pid}--ab.tmp`), "");
  mkdirSync(join(directory, `.settings.json.lock.take.${pid}--ab.tmp`, "entry"), {
    recursive: true,
  });
  const live = `.settings.json.lock.${process.pid}--ab.tmp`;
  writeFileSync(join(directory, live), "");
  await withFileLock(path, () => "done", countingSleep());
  expect(readdirSync(directory)).toEqual([live]);
});

test("withFileLock() throws the error of the system when it cannot write", async () => {
  const path = join(temporaryDirectory(), "missing", "settings.json");
  const error = await withFileLock(path, () => "done", countingSleep()).catch((cause) => cause);
  expect(error).toMatchObject({ code: "ENOENT" });
});

test.if(cannotRunAs(65534) === undefined)(
  "withFileLock() works under the umask 0777, and not in a read-only directory",
  async () => {
    const { directory, path } = lockedFile();
    writeFileSync(path, "0");
    chmodSync(path, 0o666);
    chmodSync(directory, 0o777);
    const run = () => runScript("increment-under-lock.ts", [path, "2", "777"], 65534);
    expect(await run()).toBe("0\n0");
    chmodSync(directory, 0o555);
    expect(await run()).toBe("EACCES");
  },
);

test("withFileLock() loses no increment of 20 processes", async () => {
  const { directory, path, lock } = lockedFile();
  writeFileSync(path, "0");
  writeFileSync(lock, recordOf(await deadProcess()));
  const workers = Array.from({ length: 20 }, () =>
    runScript("increment-under-lock.ts", [path, "10"]),
  );
  const outputs = await Promise.all(workers);
  expect(outputs.map((output) => output.split("\n").length)).toEqual(Array(20).fill(10));
  expect(readFileSync(path, "utf8")).toBe("200");
  expect(readdirSync(directory)).toEqual(["settings.json"]);
}, 60_000);

/** Kills whoever holds the lock, `times` times; fewer when the workers are done before. */
async function killHolders(lock: string, workers: readonly { pid: number }[], times: number) {
  const killed = new Set<number>();
  const isRunning = () => workers.some(({ pid }) => !killed.has(pid) && isUp(pid));
  while (killed.size < times && isRunning()) {
    const holder = holderOf(lock);
    if (workers.some(({ pid }) => pid === holder) && !killed.has(holder)) {
      process.kill(holder, "SIGKILL");
      killed.add(holder);
    }
    await Bun.sleep(0);
  }
  return killed.size;
}

function isUp(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function holderOf(lock: string): number {
  try {
    return JSON.parse(readFileSync(lock, "utf8")).pid;
  } catch {
    return 0;
  }
}

test("withFileLock() makes nobody wait for holders that were killed", async () => {
  const { directory, path, lock } = lockedFile();
  writeFileSync(path, "0");
  const workers = Array.from({ length: 20 }, () =>
    startScript("increment-under-lock.ts", [path, "20"]),
  );
  const killed = await killHolders(lock, workers, 8);
  const outputs = await Promise.all(workers.map((worker) => worker.stdout.text()));
  await Promise.all(workers.map((worker) => worker.exited));
  const waits = outputs.flatMap((output) => output.split("\n").filter(Boolean).map(Number));
  const count = Number(readFileSync(path, "utf8"));
  expect(killed).toBe(8);
  expect(count).toBeGreaterThanOrEqual(waits.length);
  expect(count).toBeLessThanOrEqual(waits.length + killed);
  expect(waits.length).toBeGreaterThanOrEqual(12 * 20);
  expect(Math.max(...waits)).toBeLessThan(PATIENCE);
  expect(await sleptFor(path)).toBe(0);
  expect(readdirSync(directory).filter((name) => name.includes("lock"))).toEqual([]);
}, 60_000);

test("withFileLock() is as patient as the work of the holders wants", async () => {
  const { path, lock } = lockedFile();
  writeFileSync(lock, FOREIGN);
  const { sleep, slept } = countingSleep();
  const patience = { untilTakenMs: 12_000, untilGivenUpMs: 30_000 };
  expect(await withFileLock(path, slept, { sleep, patience })).toBeGreaterThanOrEqual(12_000);
  expect(slept()).toBeLessThan(13_000);
});

test("withFileLock() gives up when the lock goes from hand to hand", async () => {
  const { path, lock } = lockedFile();
  writeFileSync(lock, FOREIGN);
  let owner = 0;
  const { sleep, slept } = countingSleep(() => {
    owner += 1;
    writeFileSync(lock, recordOf({ ...currentProcess(), host: `elsewhere-${owner}` }));
  });
  const patience = { untilTakenMs: 1000, untilGivenUpMs: 3000 };
  const late = withFileLock(path, () => "done", { sleep, patience });
  await expect(late).rejects.toBeInstanceOf(LockError);
  expect(slept()).toBeLessThan(3100);
});

test.each<readonly [name: string, make: (entry: string) => unknown]>([
  ["a directory with a file of somebody else", (entry) => mkdirWith(entry, "keep")],
  ["a directory with a folder of somebody else", (entry) => mkdirWith(entry, "deep/er")],
  ["a file", (entry) => writeFileSync(entry, "")],
  ["a link", (entry) => symlinkSync("/", entry)],
])("withFileLock() never waits for ever at a gate that holds %s", async (_name, make) => {
  const { directory, path, lock, gate } = lockedFile();
  writeFileSync(lock, FOREIGN);
  mkdirSync(gate);
  const entry = join(gate, "1,x,y,z");
  make(entry);
  const { sleep, slept } = countingSleep();
  await expect(withFileLock(path, () => "done", { sleep })).rejects.toEqual(
    new LockError(`\`${entry}\` stands in the way of locks, and is none of ours`),
  );
  expect(slept()).toBeLessThan(60_000);
  expect(readdirSync(directory).sort()).toEqual(["settings.json.lock", "settings.json.lock.take"]);
  expect(readdirSync(gate)).toEqual(["1,x,y,z"]);
});

function mkdirWith(directory: string, name: string): void {
  mkdirSync(join(directory, name), { recursive: true });
}

test("withFileLock() gives up after a minute of locks that go from hand to hand, and says so", async () => {
  const { path, lock } = lockedFile();
  const { sleep, slept } = countingSleep((time) => writeFileSync(lock, `${FOREIGN}${time}`));
  writeFileSync(lock, FOREIGN);
  await expect(withFileLock(path, () => "done", { sleep })).rejects.toEqual(
    new LockError(`other programs held the lock \`${lock}\` for 60 s`),
  );
  expect(slept()).toBeLessThan(61_000);
});

test("withFileLock() says whose lock it took, but nothing of one of a dead process", async () => {
  const notesOf = async (record: string) => {
    const { path, lock } = lockedFile();
    writeFileSync(lock, record);
    const { sleep } = countingSleep();
    return [lock, await withFileLock(path, ({ notes }) => notes, { sleep })] as const;
  };
  const [lock, notes] = await notesOf(FOREIGN);
  expect(notes).toEqual([`nobody gave back the lock \`${lock}\` for 5 s, so it was taken`]);
  expect((await notesOf(recordOf(await deadProcess())))[1]).toEqual([]);
});
