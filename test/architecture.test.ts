import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { Glob } from "bun";

const SRC = join(import.meta.dir, "..", "src");

/** DESIGN: a room imports only rooms to its right; `·` stands for peers that share a column. */
const COLUMNS: Readonly<Record<string, number>> = {
  main: -1,
  start: 0,
  cli: 1,
  commands: 2,
  prompts: 3,
  connect: 4,
  flags: 5,
  chat: 5,
  doctor: 5,
  broker: 5,
  auth: 6,
  models: 7,
  trust: 8,
  protocols: 9,
  http: 10,
  settings: 11,
  env: 11,
  secrets: 11,
  lib: 12,
};

/** Rooms that may draw on the terminal; `connect` shows that it waits. */
const DRAWS = new Set(["start", "cli", "commands", "prompts", "connect", "chat", "terminal"]);

/** Types, errors and tables of words that everybody may import. */
const COMMON = new Set(["runtime", "processes", "errors", "source", "words"]);

/** The one file that a dependency stands behind; valibot is a vocabulary, used by every schema. */
const IMPORTERS: Readonly<Record<string, readonly string[]>> = {
  citty: ["cli/parse-arguments.ts", "flags/flag.ts"],
  "@clack/core": [
    "terminal/draw-picker.ts",
    "terminal/group-picker.ts",
    "terminal/list-prompt.ts",
    "terminal/many-picker.ts",
  ],
  "@clack/prompts": [
    "terminal/clack-prompter.ts",
    "terminal/draw-picker.ts",
    "terminal/list-prompt.ts",
    "terminal/many-picker.ts",
  ],
  marked: ["chat/markdown/read-inline.ts"],
  picocolors: ["terminal/color-style.ts"],
  "jsonc-parser": ["lib/json/jsonc.ts"],
  "eventsource-parser": ["protocols/server-sent-events.ts"],
  "fastest-levenshtein": ["lib/closest.ts"],
  // What comes over the network; the hot path is checked by lib/json/shape.ts.
  valibot: [
    "auth/oauth/account-response.ts",
    "auth/oauth/device-flow.ts",
    "auth/oauth/token-response.ts",
    "auth/transfer/set-up.ts",
    "chat/stored/session-text.ts",
    "protocols/read-model-page.ts",
  ],
  // Machine code: a wrong argument ends the process.
  "bun:ffi": ["lib/make-undumpable.ts", "lib/start-anew.ts"],
};

type Import = { readonly file: string; readonly target: string };

const files = [...new Glob("**/*.ts").scanSync(SRC)].sort();
const imports: readonly Import[] = files.flatMap((file) =>
  [...read(file).matchAll(/(?:from |import |import\()"([^"\n]+)"/g)].map(([, target = ""]) => ({
    file,
    target,
  })),
);

describe("architecture", () => {
  test("a room imports only rooms to its right", () => {
    const wrong = imports.filter(({ target }) => target.startsWith(".")).filter(isForbidden);
    expect(wrong).toEqual([]);
  });

  test("no import leads back to where it started, those of types included", () => {
    expect(circles()).toEqual([]);
  });

  test("tests with real releases of other programs, which take minutes, stand apart", () => {
    const withReleases = [...new Glob("**/*.test.ts").scanSync(import.meta.dir)].filter((file) =>
      /from ".*\/(?:qwen-code|tool)-release\.ts"/.test(
        readFileSync(join(import.meta.dir, file), "utf8"),
      ),
    );
    expect(withReleases.filter((file) => !file.startsWith("peers/"))).toEqual([]);
    expect(withReleases).not.toEqual([]);
  });

  test("no folder holds more than 25 files", () => {
    const counts = new Map<string, number>();
    for (const file of files) {
      counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    }
    expect([...counts].filter(([, count]) => count > 25)).toEqual([]);
  });

  test("every room is known to this test", () => {
    const rooms = new Set(files.map(roomOf));
    const known = new Set([...Object.keys(COLUMNS), ...COMMON, "terminal"]);
    expect([...rooms].filter((room) => !known.has(room))).toEqual([]);
  });

  test("each dependency stands behind the files named for it", () => {
    const found: Record<string, string[]> = {};
    for (const { file, target } of imports) {
      if (!target.startsWith(".") && !target.startsWith("node:")) {
        found[target] = [...new Set([...(found[target] ?? []), file])];
      }
    }
    expect(sorted(found)).toEqual(sorted(IMPORTERS));
  });

  test("every dependency of package.json is used", () => {
    const { dependencies } = JSON.parse(readFileSync(join(SRC, "..", "package.json"), "utf8"));
    const installed = Object.keys(IMPORTERS).filter((name) => !name.startsWith("bun:"));
    expect(Object.keys(dependencies).sort()).toEqual(installed.sort());
  });

  test.each(["process.", "console.", "Date.now(", "fetch("])(
    "only main.ts and start.ts use the global %s",
    (global) => {
      const escaped = global.replace(/[.()]/g, "\\$&");
      const pattern = new RegExp(`(?<![\\w.\`"'])${escaped}`);
      const users = files.filter((file) => pattern.test(withoutComments(read(file))));
      expect(users.filter((file) => !["main.ts", "start.ts"].includes(file))).toEqual([]);
    },
  );

  test("only `auth token`, `auth env`, `auth export` and `auth status` print a key", () => {
    const callers = files.filter((file) => read(file).includes("stdout.writeSecret("));
    expect(callers).toEqual([
      "commands/auth/env.ts",
      "commands/auth/export.ts",
      "commands/auth/status.ts",
      "commands/auth/token.ts",
    ]);
  });

  test("only a device login shows what no redactor has seen on stderr", () => {
    const callers = files.filter((file) => read(file).includes("stderr.writeSecret("));
    expect(callers).toEqual(["prompts/show-device-login.ts"]);
  });

  test("no file of src is longer than 300 lines", () => {
    const long = files.filter((file) => read(file).split("\n").length > 301);
    expect(long).toEqual([]);
  });
});

function read(file: string): string {
  return readFileSync(join(SRC, file), "utf8");
}

function roomOf(file: string): string {
  const [first = ""] = file.split("/");
  return first.replace(/\.ts$/, "");
}

/** Files that lie on a circle of imports: what is left when files without imports are taken away. */
function circles(): string[] {
  const open = new Map(files.map((file) => [file, new Set(importedBy(file))]));
  for (let size = -1; size !== open.size; ) {
    size = open.size;
    for (const [file, targets] of open) {
      if (![...targets].some((target) => open.has(target))) {
        open.delete(file);
      }
    }
  }
  return [...open.keys()];
}

function importedBy(file: string): string[] {
  return imports
    .filter((each) => each.file === file && each.target.startsWith("."))
    .map(({ target }) => join(dirname(file), target));
}

function isForbidden({ file, target }: Import): boolean {
  const imported = relative(SRC, join(SRC, dirname(file), target));
  const [from, to] = [roomOf(file), roomOf(imported)];
  if (from === to || COMMON.has(to) || imported.startsWith("..")) {
    return imported.startsWith("..") && imported !== join("..", "package.json");
  }
  if (to === "terminal") {
    return !DRAWS.has(from);
  }
  if (from === "terminal" || COMMON.has(from)) {
    return true;
  }
  return (COLUMNS[from] ?? 99) >= (COLUMNS[to] ?? -1);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
}

function sorted(table: Readonly<Record<string, readonly string[]>>): [string, string[]][] {
  return Object.entries(table)
    .map(([key, values]): [string, string[]] => [key, [...values].sort()])
    .sort(([left], [right]) => left.localeCompare(right));
}
