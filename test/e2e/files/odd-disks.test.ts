import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { shortenHome } from "../../../src/lib/shorten-home.ts";
import { cannotMount, inNamespace } from "../../support/namespace.ts";
import { missingPrograms, testUnless } from "../../support/needs.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { run } from "../../support/shell.ts";
import { modeOf, snapshot } from "../../support/snapshot.ts";

setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef0123456789abcdef";
const DEEPSEEK = "qwen auth api-key --provider deepseek --key-env K";
const ENV = { env: { K: KEY } };

/** Why a file system without modes cannot be had here. */
function cannotBind(): string | undefined {
  const missing = missingPrograms("bindfs");
  if (missing !== undefined) {
    return missing;
  }
  const script = "mkdir /tmp/.qwen-probe; bindfs /tmp/.qwen-probe /tmp/.qwen-probe";
  const { success } = Bun.spawnSync([...inNamespace(script)], {
    stdio: ["ignore", "ignore", "ignore"],
  });
  Bun.spawnSync(["rmdir", "/tmp/.qwen-probe"]);
  return success ? undefined : "`bindfs` cannot mount here";
}

describe("a file system without modes", () => {
  const skip = cannotMount() ?? cannotBind();

  function bound(at: Machine, options: string, script: string) {
    const folder = join(at.home, ".qwen");
    mkdirSync(folder, { mode: 0o700, recursive: true });
    return run(at, inNamespace(`bindfs ${options} ${folder} ${folder}; ${script}`), ENV);
  }

  testUnless(skip)("that refuses chmod takes a login, an env file and trust", async () => {
    const at = machine();
    const script = `${DEEPSEEK}; ${DEEPSEEK} --store env-file; qwen trust; ls -A ~/.qwen`;
    const ran = await bound(at, "--chmod-deny", script);
    expect(ran).toMatchObject({
      exitCode: 0,
      stdout: ".env\nsettings.json\ntrustedFolders.json\n",
    });
    expect(ran.stderr).not.toContain("others may read");
    expect(modeOf(at.settings)).toBe("0600");
  });

  testUnless(skip).each([
    "--chmod-ignore -p 0777",
    "--chmod-deny -p 0755",
    "--chmod-ignore -p 0666,+X",
  ])("that shows every file to others is named once in each command: %s", async (options) => {
    const at = machine();
    const script = `${DEEPSEEK} --store env-file; qwen trust`;
    const ran = await bound(at, options, script);
    expect(ran.exitCode).toBe(0);
    const note = `warning: others may read what is in \`~/.qwen\`: its file system does not keep file modes`;
    const warnings = ran.stderr.split("\n").filter((line) => line.includes("file modes"));
    expect(warnings).toEqual([note, note]);
    expect(ran.stderr).not.toContain("is now 0");
    expect(readFileSync(join(at.home, ".qwen/.env"), "utf8")).toContain(KEY);
  });
});

describe("a file behind a link to a read-only place", () => {
  testUnless(cannotMount()).each([
    ["settings.json", DEEPSEEK],
    [".env", `${DEEPSEEK} --store env-file`],
    ["trustedFolders.json", "qwen trust"],
  ])("is named with its real path: %s", async (name, command) => {
    const at = machine();
    const store = join(at.home, "store");
    const real = at.write(`store/${name}`, name === ".env" ? "A=1\n" : "{}\n");
    mkdirSync(join(at.home, ".qwen"), { mode: 0o700 });
    symlinkSync(real, join(at.home, ".qwen", name));
    const mount = `mount --bind ${store} ${store}; mount -o remount,bind,ro ${store}`;
    const ran = await run(at, inNamespace(`${mount}; ${command}`), ENV);
    expect(ran).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: [
        `error: Cannot write \`~/.qwen/${name}\` (it leads to \`~/store/${name}\`): the file system is read-only (EROFS)`,
        "",
        `hint: change \`~/store/${name}\` where it is made, or put a file of your own in place of the link`,
        "",
      ].join("\n"),
    });
    expect(readFileSync(real, "utf8")).toBe(name === ".env" ? "A=1\n" : "{}\n");
  });
});

describe("a link whose volume is not mounted is not followed", () => {
  const rows = [
    { name: "settings.json", command: DEEPSEEK },
    { name: ".env", command: `${DEEPSEEK} --store env-file` },
    { name: "trustedFolders.json", command: "qwen trust" },
  ];
  test.each(rows)("$name", async ({ name, command }) => {
    const at = machine();
    mkdirSync(join(at.home, ".qwen"), { mode: 0o700 });
    symlinkSync(join(at.home, "vault/deep", name), join(at.home, ".qwen", name));
    const before = snapshot(at.home);
    const ran = await run(at, ["sh", "-c", command], ENV);
    expect(ran).toEqual({
      exitCode: 3,
      stdout: "",
      stderr: [
        `error: Cannot write \`~/.qwen/${name}\`: it is a link into ` +
          `\`~/vault/deep\`, which does not exist`,
        "",
        "hint: mount the volume that the link leads to, or remove the link",
        "",
      ].join("\n"),
    });
    expect(snapshot(at.home)).toEqual(before);
  });

  test.each(rows)("`~/.qwen` itself: $command", async ({ command }) => {
    const at = machine();
    symlinkSync(join(at.home, "vault"), join(at.home, ".qwen"));
    const ran = await run(at, ["sh", "-c", command], ENV);
    expect(ran).toMatchObject({ exitCode: 3, stdout: "" });
    expect(ran.stderr).toContain("`~/.qwen` is a link to `~/vault`, which does not exist\n");
    expect(existsSync(join(at.home, "vault"))).toBe(false);
  });
});

test("the lock gate of a project that a repository blocks is named, and nothing hangs", async () => {
  const at = machine();
  at.write("p/.qwen/settings.json", "{}");
  at.write("p/.qwen/settings.json.lock", "junk");
  at.write("p/.qwen/settings.json.lock.take/1,x,y,z/keep", "");
  const args = ["auth", "api-key", "-u", "http://127.0.0.1:9/v1", "-m", "m", "--no-key"];
  const ran = await qwen(at, [...args, "--scope", "project"]);
  const entry = join(at.project, ".qwen/settings.json.lock.take/1,x,y,z");
  expect(ran).toEqual({
    exitCode: 1,
    stdout: "",
    stderr: [
      `error: Cannot write \`~/p/.qwen/settings.json\`: \`${shortenHome(entry, at.home)}\` stands in the way of locks, and is none of ours`,
      "",
      "hint: remove what stands there, when no program uses it",
      "",
    ].join("\n"),
  });
  expect(existsSync(join(entry, "keep"))).toBe(true);
});
