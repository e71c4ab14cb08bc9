import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadVariables } from "../../src/env/load-variables.ts";
import type { Source } from "../../src/source.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { writeFiles } from "./write-files.ts";

const SHELL: Source = { kind: "env", name: "A_KEY", origin: "user" };
const DOTENV: Source = { kind: "dotenv", name: "A_KEY", path: "/repo/.env", origin: "project" };

describe("loadVariables() looks up", () => {
  type Case = {
    readonly name: string;
    readonly shell?: string;
    readonly file?: string;
    readonly dotenv?: string;
    readonly names?: readonly string[];
    readonly expected: readonly [value: string, ...sources: Source["kind"][]] | undefined;
  };
  const cases: readonly Case[] = [
    { name: "nothing where nothing is set", expected: undefined },
    { name: "the shell", shell: "s", expected: ["s", "env"] },
    { name: "the file", file: "f", expected: ["f", "file"] },
    { name: "the `.env`", dotenv: "d", expected: ["d", "dotenv"] },
    {
      name: "the shell before the file before the `.env`",
      shell: "s",
      file: "f",
      dotenv: "d",
      expected: ["s", "env", "file", "dotenv"],
    },
    {
      name: "the file before the `.env`",
      file: "f",
      dotenv: "d",
      expected: ["f", "file", "dotenv"],
    },
    {
      name: "the shell before the `.env`",
      shell: "s",
      dotenv: "d",
      expected: ["s", "env", "dotenv"],
    },
    { name: "no empty shell value", shell: "", file: "f", expected: ["f", "file"] },
    { name: "no empty file", file: "", dotenv: "d", expected: ["d", "dotenv"] },
    { name: "no blank file", file: " \r\n\ufeff", dotenv: "d", expected: ["d", "dotenv"] },
    { name: "no empty file in the shadow", shell: "s", file: "", expected: ["s", "env"] },
    {
      name: "no file for a name that nobody asked for",
      file: "f",
      dotenv: "d",
      names: ["B_KEY"],
      expected: ["d", "dotenv"],
    },
  ];
  for (const { name, shell, file, dotenv, names = ["A_KEY", "A_KEY"], expected } of cases) {
    test(name, () => {
      const path = join(temporaryDirectory(), "key");
      if (file !== undefined) {
        writeFileSync(path, file);
      }
      const fileSource: Source = { kind: "file", name: "A_KEY_FILE", path, origin: "user" };
      const sources = { env: SHELL, file: fileSource, dotenv: DOTENV };
      const { lookup, failures } = loadVariables({
        env: { A_KEY: shell, A_KEY_FILE: file === undefined ? undefined : path },
        dotenv: dotenvOf(dotenv),
        names,
      });
      const [value, ...kinds] = expected ?? [];
      const [source, ...shadowed] = kinds.map(
        (kind) => Object.entries(sources).find(([key]) => key === kind)?.[1],
      );
      expect<unknown>(lookup("A_KEY")).toEqual(expected && { value, source, shadowed });
      expect([...failures]).toEqual([]);
    });
  }

  test("no property that every object has", () => {
    const { lookup } = loadVariables({ env: {}, dotenv: dotenvOf(), names: ["constructor"] });
    expect(lookup("constructor")).toBeUndefined();
    expect(lookup("__proto__")).toBeUndefined();
  });

  test("no denied name in a file", () => {
    const root = writeFiles({ key: "x" });
    const env = { QWEN_HOME_FILE: join(root, "key") };
    const { lookup } = loadVariables({ env, dotenv: dotenvOf(), names: ["QWEN_HOME"] });
    expect(lookup("QWEN_HOME")).toBeUndefined();
  });
});

