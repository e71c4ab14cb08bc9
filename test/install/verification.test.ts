import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  ARCHIVE,
  brokenMirror,
  type Entry,
  installFrom,
  mirror,
  pack,
  pathWith,
  program,
  release,
  sha256,
} from "./release.ts";
import { directory, files, type Run, SHELLS, testWith } from "./run-installer.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(30_000);

const OLD = program("0.0.1");

/** Installs over an old qwen, which must be all that is there when that fails. */
async function refuse(url: string | undefined, run: Run = {}) {
  const home = directory("home");
  mkdirSync(join(home, ".local/bin"), { recursive: true });
  writeFileSync(join(home, ".local/bin/qwen"), OLD, { mode: 0o755 });
  const { code, stdout, stderr, binary } = await installFrom(url, {
    ...run,
    env: { HOME: home, QWEN_INSTALL_QUIET: "1", ...run.env },
  });
  expect({ stdout, files: files(home), old: readFileSync(binary, "utf8") }).toEqual({
    stdout: "",
    files: [".local", ".local/bin", ".local/bin/qwen"],
    old: OLD,
  });
  return { code, stderr };
}

const good = release();
const digest = sha256(good[ARCHIVE] ?? "");
const tampered = Uint8Array.from(Buffer.from(good[ARCHIVE] ?? ""));
tampered[20] = (tampered[20] ?? 0) ^ 1;

const mismatch = (
  expected: string,
  actual: string,
) => `qwen-install: error: checksum mismatch for ${ARCHIVE}
  expected ${expected}
  actual   ${actual}
  nothing was installed
`;
const noEntry = `qwen-install: error: SHA256SUMS has no entry for ${ARCHIVE}
  or not exactly one
  nothing was installed
`;
const other = "0".repeat(64);
const page = "<!doctype html><title>Log in</title>";

test.each([
  [
    "one other byte",
    { [ARCHIVE]: tampered, SHA256SUMS: good.SHA256SUMS },
    mismatch(digest, sha256(tampered)),
  ],
  ["other sums", { SHA256SUMS: `${other}  ${ARCHIVE}\n` }, mismatch(other, digest)],
  ["a longer name in the sums", { SHA256SUMS: `${digest}  x${ARCHIVE}\n` }, noEntry],
  ["another suffix in the sums", { SHA256SUMS: `${digest}  ${ARCHIVE}x\n` }, noEntry],
  [
    "two lines in the sums",
    { SHA256SUMS: `${digest}  ${ARCHIVE}\n${other} *${ARCHIVE}\n` },
    noEntry,
  ],
  ["half a digest in the sums", { SHA256SUMS: `${digest.slice(32)}  ${ARCHIVE}\n` }, noEntry],
  ["empty sums", { SHA256SUMS: "" }, noEntry],
  ["a mark before the sums", { SHA256SUMS: `\uFEFF${digest}  ${ARCHIVE}\n` }, noEntry],
  ["a path in the sums", { SHA256SUMS: `${digest}  ./${ARCHIVE}\n` }, noEntry],
  ["sums as BSD writes them", { SHA256SUMS: `SHA256 (${ARCHIVE}) = ${digest}\n` }, noEntry],
  ["no hex in the sums", { SHA256SUMS: `${"g".repeat(64)}  ${ARCHIVE}\n` }, noEntry],
  ["a blank after the name in the sums", { SHA256SUMS: `${digest}  ${ARCHIVE} \n` }, noEntry],
  ["a web page for the sums", { SHA256SUMS: page }, noEntry],
  [
    "a web page for the archive",
    { [ARCHIVE]: Buffer.from(page), SHA256SUMS: good.SHA256SUMS },
    mismatch(digest, sha256(page)),
  ],
  [
    "nothing for the archive",
    { [ARCHIVE]: Buffer.from(""), SHA256SUMS: good.SHA256SUMS },
    mismatch(digest, sha256("")),
  ],
])("%s is refused: 5", async (_case, changes, stderr) => {
  expect(await refuse(mirror(release(changes)).url)).toEqual({ code: 5, stderr });
});

describe.each(SHELLS)("in %s", (shell) =>
  testWith(shell)("one other byte is refused", async () => {
    const { url } = mirror(release({ [ARCHIVE]: tampered, SHA256SUMS: good.SHA256SUMS }));
    expect(await refuse(url, { shell })).toMatchObject({ code: 5 });
  }),
);

