import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigError, QwenError } from "../../../src/errors.ts";
import { LockError } from "../../../src/lib/files/lock-file.ts";
import { writeFailure } from "../../../src/lib/files/write-failure.ts";
import { cannotMount, inNamespace } from "../../support/namespace.ts";
import { testUnless } from "../../support/needs.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const PATH = "/none/here/settings.json";
const LINKED = "/none/there/real.json";
const HOME = "point QWEN_HOME to another directory";

function systemError(code: string): Error {
  return Object.assign(new Error("as the system says it"), { code });
}

describe("writeFailure() has a hint for", () => {
  test.each([
    ["EACCES", `make \`/none/here\` writable for yourself, or ${HOME}`],
    [
      "EPERM",
      `clear what protects \`${PATH}\` or \`/none/here\`, such as an immutable flag (\`lsattr -d\`)`,
    ],
    ["EROFS", `make \`/none/here\` writable, or ${HOME}`],
    ["ENOSPC", "free some space on the disk of `/none/here`"],
    ["EDQUOT", "free some of your quota on the disk of `/none/here`"],
    ["EFBIG", "raise the limit on the size of files (`ulimit -f`)"],
    ["EBUSY", "mount the directory `/none/here`, not the single file"],
    ["EXDEV", "mount the directory `/none/here`, not the single file"],
    ["ETXTBSY", `end the program that runs from \`${PATH}\``],
    ["EEXIST", `make \`/none/here\` a directory, or ${HOME}`],
    ["ENOTDIR", `make \`/none/here\` a directory, or ${HOME}`],
    ["ENOTEMPTY", `make \`/none/here\` a directory, or ${HOME}`],
    ["EISDIR", `remove the directory \`${PATH}\``],
    ["ENOENT", "check that `/none/here` exists and can be written"],
    ["ELOOP", `correct the links that lead to \`${PATH}\``],
    ["ENAMETOOLONG", HOME],
    ["EMFILE", "raise the limit on open files (`ulimit -n`)"],
    ["EAGAIN", "end other programs, and run the command again"],
    ["EIO", "check the disk of `/none/here` (`dmesg` may say more)"],
    ["ESTALE", "mount the file system of `/none/here` again"],
    ["EOPNOTSUPP", `check the file system of \`/none/here\`, or ${HOME}`],
    ["EODD", "check the file system of `/none/here`"],
  ])("%s", (code, hint) => {
    const cause = systemError(code);
    const failure = writeFailure({ path: PATH }, PATH, cause);
    expect(failure).toBeInstanceOf(QwenError);
    expect(failure).toMatchObject({ code: "write-failed", hint, exitCode: 1, cause });
    expect(failure.message).toStartWith(`Cannot write \`${PATH}\`: `);
    expect(failure.message).toContain(code);
  });
});

test.each<[string, Parameters<typeof writeFailure>, object]>([
  [
    "both paths of a link, which is changed where it is made",
    [{ path: PATH }, LINKED, systemError("EROFS")],
    {
      message: `Cannot write \`${PATH}\` (it leads to \`${LINKED}\`): the file system is read-only (EROFS)`,
      hint: `change \`${LINKED}\` where it is made, or put a file of your own in place of the link`,
    },
  ],
  [
    "the directory of what a link leads to",
    [{ path: PATH }, LINKED, systemError("EACCES")],
    {
      message: `Cannot write \`${PATH}\` (it leads to \`${LINKED}\`): permission denied (EACCES)`,
      hint: `make \`/none/there\` writable for yourself, or ${HOME}`,
    },
  ],
  [
    "the other scope of a project's file, and a removal",
    [{ path: PATH, confinedTo: "/none", purpose: "remove" }, PATH, systemError("EACCES")],
    {
      message: `Cannot remove \`${PATH}\`: permission denied (EACCES)`,
      hint: "make `/none/here` writable for yourself, or leave out `--scope project`",
    },
  ],
  [
    "what stands in the place of a lock",
    [{ path: PATH }, PATH, new LockError("the lock `x` is not a regular file")],
    {
      message: `Cannot write \`${PATH}\`: the lock \`x\` is not a regular file`,
      hint: "remove what stands there, when no program uses it",
    },
  ],
])("writeFailure() names %s", (_what, args, expected) => {
  expect(writeFailure(...args)).toMatchObject({ code: "write-failed", ...expected });
});

test("writeFailure() leaves a message for people as it is", () => {
  const told = new ConfigError("Cannot write it: so it is");
  expect(writeFailure({ path: PATH }, PATH, told)).toBe(told);
});

test("writeFailure() throws on what is no answer of the system", () => {
  const bug = new TypeError("undefined is not a function");
  expect(() => writeFailure({ path: PATH }, PATH, bug)).toThrow(bug);
});

test("writeFailure() takes a file that could be written for no mount that is read-only", () => {
  const path = temporaryDirectory();
  expect(writeFailure({ path }, path, systemError("EROFS")).hint).toContain("writable, or");
});

describe("writeFailure() of a file that is mounted by itself", () => {
  /** The hint for a read-only file system in a place where the file is mounted so. */
  function hintWhere(mount: string, path: string) {
    const source = join(import.meta.dir, "..", "..", "..", "src/lib/files/write-failure.ts");
    const code = `
      const { writeFailure } = await import(${JSON.stringify(source)});
      const path = ${JSON.stringify(path)};
      const cause = Object.assign(new Error(), { code: "EROFS" });
      console.log(writeFailure({ path }, path, cause).hint);
    `;
    const script = `mount --bind ${path} ${path}; ${mount} exec "$BUN" --no-env-file -e "$CODE"`;
    const { stdout } = Bun.spawnSync([...inNamespace(script)], {
      env: { PATH: process.env.PATH ?? "", BUN: process.execPath, CODE: code },
      stdio: ["ignore", "pipe", "inherit"],
    });
    return stdout.toString().trimEnd();
  }

  testUnless(cannotMount())("says so where that mount is read-only, and only there", () => {
    const path = join(temporaryDirectory(), "settings.json");
    writeFileSync(path, "{}");
    expect(hintWhere(`mount -o remount,bind,ro ${path};`, path)).toBe(
      `mount \`${path}\` so that it can be written, or ${HOME}`,
    );
    expect(hintWhere("", path)).toBe(`make \`${dirname(path)}\` writable, or ${HOME}`);
  });
});
