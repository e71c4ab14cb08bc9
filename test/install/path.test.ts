import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import {
  directory,
  fakeBun,
  fakeCheckout,
  files,
  install,
  SHELLS,
  searchPath,
  testWith,
} from "./run-installer.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(30_000);

const args = ["--from-source", "--modify-path"];

const NEW = "# The file was not there before.\n";
const CUT = "# The line above had no end.\n";

const block = (quoted: string, note = "") => `# >>> qwen installer >>>
case ":$PATH:" in *:${quoted}:*) ;; *) export PATH=${quoted}:"$PATH" ;; esac
${note}# <<< qwen installer <<<
`;

const bashFile = process.platform === "darwin" ? ".profile" : ".bashrc";

test.each([
  ["/bin/bash", bashFile],
  ["/bin/dash", ".profile"],
  ["", ".profile"],
])("SHELL=%s has one block, in ~/%s, which a rerun leaves as it is", async (SHELL, file) => {
  const { home, stderr } = await install({ args, env: { SHELL } });
  const path = join(home, file);
  const bin = join(home, ".local/bin");
  expect(readFileSync(path, "utf8")).toBe(block(`'${bin}'`, NEW));
  expect(stderr).toContain(`added ${bin} to PATH in ${path}; to undo,`);

  const edited = `# mine\n${block(`'${bin}'`)}# mine too\n`;
  writeFileSync(path, edited);
  const again = await install({ args, env: { SHELL, HOME: home } });
  expect(readFileSync(path, "utf8")).toBe(edited);
  expect(again.stderr).not.toContain("added");
  expect(files(home)).toEqual([file, ".local", ".local/bin", ".local/bin/qwen"].sort());
});

test("zsh has its block in both files that it reads, and --uninstall takes it out of both", async () => {
  const { home, stderr } = await install({ args, env: { SHELL: "/bin/zsh" } });
  const text = block(`'${home}/.local/bin'`, NEW);
  for (const name of [".zprofile", ".zshrc"]) {
    expect(readFileSync(join(home, name), "utf8")).toBe(text);
    expect(stderr).toContain(`added ${home}/.local/bin to PATH in ${home}/${name}; to undo,`);
  }
  await install({ args: ["--uninstall", "--force"], env: { HOME: home } });
  expect(files(home)).toEqual([".local", ".local/bin"]);
});

testWith("zsh").each(["-lc", "-ic", "-lic"])("zsh %s finds it", async (option) => {
  const { home } = await install({ args, env: { SHELL: "/bin/zsh" } });
  const child = Bun.spawnSync(["zsh", option, "qwen"], {
    env: { HOME: home, PATH: "/usr/bin:/bin", TERM: "dumb" },
  });
  expect(child.stdout.toString()).toBe(`${packageJson.version}\n`);
});

describe.each(SHELLS)("in %s", (shell) =>
  testWith(shell)("the block puts a directory with quotes on PATH, once", async () => {
    const home = directory("home");
    writeFileSync(join(home, ".profile"), `# mine\n${block("'/old'")}# mine too\n`);
    const bin = join(home, "an'other $bin");
    await install({ args: [...args, "--bin-dir", bin], env: { HOME: home } });
    const quoted = `'${bin.replace("'", "'\\''")}'`;
    expect(readFileSync(join(home, ".profile"), "utf8")).toBe(
      `# mine\n${block(quoted)}# mine too\n`,
    );

    const twice = `. "$HOME/.profile"; . "$HOME/.profile"; printf %s "$PATH"`;
    const child = Bun.spawnSync([...shell.split(" "), "-c", twice], {
      env: { HOME: home, PATH: "/usr/bin:/bin" },
    });
    expect(child.stdout.toString()).toBe(`${bin}:/usr/bin:/bin`);
  }),
);

