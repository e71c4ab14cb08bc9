import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { cannotMount, inNamespace } from "../support/namespace.ts";
import { testUnless } from "../support/needs.ts";
import { installFrom, mirror, pathWith } from "./release.ts";
import { directory, files, INSTALLER, SHELLS, testWith } from "./run-installer.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(30_000);

const { url } = mirror();

type Setting = { readonly home: string; readonly shell?: string; readonly SHELL?: string };

const add = ({ home, shell = "sh", SHELL = "/bin/sh" }: Setting, args: readonly string[] = []) =>
  installFrom(url, { shell, args: ["--modify-path", ...args], env: { HOME: home, SHELL } });

const remove = ({ home, shell = "sh" }: Setting) =>
  installFrom(undefined, { shell, args: ["--uninstall"], env: { HOME: home } });

/** Files of a home that are no program. */
const startUpFiles = (home: string) =>
  files(home).filter((name) => !name.startsWith(".local") && lstatSync(join(home, name)).isFile());

const CUT = ["export A=1", "export A=1\nexport B=2"] as const;

/** Two files each, so that it does not take twice as long. */
const TEXTS: readonly (readonly [string, string, string])[] = [
  ["nothing, and a line", "", "export A=1\n"],
  ["empty lines", "\n", "export A=1\n\n\n"],
  ["CRLF, and without the last", "export A=1\r\nexport B=2\r\n", "export A=1\r\nexport B=2"],
  ["no UTF-8, and a long line", "export A='\xff\xfe'", `export A=${"x".repeat(70_000)}`],
  [
    "parts of blocks",
    "# <<< qwen installer <<<\nexport A=1",
    "# The line above had no end.\n# The file was not there before.",
  ],
];

/** What both files of zsh are after a block came, gave way to another and went. */
async function afterComingAndGoing(
  texts: readonly [string, string],
  shell = "sh",
  path = pathWith("curl"),
) {
  const home = directory("home");
  const paths = [".zprofile", ".zshrc"].map((name) => join(home, name));
  const run = { shell, path, env: { HOME: home, SHELL: "/bin/zsh" } };
  for (const [index, file] of paths.entries()) writeFileSync(file, texts[index] ?? "", "latin1");
  for (const name of [".local/bin", ".local/other"]) {
    await installFrom(url, { ...run, args: ["--modify-path", "--bin-dir", join(home, name)] });
    for (const file of paths) {
      const edited = readFileSync(file, "latin1");
      expect({ file, parts: edited.split(`'${home}/${name}'`).length }).toEqual({ file, parts: 3 });
      expect(edited.split("qwen installer >>>").length).toBe(2);
      expect(Bun.spawnSync(["sh", "-n", file]).stderr.toString()).toBe("");
    }
  }
  await installFrom(undefined, { ...run, args: ["--uninstall"] });
  return paths.map((file) => readFileSync(file, "latin1"));
}

describe("a block that comes and goes leaves a file as it was, to the byte:", () => {
  test.each(TEXTS)("%s", async (_case, one, other) => {
    expect(await afterComingAndGoing([one, other])).toEqual([one, other]);
  });

  for (const shell of SHELLS) {
    testWith(shell)(`in ${shell}`, async () => {
      expect(await afterComingAndGoing(CUT, shell)).toEqual([...CUT]);
    });
  }

  testWith("busybox")("with the tools of BusyBox", async () => {
    const names = "awk cat cmp cp grep ls mktemp mv readlink rm rmdir sed tail tr".split(" ");
    const path = pathWith("curl");
    for (const name of names) {
      rmSync(join(path, name));
      symlinkSync(Bun.which("busybox") ?? "", join(path, name));
    }
    expect(await afterComingAndGoing(CUT, "busybox sh", path)).toEqual([...CUT]);
  });
});

test("what others wrote below the block stays a line of its own", async () => {
  const home = directory("home");
  const path = join(home, ".profile");
  writeFileSync(path, "export A=1");
  await add({ home });
  writeFileSync(path, `${readFileSync(path, "utf8")}export B=2`);
  await remove({ home });
  expect(readFileSync(path, "utf8")).toBe("export A=1\nexport B=2");
});

describe("a file that was there stays, one that was not goes:", () => {
  const NAMES = {
    "/bin/sh": [".profile"],
    "/bin/bash": [process.platform === "darwin" ? ".profile" : ".bashrc"],
    "/bin/zsh": [".zprofile", ".zshrc"],
    "/bin/fish": [".config/fish/conf.d/qwen.fish"],
  };

  test.each(Object.entries(NAMES))("%s", async (SHELL, names) => {
    const there = directory("home");
    for (const name of names) {
      mkdirSync(join(there, name, ".."), { recursive: true });
      writeFileSync(join(there, name), "");
    }
    await add({ home: there, SHELL });
    await remove({ home: there });
    expect(startUpFiles(there)).toEqual(names);
    expect(names.map((name) => statSync(join(there, name)).size)).toEqual(names.map(() => 0));

    const bare = directory("home");
    await add({ home: bare, SHELL });
    expect(startUpFiles(bare)).toEqual(names);
    await remove({ home: bare });
    expect(startUpFiles(bare)).toEqual([]);
  });

  test("one that was not there stays for what was written into it since", async () => {
    const home = directory("home");
    const path = join(home, ".profile");
    await add({ home });
    writeFileSync(path, `${readFileSync(path, "utf8")}export B=2\n`);
    await remove({ home });
    expect(readFileSync(path, "utf8")).toBe("export B=2\n");
  });

  test("a link that led nowhere leads nowhere again", async () => {
    const home = directory("home");
    symlinkSync("dotfile", join(home, ".profile"));
    await add({ home });
    expect(startUpFiles(home)).toEqual(["dotfile"]);
    await remove({ home });
    expect({ left: startUpFiles(home), link: readlinkSync(join(home, ".profile")) }).toEqual({
      left: [],
      link: "dotfile",
    });
  });
});

