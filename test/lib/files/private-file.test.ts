import { describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import {
  holdPrivateFile,
  provePrivateFile,
  REMOVED,
  updatePrivateFile,
} from "../../../src/lib/files/private-file.ts";
import { modeOf } from "../../support/snapshot.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const MACHINE = { uid: process.geteuid?.(), sleep: Bun.sleep };

function remove(path: string) {
  return updatePrivateFile(MACHINE, {
    path,
    read: () => readFileSync(path, "utf8"),
    rewrite: () => REMOVED,
  });
}

describe("updatePrivateFile() with a rewrite that wants no file", () => {
  test("removes it, and leaves no lock", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "tokens"), "secret", { mode: 0o600 });
    expect(await remove(join(directory, "tokens"))).toMatchObject({ changed: true });
    expect(readdirSync(directory)).toEqual([]);
  });

  test("removes what a link leads to, where the secret is", async () => {
    const directory = temporaryDirectory();
    const target = join(directory, "real");
    writeFileSync(target, "secret", { mode: 0o600 });
    symlinkSync(target, join(directory, "link"));
    await remove(join(directory, "link"));
    expect(existsSync(target)).toBe(false);
  });

  test("has nothing to do where there is none", async () => {
    const directory = temporaryDirectory();
    expect(await remove(join(directory, "tokens"))).toMatchObject({ changed: false });
    expect(readdirSync(directory)).toEqual([]);
  });
});

test.each([
  [{}, 5000],
  [{ patience: { untilTakenMs: 20_000, untilGivenUpMs: 60_000 } }, 20_000],
])(
  "holdPrivateFile() with %j waits %i ms for a lock of nobody that is known",
  async (more, untilTaken) => {
    const path = join(temporaryDirectory(), "tokens");
    writeFileSync(`${path}.lock`, "another's");
    let slept = 0;
    const sleep = async (milliseconds: number) => {
      slept += milliseconds;
    };
    const file = { path, read: () => "", ...more };
    const { changed } = await holdPrivateFile({ ...MACHINE, sleep }, file, async () => undefined);
    expect(changed).toBe(false);
    expect(slept).toBeGreaterThanOrEqual(untilTaken);
    expect(slept).toBeLessThan(untilTaken + 2000);
  },
);

describe("updatePrivateFile() of what need not be written", () => {
  const same = (path: string, uid = MACHINE.uid) =>
    updatePrivateFile(
      { uid, sleep: Bun.sleep },
      { path, read: () => readFileSync(path, "utf8"), rewrite: (text) => text },
    );

  test.each([
    [0o640, "0640"],
    [0o601, "0601"],
    [0o610, "0610"],
    [0o606, "0606"],
  ])("closes the mode %o to others, and says so once", async (mode, old) => {
    const path = join(temporaryDirectory(), "tokens");
    writeFileSync(path, "secret");
    chmodSync(path, mode);
    const notes = [`\`${path}\` is now 0600 (it was ${old})`];
    expect(await same(path)).toEqual({ changed: false, notes });
    expect([modeOf(path), readFileSync(path, "utf8")]).toEqual(["0600", "secret"]);
    expect(await same(path)).toEqual({ changed: false, notes: [] });
  });

  test("leaves its mode alone where there are no users, and has none where it is missing", async () => {
    const directory = temporaryDirectory();
    const path = join(directory, "tokens");
    expect(await same(path)).toEqual({ changed: false, notes: [] });
    writeFileSync(path, "secret");
    chmodSync(path, 0o640);
    const file = { path, read: () => "secret", rewrite: () => undefined };
    const ofNobody = await updatePrivateFile({ uid: undefined, sleep: Bun.sleep }, file);
    expect(ofNobody).toEqual({ changed: false, notes: [] });
    expect([modeOf(path), readdirSync(directory)]).toEqual(["0640", ["tokens"]]);
  });
});