test("fish gets a file of its own, with its own quoting", async () => {
  const env = { SHELL: "/usr/bin/fish", HOME: directory("it's home") };
  await install({ args, env });
  const bin = `'${join(env.HOME, ".local/bin").replace("'", "'\\''")}'`;
  expect(readFileSync(join(env.HOME, ".config/fish/conf.d/qwen.fish"), "utf8")).toBe(
    `# >>> qwen installer >>>
contains -- ${bin} $PATH; or set -gx PATH ${bin} $PATH
${NEW}# <<< qwen installer <<<
`,
  );
});

testWith("fish")("fish has the directory on its PATH once", async () => {
  const env = { SHELL: "/usr/bin/fish", HOME: directory("it's home") };
  const bin = join(env.HOME, "an'other $bin (1)");
  await install({ args: [...args, "--bin-dir", bin], env });
  const twice = `source ~/.config/fish/conf.d/qwen.fish; string join : $PATH`;
  const child = Bun.spawnSync(["fish", "-c", twice], {
    env: { HOME: env.HOME, PATH: "/usr/bin:/bin" },
  });
  expect(child.stdout.toString()).toBe(`${bin}:/usr/bin:/bin\n`);
});

test("a linked start-up file stays a link and keeps its mode", async () => {
  const home = directory("home");
  writeFileSync(join(home, "dotfile"), "# mine, with no line break", { mode: 0o600 });
  symlinkSync("dotfile", join(home, ".profile"));
  await install({ args, env: { HOME: home } });
  expect(lstatSync(join(home, ".profile")).isSymbolicLink()).toBe(true);
  expect(statSync(join(home, "dotfile")).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(home, "dotfile"), "utf8")).toBe(
    `# mine, with no line break\n${block(`'${home}/.local/bin'`, CUT)}`,
  );
});

test("a block without its end is left alone, and the line is printed", async () => {
  const home = directory("home");
  const broken = "# >>> qwen installer >>>\n# mine\n";
  writeFileSync(join(home, ".profile"), broken);
  const { code, stderr } = await install({ args, env: { HOME: home } });
  expect({ code, text: readFileSync(join(home, ".profile"), "utf8") }).toEqual({
    code: 0,
    text: broken,
  });
  expect(stderr).toContain(`cannot edit ${home}/.profile; add this line to it: case ":$PATH:" in`);
});

test("without a terminal only $GITHUB_PATH gets a line, once", async () => {
  const GITHUB_PATH = join(directory("runner"), "github path");
  writeFileSync(GITHUB_PATH, "");
  const { home } = await install({ env: { SHELL: "/bin/bash", GITHUB_PATH } });
  await install({ env: { HOME: home, GITHUB_PATH } });
  await install({ args: ["--from-source", "--no-modify-path"], env: { GITHUB_PATH } });
  expect(files(home)).toEqual([".local", ".local/bin", ".local/bin/qwen"]);
  expect(readFileSync(GITHUB_PATH, "utf8")).toBe(`${home}/.local/bin\n`);
});

test.each([
  ["edited", {}, [bashFile]],
  ["left alone in CI", { CI: "true" }, []],
  ["left alone with QWEN_NO_MODIFY_PATH", { QWEN_NO_MODIFY_PATH: "1" }, []],
  ["left alone when PATH has the directory", { isOnPath: "1" }, []],
])("in a terminal the start-up file is %s", async (_case, env, expected: string[]) => {
  const home = directory("home");
  const path = searchPath([], { bun: fakeBun() });
  const PATH = "isOnPath" in env ? `${path}:${home}/.local/bin/` : path;
  const child = Bun.spawn(["/bin/sh", join(fakeCheckout(), "install.sh"), "--from-source"], {
    env: { HOME: home, SHELL: "/bin/bash", ...env, PATH },
    terminal: { cols: 80, rows: 24 },
  });
  expect(await child.exited).toBe(0);
  expect(files(home)).toEqual([...expected, ".local", ".local/bin", ".local/bin/qwen"].sort());
});
