import { describe, expect, test } from "bun:test";
import { chmodSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { tightenOwnFiles } from "../../src/connect/tighten-own-files.ts";
import { setUp } from "./set-up.ts";

const OWN = ["settings.json", ".env", "trustedFolders.json", "oauth_creds.json", "accounts.json"];

/** The own files with this mode, after a command has looked at them. */
async function tightened(mode: number, more: { readonly uid?: number | undefined } = {}) {
  const files = Object.fromEntries(OWN.map((name) => [`.qwen/${name}`, `# ${name}\n`]));
  const { home, runtime } = setUp({ files });
  const paths = OWN.map((name) => join(home, ".qwen", name));
  for (const path of paths) {
    chmodSync(path, mode);
  }
  await tightenOwnFiles({ ...runtime, ...more }, { color: "never" });
  return {
    paths,
    modes: [...new Set(paths.map((path) => statSync(path).mode & 0o7777))],
    texts: paths.map((path) => readFileSync(path, "utf8")),
    said: runtime.written.stderr,
  };
}

describe("tightenOwnFiles()", () => {
  test.each([
    [0o602, "0602"],
    [0o606, "0606"],
    [0o622, "0622"],
    [0o666, "0666"],
    [0o777, "0777"],
  ])("takes a file of mode %o from others, and says so", async (mode, shown) => {
    const { paths, modes, texts, said } = await tightened(mode);
    expect(modes).toEqual([0o600]);
    expect(texts).toEqual(OWN.map((name) => `# ${name}\n`));
    expect(said).toBe(
      paths.map((path) => `warning: \`${path}\` is now 0600 (it was ${shown})\n`).join(""),
    );
  });

  test.each([0o600, 0o400, 0o644, 0o660, 0o604])("leaves one of mode %o", async (mode) => {
    const { modes, said } = await tightened(mode);
    expect([modes, said]).toEqual([[mode], ""]);
  });

  test.each([
    ["somebody else's", (process.geteuid?.() ?? 0) + 1],
    ["any where there are no owners", undefined],
  ])("leaves %s", async (_name, uid) => {
    const { modes, said } = await tightened(0o666, { uid });
    expect([modes, said]).toEqual([[0o666], ""]);
  });

  test("does nothing where there are none", async () => {
    const { runtime } = setUp();
    await tightenOwnFiles(runtime, { color: "never" });
    expect(runtime.written.stderr).toBe("");
  });
});
