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
qwen-install: removed the installer's lines from ${home}/.zprofile
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

test("start-up files that hold none of its lines stay as they are, to the byte", async () => {
  const mine = {
    ".bash_profile": "# >>> another installer >>>",
    ".bashrc": "a\0b\nexport A=1",
    ".config/fish/conf.d/qwen.fish": "",
    ".profile": "export A=1",
    ".zprofile": "",
    ".zshrc": "export A=1\r\nexport B=2",
  };
  const home = homeWith({ ...mine, ".local/bin/qwen": program("9.9.9") });
  const { code, stderr, binary } = await uninstall(home);
  expect({ code, stderr }).toEqual({ code: 0, stderr: `qwen-install: removed ${binary}\n` });
  for (const [name, text] of Object.entries(mine)) {
    expect(readFileSync(join(home, name), "utf8")).toBe(text);
  }
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
    `${home}/.qwen/.env`,
    `${home}/.qwen/settings.json`,
  ]);
  expect(lines.at(-1)).toBe(`qwen-install: removed ${home}/.qwen`);
  expect(files(home)).toEqual([".local", ".local/bin"]);
  expect(await uninstall(home, ["--purge"])).toMatchObject({ code: 0 });
});

/** What qwen and Qwen Code write beside the settings: locks, temporary files, copies, caches. */
const OURS = [
  ".env",
  ".env.lock",
  "..env.4242-17-ab.tmp",
  ".settings.json.4242-17-ab.tmp",
  "history",
  "oauth_creds.json",
  "oauth_creds.json.lock.take/1,2,3",
  "projects/-work/chats/a.jsonl",
  "settings.json",
  "settings.json.lock",
  "settings.json.orig",
  "tmp/a/shell_history",
  "trustedFolders.json",
];

describe.each(SHELLS)("in %s", (shell) =>
  testWith(shell)("--purge leaves what a person wrote, and names it", async () => {
    const written = [".git/config", "QWEN.md", "commands/mine.toml", "my thesis.txt"];
    const home = homeWith(Object.fromEntries([...OURS, ...written].map((name) => [name, "x"])));
    mkdirSync(join(home, "home/.qwen"), { recursive: true });
    expect(await uninstall(join(home, "home"), ["-q", "--purge"], {}, shell)).toMatchObject({
      code: 0,
    });
    expect(files(join(home, "home"))).toEqual([]);
    const { code, stderr } = await uninstall(
      join(home, "home"),
      ["-q", "--purge"],
      { QWEN_HOME: home },
      shell,
    );
    // It holds the home, so that nothing is touched.
    expect({ code, count: files(home).length > OURS.length }).toEqual({ code: 7, count: true });
    expect(stderr).toContain("holds your home");

    const other = homeWith(
      Object.fromEntries([...OURS, ...written].map((name) => [`.qwen/${name}`, "x"])),
    );
    const purged = await uninstall(other, ["--purge"], {}, shell);
    expect(purged.code).toBe(0);
    expect(purged.stderr).toEndWith(
      `qwen-install: removed what qwen writes from ${other}/.qwen; left there: .git QWEN.md commands my thesis.txt\n`,
    );
    const left = files(join(other, ".qwen"));
    expect(left.filter((name) => lstatSync(join(other, ".qwen", name)).isFile())).toEqual(written);
  }),
);

test("--purge follows QWEN_HOME, but never to a folder with the home in it", async () => {
  const home = homeWith({ "elsewhere/settings.json": "{}", ".qwen/settings.json": "{}" });
  await uninstall(home, ["--purge"], { QWEN_HOME: "~/elsewhere" });
  expect(files(home)).toEqual([".qwen", ".qwen/settings.json"]);
  for (const QWEN_HOME of [home, join(home, ".."), "/"]) {
    expect(await uninstall(home, ["--purge"], { QWEN_HOME })).toMatchObject({ code: 7 });
  }
  expect(files(home)).toEqual([".qwen", ".qwen/settings.json"]);
});

test("--purge refuses a folder that does not look like one of qwen", async () => {
  const home = homeWith({
    "thesis/thesis.txt": "years",
    "project/.env": "DATABASE_URL=x",
    "project/tmp/a": "",
    "named/settings.json/a": "",
  });
  const before = files(home);
  for (const folder of ["thesis", "project", "named"]) {
    const { code, stderr } = await uninstall(home, ["--purge"], { QWEN_HOME: join(home, folder) });
    expect({ code, stderr }).toEqual({
      code: 7,
      stderr: expect.stringContaining(`${home}/${folder} does not look like a folder of qwen`),
    });
  }
  expect(files(home)).toEqual(before);
});

test("--purge follows no link out of the home, and removes links themselves", async () => {
  const data = homeWith({ "dot/settings.json": "{}", "dot/other": "data", "kept/a": "data" });
  const home = homeWith({ "real/settings.json": "{}" });
  const before = files(data);
  symlinkSync(join(data, "dot"), join(home, ".qwen"));
  symlinkSync(data, join(home, "volume"));
  for (const QWEN_HOME of [undefined, join(home, ".qwen/"), join(home, "volume/dot")]) {
    const env = QWEN_HOME === undefined ? {} : { QWEN_HOME };
    const { code, stderr } = await uninstall(home, ["--purge"], env);
    expect({ code, stderr }).toEqual({
      code: 7,
      stderr: expect.stringContaining(`leads out of your home, to ${data}/dot`),
    });
  }
  expect(files(data)).toEqual(before);

  symlinkSync(join(data, "kept"), join(home, "real/tmp"));
  rmSync(join(home, ".qwen"));
  symlinkSync("real", join(home, ".qwen"));
  expect(await uninstall(home, ["--purge"])).toMatchObject({ code: 0 });
  expect(files(data)).toEqual(before);
  expect(files(home).filter((name) => name.startsWith("real"))).toEqual([]);
});

test("--purge takes a folder outside of the home that QWEN_HOME names as it is", async () => {
  const home = homeWith({ ".profile": "# mine\n" });
  const elsewhere = homeWith({ "qwen/settings.json": "{}" });
  const QWEN_HOME = join(elsewhere, "qwen");
  expect(await uninstall(home, ["--purge"], { QWEN_HOME })).toMatchObject({ code: 0 });
  expect(files(elsewhere)).toEqual([]);
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
