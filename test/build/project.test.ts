import { expect, test } from "bun:test";
import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../build/project.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** A source archive: what git does not know. */
function sources(): string {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "build"));
  for (const name of ["package.json", "build/project.ts"]) {
    cpSync(join(ROOT, name), join(directory, name));
  }
  return directory;
}

function stamp(name: string, env: Readonly<Record<string, string>>) {
  const script = `import { ${name} } from "./build/project.ts"; console.log(JSON.stringify(${name}()));`;
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, "-e", script], {
    cwd: sources(),
    env: { PATH: process.env.PATH ?? "", ...env },
  });
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}

test("a source archive is built without a commit, but is no release", () => {
  expect(stamp("readStamp", {})).toMatchObject({
    exitCode: 0,
    stdout: '{"commit":"unknown","epoch":0}\n',
  });
  for (const env of [{}, { QWEN_COMMIT: "c0ffee" }, { SOURCE_DATE_EPOCH: "1" }]) {
    const { exitCode, stdout, stderr } = stamp("readReleaseStamp", env);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain("set QWEN_COMMIT and SOURCE_DATE_EPOCH");
  }
  const env = { QWEN_COMMIT: "c0ffee", SOURCE_DATE_EPOCH: "1" };
  expect(stamp("readReleaseStamp", env)).toMatchObject({
    exitCode: 0,
    stdout: '{"commit":"c0ffee","epoch":1}\n',
  });
});

test.each(["--all", "--target=linux-x64", "--all --check-repro"])(
  "build.ts makes nothing of it that could pass for one: %s",
  (options) => {
    const cwd = temporaryDirectory();
    const names = ["build", "build.ts", "package.json"];
    for (const name of names) {
      cpSync(join(ROOT, name), join(cwd, name), { recursive: true });
    }
    const { exitCode, stderr } = Bun.spawnSync(
      [process.execPath, "build.ts", ...options.split(" ")],
      {
        cwd,
        env: { PATH: process.env.PATH ?? "" },
      },
    );
    expect(exitCode).toBe(1);
    expect(stderr.toString()).toContain("set QWEN_COMMIT and SOURCE_DATE_EPOCH");
    expect(readdirSync(cwd).sort()).toEqual(names);
  },
);
