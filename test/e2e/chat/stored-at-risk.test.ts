import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { cannotMount } from "../../support/namespace.ts";
import { testUnless } from "../../support/needs.ts";
import { KEYS } from "../../support/pty.ts";
import { type Machine, qwen } from "../../support/qwen.ts";
import { answer, type Reply } from "../../support/scripted-server.ts";
import {
  cannotBeNobody,
  giveAway,
  NOBODY,
  qwenAsNobody,
  STRANGER,
} from "../../support/unprivileged.ts";
import { type Session, says, startSession, withModel } from "./session-machine.ts";

/** Conversations on a disk that is full, of other people, and of several sessions at once. */
setDefaultTimeout(60_000);

const ONLINE = { env: { QWEN_OFFLINE: "" } };
const ID = "20260101T000000-aaaaaa";

const folderOf = (at: Machine) => join(at.home, ".qwen", "sessions");

function storedIn(at: Machine, folder = at.project): string {
  const head = { schemaVersion: 1, id: ID, folder, model: "m" };
  const turn = { kind: "turn", user: "hi", assistant: "hello", model: "m" };
  return at.write(
    `.qwen/sessions/${ID}.jsonl`,
    `${JSON.stringify(head)}\n${JSON.stringify(turn)}\n`,
  );
}

/** The kinds and questions of every conversation, in the order of the files. */
function keptIn(at: Machine): string[][] {
  return readdirSync(folderOf(at))
    .sort()
    .map((name) =>
      readFileSync(join(folderOf(at), name), "utf8")
        .split("\n")
        .slice(1, -1)
        .map((line) => JSON.parse(line))
        .map(({ kind, user, assistant }) => (kind === "turn" ? `${user} → ${assistant}` : kind)),
    );
}

async function ask(session: Session, line: string, shows = "tokens in"): Promise<void> {
  session.press(`${line}${KEYS.enter}`);
  await session.waitFor(shows);
  await session.waitFor("› ");
}

async function leave(session: Session): Promise<void> {
  session.press(KEYS.ctrlD);
  await session.expectEnd(0);
}

