/**
 * Installs one target of a release on the system that it is for, and uses it: `bun smoke.ts RELEASE TARGET`. Not a
 * test of the suite, because it takes a release and, for all targets, six machines.
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pongServer } from "./pong-server.ts";

const KEY = "sk-sp-smoke-0123456789abcdef";

const [releaseArgument = "", target = ""] = process.argv.slice(2);
const release = resolve(releaseArgument);
const isWindows = target.startsWith("windows-");
const directory = mkdtempSync(join(tmpdir(), "qwen-smoke-"));
const home = join(directory, "home");
const project = join(directory, "project");
const binary = join(directory, isWindows ? "qwen.exe" : "qwen");

const OF_WINDOWS = isWindows
  ? "SYSTEMROOT WINDIR TEMP TMP LOCALAPPDATA PATHEXT PROCESSOR_ARCHITECTURE PROCESSOR_IDENTIFIER".split(
      " ",
    )
  : [];

/** A machine with nothing on it; Windows does not start programs without its own variables. */
const env = {
  HOME: home,
  USERPROFILE: home,
  PATH: process.env.PATH ?? "",
  ...Object.fromEntries(OF_WINDOWS.map((name) => [name, process.env[name] ?? ""])),
  QWEN_CODE_SYSTEM_SETTINGS_PATH: join(directory, "none", "settings.json"),
  NO_PROXY: "127.0.0.1",
};

type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

async function run(command: readonly string[], more: Record<string, string> = {}): Promise<Ran> {
  const child = Bun.spawn([...command], {
    cwd: project,
    env: { ...env, ...more },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const outputs = [child.stdout.text(), child.stderr.text()] as const;
  const [stdout, stderr, code] = await Promise.all([...outputs, child.exited]);
  return { code, stdout, stderr };
}

function qwen(...args: readonly string[]): Promise<Ran> {
  return run([binary, ...args]);
}

/** With the release's installer, from a server on this machine. */
async function install(): Promise<void> {
  mkdirSync(home);
  mkdirSync(project);
  using server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: ({ url }) => new Response(Bun.file(join(release, basename(new URL(url).pathname)))),
  });
  const powershell = "powershell -NoProfile -NonInteractive -ExecutionPolicy Bypass -File".split(
    " ",
  );
  const installer = isWindows
    ? [...powershell, join(release, "install.ps1"), "-BinDir", directory, "-NoModifyPath"]
    : ["sh", join(release, "install.sh"), "--bin-dir", directory, "--no-modify-path"];
  const installed = await run(installer, {
    QWEN_INSTALL_BASE_URL: `${server.url}flat`,
  });
  strictEqual(installed.code, 0, installed.stderr);
}

async function checkStart(): Promise<void> {
  const version = readFileSync(join(release, "LATEST"), "utf8");
  deepStrictEqual(await qwen("--version"), { code: 0, stdout: version, stderr: "" });
  // The installer takes what the machine wants: on another one, that is another target.
  const described = await qwen("version", "--json");
  strictEqual(JSON.parse(described.stdout).target, target);
  strictEqual((await qwen("auth", "status")).code, 4);
  if (target.startsWith("darwin-")) {
    const signature = await run(["codesign", "--verify", "--strict", "--verbose=2", binary]);
    strictEqual(signature.code, 0, signature.stderr);
  }
}

async function checkLogin(): Promise<void> {
  const key = join(directory, "key");
  writeFileSync(key, KEY, { mode: 0o600 });
  const login = await qwen("auth", "coding-plan", "--region", "china", "--key-file", key);
  strictEqual(login.code, 0, login.stderr);
  const settings = join(home, ".qwen", "settings.json");
  match(readFileSync(settings, "utf8"), new RegExp(KEY));
  if (!isWindows) {
    strictEqual(statSync(settings).mode & 0o777, 0o600);
  }
  const status = await qwen("auth", "status", "--json");
  strictEqual(status.code, 0, status.stderr);
  const { loggedIn, method } = JSON.parse(status.stdout);
  deepStrictEqual({ loggedIn, method }, { loggedIn: true, method: "coding-plan" });
}

/** A repository that would like to run code and to lead the key elsewhere. */
async function checkHostileDirectory(): Promise<void> {
  const evil = join(project, "evil.ts");
  writeFileSync(evil, `require("node:fs").writeFileSync(${JSON.stringify(`${evil}.ran`)}, "");`);
  writeFileSync(join(project, "bunfig.toml"), 'preload = ["./evil.ts"]\n');
  writeFileSync(join(project, ".env.local"), "OPENAI_BASE_URL=http://evil.invalid\n");
  strictEqual((await qwen("--version")).code, 0);
  ok(!(await Bun.file(`${evil}.ran`).exists()), "the directory's preload ran");
}

async function checkQuestion(): Promise<void> {
  using server = pongServer();
  const answer = await run([binary, "-p", "ping", "--auth-type", "openai", "-m", "m"], {
    OPENAI_BASE_URL: server.url,
    OPENAI_API_KEY: KEY,
  });
  deepStrictEqual(answer, { code: 0, stdout: "pong\n", stderr: "" });
  deepStrictEqual(server.asked, [`Bearer ${KEY}`]);
}

try {
  await install();
  await checkStart();
  await checkQuestion();
  await checkLogin();
  await checkHostileDirectory();
  console.log(`${target} works`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