describe("loadVariables() reads a key file", () => {
  const cases: readonly (readonly [name: string, content: string, expected: string])[] = [
    ["without the final newline", "sk-1\n", "sk-1"],
    ["without a byte order mark and spaces", "\ufeff \tsk-1 \r\n", "sk-1"],
    ["with what stands inside it", "a b\nc", "a b\nc"],
    ["of exactly 64 KiB", "k".repeat(64 * 1024), "k".repeat(64 * 1024)],
  ];
  for (const [name, content, expected] of cases) {
    test(name, () => {
      const root = writeFiles({ key: content });
      expect(loadKey(join(root, "key")).lookup("A_KEY")?.value).toBe(expected);
    });
  }

  test("through a link, as containers mount secrets", () => {
    const root = writeFiles({ "data/key": "sk-1\n" });
    Bun.spawnSync(["ln", "-s", "data/key", join(root, "key")]);
    expect(loadKey(join(root, "key")).lookup("A_KEY")?.value).toBe("sk-1");
  });

  test("from a pipe whose writer comes later and takes its time", async () => {
    const path = pipe();
    const script = 'sleep 0.1; exec 3>"$0"; printf sk- >&3; sleep 0.1; echo 1 >&3';
    const writer = Bun.spawn(["sh", "-c", script, path]);
    expect(loadKey(path).lookup("A_KEY")?.value).toBe("sk-1");
    await writer.exited;
  });

  test("from a pipe on which nobody writes as one that is empty", () => {
    const { lookup, failures } = loadKey(pipe());
    expect(lookup("A_KEY")?.source).toEqual(DOTENV);
    expect([...failures]).toEqual([]);
  });
});

describe("loadVariables() records a failure for", () => {
  const cases: readonly (readonly [name: string, file: string, why: string])[] = [
    ["a file that is missing", "missing", "no such file or directory (ENOENT)"],
    ["a directory", "directory", "it is neither a file nor a pipe"],
    ["a device", "/dev/zero", "it is neither a file nor a pipe"],
    ["a path through a file", "large/key", "a part of the path is not a directory (ENOTDIR)"],
    ["a file over 64 KiB", "large", "it is larger than 64 KiB"],
  ];
  for (const [name, file, why] of cases) {
    test(name, () => {
      const root = writeFiles({ "directory/README": "", large: "sk-secret".repeat(8 * 1024) });
      const path = file.startsWith("/") ? file : join(root, file);
      const { lookup, failures } = loadKey(path);
      expect(lookup("A_KEY")).toBeUndefined();
      expect([...failures.keys()]).toEqual(["A_KEY"]);
      expect(failures.get("A_KEY")).toMatchObject({
        name: "ConfigError",
        code: "key-file-unreadable",
        message: `Cannot read \`${path}\`, which \`A_KEY_FILE\` names: ${why}`,
        hint: "correct or unset `A_KEY_FILE`",
      });
    });
  }

  test("no file that the shell's value makes needless", () => {
    const env = { A_KEY: "s", A_KEY_FILE: "/nowhere" };
    const { lookup, failures } = loadVariables({ env, dotenv: dotenvOf(), names: ["A_KEY"] });
    expect(lookup("A_KEY")).toEqual({ value: "s", source: SHELL, shadowed: [] });
    expect([...failures]).toEqual([]);
  });
});

function loadKey(path: string): ReturnType<typeof loadVariables> {
  return loadVariables({ env: { A_KEY_FILE: path }, dotenv: dotenvOf("d"), names: ["A_KEY"] });
}

function dotenvOf(value?: string): Parameters<typeof loadVariables>[0]["dotenv"] {
  return { variables: new Map(value === undefined ? [] : [["A_KEY", { value, source: DOTENV }]]) };
}

function pipe(): string {
  const path = join(temporaryDirectory(), "pipe");
  Bun.spawnSync(["mkfifo", path]);
  return path;
}

test("loadVariables() takes what the settings list as logins after the one `.env`", () => {
  const login: Source = {
    kind: "dotenv",
    name: "A_KEY",
    path: "/home/me/.qwen/.env",
    origin: "user",
  };
  const logins = new Map([["A_KEY", { value: "own", source: login }]]);
  const lookup = (env: Readonly<Record<string, string>>, own: boolean) => {
    const variables = new Map(own ? [["A_KEY", { value: "d", source: DOTENV }] as const] : []);
    return loadVariables({ env, dotenv: { variables, logins }, names: [] }).lookup("A_KEY");
  };
  expect(lookup({}, false)).toEqual({ value: "own", source: login, shadowed: [] });
  expect(lookup({}, true)).toEqual({ value: "d", source: DOTENV, shadowed: [login] });
  expect(lookup({ A_KEY: "s" }, true)).toEqual({
    value: "s",
    source: SHELL,
    shadowed: [DOTENV, login],
  });
  const none = loadVariables({ env: {}, dotenv: { variables: new Map(), logins }, names: [] });
  expect(none.lookup("B_KEY")).toBeUndefined();
});