test("a release without sums is refused: 5", async () => {
  const { url } = mirror(release({ SHA256SUMS: undefined }));
  expect(await refuse(url)).toEqual({
    code: 5,
    stderr: `qwen-install: error: SHA256SUMS is missing (HTTP 404 at ${url}/download/v9.9.9/SHA256SUMS)
  nothing was installed
`,
  });
});

test("an answer without a length that is cut is refused: 5", async () => {
  const part = Buffer.from(good[ARCHIVE] ?? "").subarray(0, 100);
  const { url } = await brokenMirror(Buffer.concat([Buffer.from("HTTP/1.0 200 OK\r\n\r\n"), part]));
  expect(await refuse(url)).toEqual({ code: 5, stderr: mismatch(digest, sha256(part)) });
});

test.each([
  ["line ends of Windows", { SHA256SUMS: `${digest}  ${ARCHIVE}\r\n` }, []],
  ["upper case and a star", { SHA256SUMS: `${digest.toUpperCase()} *${ARCHIVE}\n` }, []],
  ["--sha256 in place of the sums", { SHA256SUMS: "" }, ["--sha256", digest.toUpperCase()]],
])("%s will do", async (_case, changes, args) => {
  expect(await installFrom(mirror(release(changes)).url, { args })).toMatchObject({ code: 0 });
});

test("--sums is a file or another server's URL", async () => {
  const { url } = mirror(release({ SHA256SUMS: "" }));
  const cwd = directory("sums");
  writeFileSync(join(cwd, "my sums"), good.SHA256SUMS ?? "");
  const ours = mirror();
  for (const sums of ["my sums", `${ours.url}/flat/SHA256SUMS`]) {
    expect(await installFrom(url, { cwd, args: ["--sums", sums] })).toMatchObject({ code: 0 });
  }
});

test("--insecure-skip-verify installs anything, and says so in three lines even if quiet", async () => {
  const { url } = mirror(release({ SHA256SUMS: undefined }));
  const args = ["-q", "--insecure-skip-verify"];
  expect(await installFrom(url, { args, path: pathWith("curl", []) })).toMatchObject({
    code: 0,
    stderr: `qwen-install: warning: the checksum of ${ARCHIVE} is NOT verified
qwen-install: warning: whoever can change the download can run programs as you
qwen-install: warning: leave out --insecure-skip-verify to be safe
`,
  });
});

describe("the tool for SHA-256", () => {
  const { url } = mirror();
  const lies = { sha256sum: `echo ${other}`, shasum: "exit 1" };

  for (const tool of ["sha256sum", "shasum", "openssl", "busybox", "perl", "python3"]) {
    testWith(tool)(`can be ${tool}`, async () => {
      const path = pathWith("curl", tool === "shasum" ? ["shasum", "perl"] : [tool]);
      expect(await installFrom(url, { path })).toMatchObject({ code: 0 });
    });
  }

  testWith("openssl")("is not one that does not know its job", async () => {
    const path = pathWith("curl", ["openssl"], lies);
    expect(await installFrom(url, { path })).toMatchObject({ code: 0 });
  });

  test("must be there, before anything is downloaded: 5", async () => {
    const { url, seen } = mirror();
    for (const path of [pathWith("curl", []), pathWith("curl", [], lies)]) {
      expect(await refuse(url, { path })).toEqual({
        code: 5,
        stderr:
          "qwen-install: error: no SHA-256 tool (tried sha256sum, shasum, openssl, sha256, cksum, " +
          "busybox, perl, python3); install coreutils or openssl, or pass --insecure-skip-verify\n",
      });
    }
    expect(seen).toEqual([]);
  });
});

const qwen: Entry = { name: "qwen", content: program("9.9.9"), mode: 0o755 };
const oneQwen = `qwen-install: error: ${ARCHIVE} must hold one qwen and documents
  nothing was installed
`;

