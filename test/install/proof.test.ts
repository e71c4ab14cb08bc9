import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { missingPrograms, testUnless } from "../support/needs.ts";
import { ARCHIVE, installFrom, mirror, pathWith, program, release, sha256 } from "./release.ts";
import { directory, files, INSTALLER } from "./run-installer.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(30_000);

const OLD = program("0.0.1");

/** A home with an old qwen, which must be all that is there when something fails. */
function homeWithOld(): string {
  const home = directory("home");
  mkdirSync(join(home, ".local/bin"), { recursive: true });
  writeFileSync(join(home, ".local/bin/qwen"), OLD, { mode: 0o755 });
  return home;
}

function expectOld(home: string): void {
  expect(files(home)).toEqual([".local", ".local/bin", ".local/bin/qwen"]);
  expect(readFileSync(join(home, ".local/bin/qwen"), "utf8")).toBe(OLD);
}

describe("--verify-attestation", () => {
  const args = ["--verify-attestation", "--repo=owner/name"];

  async function ask(gh: string | undefined) {
    const { url, seen } = mirror();
    const shims: Record<string, string> = gh === undefined ? {} : { gh };
    const path = pathWith("curl", ["sha256sum"], shims);
    const HOME = homeWithOld();
    const env = { HOME, QWEN_INSTALL_QUIET: "1" };
    const { code, stderr } = await installFrom(url, { args, path, env });
    if (code !== 0) expectOld(HOME);
    return { code, stderr, downloads: seen.length };
  }

  const able = (verified: string) =>
    `case "$*" in "attestation verify --help") ;; "attestation verify "*"/archive -R owner/name") ${verified} ;; *) exit 1 ;; esac`;

  test("asks gh about the archive", async () => {
    expect(await ask(able("exit 0"))).toMatchObject({ code: 0, stderr: "" });
  });

  test.each([
    ["without gh", undefined],
    ["with a gh that is too old for it", `echo 'unknown command "attestation"' >&2; exit 1`],
  ])("%s says so before anything is downloaded: 4", async (_case, gh) => {
    expect(await ask(gh)).toEqual({
      code: 4,
      downloads: 0,
      stderr: `qwen-install: error: --verify-attestation needs gh 2.49 or newer
  fix: install it, or check --signing-key
`,
    });
  });

  test("tells a gh that has to log in first from an archive of others: 4", async () => {
    expect(await ask(able("echo 'run: gh auth login' >&2; exit 4"))).toMatchObject({
      code: 4,
      stderr: `run: gh auth login
qwen-install: error: gh verifies nothing before it is logged in
  fix: gh auth login
  nothing was installed
`,
    });
  });

  test("refuses what gh does not confirm, with its words: 5", async () => {
    expect(await ask(able("echo 'no attestations'; exit 1"))).toMatchObject({
      code: 5,
      stderr: `no attestations
qwen-install: error: gh does not confirm that owner/name built ${ARCHIVE}
  nothing was installed
`,
    });
  });

  test("needs to know whose: 2", async () => {
    const env = { QWEN_INSTALL_VERIFY: "attest" };
    expect(await installFrom(mirror().url, { env })).toMatchObject({
      code: 2,
      stderr: "qwen-install: error: --verify-attestation needs --repo\n",
    });
  });
});

