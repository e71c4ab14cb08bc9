import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import packageJson from "../../../package.json" with { type: "json" };
import { type Machine, machine, QWEN, qwen } from "../../support/qwen.ts";
import { run } from "../../support/shell.ts";

setDefaultTimeout(30_000);

describe("qwen version", () => {
  test("says of which commit and for which target this is, and with which Bun", async () => {
    const { stdout, exitCode } = await qwen(machine(), ["version", "--json"]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      version: packageJson.version,
      commit: expect.stringMatching(/^([0-9a-f]{40}(-modified)?|unknown)$/),
      target: expect.stringMatching(/^(linux|darwin)-(x64|arm64)(-musl)?$/),
      bun: packageJson.packageManager.replace("bun@", ""),
    });
    const { commit, target, bun } = JSON.parse(stdout);
    expect(await qwen(machine(), ["version"])).toEqual({
      exitCode: 0,
      stdout: `qwen ${packageJson.version}\ncommit ${commit}\ntarget ${target}\nbun ${bun}\n`,
      stderr: "",
    });
  });
});

/** Puts the binary where an installation has it, without package managers but `shims`. */
function installed(
  path: string,
  shims: Readonly<Record<string, string>> = {},
  tools: readonly string[] = [],
) {
  const at = machine();
  const binary = join(realpathSync(at.home), path);
  mkdirSync(dirname(binary), { recursive: true });
  copyFileSync(realpathSync(QWEN), binary);
  const bin = join(at.home, "shims");
  mkdirSync(bin);
  for (const [name, script] of Object.entries(shims)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  for (const name of ["sh", "mktemp", ...tools]) {
    symlinkSync(Bun.which(name) ?? "", join(bin, name));
  }
  const place: Machine = { ...at, env: { ...at.env, PATH: bin } };
  const upgrade = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    run({ ...place, env: { ...place.env, ...env } }, [binary, "upgrade", ...args]);
  return { at, binary, upgrade };
}

const MIRROR = { QWEN_INSTALL_BASE_URL: "https://mirror.example/qwen" };
const URL = "https://mirror.example/qwen/latest/download/install.sh";

describe("qwen upgrade", () => {
  test("prints the line for an installation of install.sh, and runs nothing", async () => {
    const { binary, upgrade, at } = installed("bin/qwen", { curl: `echo ran >"$HOME/ran"` });
    expect(await upgrade([], MIRROR)).toEqual({
      exitCode: 0,
      stdout: `i=$(curl -fsSL ${URL}) && sh -c "$i" sh --bin-dir ${dirname(binary)}\n`,
      stderr: "",
    });
    expect(readdirSync(at.home)).not.toContain("ran");
  });

  test("follows a link to the package that it is of", async () => {
    const { at, binary, upgrade } = installed("lib/node_modules/@o/qwen-linux-x64/bin/qwen");
    const link = join(at.home, "qwen");
    symlinkSync(binary, link);
    const line = "npm install --global @o/qwen@latest";
    expect((await upgrade([])).stdout).toBe(`${line}\n`);
    const linked = await run(at, [link, "update", "--json"]);
    expect(JSON.parse(linked.stdout)).toEqual({
      schemaVersion: 1,
      version: packageJson.version,
      path: binary,
      method: "npm",
      line,
    });
  });

  test("asks the package manager whose it is", async () => {
    const owner = { "dpkg-query": `[ "$1" = -S ] && echo "qwen: $2"` };
    const { stdout } = await installed("bin/qwen", owner).upgrade(["--json"], MIRROR);
    expect(JSON.parse(stdout)).toMatchObject({
      method: "deb",
      line: expect.stringContaining("/latest/download/qwen-linux-"),
    });
    const nobody = {
      "dpkg-query": "echo 'no path found' >&2; exit 1",
      rpm: "echo 'is not owned'; exit 1",
    };
    const plain = await installed("bin/qwen", nobody).upgrade(["--json"], MIRROR);
    expect(JSON.parse(plain.stdout)).toMatchObject({ method: "installer" });
  });

  test("leaves nothing in the home of whoever asks, where a package manager would", async () => {
    const leaving = `mkdir "$HOME/.rpmdb" && echo qwen`;
    const { at, upgrade } = installed("bin/qwen", { rpm: leaving }, ["mkdir"]);
    const { stdout } = await upgrade(["--json"], MIRROR);
    expect(JSON.parse(stdout)).toMatchObject({ method: "installer" });
    expect(readdirSync(at.home)).not.toContain(".rpmdb");
  });

  test("asks all package managers at once, says for whom it waits, and goes on without them", async () => {
    // Each waits for a reader of its own pipe, and tells that it was asked.
    const hang = `cd "\${0%/*}" && mkfifo $$ && echo "\${0##*/}" >>asked && : >$$`;
    const managers = { "dpkg-query": hang, rpm: hang, apk: hang };
    const { at, upgrade } = installed("bin/qwen", managers, ["mkfifo"]);
    const { exitCode, stdout, stderr } = await upgrade(["--json"], MIRROR);
    expect({ exitCode, method: JSON.parse(stdout).method }).toEqual({
      exitCode: 0,
      method: "installer",
    });
    expect(stderr).toBe(`Waiting for dpkg-query, rpm, apk to say whose this program is
warning: dpkg-query did not answer; this may be a package of its
warning: rpm did not answer; this may be a package of its
warning: apk did not answer; this may be a package of its
`);
    const asked = readFileSync(join(at.home, "shims", "asked"), "utf8")
      .trim()
      .split("\n");
    expect(asked.sort()).toEqual(["apk", "dpkg-query", "rpm"]);

    const one = installed("bin/qwen", { rpm: hang, apk: "echo x is owned by qwen-1.2.3-r0" }, [
      "mkfifo",
    ]);
    const owned = await one.upgrade([]);
    expect(owned).toEqual({
      exitCode: 0,
      stdout: "sudo apk add --upgrade qwen\n",
      stderr: "Waiting for rpm to say whose this program is\n",
    });
    expect((await one.upgrade(["--quiet"])).stderr).toBe("");
  });

  test.each([
    [".bun/install/global", ["package.json", "bun.lock"], "bun add --global"],
    ["pnpm/global/5/.pnpm/@o+qwen-linux-x64@1.2.3", [], "pnpm add --global"],
    [".config/yarn/global", ["package.json", "yarn.lock"], "yarn global add"],
    ["lib", [], "npm install --global"],
    ["mine", ["package.json", "pnpm-lock.yaml"], "cd mine && pnpm add"],
    ["mine", ["package.json"], "cd mine && npm install"],
  ])("knows whose node_modules there are: %s, with %p", async (directory, beside, words) => {
    const { at, upgrade } = installed(`${directory}/node_modules/@o/qwen-linux-x64/bin/qwen`);
    for (const name of beside) writeFileSync(join(at.home, directory, name), "{}");
    const line = words.replace("cd mine", `cd ${realpathSync(at.home)}/mine`);
    expect((await upgrade([])).stdout).toBe(`${line} @o/qwen@latest\n`);
  });

  test("knows a build in its checkout", async () => {
    const { at, upgrade } = installed("it's a checkout/dist/linux-x64/qwen");
    writeFileSync(join(at.home, "it's a checkout", "build.ts"), "");
    const checkout = `'${realpathSync(at.home)}/it'\\''s a checkout'`;
    expect((await upgrade([])).stdout).toBe(
      `cd ${checkout} && git pull --ff-only && sh install.sh --from-source\n`,
    );
  });

  test("says that it cannot know where no home of releases is known", async () => {
    const { exitCode, stdout, stderr } = await installed("bin/qwen").upgrade([]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain("this build names no home of releases\n");
    expect(stderr).toContain("\nhint: set QWEN_INSTALL_GITHUB_REPO=owner/name, or ");
  });

  describe("--run", () => {
    const KEY = "sk-0123456789abcdef0123456789abcdef";

    test("shows the line, runs it without keys, and ends as it does", async () => {
      const script = `echo 'echo "installs $*; key \${OPENAI_API_KEY-none}; to \${QWEN_INSTALL_BASE_URL-}"; exit 7'`;
      const { binary, upgrade } = installed("bin/qwen", { curl: script });
      const env = { ...MIRROR, OPENAI_API_KEY: KEY };
      expect(await upgrade(["--run"], env)).toEqual({
        exitCode: 7,
        stdout: `installs --bin-dir ${dirname(binary)}; key none; to ${MIRROR.QWEN_INSTALL_BASE_URL}\n`,
        stderr: `i=$(curl -fsSL ${URL}) && sh -c "$i" sh --bin-dir ${dirname(binary)}\n`,
      });
    });

    test("does not take a download that failed for an update", async () => {
      const { upgrade } = installed("bin/qwen", { curl: "exit 22" });
      expect((await upgrade(["--run"], MIRROR)).exitCode).toBe(22);
    });
  });
});
