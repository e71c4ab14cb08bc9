import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LockError, readLock } from "../../../src/lib/files/lock-file.ts";
import { gatePath, removeLock } from "../../../src/lib/files/lock-gate.ts";
import { currentProcess } from "../../../src/lib/files/process-identity.ts";
import { snapshot } from "../../support/snapshot.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const NEVER = () => false;
const ALWAYS = () => true;
const DEAD = 2 ** 31 - 1;

function locked() {
  const directory = temporaryDirectory();
  const lock = join(directory, "f.lock");
  writeFileSync(lock, "record\n");
  const token = readLock(lock)?.token ?? "";
  return { directory, lock, token, gate: gatePath(lock) };
}

/** Another process is inside. */
function occupy(gate: string, { pid, startTime = "", host }: Partial<typeof OWN> & object): string {
  const name = [pid, startTime, host, "0123456789abcdef"]
    .filter((it) => it !== undefined)
    .join(",");
  mkdirSync(join(gate, name), { recursive: true });
  return name;
}

const OWN = currentProcess();

describe("removeLock() removes", () => {
  test("the lock of the token, and leaves nothing", () => {
    const { directory, lock, token } = locked();
    expect(removeLock(lock, token, NEVER)).toBe(true);
    expect(readdirSync(directory)).toEqual([]);
  });

  test.each(["a lock of another token", "nothing where there is none"])(
    "nothing else: %s counts as done",
    (what) => {
      const { directory, lock } = locked();
      if (what.startsWith("nothing")) {
        removeLock(lock, readLock(lock)?.token ?? "", NEVER);
      }
      const before = snapshot(directory);
      expect(removeLock(lock, "another", NEVER)).toBe(true);
      expect(snapshot(directory)).toEqual(before);
    },
  );

  test.each<[string, Partial<typeof OWN>]>([
    ["a dead process", { ...OWN, pid: DEAD }],
    ["a process whose number was given to another", { ...OWN, startTime: "1.ab" }],
  ])("the entry of %s at once", (_who, owner) => {
    const { directory, lock, gate, token } = locked();
    const name = occupy(gate, owner);
    writeFileSync(join(gate, name, "removed"), "");
    expect(removeLock(lock, token, NEVER)).toBe(true);
    expect(readdirSync(directory)).toEqual([]);
  });

  test.each<[string, Partial<typeof OWN>]>([
    ["a live process", OWN],
    ["another host", { ...OWN, pid: DEAD, host: "elsewhere" }],
    ["nobody that it names", { pid: DEAD }],
  ])("the entry of %s when it has expired, and not before", (_who, owner) => {
    const { directory, lock, gate, token } = locked();
    const name = occupy(gate, owner);
    const before = snapshot(directory);
    const asked: unknown[] = [];
    const notYet = (...args: readonly unknown[]) => asked.push(args) === 0;
    expect(removeLock(lock, token, notYet)).toBe(false);
    expect(asked).toEqual([[gate, name]]);
    expect(snapshot(directory)).toEqual(before);
    expect(removeLock(lock, token, ALWAYS)).toBe(true);
    expect(readdirSync(directory)).toEqual([]);
  });

  test("an empty gate", () => {
    const { directory, lock, gate, token } = locked();
    mkdirSync(gate);
    expect(removeLock(lock, token, NEVER)).toBe(true);
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe("removeLock() throws for", () => {
  test("a gate that is no directory", () => {
    const { lock, gate, token } = locked();
    writeFileSync(gate, "");
    const expected = new LockError(`the lock \`${gate}\` is not a directory`);
    expect(() => removeLock(lock, token, ALWAYS)).toThrow(expected);
    expect(readFileSync(lock, "utf8")).toBe("record\n");
  });

  test.each<[string, (entry: string) => unknown]>([
    ["a file", (entry) => writeFileSync(entry, "")],
    ["a link", (entry) => symlinkSync("..", entry)],
    [
      "a directory with something in it",
      (entry) => {
        mkdirSync(entry);
        writeFileSync(join(entry, "precious"), "");
      },
    ],
  ])("%s in the gate that is none of ours, and leaves it", (_what, make) => {
    const { directory, lock, gate, token } = locked();
    mkdirSync(gate);
    make(join(gate, "foreign"));
    const before = snapshot(directory);
    expect(() => removeLock(lock, token, ALWAYS)).toThrow(
      new LockError(`\`${join(gate, "foreign")}\` stands in the way of locks, and is none of ours`),
    );
    expect(snapshot(directory)).toEqual(before);
  });
});
