import { describe, expect, setDefaultTimeout } from "bun:test";
import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { installFrom, mirror, pathWith } from "./release.ts";
import { DOWNLOADERS, files, hostTarget, INSTALLER, SHELLS, testWith } from "./run-installer.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(30_000);

const { url } = mirror();

const matrix = SHELLS.flatMap((shell) => DOWNLOADERS.map((tool) => [shell, tool] as const));

describe.each(matrix)("in %s with %s", (shell, downloader) => {
  testWith(shell, downloader)("a release is installed, and is the only file left", async () => {
    const path = pathWith(downloader);
    const piped = readFileSync(INSTALLER);
    for (const run of [{}, { piped }]) {
      const { code, stdout, stderr, home, binary } = await installFrom(url, {
        shell,
        path,
        ...run,
      });
      expect({ code, stdout, files: files(home), mode: statSync(binary).mode & 0o777 }).toEqual({
        code: 0,
        stdout: "",
        files: [".local", ".local/bin", ".local/bin/qwen"],
        mode: 0o755,
      });
      const bin = dirname(binary);
      expect(stderr.replace(/.*this wget leaves.*\n/, "").replaceAll(hostTarget, "TARGET")).toBe(
        `qwen-install: downloading qwen 9.9.9 for TARGET from ${new URL(url).host}
qwen-install: installed qwen 9.9.9: ${binary}
qwen-install: ${bin} is not on this shell's PATH; run: export PATH='${bin}':"$PATH"
qwen-install: next: qwen auth
`,
      );
    }
  });
});
