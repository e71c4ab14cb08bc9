import { expect, setDefaultTimeout, test } from "bun:test";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testUnless } from "../support/needs.ts";
import { ARCHIVE, mirror, pathWith, release, sha256 } from "./release.ts";
import { directory, INSTALLER, REPOSITORY } from "./run-installer.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(90_000);

/** Lines of the guides that install something, as they stand there. */
function linesOf(page: string): readonly string[] {
  const text = readFileSync(join(REPOSITORY, page), "utf8");
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
  return blocks
    .flatMap((block) => block.split("\n"))
    .filter((line) =>
      /install\.sh"? \||sh install\.sh --(?:archive|print-target|uninstall)/.test(line),
    );
}

const PAGES = ["README.md", "docs/installing.md"];
const can = testUnless(
  ARCHIVE === "qwen-linux-x64.tar.gz" ? undefined : "the guides name the archive of linux-x64",
);

const files = release({ "install.sh": readFileSync(INSTALLER) }, "0.1.0");

for (const [page, line] of PAGES.flatMap((page) => linesOf(page).map((line) => [page, line]))) {
  can(`${page}: ${line}`, async () => {
    const { url } = mirror(files, undefined, "0.1.0");
    const [home, cwd] = [directory("home"), directory("cwd")];
    copyFileSync(INSTALLER, join(cwd, "install.sh"));
    for (const name of [ARCHIVE, "SHA256SUMS"]) writeFileSync(join(cwd, name), files[name] ?? "");
    const written = (line ?? "").replace(/\bHEX\b/, sha256(files[ARCHIVE] ?? ""));
    // As somebody types it: URL is a variable of the shell.
    const child = Bun.spawn(
      [Bun.which("bash") ?? "bash", "-o", "pipefail", "-c", `URL=${url}\n${written}`],
      {
        cwd,
        // Nobody is root there, so that it stays in this home.
        env: { PATH: pathWith("curl"), HOME: home },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    expect({ stderr, code: await child.exited }).toEqual({ stderr, code: 0 });
    expect(`${stdout}${stderr}`).toMatch(
      /installed qwen 0\.1\.0: |^linux-x64(?:-musl)?\n$|there is no .*\/qwen\n/,
    );
    expect(existsSync(join(cwd, "qwen"))).toBe(false);
  });
}

test("the guides have such lines", () => {
  expect(PAGES.map((page) => linesOf(page).length)).toEqual([4, 6]);
});