describe("--signing-key", () => {
  const skip = missingPrograms("ssh-keygen");
  const tools = ["sha256sum", "ssh-keygen"];

  function newKey(): string {
    const path = join(directory("keys"), "it's a key");
    Bun.spawnSync(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path]);
    return path;
  }

  function sign(
    key: string,
    content: string | Uint8Array,
    namespace = "qwen-release",
  ): Buffer<ArrayBuffer> {
    const argv = ["ssh-keygen", "-Y", "sign", "-q", "-f", key, "-n", namespace];
    return Buffer.from(Bun.spawnSync(argv, { stdin: Buffer.from(content) }).stdout);
  }

  const sums = release().SHA256SUMS ?? "";

  async function ask(key: string, signature: Buffer<ArrayBuffer> | undefined, more: Asked = {}) {
    const { url, seen } = mirror(release({ "SHA256SUMS.sig": signature, ...more.changes }));
    const HOME = homeWithOld();
    const env = { HOME, QWEN_INSTALL_QUIET: "1" };
    const path = more.path ?? pathWith("curl", tools);
    const args = ["--signing-key", `${key}.pub`, ...(more.args ?? [])];
    const { code, stderr } = await installFrom(url, { args, path, env, ...more.run });
    if (code !== 0) expectOld(HOME);
    return { code, stderr, downloads: seen.length };
  }
  type Asked = {
    readonly args?: readonly string[];
    readonly path?: string;
    readonly changes?: Parameters<typeof release>[0];
    readonly run?: object;
  };

  testUnless(skip)("installs what the key signed", async () => {
    const key = newKey();
    expect(await ask(key, sign(key, sums))).toMatchObject({ code: 0, stderr: "" });
  });

  testUnless(skip).each<[string, (ours: string, theirs: string) => string]>([
    ["several keys", (ours, theirs) => `${theirs}${ours}`],
    ["a comment and an empty line", (ours) => `# of the project\n\n${ours}`],
    ["line ends of Windows", (ours) => ours.replace("\n", "\r\n")],
    ["no line end", (ours) => ours.trim()],
  ])("takes a file with %s", async (_case, render) => {
    const [key, other, file] = [newKey(), newKey(), join(directory("kept"), "key")];
    const [ours, theirs] = [key, other].map((path) => readFileSync(`${path}.pub`, "utf8"));
    writeFileSync(`${file}.pub`, render(ours ?? "", theirs ?? ""));
    expect(await ask(file, sign(key, sums))).toMatchObject({ code: 0, stderr: "" });
  });

  testUnless(skip ?? missingPrograms("mkfifo"))("takes a key from a pipe", async () => {
    const [key, pipe] = [newKey(), join(directory("pipe"), "key")];
    Bun.spawnSync(["mkfifo", `${pipe}.pub`]);
    const writing = Bun.spawn(["cp", `${key}.pub`, `${pipe}.pub`]);
    expect(await ask(pipe, sign(key, sums))).toMatchObject({ code: 0, stderr: "" });
    expect(await writing.exited).toBe(0);
  });

  const other = `${"0".repeat(64)}  ${ARCHIVE}\n`;
  const UNSIGNED = "is not signed by the key in";
  type Refused = readonly [
    string,
    string,
    (key: string) => Buffer<ArrayBuffer> | undefined,
    Parameters<typeof release>[0]?,
  ];
  const refused: readonly Refused[] = [
    ["of another key", UNSIGNED, () => sign(newKey(), sums)],
    ["for another purpose", UNSIGNED, (key) => sign(key, sums, "git")],
    ["for a longer purpose", UNSIGNED, (key) => sign(key, sums, "qwen-release2")],
    ["of other sums", UNSIGNED, (key) => sign(key, other)],
    ["that is a web page", UNSIGNED, () => Buffer.from("<html>")],
    ["that is empty", UNSIGNED, () => Buffer.from("")],
    ["that is cut short", UNSIGNED, (key) => sign(key, sums).subarray(0, -40)],
    [
      "of sums that grew by a line end",
      UNSIGNED,
      (key) => sign(key, sums),
      { SHA256SUMS: `${sums}\n` },
    ],
    ["that is not there", "SHA256SUMS.sig is missing", () => undefined],
    [
      "of sums of something else",
      "checksum mismatch",
      (key) => sign(key, other),
      { SHA256SUMS: other },
    ],
  ];
  for (const [name, complaint, signed, changes = {}] of refused) {
    testUnless(skip)(`refuses a signature ${name}: 5`, async () => {
      const key = newKey();
      const { code, stderr } = await ask(key, signed(key), { changes });
      expect({ code, stderr }).toEqual({ code: 5, stderr: expect.stringContaining(complaint) });
    });
  }

  testUnless(skip)("is not content with sums that a release's own installer knows", async () => {
    const key = newKey();
    const stamped = readFileSync(INSTALLER, "utf8")
      .replace("QWEN_DEFAULT_VERSION='latest'", "QWEN_DEFAULT_VERSION='9.9.9'")
      .replace("QWEN_DEFAULT_SUMS=''", `QWEN_DEFAULT_SUMS='${sums.toString().trim()}'`);
    const run = { piped: Buffer.from(stamped) };
    expect((await ask(key, undefined, { run })).code).toBe(5);
    expect((await ask(key, sign(key, sums), { run })).code).toBe(0);
  });

  testUnless(skip)("works without a network, with what lies beside the archive", async () => {
    const key = newKey();
    const folder = directory("it's on a stick");
    const install = (args: readonly string[] = []) => {
      const all = ["--archive", join(folder, ARCHIVE), "--signing-key", `${key}.pub`, ...args];
      return installFrom(undefined, { args: all, path: pathWith(undefined, tools) });
    };
    writeFileSync(join(folder, ARCHIVE), release()[ARCHIVE] ?? "");
    writeFileSync(join(folder, "SHA256SUMS"), sums);
    const unsigned = await install();
    expect(unsigned.code).toBe(5);
    expect(unsigned.stderr).toContain(`cannot read ${folder}/SHA256SUMS.sig\n`);
    writeFileSync(join(folder, "SHA256SUMS.sig"), sign(key, sums));
    expect(await install()).toMatchObject({ code: 0 });
    writeFileSync(join(folder, "SHA256SUMS.sig"), sign(newKey(), sums));
    expect(await install()).toMatchObject({ code: 5 });
  });

  testUnless(skip)("says before anything is downloaded what keeps it from checking", async () => {
    const key = newKey();
    writeFileSync(join(directory("bad"), "key.pub"), "");
    const noKey = join(directory("bad"), "key");
    writeFileSync(`${noKey}.pub`, readFileSync(key));
    const old = { "ssh-keygen": "echo 'unknown option -- Y' >&2; exit 1" };
    const signature = sign(key, sums);
    const cases: readonly (readonly [number, string, string, Asked])[] = [
      [2, "cannot read the key", "/no/such", {}],
      [2, "not a public key of ssh-keygen", noKey, {}],
      [2, "--signing-key is about SHA256SUMS", key, { args: ["--sha256", sha256("")] }],
      [2, "--signing-key is about SHA256SUMS", key, { args: ["--insecure-skip-verify"] }],
      [4, "needs the ssh-keygen of OpenSSH 8.1", key, { path: pathWith("curl", ["sha256sum"]) }],
      [
        4,
        "needs the ssh-keygen of OpenSSH 8.1",
        key,
        { path: pathWith("curl", ["sha256sum"], old) },
      ],
    ];
    for (const [code, complaint, from, asked] of cases) {
      const refused = await ask(from, signature, asked);
      expect(refused).toEqual({ code, downloads: 0, stderr: expect.stringContaining(complaint) });
    }
  });
});

