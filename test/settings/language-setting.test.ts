import { expect, test } from "bun:test";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { languageSetting } from "../../src/settings/language-setting.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

function place(home: string) {
  return { env: {}, cwd: home, home, platform: "linux" };
}

function homeWith(text: string | Uint8Array): string {
  const home = temporaryDirectory();
  mkdirSync(join(home, ".qwen"));
  writeFileSync(join(home, ".qwen", "settings.json"), text);
  return home;
}

test.each([
  ['{ "general": { "language": "zh" } }', "zh"],
  ['// a comment\n{ "general": { "language": "en", }, }', "en"],
  ['\uFEFF{ "general": { "language": "zh" } }', "zh"],
  ['{ "general": { "language": 3 } }', undefined],
  ['{ "general": { "language": ["zh"] } }', undefined],
  ['{ "general": "language" }', undefined],
  ['{ "language": "zh" }', undefined],
  ['{ "general": { "language": ', undefined],
  ['["language"]', undefined],
  ["", undefined],
  [new Uint8Array([0xff, 0xfe, 0x00]), undefined],
])("languageSetting() of %j is %j", async (text, language) => {
  expect(await languageSetting(place(homeWith(text)))).toBe(language);
});

test("languageSetting() reads `$QWEN_HOME`", async () => {
  const home = homeWith('{ "general": { "language": "zh" } }');
  const elsewhere = { ...place(temporaryDirectory()), env: { QWEN_HOME: join(home, ".qwen") } };
  expect(await languageSetting(elsewhere)).toBe("zh");
});

test.each(["q/../.qwen", "~/q/../.qwen", "HOME/q/../.qwen", "./q/.././.qwen/", "HOME//.qwen/."])(
  "languageSetting() reads the settings that everything else reads, for QWEN_HOME=%s over a link",
  async (chosen) => {
    const home = homeWith('{ "general": { "language": "zh" } }');
    symlinkSync(temporaryDirectory(), join(home, "q"));
    const env = { QWEN_HOME: chosen.replace("HOME", home) };
    expect(await languageSetting({ ...place(home), env })).toBe("zh");
  },
);

test("languageSetting() waits for nothing that is no file, and reads none without end", async () => {
  const none = temporaryDirectory();
  expect(await languageSetting(place(none))).toBeUndefined();
  mkdirSync(join(none, ".qwen", "settings.json"), { recursive: true });
  expect(await languageSetting(place(none))).toBeUndefined();
  const device = temporaryDirectory();
  mkdirSync(join(device, ".qwen"));
  symlinkSync("/dev/zero", join(device, ".qwen", "settings.json"));
  expect(await languageSetting(place(device))).toBeUndefined();
  const pipe = temporaryDirectory();
  mkdirSync(join(pipe, ".qwen"));
  Bun.spawnSync(["mkfifo", join(pipe, ".qwen", "settings.json")]);
  expect(await languageSetting(place(pipe))).toBeUndefined();
  const large = homeWith('{ "general": { "language": "zh" } }');
  truncateSync(join(large, ".qwen", "settings.json"), 2 ** 33);
  const chosen = '{ "general": { "language": "zh" } }';
  expect(await languageSetting(place(homeWith(chosen.padEnd(8 * 2 ** 20))))).toBe("zh");
  expect(await languageSetting(place(homeWith(chosen.padEnd(8 * 2 ** 20 + 1))))).toBeUndefined();
  expect(await languageSetting(place(large))).toBeUndefined();
});