describe("a conversation that others decide about is not gone on with:", () => {
  const cases = [
    { name: "another user's", owner: STRANGER, mode: 0o644, why: "it belongs to another user" },
    { name: "open to others", owner: NOBODY, mode: 0o606, why: "others can write to it" },
    { name: "open to all", owner: NOBODY, mode: 0o666, why: "others can write to it" },
  ];
  for (const { name, owner, mode, why } of cases) {
    testUnless(cannotBeNobody())(name, async () => {
      const { at, said } = await withModel(says("one"));
      const path = storedIn(at);
      giveAway(at.home);
      chownSync(path, owner, owner);
      chmodSync(path, mode);
      for (const args of [["--continue"], ["--resume", "2026"]]) {
        const ran = await qwenAsNobody(at, [...args, "-p", "and?"], ONLINE);
        expect(ran).toMatchObject({ exitCode: 1, stdout: "" });
        expect(ran.stderr).toContain(`Cannot go on with the conversation ${ID}: ${why}`);
        expect(ran.stderr).toMatch(/\nhint: run `ch(own|mod) /);
      }
      expect(said()).toEqual([]);
      const shared = { env: { ...ONLINE.env, QWEN_SHARED_HOME: "1" } };
      const ran = await qwenAsNobody(at, ["-c", "-p", "and?"], shared);
      expect(ran).toMatchObject({ exitCode: 0, stdout: "one\n" });
      expect(said()).toEqual([["hi", "hello", "and?"]]);
    });
  }
});

describe("a conversation on a full disk", () => {
  testUnless(cannotMount())("is told once, and kept as a whole when there is room", async () => {
    const { at } = await withModel(says("one"), says("two"), says("three"), says("four"));
    mkdirSync(folderOf(at), { mode: 0o700 });
    const mount = ["mount", "-t", "tmpfs", "-o", "size=32k,mode=700", "tmpfs", folderOf(at)];
    expect(Bun.spawnSync(mount).success).toBe(true);
    try {
      const filler = join(folderOf(at), "filler");
      fillUp(filler);
      const session = startSession(at);
      await session.waitFor("› ");
      await ask(session, "first", "This conversation is not kept: Cannot write");
      expect(session.text()).toMatch(/no\s+space\s+left\s+on\s+the\s+device\s+\(ENOSPC\)/);
      await ask(session, "second");
      expect(readdirSync(folderOf(at))).toEqual(["filler"]);
      rmSync(filler);
      await ask(session, "third", "This conversation is kept again, all of it");
      await ask(session, "fourth");
      await leave(session);
      expect(session.text().split("is not kept")).toHaveLength(2);
      expect(keptIn(at)).toEqual([
        ["first → one", "second → two", "third → three", "fourth → four"],
      ]);
    } finally {
      Bun.spawnSync(["umount", folderOf(at)]);
    }
  });

  testUnless(cannotMount())("keeps what stood there, and the answer is shown", async () => {
    const { at } = await withModel(says("one"));
    const text = readFileSync(storedIn(at), "utf8");
    rmSync(folderOf(at), { recursive: true });
    mkdirSync(folderOf(at), { mode: 0o700 });
    const mount = ["mount", "-t", "tmpfs", "-o", "size=32k,mode=700", "tmpfs", folderOf(at)];
    expect(Bun.spawnSync(mount).success).toBe(true);
    try {
      const path = storedIn(at);
      fillUp(join(folderOf(at), "filler"));
      const ran = await qwen(at, ["-c", "-p", "and?"], ONLINE);
      expect(ran).toMatchObject({ exitCode: 0, stdout: "one\n" });
      expect(ran.stderr).toContain("the answer is not kept: Cannot write");
      expect(readFileSync(path, "utf8")).toBe(text);
      expect(readdirSync(folderOf(at)).sort()).toEqual([`${ID}.jsonl`, "filler"]);
    } finally {
      Bun.spawnSync(["umount", folderOf(at)]);
    }
  });

  /** Writes until nothing fits any more. */
  function fillUp(path: string): void {
    const file = openSync(path, "w");
    try {
      for (;;) {
        writeSync(file, new Uint8Array(4096));
      }
    } catch {
      closeSync(file);
    }
  }
});

describe("two sessions at once in one folder", () => {
  /** Two sessions, asked in turns; the model answers with the question. */
  async function both(at: Machine, args: readonly string[]): Promise<void> {
    const one = startSession(at, args);
    await one.waitFor("› ");
    const two = startSession(at, args);
    await two.waitFor("› ");
    await ask(one, "one a");
    await ask(two, "two a");
    await Promise.all([ask(one, "one b"), ask(two, "two b")]);
    await ask(one, "one c");
    await leave(two);
    await leave(one);
  }

  const echo = (): Reply[] => Array.from({ length: 5 }, () => says("yes"));
  const turns = (...questions: readonly string[]) => questions.map((each) => `${each} → yes`);

  test("keep a conversation each, and what was typed in both", async () => {
    const { at, said } = await withModel(...echo());
    await both(at, []);
    expect(keptIn(at).sort()).toEqual([turns("one a", "one b", "one c"), turns("two a", "two b")]);
    expect(said().at(-1)).toEqual(["one a", "yes", "one b", "yes", "one c"]);
    const history = readFileSync(join(at.home, ".qwen", "history"), "utf8");
    expect(history.split("\n").sort()).toEqual(["", "one a", "one b", "one c", "two a", "two b"]);
  });

  test("go on with the same conversation, and nothing of either is lost", async () => {
    const { at, said } = await withModel(...echo());
    storedIn(at);
    await both(at, ["--continue"]);
    const [kept = [], ...others] = keptIn(at);
    expect(others).toEqual([]);
    expect([...kept].sort()).toEqual(
      ["hi → hello", ...turns("one a", "one b", "one c", "two a", "two b")].sort(),
    );
    // What a session asks is what was said in it.
    expect(said().at(-1)).toEqual(["hi", "hello", "one a", "yes", "one b", "yes", "one c"]);
  });
});

describe("an answer that is asked for again", () => {
  test("stands until there is another one", async () => {
    const { at, said } = await withModel(says("one"), answer(400, "no"), says("two"));
    const session = startSession(at);
    await session.waitFor("› ");
    await ask(session, "first");
    await ask(session, "/retry", "error:");
    expect(keptIn(at)).toEqual([["first → one"]]);
    await ask(session, "second");
    await leave(session);
    expect(said()).toEqual([["first"], ["first"], ["first", "one", "second"]]);
    expect(keptIn(at)).toEqual([["first → one", "second → two"]]);
  });

  test("is replaced by it, also in what is kept", async () => {
    const { at, said } = await withModel(
      says("one"),
      answer(400, "no"),
      says("two"),
      says("three"),
    );
    const session = startSession(at);
    await session.waitFor("› ");
    await ask(session, "first");
    await ask(session, "/retry", "error:");
    await ask(session, "/retry");
    await leave(session);
    expect(said()).toEqual([["first"], ["first"], ["first"]]);
    expect(keptIn(at)).toEqual([["first → one", "drop", "first → two"]]);
    await qwen(at, ["-c", "-p", "and?"], ONLINE);
    expect(said().at(-1)).toEqual(["first", "two", "and?"]);
  });
});
