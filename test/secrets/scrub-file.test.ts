import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { updatePrivateFile } from "../../src/lib/files/private-file.ts";
import { scrubbedFile, scrubSecrets } from "../../src/secrets/scrub-file.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const RUNTIME = { uid: process.geteuid?.(), sleep: Bun.sleep };

describe("scrubSecrets()", () => {
  test.each([
    ['{"a":"sk-12345678"}', '{"a":""}'],
    ["KEY=sk-12345678 # x", "KEY= # x"],
    ['{"a":"q\\"uo-te-12"}', '{"a":""}'],
    ["nothing", "nothing"],
  ])("makes of %j %j", (text, expected) => {
    expect(scrubSecrets(text, ["sk-12345678", 'q"uo-te-12'])).toBe(expected);
  });

  test("leaves short texts, which stand in the middle of words", () => {
    expect(scrubSecrets("a model", ["model", ""])).toBe("a model");
  });
});

/** Writes the file without the secrets; whether one stood there. */
async function scrubFile(path: string, secrets: readonly string[]): Promise<boolean> {
  const file = scrubbedFile(path, secrets);
  return file !== undefined && (await updatePrivateFile(RUNTIME, file)).changed;
}

describe("scrubbedFile()", () => {
  test("takes the secret out, keeps the rest and makes the file private", async () => {
    const path = join(temporaryDirectory(), "settings.json.orig");
    writeFileSync(path, '{ // mine\n"k": "sk-12345678" }', { mode: 0o644 });
    expect(await scrubFile(path, ["sk-12345678"])).toBe(true);
    expect(readFileSync(path, "utf8")).toBe('{ // mine\n"k": "" }');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await scrubFile(path, ["sk-12345678"])).toBe(false);
  });

  test("leaves a directory alone, without a lock", async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "copy"));
    expect(await scrubFile(join(directory, "copy"), ["sk-0123456789"])).toBe(false);
    expect(readdirSync(directory)).toEqual(["copy"]);
  });

  test("makes no file where there is none", async () => {
    const path = join(temporaryDirectory(), "none");
    expect(await scrubFile(path, ["sk-12345678"])).toBe(false);
    expect(existsSync(path)).toBe(false);
  });
});
