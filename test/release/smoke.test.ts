import { expect, setDefaultTimeout } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT, VERSION } from "../../build/project.ts";
import { archiveName, hostTarget } from "../../build/targets.ts";
import { missingPrograms, testUnless } from "../support/needs.ts";
import { machine } from "../support/qwen.ts";
import { run } from "../support/shell.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(30_000);

const host = hostTarget();
const skip =
  host === undefined
    ? "there is no target for this machine"
    : missingPrograms("sh", "tar", "gzip", "curl");

/** As much of a release as the installer asks for on this machine, with this program in it. */
function release(script: string): string {
  const directory = temporaryDirectory();
  const program = join(temporaryDirectory(), "qwen");
  writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const archive = host === undefined ? "none" : archiveName(host);
  Bun.spawnSync(["tar", "-czf", join(directory, archive), "-C", dirname(program), "qwen"]);
  const sum = new Bun.SHA256().update(readFileSync(join(directory, archive))).digest("hex");
  const files = {
    SHA256SUMS: `${sum}  ${archive}\n`,
    LATEST: `${VERSION}\n`,
    "manifest.json": `{\n  "version": "${VERSION}"\n}\n`,
    "install.sh": readFileSync(join(ROOT, "install.sh")),
  };
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(directory, name), content);
  }
  return directory;
}

const only = `[ "$1" = --version ] && echo ${VERSION}`;

// The last on a runner of another CPU, where the installer takes the build for that. What passes
// is no test of the suite: it takes a release, and ci.yml does it on every system.
testUnless(skip).each([
  ["prints another version", "echo 9.9.9", `is not version ${VERSION}`],
  ["prints nothing but its version", only, "JSON Parse error"],
  ["is for another target", `${only} || echo '{"target":"plan9-x64"}'`, "plan9-x64"],
])("a program that %s is refused", async (_name, script, complaint) => {
  const smoke = [process.execPath, join(import.meta.dir, "smoke.ts")];
  const ran = await run(machine(), [...smoke, release(script), host?.id ?? "none"]);
  expect(ran).toEqual({ exitCode: 1, stdout: "", stderr: expect.stringContaining(complaint) });
});