test.each<[string, readonly Entry[]]>([
  ["a file outside", [qwen, { name: "../evil", content: "evil" }]],
  ["an absolute path", [qwen, { name: "/tmp/evil", content: "evil" }]],
  ["a symbolic link", [{ name: "qwen", type: "2", link: "/etc/passwd" }]],
  ["a hard link", [{ name: "LICENSE" }, { name: "qwen", type: "1", link: "LICENSE" }]],
  ["a document that is a link", [qwen, { name: "README.md", type: "2", link: "LICENSE" }]],
  ["a directory", [qwen, { name: "lib/", type: "5" }]],
  ["a qwen in a directory", [{ ...qwen, name: "bin/qwen" }]],
  ["two qwens", [qwen, qwen]],
  ["a name whose last word is qwen", [{ ...qwen, name: "my qwen" }]],
  ["a path outside whose last word is none", [qwen, { name: "../evil x", content: "evil" }]],
  ["a pipe", [qwen, { name: "pipe", type: "6" }]],
  ["a qwen below the directory itself", [{ ...qwen, name: "./qwen" }]],
  [
    "a path outside in a header of pax",
    [qwen, { name: "x", type: "x", content: "20 path=../../evil2\n" }, { name: "LICENSE" }],
  ],
  ["no qwen", [{ name: "README.md" }]],
])("an archive with %s is refused: 5", async (_case, entries) => {
  const { url } = mirror(release({ [ARCHIVE]: pack(entries) }));
  expect(await refuse(url)).toEqual({ code: 5, stderr: oneQwen });
});

test("an archive that is none is refused: 5 or 6", async () => {
  const cut = Buffer.from(good[ARCHIVE] ?? "").subarray(0, 100);
  expect(await refuse(mirror(release({ [ARCHIVE]: cut })).url)).toMatchObject({ code: 5 });
  const text = Buffer.from("not a program");
  expect(await refuse(mirror(release({ [ARCHIVE]: text })).url)).toMatchObject({ code: 6 });
});

describe("a binary that does not run is refused: 6", () => {
  const [cannot, nothing] = [
    "qwen-install: error: the downloaded binary",
    "  nothing was installed\n",
  ];

  test.each([
    [
      "another version",
      program("9.9.8"),
      "is not version 9.9.9",
      '--version ended with 0 and printed "9.9.8"',
    ],
    [
      "no version",
      program("hello"),
      "is not version 9.9.9",
      '--version ended with 0 and printed "hello"',
    ],
    [
      "no C++ library",
      "#!/bin/sh\necho 'Error loading shared library libstdc++.so.6' >&2; exit 127\n",
      "does not start: missing libstdc++.so.6; run: apk add --no-cache libstdc++",
      '--version ended with 127 and printed ""',
    ],
    [
      "an old CPU",
      "#!/bin/sh\nkill -ILL $$\n",
      "does not start",
      "the CPU lacks an instruction (SSE4.2 is needed)",
    ],
    [
      "an interpreter that is missing",
      "#!/no/such/loader\n",
      "does not start",
      "its loader is missing: ",
    ],
  ])("%s", async (_case, content, complaint, why) => {
    const archive = pack([{ ...qwen, content }]);
    const { code, stderr } = await refuse(mirror(release({ [ARCHIVE]: archive })).url);
    expect(code).toBe(6);
    expect(stderr).toContain(`${cannot} ${complaint}\n  ${why}`);
    expect(stderr).toEndWith(nothing);
  });

  test("the loader of another libc", async () => {
    const elf = readFileSync(Bun.which("env") ?? "").toString("latin1");
    const alien = elf.replace("/lib64/ld-linux-x86-64.so.2", "/lib64/ld-linux-x86-64.so.9");
    const folder = directory("alien");
    writeFileSync(join(folder, "qwen"), Buffer.from(alien, "latin1"), { mode: 0o755 });
    const packed = Bun.spawnSync(["tar", "-czf", "-", "-C", folder, "qwen"]).stdout;
    const { url } = mirror(release({ [ARCHIVE]: Uint8Array.from(packed) }));
    const { code, stderr } = await refuse(url);
    expect(code).toBe(process.arch === "x64" ? 6 : code);
    if (alien !== elf) expect(stderr).toContain("may have the wrong libc (see --libc)\n");
  });

  test("its environment holds PATH and a home of its own, and nothing else", async () => {
    const folder = directory("seen");
    const spy = `#!/bin/sh\nenv >'${folder}/env'\necho 9.9.9\n`;
    const { url } = mirror(release({ [ARCHIVE]: pack([{ ...qwen, content: spy }]) }));
    await installFrom(url, { env: { OPENAI_API_KEY: "sk-secret" } });
    const names = readFileSync(join(folder, "env"), "utf8").match(/^\w+(?==)/gm) ?? [];
    expect(names.filter((name) => !["PWD", "SHLVL", "_", "OLDPWD"].includes(name)).sort()).toEqual([
      "HOME",
      "PATH",
    ]);
  });
});