describe("updatePrivateFile() writes", () => {
  const update = (path: string, text: string, more: { confinedTo?: string } = {}) =>
    updatePrivateFile(MACHINE, {
      path,
      read: () => readFileSync(path, "utf8"),
      rewrite: () => text,
      ...more,
    });

  test.each([
    [0o600, undefined],
    [0o400, undefined],
    [0o644, "0644"],
    [0o601, "0601"],
  ])("over the mode %o, and says what became stricter", async (mode, old) => {
    const path = join(temporaryDirectory(), "tokens");
    writeFileSync(path, "old");
    chmodSync(path, mode);
    const notes = old === undefined ? [] : [`\`${path}\` is now 0600 (it was ${old})`];
    expect(await update(path, "new")).toEqual({ changed: true, notes });
    expect([modeOf(path), readFileSync(path, "utf8")]).toEqual(["0600", "new"]);
    expect(await update(path, "new")).toEqual({ changed: false, notes: [] });
  });

  test("a new file, in a directory that it closes to others", async () => {
    const directory = temporaryDirectory();
    chmodSync(directory, 0o755);
    const path = join(directory, "tokens");
    expect(await update(path, "new")).toEqual({
      changed: true,
      notes: [`\`${directory}\` is now 0700 (it was 0755)`],
    });
    expect([modeOf(path), modeOf(directory), readdirSync(directory)]).toEqual([
      "0600",
      "0700",
      ["tokens"],
    ]);
  });

  test("a new file of a project, whose directory stays as it is", async () => {
    const directory = temporaryDirectory();
    chmodSync(directory, 0o755);
    const path = join(directory, "tokens");
    const updated = await update(path, "new", { confinedTo: directory });
    expect(updated).toEqual({ changed: true, notes: [] });
    expect([modeOf(path), modeOf(directory)]).toEqual(["0600", "0755"]);
  });

  test("nothing through a directory or a link out of the project", async () => {
    const directory = temporaryDirectory();
    const [project, outside] = [join(directory, "project"), join(directory, "outside")];
    mkdirSync(project);
    writeFileSync(outside, "old", { mode: 0o600 });
    symlinkSync("../outside", join(project, "tokens"));
    await expect(
      update(join(project, "tokens"), "new", { confinedTo: project }),
    ).rejects.toMatchObject({ code: "settings-unsafe", exitCode: 3 });
    await expect(update(directory, "new")).rejects.toMatchObject({ code: "EISDIR" });
    expect(readFileSync(outside, "utf8")).toBe("old");
  });

  test("and traces which file it wrote, and which it left", async () => {
    const path = join(temporaryDirectory(), "tokens");
    const traced: string[] = [];
    const trace = (lines: () => readonly string[]) => traced.push(...lines());
    const file = { path, read: () => readFileSync(path, "utf8"), rewrite: () => "new" };
    await updatePrivateFile({ ...MACHINE, trace }, file);
    await updatePrivateFile({ ...MACHINE, trace }, file);
    chmodSync(path, 0o644);
    await updatePrivateFile({ ...MACHINE, trace }, file);
    await holdPrivateFile({ ...MACHINE, trace }, file, async () => undefined);
    expect(traced.filter((line) => !line.includes("lock"))).toEqual([
      `wrote ${path}`,
      `left as it was ${path}`,
      `wrote ${path}`,
      `left as it was ${path}`,
    ]);
  });
});

