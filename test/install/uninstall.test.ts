import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installFrom, mirror, pathWith, program } from "./release.ts";
import { directory, files, SHELLS, testWith } from "./run-installer.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(30_000);

const { url } = mirror();

/** Writes files below a new home and returns it. */
function homeWith(content: Readonly<Record<string, string>>): string {
  const home = directory("home");
  for (const [name, text] of Object.entries(content)) {
    const path = join(home, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text, { mode: 0o755 });
  }
  return home;
}

const uninstall = (home: string, args: readonly string[] = [], env = {}, shell = "sh") =>
  installFrom(undefined, { shell, args: ["--uninstall", ...args], env: { HOME: home, ...env } });

describe.each(SHELLS)("in %s", (shell) =>
  testWith(shell)("it takes back what it installed, and twice does no harm", async () => {
    const mine = { ".bashrc": "# mine\n", ".zshrc": "# mine\n", ".qwen/settings.json": "{}" };
    const home = homeWith(mine);
    for (const SHELL of ["/bin/bash", "/bin/zsh", "/bin/fish"]) {
      await installFrom(url, { shell, args: ["--modify-path"], env: { HOME: home, SHELL } });
    }
    expect(files(home)).toContain(".config/fish/conf.d/qwen.fish");

    const { code, stdout, stderr, binary } = await uninstall(home, [], {}, shell);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: "",
      stderr: `qwen-install: removed ${binary}
qwen-install: removed the installer's lines from ${home}/.zshrc
qwen-install: removed the installer's lines from ${home}/.bashrc
qwen-install: removed the installer's lines from ${home}/.config/fish/conf.d/qwen.fish
`,
    });
    for (const [name, text] of Object.entries(mine)) {
      expect(readFileSync(join(home, name), "utf8")).toBe(text);
    }
    const left = files(home).filter((name) => lstatSync(join(home, name)).isFile());
    expect(left).toEqual(Object.keys(mine).sort());

    expect(await uninstall(home, ["-q"], {}, shell)).toMatchObject({ code: 0, stderr: "" });
    expect(files(home).filter((name) => lstatSync(join(home, name)).isFile())).toEqual(left);
  }),
);

test.each([
  ["another program", "#!/bin/sh\necho qwen of somebody else\n"],
  ["a program that fails", "#!/bin/sh\necho 1.2.3; exit 1\n"],
  ["Qwen Code's script", "#!/bin/sh\n# qwen-code\necho 1.2.3\n"],
])("%s is left alone, unless --force is given", async (_case, content) => {
  const home = homeWith({ ".local/bin/qwen": content, ".profile": "# mine\n" });
  const { code, stderr, binary } = await uninstall(home);
  expect({ code, stderr, content: readFileSync(binary, "utf8") }).toEqual({
    code: 7,
    stderr: `qwen-install: error: ${binary} is not a qwen of this installer
  fix: --force removes it all the same
`,
    content,
  });
  expect(await uninstall(home, ["--force"])).toMatchObject({ code: 0 });
  expect(files(home)).toEqual([".local", ".local/bin", ".profile"]);
});

test("a machine for which there is no build any more can be cleaned", async () => {
  const home = homeWith({ ".local/bin/qwen": program("9.9.9") });
  const path = pathWith(undefined, [], { uname: "echo Plan9" });
  const { code } = await installFrom(undefined, {
    path,
    args: ["--uninstall"],
    env: { HOME: home },
  });
  expect({ code, files: files(home) }).toEqual({ code: 0, files: [".local", ".local/bin"] });
});

test("a link that leads nowhere is no qwen of ours", async () => {
  const home = homeWith({ ".local/bin/x": "" });
  symlinkSync("/no/such", join(home, ".local/bin/qwen"));
  expect(await uninstall(home)).toMatchObject({ code: 7 });
});

test("--purge lists settings and keys, and removes them", async () => {
  const home = homeWith({
    ".local/bin/qwen": program("9.9.9"),
    ".qwen/settings.json": "{}",
    ".qwen/.env": "KEY=1",
  });
  const { code, stderr } = await uninstall(home, ["--purge"]);
  expect(code).toBe(0);
  const lines = stderr.split("\n").slice(1, -1);
  expect([...lines.slice(0, -1)].sort()).toEqual([
    `${home}/.qwen`,
    `${home}/.qwen/.env`,
    `${home}/.qwen/settings.json`,
  ]);
  expect(lines.at(-1)).toBe(`qwen-install: removed ${home}/.qwen`);
  expect(files(home)).toEqual([".local", ".local/bin"]);
  expect(await uninstall(home, ["--purge"])).toMatchObject({ code: 0 });
});

test("--purge follows QWEN_HOME, but never to a folder with the home in it", async () => {
  const home = homeWith({ "elsewhere/settings.json": "{}", ".qwen/settings.json": "{}" });
  await uninstall(home, ["--purge"], { QWEN_HOME: join(home, "elsewhere") });
  expect(files(home)).toEqual([".qwen", ".qwen/settings.json"]);
  for (const QWEN_HOME of [home, join(home, ".."), "/"]) {
    expect(await uninstall(home, ["--purge"], { QWEN_HOME })).toMatchObject({ code: 7 });
  }
  expect(files(home)).toEqual([".qwen", ".qwen/settings.json"]);
});

test("start-up files stay links, and stay as they are with --no-modify-path", async () => {
  const home = homeWith({ dotfile: "# mine\n" });
  symlinkSync("dotfile", join(home, ".profile"));
  await installFrom(url, { args: ["--modify-path"], env: { HOME: home } });
  const edited = readFileSync(join(home, "dotfile"), "utf8");
  expect(edited).toContain("qwen installer");

  await uninstall(home, [], { QWEN_NO_MODIFY_PATH: "1" });
  expect(readFileSync(join(home, "dotfile"), "utf8")).toBe(edited);
  await uninstall(home);
  expect(readFileSync(join(home, "dotfile"), "utf8")).toBe("# mine\n");
  expect(lstatSync(join(home, ".profile")).isSymbolicLink()).toBe(true);
});

test("a block without its end stays, and is named", async () => {
  const broken = "# >>> qwen installer >>>\n# mine\n";
  const home = homeWith({ ".profile": broken });
  const { code, stderr } = await uninstall(home);
  expect({ code, text: readFileSync(join(home, ".profile"), "utf8") }).toEqual({
    code: 0,
    text: broken,
  });
  expect(stderr).toContain(
    `cannot edit ${home}/.profile; delete the lines marked 'qwen installer'`,
  );
  rmSync(join(home, ".profile"));
});
