import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scrubSettingsCopies } from "../../../src/auth/login/scrub-settings-copies.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";

const KEY = "sk-0123456789abcdef";

function place(files: Readonly<Record<string, string>>) {
  const runtime = fakeRuntime();
  const folder = join(runtime.home, ".qwen");
  mkdirSync(folder, { mode: 0o700 });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  }
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  return { runtime, folder, read };
}

describe("scrubSettingsCopies()", () => {
  const copies = [
    ...[
      "settings.json.orig",
      "settings.json.bak",
      "settings.json.backup-2026",
      "settings.json.old",
    ],
    ...["settings.json.corrupted.17", "settings.json~", "settings.json.~2~", "settings.json.save"],
  ];
  test.each(copies)("takes a key out of %s, and leaves the rest", async (name) => {
    const { runtime, folder, read } = place({ [name]: `{"env":{"A":"${KEY}","B":"b"}}` });
    expect(await scrubSettingsCopies(runtime, [["env", "A"]], [KEY])).toEqual({
      changed: true,
      notes: [`a key was taken out of \`${join(folder, name)}\`, a copy of the settings`],
    });
    expect(read(name)).toBe('{"env":{"A":"","B":"b"}}');
    expect(readdirSync(folder)).toEqual([name]);
  });

  test("takes an older key out that only the copy has", async () => {
    const { runtime, read } = place({ "settings.json.bak": '{"env":{"A":"sk-older-0123456789"}}' });
    await scrubSettingsCopies(runtime, [["env", "A"]], [KEY]);
    expect(read("settings.json.bak")).toBe('{"env":{"A":""}}');
  });

  test.each([
    ["a reference", "settings.json.orig", '{"env":{"A":"$MY_SECRET_KEY"}}'],
    ["the place holder for no key", "settings.json.orig", '{"env":{"A":"not-needed"}}'],
    ["a key in what is no copy", "settings.json.schema", `{"env":{"A":"${KEY}"}}`],
    ["a key in another file", "notes~", KEY],
  ])("leaves %s", async (_name, file, text) => {
    const { runtime, folder, read } = place({ [file]: text });
    expect(await scrubSettingsCopies(runtime, [["env", "A"]], [KEY])).toEqual({
      changed: false,
      notes: [],
    });
    expect(read(file)).toBe(text);
    expect(readdirSync(folder)).toEqual([file]);
  });

  test.each([
    [
      "UTF-16",
      Buffer.from(`\ufeff{"env":{"A":"${KEY}"}}`, "utf16le"),
      "it is UTF-16; save it as UTF-8",
    ],
    ["too large", Buffer.alloc(8 * 1024 * 1024 + 1, " "), "it is larger than 8 MiB"],
  ])("says that a copy that is %s cannot be searched", async (_name, bytes, why) => {
    const { runtime, folder } = place({});
    const path = join(folder, "settings.json.bak");
    writeFileSync(path, bytes);
    expect(await scrubSettingsCopies(runtime, [["env", "A"]], [KEY])).toEqual({
      changed: false,
      notes: [`a copy of the key may still be in \`${path}\`: ${why}`],
    });
    expect(readFileSync(path)).toEqual(bytes);
    expect(await scrubSettingsCopies(runtime, [["env", "A"]], [])).toEqual({
      changed: false,
      notes: [],
    });
  });
});
