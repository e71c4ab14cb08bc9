import { describe, expect, setDefaultTimeout } from "bun:test";
import { chmodSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { shortenHome } from "../../../src/lib/shorten-home.ts";
import { testUnless } from "../../support/needs.ts";
import { type Machine, machine, QWEN } from "../../support/qwen.ts";
import { run } from "../../support/shell.ts";
import { cannotTrace, withFailing } from "../../support/trace-calls.ts";
import { oauthMachine, tokensOf } from "../oauth/oauth-machine.ts";

setDefaultTimeout(240_000);

const OLD = '{"ui": {"theme": "Dark"}}\n';
const KEY = "sk-0123456789abcdefghij";
const LOGIN = ["auth", "api-key", "-u", "http://127.0.0.1:9/v1", "-m", "m", "--env-key", "MY_KEY"];

type Answer = {
  readonly errno: string;
  /** What is printed of it; the name for searching is the last word. */
  readonly said: string;
  readonly hint: string;
};

const HOME = "<home>/.qwen";
const ELSEWHERE = "point QWEN_HOME to another directory";
const OTHER_PROGRAMS = "end other programs, and run the command again";
const DISK = `check the disk of \`${HOME}\` (\`dmesg\` may say more)`;
const AGAIN = `mount the file system of \`${HOME}\` again`;
const FILE_SYSTEM = `check the file system of \`${HOME}\`, or ${ELSEWHERE}`;
const IS_DIRECTORY = `make \`${HOME}\` a directory, or ${ELSEWHERE}`;
const MOUNT = `mount the directory \`${HOME}\`, not the single file`;
const UNSUPPORTED = "the file system does not support it";

/** Every error that calls about files answer, with what a person reads. */
const ANSWERS: readonly Answer[] = (
  [
    ["EACCES", "permission denied", `make \`${HOME}\` writable for yourself, or ${ELSEWHERE}`],
    ["EAGAIN", "the system has no room for it just now", OTHER_PROGRAMS],
    ["EBUSY", "it is in use, or a mount point", MOUNT],
    ["EDQUOT", "the disk quota is used up", `free some of your quota on the disk of \`${HOME}\``],
    ["EEXIST", "something else stands there", IS_DIRECTORY],
    ["EFAULT", "the system refused the call", FILE_SYSTEM],
    [
      "EFBIG",
      "the file would be larger than is allowed",
      "raise the limit on the size of files (`ulimit -f`)",
    ],
    ["EINTR", "the call was interrupted", OTHER_PROGRAMS],
    ["EINVAL", UNSUPPORTED, FILE_SYSTEM],
    ["EIO", "input/output error", DISK],
    ["EISDIR", "it is a directory", "remove the directory `<file>`"],
    ["ELOOP", "too many levels of links", "correct the links that lead to `<file>`"],
    ["EMFILE", "too many open files", "raise the limit on open files (`ulimit -n`)"],
    ["EMLINK", "too many links", FILE_SYSTEM],
    ["ENAMETOOLONG", "the name is too long", ELSEWHERE],
    ["ENFILE", "too many open files in the system", OTHER_PROGRAMS],
    ["ENODEV", "there is no such device", DISK],
    ["ENOENT", "no such file or directory", `check that \`${HOME}\` exists and can be written`],
    ["ENOMEM", "not enough memory", OTHER_PROGRAMS],
    ["ENOSPC", "no space left on the device", `free some space on the disk of \`${HOME}\``],
    ["ENOSYS", UNSUPPORTED, FILE_SYSTEM],
    ["ENOTCONN", "the file system does not answer", AGAIN],
    ["ENOTDIR", "a part of the path is not a directory", IS_DIRECTORY],
    ["ENOTEMPTY", "the directory is not empty", IS_DIRECTORY],
    ["ENXIO", "there is no such device", DISK],
    ["EOPNOTSUPP", UNSUPPORTED, FILE_SYSTEM],
    [
      "EPERM",
      "operation not permitted",
      `clear what protects \`<file>\` or \`${HOME}\`, such as an immutable flag (\`lsattr -d\`)`,
    ],
    ["EROFS", "the file system is read-only", `make \`${HOME}\` writable, or ${ELSEWHERE}`],
    ["ESTALE", "the file system of a server is gone", AGAIN],
    ["ETIMEDOUT", "the file system did not answer in time", AGAIN],
    ["ETXTBSY", "a program runs from it", "end the program that runs from `<file>`"],
    ["EUCLEAN", "the file system is damaged", DISK],
    ["EXDEV", "it is on another file system", MOUNT],
  ] as const
).map(([errno, said, hint]) => ({ errno, said, hint }));

type Call = {
  readonly name: string;
  readonly call: string;
  /** Which of these calls fails, counted from 1. */
  readonly when: string;
  /** Errors that are no reason to fail, and what is said of them. */
  readonly passed: Readonly<Record<string, string>>;
  /** What is said of every other error instead of withFailing. */
  readonly noted?: string;
  /** What else stands there afterwards. */
  readonly left?: RegExp;
  readonly umask?: string;
  readonly directoryMode?: number;
};

const IN_PLACE = "cannot be replaced (a mount point), so it was written in place";
const NO_MODES = "its file system does not keep file modes";
const nothing = (...errnos: readonly string[]) =>
  Object.fromEntries(errnos.map((errno) => [errno, ""]));
const said = (what: string, ...errnos: readonly string[]) =>
  Object.fromEntries(errnos.map((errno) => [errno, what]));
const NO_MODES_CODES = ["EPERM", "EACCES", "EINVAL", "EOPNOTSUPP", "ENOSYS"];

/** Before the login itself, one write and one fsync find out whether it will have room. */
const CALLS: readonly Call[] = [
  { name: "the write that tries", call: "pwrite64", when: "1", passed: nothing("EINTR") },
  { name: "the write of the lock", call: "pwrite64", when: "2", passed: nothing("EINTR") },
  { name: "the write", call: "pwrite64", when: "3", passed: nothing("EINTR") },
  {
    name: "the fsync of the file",
    call: "fsync",
    when: "2",
    passed: nothing("EINTR", "EINVAL", "EOPNOTSUPP", "ENOSYS"),
  },
  {
    name: "the fsync of the directory",
    call: "fsync",
    when: "3",
    passed: nothing("EINTR", "EINVAL", "EOPNOTSUPP", "ENOSYS", "EPERM", "EACCES"),
    noted: "was written, but the disk does not say that it keeps it: ",
  },
  {
    name: "the rename",
    call: "rename",
    when: "1",
    passed: { ...said(IN_PLACE, "EBUSY", "EXDEV"), ...nothing("EINTR") },
  },
  {
    name: "the link of the lock",
    call: "link",
    when: "1",
    passed: nothing(
      ...["EEXIST", "ENOTEMPTY", "ENOENT"],
      ...["EPERM", "EACCES", "EOPNOTSUPP", "ENOSYS", "EINVAL", "EMLINK", "EXDEV"],
    ),
  },
  {
    name: "the chmod of the directory",
    call: "chmod",
    when: "1",
    directoryMode: 0o755,
    passed: { ...said(NO_MODES, ...NO_MODES_CODES), ...said("is now 0700", "EINTR") },
    noted: "others can look into `<home>/.qwen` (0755), which cannot be changed: ",
  },
  {
    name: "the fchmod of the file",
    call: "fchmod",
    when: "3",
    umask: "777",
    passed: nothing(...NO_MODES_CODES, "EINTR"),
  },
];

function showing(text: string): string {
  return text.replaceAll("<home>", "~").replaceAll("<file>", "~/.qwen/settings.json");
}

/** Runs the binary with one call of it answering an error. */
function injected(at: Machine, argv: readonly string[], inject: string, umask = "022") {
  const script = `umask ${umask}; exec "$@"`;
  const all = ["sh", "-c", script, "sh", ...withFailing(inject), realpathSync(QWEN), ...argv];
  return run(at, all, { stdin: KEY, timeoutMs: 60_000 });
}

describe.each(CALLS)("when $name fails", (row) => {
  testUnless(cannotTrace()).each(ANSWERS)(`${row.call}: $errno`, async (answer) => {
    const { errno } = answer;
    const at = machine();
    at.write(".qwen/settings.json", OLD);
    chmodSync(join(at.home, ".qwen"), row.directoryMode ?? 0o700);
    const inject = `${row.call}:error=${errno}:when=${row.when}`;
    const ran = await injected(at, [...LOGIN, "--key-stdin"], inject, row.umask);
    const text = readFileSync(at.settings, "utf8");
    const names = readdirSync(join(at.home, ".qwen"));
    const passed = row.passed[errno];
    if (passed === undefined && row.noted === undefined) {
      expect(ran).toEqual({
        exitCode: 1,
        stdout: "",
        stderr: showing(
          `error: Cannot write \`<file>\`: ${answer.said} (${spelt(errno)})\n\nhint: ${answer.hint}\n`,
        ),
      });
      expect({ text, names }).toEqual({ text: OLD, names: ["settings.json"] });
      return;
    }
    expect({ exitCode: ran.exitCode, stderr: ran.stderr }).toMatchObject({ exitCode: 0 });
    const warnings = ran.stderr.split("\n").filter((line) => line.startsWith("warning: "));
    const expected = passed ?? showing(`${row.noted}${answer.said} (${spelt(errno)})`);
    expect(warnings).toEqual(expected === "" ? [] : [expect.stringContaining(expected)]);
    expect(text).toContain(KEY);
    expect(names).toEqual(["settings.json"]);
  });
});

/** The two names have one number on Linux. */
function spelt(errno: string): string {
  return errno === "EOPNOTSUPP" ? "ENOTSUP" : errno;
}

describe("when the unlink of tokens fails", () => {
  testUnless(cannotTrace()).each(ANSWERS)("unlink: $errno", async (answer) => {
    const { errno } = answer;
    const at = oauthMachine({ account: "" });
    const before = readFileSync(at.settings, "utf8");
    const ran = await injected(at, ["auth", "logout"], `unlink:error=${errno}:when=1`);
    const path = join(at.home, ".qwen/oauth_creds.json");
    if (errno === "EBUSY" || errno === "EXDEV") {
      expect(ran.exitCode).toBe(0);
      expect(ran.stderr).toContain(
        `\`${shortenHome(path, at.home)}\` is a mount point: it was emptied, not removed`,
      );
      expect(readFileSync(path, "utf8")).toBe("");
      return;
    }
    expect(ran).toMatchObject({ exitCode: 1, stdout: "" });
    expect(ran.stderr).toStartWith(
      `error: Cannot remove \`${shortenHome(path, at.home)}\`: ${answer.said} (${spelt(errno)})\n\nhint: `,
    );
    expect(tokensOf(at)).toMatchObject({ token_type: "Bearer" });
    expect(readFileSync(at.settings, "utf8")).toBe(before);
    expect(readdirSync(join(at.home, ".qwen")).sort()).toEqual([
      "oauth_creds.json",
      "settings.json",
    ]);
  });
});
