import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openBrowser } from "../../src/lib/open-browser.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const PAGE = "https://chat.qwen.ai/authorize?user_code=A&client=b c";

describe("openBrowser()", () => {
  test.each([
    ["linux", "xdg-open", [PAGE]],
    ["freebsd", "xdg-open", [PAGE]],
    ["darwin", "open", [PAGE]],
    ["win32", "rundll32", ["url.dll,FileProtocolHandler", PAGE]],
  ])("asks the opener of %s, which knows no key", async (platform, program, words) => {
    const directory = temporaryDirectory();
    const [opener, log] = [join(directory, program), join(directory, "log")];
    const said = `printf '%s\\n' "$@" "$DISPLAY:$A_KEY" > ${log}.part && mv ${log}.part ${log}`;
    writeFileSync(opener, `#!/bin/sh\nPATH=/usr/bin:/bin\n${said}\n`);
    chmodSync(opener, 0o755);
    const env = { PATH: directory, DISPLAY: ":7", A_KEY: "sk-secret" };
    expect(openBrowser({ env, platform }, PAGE)).toBe(true);
    while (!existsSync(log)) {
      await Bun.sleep(1);
    }
    expect(readFileSync(log, "utf8").trimEnd().split("\n")).toEqual([...words, ":7:"]);
  });

  test("says so where there is none", () => {
    const env = { PATH: temporaryDirectory() };
    expect(openBrowser({ env, platform: "linux" }, PAGE)).toBe(false);
  });
});
