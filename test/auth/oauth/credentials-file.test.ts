import { describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { dirname, join } from "node:path";
import {
  credentialsPath,
  holdCredentials,
  holdsTokens,
  isBlank,
  loadCredentials,
  proveCredentials,
  proveRemoval,
  removeCredentials,
  saveCredentials,
} from "../../../src/auth/oauth/credentials-file.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";
import { laterProblemOf, problemOf } from "../../support/problem-of.ts";
import { machine } from "../../support/qwen.ts";

const TOKENS = {
  access_token: "access-0123456789",
  refresh_token: "refresh-0123456789",
  token_type: "Bearer",
  expiry_date: 1_900_000_000_000,
};

/** A machine whose file of tokens holds this. */
function stored(content?: string | object, mode = 0o600) {
  const at = machine();
  if (content !== undefined) {
    at.write(".qwen/oauth_creds.json", content, mode);
  }
  const runtime = fakeRuntime({ home: at.home });
  return { at, runtime, path: credentialsPath(runtime) };
}

test("credentialsPath() follows QWEN_HOME", () => {
  const { home } = machine();
  const at = (env: Record<string, string>) => credentialsPath(fakeRuntime({ home, env }));
  expect([at({}), at({ QWEN_HOME: "~/x" })]).toEqual([
    join(home, ".qwen/oauth_creds.json"),
    join(home, "x/oauth_creds.json"),
  ]);
});

test.each([
  ["", true],
  [" \n\t", true],
  ["{}", false],
])("isBlank(%j) is %p", (text, expected) => {
  expect(isBlank(text)).toBe(expected);
});

describe("holdsTokens()", () => {
  test.each([
    ["a file with tokens", TOKENS, true],
    ["one that is not understood", "{", true],
    ["an empty file", "", false],
    ["no file", undefined, false],
  ])("of %s is %p", (_name, content, expected) => {
    expect(holdsTokens(stored(content).path)).toBe(expected);
  });

  test("of a directory is false", () => {
    const { at, path } = stored();
    at.write(".qwen/oauth_creds.json/file", "x");
    expect(holdsTokens(path)).toBe(false);
  });

  test("of a link is what the file behind it holds", () => {
    const { at, path } = stored();
    const target = at.write(".qwen/real.json", TOKENS);
    symlinkSync(target, path);
    expect(holdsTokens(path)).toBe(true);
  });
});

describe("loadCredentials()", () => {
  test("reads tokens, and shows them nowhere", () => {
    const { runtime, path } = stored(TOKENS);
    expect(loadCredentials(runtime)).toMatchObject({
      path,
      warnings: [],
      credentials: {
        accessToken: TOKENS.access_token,
        refreshToken: TOKENS.refresh_token,
        expiresAt: TOKENS.expiry_date,
      },
    });
    expect(runtime.secrets).toEqual([TOKENS.access_token, TOKENS.refresh_token]);
  });

  test.each([undefined, "", " \n"])("finds none in %j", (content) => {
    expect(loadCredentials(stored(content).runtime)).toBeUndefined();
  });

  test.each([0o640, 0o604, 0o644])("warns of others who can read it: %o", (mode) => {
    const { runtime, path } = stored(TOKENS, mode);
    const shown = `0${mode.toString(8)}`;
    expect(loadCredentials(runtime)?.warnings).toEqual([
      `others can read \`${path}\`, which holds tokens (mode ${shown}): run \`chmod 600 ${path}\``,
    ]);
  });

  test("refuses one that others may write", () => {
    const { runtime, path } = stored(TOKENS);
    chmodSync(path, 0o602);
    expect(problemOf(() => loadCredentials(runtime))).toMatchObject({ name: "ConfigError" });
  });

  test.each(["{", "[]", "{}", { ...TOKENS, access_token: 3 }])("refuses %j", (content) => {
    const { runtime } = stored(content);
    expect(problemOf(() => loadCredentials(runtime))).toMatchObject({ name: "ConfigError" });
    expect(runtime.secrets).toEqual([]);
  });

  test.each([
    [1024 * 1024, false],
    [1024 * 1024 + 1, true],
  ])("of %i bytes is refused: %p", (size, isRefused) => {
    const { runtime } = stored(JSON.stringify(TOKENS).padEnd(size));
    expect(problemOf(() => loadCredentials(runtime)) !== undefined).toBe(isRefused);
  });
});

describe("removeCredentials()", () => {
  test.each([
    ["tokens", TOKENS],
    ["what is not understood", "{"],
  ])("removes %s", async (_name, content) => {
    const { runtime, path } = stored(content);
    expect(await removeCredentials(runtime)).toMatchObject({ changed: true });
    expect(existsSync(path) && readFileSync(path, "utf8") !== "").toBe(false);
  });

  test("has nothing to do where there is nothing", async () => {
    const { runtime } = stored();
    expect(await removeCredentials(runtime)).toMatchObject({ changed: false });
    expect(await laterProblemOf(() => removeCredentials(runtime))).toBeUndefined();
  });
});

describe("holdCredentials()", () => {
  /** More than any system gives: nobody has it. */
  const DEAD = 2 ** 31 - 1;

  test.each<[string, string, string]>([
    [
      "takes whole tokens that a killed writer had ready",
      JSON.stringify({ ...TOKENS, access_token: "newer-0123456789" }),
      "newer-0123456789",
    ],
    ["takes none that are cut off", JSON.stringify(TOKENS).slice(0, -9), TOKENS.access_token],
    ["takes no room that was put by", " ".repeat(100), TOKENS.access_token],
  ])("%s", async (_what, left, token) => {
    const { at, runtime, path } = stored(TOKENS);
    utimesSync(path, 1, 1);
    at.write(`.qwen/.oauth_creds.json.${DEAD}--0123456789abcdef.tmp`, left);
    let text = "";
    await holdCredentials(runtime, async (held) => {
      text = held.text ?? "";
    });
    expect(JSON.parse(text).access_token).toBe(token);
    expect(readdirSync(dirname(path))).toEqual(["oauth_creds.json"]);
  });
});

test("saveCredentials() writes what loadCredentials() reads, closed to others", async () => {
  const { runtime, path } = stored();
  const { credentials } = loadCredentials(stored(TOKENS).runtime) ?? {};
  if (credentials === undefined) {
    throw new Error("no tokens");
  }
  await proveCredentials(runtime);
  expect(existsSync(path)).toBe(false);
  expect(await saveCredentials(runtime, credentials)).toMatchObject({ changed: true });
  expect(loadCredentials(runtime)).toMatchObject({ credentials, warnings: [] });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await proveRemoval(runtime);
  expect(existsSync(path)).toBe(true);
});