describe("it replaces a file, so that no reader sees half of one:", () => {
  test("its mode and the links to it stay", async () => {
    const home = directory("home");
    mkdirSync(join(home, "dotfiles/sh"), { recursive: true });
    const real = join(home, "dotfiles/sh/profile");
    writeFileSync(real, "export A=1\n");
    chmodSync(real, 0o640);
    symlinkSync("sh", join(home, "dotfiles/shell"));
    symlinkSync("dotfiles/shell/profile", join(home, ".profile"));
    const { ino } = statSync(real);
    await add({ home });
    expect(lstatSync(join(home, ".profile")).isSymbolicLink()).toBe(true);
    expect(lstatSync(real).isFile()).toBe(true);
    expect(statSync(real).mode & 0o7777).toBe(0o640);
    expect(statSync(real).ino).not.toBe(ino);
    expect(readFileSync(real, "utf8")).toContain("qwen installer");
    await remove({ home });
    expect(readFileSync(real, "utf8")).toBe("export A=1\n");
    expect(files(join(home, "dotfiles/sh"))).toEqual(["profile"]);
  });

  testUnless(process.getuid?.() === 0 ? undefined : "only root can give files away")(
    "the owner stays",
    async () => {
      const home = directory("home");
      const path = join(home, ".profile");
      writeFileSync(path, "export A=1\n");
      chownSync(path, 1234, 4321);
      await add({ home });
      const { uid, gid } = statSync(path);
      expect({ uid, gid, text: readFileSync(path, "utf8") }).toEqual({
        uid: 1234,
        gid: 4321,
        text: expect.stringContaining("qwen installer"),
      });
    },
  );

  test.each([
    ["has another name", (path: string) => linkSync(path, `${path}.orig`)],
    ["continues after its end", (path: string) => writeFileSync(path, "export A=1 \\\n")],
    ["continues, without its end", (path: string) => writeFileSync(path, "export A=1 \\")],
    ["holds a NUL", (path: string) => writeFileSync(path, "a\0b\n")],
    [
      "holds a block with somebody's line in it",
      (path: string) =>
        writeFileSync(path, "# >>> qwen installer >>>\nexport A=1\n# <<< qwen installer <<<\n"),
    ],
    [
      "holds a block in a block",
      (path: string) =>
        writeFileSync(
          path,
          "# >>> qwen installer >>>\n# >>> qwen installer >>>\n# <<< qwen installer <<<\n",
        ),
    ],
  ])("one that %s stays as it is, and the line is printed", async (_case, prepare) => {
    const home = directory("home");
    const path = join(home, ".profile");
    writeFileSync(path, "export A=1\n");
    prepare(path);
    const before = readFileSync(path);
    const { ino } = statSync(path);
    const { code, stderr } = await add({ home });
    expect({ code, ino: statSync(path).ino }).toEqual({ code: 0, ino });
    expect(readFileSync(path)).toEqual(before);
    expect(stderr).toContain(`cannot edit ${path}; add this line to it: case ":$PATH:" in`);
    expect(files(home).filter((name) => name.startsWith(".qwen-install"))).toEqual([]);
    await remove({ home });
    expect(readFileSync(path)).toEqual(before);
  });

  testWith("mkfifo").each([
    ["a pipe", "mkfifo .profile"],
    ["a directory", "mkdir .profile"],
    ["a link to a device", "ln -s /dev/null .profile"],
    ["a link to itself", "ln -s .profile .profile"],
    ["a link into what is no directory", "ln -s .bashrc/x .profile && touch .bashrc"],
  ])("%s is no file to edit", async (_case, prepare) => {
    const home = directory("home");
    Bun.spawnSync(["sh", "-c", prepare], { cwd: home });
    const { code, stderr } = await add({ home });
    expect({ code, isDevice: lstatSync("/dev/null").isCharacterDevice() }).toEqual({
      code: 0,
      isDevice: true,
    });
    expect(stderr).toContain(`cannot edit ${home}/.profile; add this line to it: `);
  });
});

describe("a disk that is full", () => {
  const can = testUnless(cannotMount());

  can.each([
    ["takes nothing from a file with another block", false],
    ["takes nothing from a file that loses it", true],
  ])("%s", async (_case, isRemoved) => {
    const home = directory("home");
    const bin = directory("bin");
    const filled = join(directory("out"), "profile");
    const block =
      '# >>> qwen installer >>>\ncase ":$PATH:" in *) ;; esac\n# <<< qwen installer <<<\n';
    // Of whole pages, so that each byte more needs another.
    const text = `${block}export A=1\n`.padEnd(8192, "#");
    const source = join(directory("source"), "profile");
    writeFileSync(source, text);
    const mode = isRemoved ? "--uninstall" : `--modify-path --base-url ${url}`;
    const script = `mount -t tmpfs -o size=64k tmpfs ${home}
      cp ${source} ${home}/.profile
      dd if=/dev/zero of=${home}/filler bs=4096 2>/dev/null || :
      code=0
      HOME=${home} SHELL=/bin/sh sh ${INSTALLER} --bin-dir ${bin} ${mode} || code=$?
      cp ${home}/.profile ${filled}
      ls -A ${home}
      exit $code`;
    const child = Bun.spawn([...inNamespace(script)], {
      env: { PATH: `${process.env.PATH}` },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    expect({ code: await child.exited, stdout }).toEqual({ code: 0, stdout: ".profile\nfiller\n" });
    expect(stderr).toContain(`cannot edit ${home}/.profile; `);
    expect(readFileSync(filled, "utf8")).toBe(text);
  });
});