describe("an archive that is carried", () => {
  const stamp = (sums: string) =>
    Buffer.from(readFileSync(INSTALLER, "utf8").replace("SUMS=''", `SUMS='${sums}'`));
  const digest = sha256(release()[ARCHIVE] ?? "");
  const wrong = "0".repeat(64);

  function carried(sums?: string): string {
    const folder = directory("stick");
    writeFileSync(join(folder, ARCHIVE), release()[ARCHIVE] ?? "");
    if (sums !== undefined) writeFileSync(join(folder, "SHA256SUMS"), sums);
    return folder;
  }

  test.each([
    ["alone, with the sums that the installer knows", digest, undefined, [], 0],
    ["with other sums beside it, which anybody could write", digest, wrong, [], 0],
    ["changed together with the sums beside it", wrong, digest, [], 5],
    ["of another release, whose sums are named", wrong, digest, ["--sums=SHA256SUMS"], 0],
    ["with a name that the installer does not know", undefined, digest, [], 0],
    ["alone, with a name that the installer does not know", undefined, undefined, [], 5],
  ])("%s: %#", async (_name, stamped, beside, args, code) => {
    const line = (sum: string) => `${sum}  ${ARCHIVE}`;
    const cwd = carried(beside && line(beside));
    const piped = stamp(stamped === undefined ? `${digest}  other.tar.gz` : line(stamped));
    const run = { piped, cwd, path: pathWith(undefined), args: ["--archive", ARCHIVE, ...args] };
    expect(await installFrom(undefined, run)).toMatchObject({ code });
  });

  const full = { df: "echo; echo 'tmpfs 9 9 9 99% /'" };

  test("needs no room when the binary in place is the one in it", async () => {
    const cwd = carried(`${digest}  ${ARCHIVE}`);
    const args = ["--archive", ARCHIVE];
    const { home } = await installFrom(undefined, { args, cwd, path: pathWith(undefined) });
    const run = { args, cwd, path: pathWith(undefined, undefined, full) };
    const again = await installFrom(undefined, { ...run, env: { HOME: home } });
    expect(again.code).toBe(0);
    expect(again.stderr).toStartWith("qwen-install: already installed qwen 9.9.9: ");
    const elsewhere = await installFrom(undefined, run);
    expect(elsewhere.code).toBe(8);
    expect(elsewhere.stderr).toContain("has 9 KiB left, but 115000 are needed");
    const forced = await installFrom(undefined, {
      ...run,
      args: [...args, "--force"],
      env: { HOME: home },
    });
    expect(forced.code).toBe(8);
  });

  test("from a mirror needs none either when the manifest names the binary in place", async () => {
    const { url, seen } = mirror();
    const { home } = await installFrom(url);
    const path = pathWith("curl", ["sha256sum"], full);
    expect(await installFrom(url, { path, env: { HOME: home } })).toMatchObject({ code: 0 });
    const downloads = seen.filter((name) => name.endsWith(ARCHIVE)).length;
    expect(await installFrom(url, { path })).toMatchObject({ code: 8 });
    expect(seen.filter((name) => name.endsWith(ARCHIVE)).length).toBe(downloads);
  });
});
