/**
 * Starts and uses an image as the guide says: `bun use-image.ts IMAGE VERSION`, where Docker is. A
 * login into a new volume, into a directory of somebody else, and into one that nobody may write
 * to; a question to a server on loopback; a user whom the image does not know.
 */
import { deepStrictEqual, match, strictEqual } from "node:assert";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pongServer } from "./pong-server.ts";

const KEY = "sk-sp-smoke-0123456789abcdef";
const LOGIN = ["auth", "coding-plan", "--region", "global", "--key-stdin"];
const HARDENED = ["--read-only", "--cap-drop", "ALL", "--network", "host"];

const [image = "", version = ""] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), "qwen-image-"));
const volume = `qwen-image-${process.pid}`;

type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

async function docker(args: readonly string[], stdin?: string): Promise<Ran> {
  const child = Bun.spawn(["docker", ...args], {
    stdin: stdin === undefined ? "ignore" : Buffer.from(stdin),
    stdout: "pipe",
    stderr: "pipe",
  });
  const outputs = [child.stdout.text(), child.stderr.text()] as const;
  const [stdout, stderr, code] = await Promise.all([...outputs, child.exited]);
  return { code, stdout, stderr };
}

async function checkStart(): Promise<void> {
  const started = await docker(["run", "--rm", ...HARDENED, image, "--version"]);
  deepStrictEqual(started, { code: 0, stdout: `${version}\n`, stderr: "" });
}

async function checkQuestion(): Promise<void> {
  using server = pongServer();
  const key = ["-e", `OPENAI_API_KEY=${KEY}`, "-e", `OPENAI_BASE_URL=${server.url}`];
  const question = ["--no-project", "-m", "m", "-p", "ping"];
  const answer = await docker(["run", "--rm", ...HARDENED, ...key, image, ...question]);
  deepStrictEqual(answer, { code: 0, stdout: "pong\n", stderr: "" });
  deepStrictEqual(server.asked, [`Bearer ${KEY}`]);
}

/** Logs in, and asks a second container on a read-only file system what is in force. */
async function checkLogin(options: readonly string[]): Promise<void> {
  const login = await docker(["run", "-i", "--rm", ...options, image, ...LOGIN], KEY);
  strictEqual(login.code, 0, login.stderr);
  const status = ["auth", "status", "--json"];
  const shown = await docker(["run", "--rm", "--read-only", ...options, image, ...status]);
  strictEqual(shown.code, 0, shown.stderr);
  const { loggedIn, method } = JSON.parse(shown.stdout);
  deepStrictEqual({ loggedIn, method }, { loggedIn: true, method: "coding-plan" });
}

/** A directory on this machine, which no user of the image owns. */
function hostDirectory(name: string, mode: number): string {
  const path = join(directory, name);
  mkdirSync(path);
  chmodSync(path, mode);
  return path;
}

async function checkClosedDirectory(): Promise<void> {
  const mount = ["-v", `${hostDirectory("closed", 0o755)}:/home/nonroot/.qwen`];
  const login = await docker(["run", "-i", "--rm", ...mount, image, ...LOGIN], KEY);
  strictEqual(login.code, 1, login.stderr);
  match(login.stderr, /Cannot write .*(denied|belongs to)/);
}

try {
  chmodSync(directory, 0o755);
  await checkStart();
  await checkQuestion();
  await checkLogin(["-v", `${volume}:/home/nonroot/.qwen`]);
  await checkLogin(["-v", `${hostDirectory("open", 0o777)}:/home/nonroot/.qwen`]);
  const stranger = ["--user", "12345:12345", "-e", "QWEN_HOME=/mnt/qwen"];
  await checkLogin([...stranger, "-v", `${hostDirectory("strangers", 0o777)}:/mnt/qwen`]);
  await checkClosedDirectory();
  console.log(`${image} works`);
} finally {
  await docker(["volume", "rm", volume]);
  // What a container wrote belongs to its user.
  rmSync(directory, { recursive: true, force: true });
}
