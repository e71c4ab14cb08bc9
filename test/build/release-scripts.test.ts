import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BUN_SHA512, BUN_VERSION, ROOT } from "../../build/project.ts";
import { missingPrograms, testUnless } from "../support/needs.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

setDefaultTimeout(30_000);

const SCRIPTS = join(ROOT, ".github", "release");

async function run(
  name: string,
  { args = [], cwd, env = {} }: RunOptions,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const child = Bun.spawn(["sh", join(SCRIPTS, name), ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? "", HOME: cwd, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const outputs = [child.stdout.text(), child.stderr.text()] as const;
  const [stdout, stderr, code] = await Promise.all([...outputs, child.exited]);
  return { code, stdout, stderr };
}

type RunOptions = {
  readonly args?: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
};

function git(cwd: string, ...args: readonly string[]): string {
  const who = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
  const { exitCode, stdout, stderr } = Bun.spawnSync(["git", ...who, ...args], { cwd });
  expect({ exitCode, stderr: exitCode === 0 ? "" : stderr.toString() }).toEqual({
    exitCode: 0,
    stderr: "",
  });
  return stdout.toString().trim();
}

type Checkout = { readonly cwd: string; readonly commit: string };

const NOTES = "# Changelog\n\n## 1.2.3\n\n- New.\n\n## 1.2.2\n\n## 1.2.3-rc.1\n\n- Soon.\n";

/** A checkout of one commit, which is on main. */
function checkout(version: string, tags: readonly string[] = []): Checkout {
  const cwd = temporaryDirectory();
  const manifest = { version, qwen: { repository: "o/n", signingKey: "ssh-ed25519 AAAA" } };
  writeFileSync(join(cwd, "package.json"), JSON.stringify(manifest, undefined, 2));
  writeFileSync(join(cwd, "CHANGELOG.md"), NOTES);
  git(cwd, "init", "-q");
  git(cwd, "add", ".");
  git(cwd, "commit", "-q", "-m", "a");
  git(cwd, "update-ref", "refs/remotes/origin/main", "HEAD");
  for (const tag of tags) {
    git(cwd, "tag", tag);
  }
  return { cwd, commit: git(cwd, "rev-parse", "HEAD") };
}

function plan({ cwd, commit }: Checkout, env: Readonly<Record<string, string>> = {}) {
  const pushed = { EVENT: "push", DRY_RUN: "", REF: "refs/tags/v1.2.3", REPOSITORY: "o/n" };
  return run("plan.sh", { cwd, env: { ...pushed, COMMIT: commit, ...env } });
}

const outputs = (version: string, publish: boolean, prerelease: boolean, latest: boolean) =>
  `version=${version}\npublish=${publish}\nprerelease=${prerelease}\nlatest=${latest}\n`;

describe("plan.sh", () => {
  test.each([
    ["a tag", "1.2.3", [], {}, outputs("1.2.3", true, false, true)],
    [
      "the newest of many",
      "1.2.3",
      ["v1.2.3", "v1.2.2", "v1.1.10"],
      {},
      outputs("1.2.3", true, false, true),
    ],
    [
      "one for an older line",
      "1.2.3",
      ["v1.2.3", "v1.10.0"],
      {},
      outputs("1.2.3", true, false, false),
    ],
    [
      "one beside a newer candidate",
      "1.2.3",
      ["v1.3.0-rc.1"],
      {},
      outputs("1.2.3", true, false, true),
    ],
    [
      "a candidate",
      "1.2.3-rc.1",
      ["v1.2.2"],
      { REF: "refs/tags/v1.2.3-rc.1" },
      outputs("1.2.3-rc.1", true, true, false),
    ],
    [
      "a dry run of any branch",
      "0.0.1",
      [],
      { EVENT: "workflow_dispatch", DRY_RUN: "true", REF: "refs/heads/x", COMMIT: "0".repeat(40) },
      outputs("0.0.1", false, false, true),
    ],
    [
      "one by hand that publishes",
      "1.2.3",
      [],
      { EVENT: "workflow_dispatch", DRY_RUN: "false" },
      outputs("1.2.3", true, false, true),
    ],
  ])("takes %s", async (_name, version, tags, env, stdout) => {
    expect(await plan(checkout(version, tags), env)).toEqual({ code: 0, stdout, stderr: "" });
  });

  test.each([
    ["another tag", "1.2.3", { REF: "refs/tags/v1.2.4" }, "refs/tags/v1.2.4 is not v1.2.3"],
    ["a branch of that name", "1.2.3", { REF: "refs/heads/v1.2.3" }, "is not v1.2.3"],
    ["a longer tag", "1.2.3", { REF: "refs/tags/v1.2.3-rc.1" }, "is not v1.2.3"],
    ["a version of which nothing is said", "1.2.2", { REF: "refs/tags/v1.2.2" }, "lacks 1.2.2"],
    ["the start of a known version", "1.2", { REF: "refs/tags/v1.2" }, "CHANGELOG.md lacks 1.2"],
    ["a pattern", "1.2.3-r..1", { REF: "refs/tags/v1.2.3-r..1" }, "CHANGELOG.md lacks"],
    ["a fork", "1.2.3", { REPOSITORY: "x/n" }, "qwen.repository is 'o/n'"],
  ])("refuses %s", async (_name, version, env, problem) => {
    const { code, stdout, stderr } = await plan(checkout(version), env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toStartWith("::error::");
    expect(stderr).toContain(problem);
  });

  test("refuses a commit that is not on main, and a release that nobody can sign", async () => {
    const { cwd } = checkout("1.2.3");
    git(cwd, "commit", "-q", "--allow-empty", "-m", "b");
    const elsewhere = await plan({ cwd, commit: git(cwd, "rev-parse", "HEAD") });
    expect(elsewhere).toMatchObject({ code: 1, stdout: "" });
    expect(elsewhere.stderr).toContain("is not on main");

    const unsigned = checkout("1.2.3");
    const manifest = join(unsigned.cwd, "package.json");
    writeFileSync(manifest, readFileSync(manifest, "utf8").replace("ssh-ed25519 AAAA", ""));
    const refused = await plan(unsigned);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("qwen.signingKey is empty");
  });
});

test("notes.sh prints what stands below the heading of a version, and fails for nothing", async () => {
  const { cwd } = checkout("1.2.3");
  expect(await run("notes.sh", { cwd, args: ["1.2.3"] })).toEqual({
    code: 0,
    stdout: "\n- New.\n\n",
    stderr: "",
  });
  for (const version of ["1.2.2", "1.2", "1.2.4", "Changelog"]) {
    expect((await run("notes.sh", { cwd, args: [version] })).code).toBe(1);
  }
});

describe("digest.sh", () => {
  const NAMES = ["b", "a b", "c"];

  function files(change: (directory: string) => void = () => undefined): string {
    const directory = join(temporaryDirectory(), "release");
    mkdirSync(directory);
    for (const name of NAMES) {
      writeFileSync(join(directory, name), name);
    }
    change(directory);
    return directory;
  }

  test("is the same for the same files, and accepts itself", async () => {
    const { stdout } = await run("digest.sh", { cwd: "/", args: [files()] });
    expect(stdout).toMatch(/^[0-9a-f]{64}\n$/);
    const args = [files(), stdout.trim()];
    expect(await run("digest.sh", { cwd: "/", args })).toEqual({ code: 0, stdout, stderr: "" });
  });

  test.each([
    ["other bytes", (at: string) => writeFileSync(join(at, "c"), "d")],
    ["another name", (at: string) => Bun.spawnSync(["mv", join(at, "c"), join(at, "d")])],
    ["one more", (at: string) => writeFileSync(join(at, "d"), "")],
    ["one less", (at: string) => Bun.spawnSync(["rm", join(at, "c")])],
    ["none", (at: string) => Bun.spawnSync(["rm", "-r", at])],
  ])("refuses %s", async (_name, change) => {
    const { stdout } = await run("digest.sh", { cwd: "/", args: [files()] });
    const args = [files(change), stdout.trim()];
    expect((await run("digest.sh", { cwd: "/", args })).code).not.toBe(0);
  });
});

describe("get-bun.sh", () => {
  const needed = missingPrograms("curl", "tar");
  const target = `linux-${process.arch}`;
  const name = `bun-linux-${process.arch === "arm64" ? "aarch64" : process.arch}`;
  const skip = needed ?? (process.platform === "linux" ? undefined : "not Linux");

  /** The script beside a package.json that pins `sha512`, and a registry that has `content`. */
  async function get(content: Uint8Array<ArrayBuffer>, sha512: string) {
    using registry = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: ({ url }) =>
        new URL(url).pathname === `/@oven/${name}/-/${name}-${BUN_VERSION}.tgz`
          ? new Response(content)
          : new Response("", { status: 404 }),
    });
    const cwd = temporaryDirectory();
    mkdirSync(join(cwd, ".github", "release"), { recursive: true });
    copyFileSync(join(SCRIPTS, "get-bun.sh"), join(cwd, ".github", "release", "get-bun.sh"));
    const pinned = { packageManager: `bun@${BUN_VERSION}`, [target]: sha512 };
    writeFileSync(join(cwd, "package.json"), JSON.stringify(pinned, undefined, 2));
    const script = join(cwd, ".github", "release", "get-bun.sh");
    const child = Bun.spawn(["sh", script, join(cwd, "bun")], {
      env: {
        PATH: process.env.PATH ?? "",
        npm_config_registry: registry.url.origin,
        GITHUB_PATH: join(cwd, "path"),
        NO_PROXY: "127.0.0.1",
      },
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stderr, code] = await Promise.all([child.stderr.text(), child.exited]);
    return { cwd, code, stderr };
  }

  const packed = async () =>
    await new Bun.Archive(
      { "package/bin/bun": "#!/bin/sh\necho it is\n" },
      { compress: "gzip" },
    ).bytes();
  const sha512 = (content: Uint8Array) => new Bun.SHA512().update(content).digest("hex");

  testUnless(skip)("takes the package that is pinned", async () => {
    const content = await packed();
    const { cwd, code, stderr } = await get(content, sha512(content));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(readdirSync(join(cwd, "bun"))).toEqual(["bun"]);
    expect(Bun.spawnSync([join(cwd, "bun", "bun")]).stdout.toString()).toBe("it is\n");
    expect(readFileSync(join(cwd, "path"), "utf8")).toBe(`${join(cwd, "bun")}\n`);
  });

  testUnless(skip)("refuses any other, and leaves nothing that could be run", async () => {
    const content = await packed();
    const { cwd, code, stderr } = await get(content, "0".repeat(128));
    expect(code).toBe(1);
    expect(stderr).toContain(`expected SHA-512 ${"0".repeat(128)}, got ${sha512(content)}`);
    expect(readdirSync(join(cwd, "bun"))).not.toContain("bun");
    expect(readdirSync(cwd)).not.toContain("path");
  });

  test("knows the pinned package of every runner", () => {
    expect(Object.keys(BUN_SHA512)).toContain(target);
  });
});

describe("sign.sh", () => {
  const skip = missingPrograms("ssh-keygen");

  function packed(publicKey: string): string {
    const cwd = temporaryDirectory();
    mkdirSync(join(cwd, "release"));
    writeFileSync(join(cwd, "release", "SHA256SUMS"), "sums\n");
    writeFileSync(join(cwd, "release", "qwen-offline-1.2.3.tar"), "bundle");
    const manifest = { qwen: { signingKey: publicKey } };
    writeFileSync(join(cwd, "package.json"), JSON.stringify(manifest, undefined, 2));
    return cwd;
  }

  function newKey(): { readonly secret: string; readonly publicKey: string } {
    const path = join(temporaryDirectory(), "key");
    Bun.spawnSync(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path]);
    const publicKey = readFileSync(`${path}.pub`, "utf8").trim();
    return { secret: readFileSync(path, "utf8"), publicKey };
  }

  const args = ["release", "signatures"];
  const SIGNATURES = ["SHA256SUMS.sig", "qwen-offline-1.2.3.tar.sig"];

  testUnless(skip)("signs the sums and the bundle with the key of the project", async () => {
    const { secret, publicKey } = newKey();
    const cwd = packed(publicKey);
    const env = { PUBLISH: "true", SIGNING_KEY: secret };
    expect(await run("sign.sh", { cwd, args, env })).toMatchObject({ code: 0 });
    expect(readdirSync(join(cwd, "signatures")).sort()).toEqual(SIGNATURES);
    expect(readdirSync(cwd).sort()).toEqual(["package.json", "release", "signatures"]);
  });

  /** The lines of a guide that check what is signed. */
  function linesOf(page: string): string {
    const text = readFileSync(join(ROOT, "docs", page), "utf8");
    const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
    return blocks.find((block) => block.includes("ssh-keygen -Y verify")) ?? "false";
  }

  testUnless(skip).each(["releases.md", "air-gapped.md"])(
    "makes what the lines of %s accept, and no other",
    async (page) => {
      const { secret, publicKey } = newKey();
      const cwd = packed(publicKey);
      const env = { PUBLISH: "true", SIGNING_KEY: secret };
      expect(await run("sign.sh", { cwd, args, env })).toMatchObject({ code: 0 });
      const at = join(cwd, "release");
      for (const name of SIGNATURES) copyFileSync(join(cwd, "signatures", name), join(at, name));
      const check = (key: string) => {
        writeFileSync(join(at, "key.pub"), `${key}\n`);
        const { exitCode, stdout } = Bun.spawnSync(["sh", "-eu", "-c", linesOf(page)], { cwd: at });
        return { exitCode, stdout: stdout.toString() };
      };
      expect(check(publicKey)).toEqual({
        exitCode: 0,
        stdout: expect.stringContaining('Good "qwen-release" signature for qwen'),
      });
      expect(check(newKey().publicKey).exitCode).not.toBe(0);
      for (const name of ["SHA256SUMS", "qwen-offline-1.2.3.tar"])
        writeFileSync(join(at, name), "");
      expect(check(publicKey).exitCode).not.toBe(0);
    },
  );

  testUnless(skip)("refuses a key whose public half is another, or none", async () => {
    for (const SIGNING_KEY of [newKey().secret, ""]) {
      const cwd = packed(newKey().publicKey);
      const { code } = await run("sign.sh", { cwd, args, env: { PUBLISH: "true", SIGNING_KEY } });
      expect(code).not.toBe(0);
    }
  });

  testUnless(skip)("signs a dry run with a key that nobody keeps", async () => {
    const cwd = packed("");
    const env = { PUBLISH: "false", SIGNING_KEY: "" };
    expect(await run("sign.sh", { cwd, args, env })).toMatchObject({ code: 0 });
    expect(readdirSync(join(cwd, "signatures")).sort()).toEqual(SIGNATURES);
  });
});