describe("updatePrivateFile() with a lock that is lost meanwhile", () => {
  const lost = {
    name: "QwenError",
    code: "write-failed",
    message: expect.stringContaining("another program took its lock"),
  };

  /** Another program takes the lock as soon as it is there, as after a hang of seconds. */
  function stealing(path: string, answer: string | typeof REMOVED) {
    let times = 0;
    const update = updatePrivateFile(MACHINE, {
      path,
      read: () => readFileSync(path, "utf8"),
      rewrite: () => {
        if (existsSync(`${path}.lock`)) {
          times += 1;
          rmSync(`${path}.lock`);
          writeFileSync(`${path}.lock`, "another's");
        }
        return answer;
      },
    });
    return { update, times: () => times };
  }

  test.each([
    ["writes nothing", "new"],
    ["removes nothing", REMOVED],
  ] as const)("%s, and leaves the other's lock", async (_name, answer) => {
    const directory = temporaryDirectory();
    const path = join(directory, "tokens");
    writeFileSync(path, "old", { mode: 0o600 });
    const { update, times } = stealing(path, answer);
    await expect(update).rejects.toMatchObject(lost);
    expect(times()).toBe(1);
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readFileSync(`${path}.lock`, "utf8")).toBe("another's");
    expect(readdirSync(directory).sort()).toEqual(["tokens", "tokens.lock"]);
  });
});

test("updatePrivateFile() has its temporary file closed to others, and made by itself alone", async () => {
  const directory = temporaryDirectory();
  const path = join(directory, "tokens");
  writeFileSync(path, "old", { mode: 0o644 });
  let seen: string[] = [];
  await holdPrivateFile(MACHINE, { path, read: () => readFileSync(path, "utf8") }, async (held) => {
    const room = held.reserve(10);
    seen = readdirSync(directory).filter((name) => name.endsWith(".tmp"));
    expect(seen.map((name) => modeOf(join(directory, name)))).toEqual(["0600"]);
    room.write("new");
  });
  expect(seen).toHaveLength(1);
  expect(readdirSync(directory)).toEqual(["tokens"]);
});

describe("holdPrivateFile() finds what a killed writer had ready", () => {
  const isWhole = (text: string) => text.trim() === "whole";

  async function textAfter(left: string, { age = 0, old }: { age?: number; old?: string } = {}) {
    const directory = temporaryDirectory();
    const path = join(directory, "tokens");
    const dead = Bun.spawn([process.execPath, "--version"], { stdout: "ignore" });
    await dead.exited;
    if (old !== undefined) {
      writeFileSync(path, old, { mode: 0o600 });
    }
    const temporary = join(directory, `.tokens.${dead.pid}--0123456789abcdef.tmp`);
    writeFileSync(temporary, left);
    utimesSync(temporary, Date.now() / 1000, Date.now() / 1000 - age);
    let text: string | undefined;
    const file = { path, read: () => readFileSync(path, "utf8"), isWhole };
    await holdPrivateFile(MACHINE, file, async (held) => {
      text = held.text;
    });
    expect(readdirSync(directory)).toEqual(existsSync(path) ? ["tokens"] : []);
    return text;
  }

  test("and takes it for the newer text", async () => {
    expect(await textAfter("whole\n\n\n", { old: "old", age: -5 })).toBe("whole\n\n\n");
  });

  test.each([
    ["that is not whole", "who", { old: "old", age: -5 }, "old"],
    ["that is only room", "\n\n\n", { old: "old", age: -5 }, "old"],
    ["that is older than the file", "whole", { old: "old", age: 60 }, "old"],
    ["of a file that was removed", "whole", { age: -5 }, undefined],
  ] as const)("but nothing %s", async (_name, left, options, expected) => {
    expect(await textAfter(left, options)).toBe(expected as never);
  });
});

test("provePrivateFile() answers what the update would, and changes nothing", async () => {
  const directory = temporaryDirectory();
  const path = join(directory, "file");
  writeFileSync(path, "not a directory");
  const below = { path: join(path, "tokens"), read: () => "", rewrite: () => "new" };
  const proof = provePrivateFile(MACHINE, below).catch((error: unknown) => error);
  const update = updatePrivateFile(MACHINE, below).catch((error: unknown) => error);
  expect(await proof).toMatchObject({ code: "write-failed" });
  expect(await update).toMatchObject({ code: "write-failed" });
  const fine = { path: join(directory, "a/b/tokens"), read: () => "", rewrite: () => "new" };
  await provePrivateFile(MACHINE, fine);
  expect(readdirSync(directory)).toEqual(["file"]);
});
