import { describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { found } from "../../support/canary.ts";
import { type Machine, qwen } from "../../support/qwen.ts";
import { startQwen } from "../../support/start-qwen.ts";
import { brokerMachine, chat, KEY, runScript, serve, upstream } from "./broker-machine.ts";

const CHAT = "/openai/v1/chat/completions";

function mode(path: string): string {
  return (lstatSync(path).mode & 0o777).toString(8);
}

describe("auth serve", () => {
  test("writes what a client needs, private, and takes it away again", async () => {
    const set = brokerMachine(upstream().origin);
    const own = await serve(set);
    const path = join(set.home, "run.env");
    expect(Object.keys(own.variables).sort()).toEqual([
      "AUTH_RUN_API_KEY",
      "OPENAI_API_BASE",
      "OPENAI_API_KEY",
      "OPENAI_BASE_URL",
      "OPENAI_MODEL",
      "QWEN_RUN",
      "QWEN_RUN_URL",
    ]);
    expect([mode(path), readFileSync(path, "utf8").includes(KEY)]).toEqual(["600", false]);
    const ended = await own.stop();
    expect([ended.exitCode, ended.stdout, existsSync(path)]).toEqual([0, "", false]);
    expect(ended.stderr).not.toContain(own.token);
    expect(found(ended.stderr, KEY)).toEqual([]);
  });

  test("tells programs where it is, without the token", async () => {
    const set = brokerMachine(upstream().origin);
    const started = startQwen(set, ["auth", "serve", "--json", "--ready-fd", "2"]);
    await started.saw(/(ready)/);
    started.kill("SIGINT");
    const { exitCode, stdout } = await started.ended;
    const told = JSON.parse(stdout);
    expect([exitCode, told]).toMatchObject([
      0,
      {
        schemaVersion: 1,
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        model: "glm-5",
      },
    ]);
    expect(stdout).not.toContain("qwen-run-");
    expect(found(stdout, KEY)).toEqual([]);
  });

  test("listens on a socket that others cannot use", async () => {
    const set = brokerMachine(upstream().origin);
    const path = join(set.home, "s", "broker.sock");
    set.write("s/.keep", "");
    const own = await serve(set, ["--listen", `unix:${path}`]);
    expect([own.url, own.variables.ANTHROPIC_UNIX_SOCKET, mode(path)]).toEqual([
      "http://localhost",
      path,
      "600",
    ]);
    const answer = await own.ask(CHAT, { ...chat(), unix: path } as RequestInit);
    expect(answer.status).toBe(200);
    const other = await qwen(set, ["auth", "serve", "--listen", `unix:${path}`]);
    expect([other.exitCode, other.stderr.includes("another program listens there")]).toEqual([
      1,
      true,
    ]);
    await own.stop();
    expect(existsSync(path)).toBe(false);
  });

  test("takes over a socket that a killed one left, and nothing else", async () => {
    const set = brokerMachine(upstream().origin);
    const path = join(set.home, "broker.sock");
    const killed = startQwen(set, ["auth", "serve", "--listen", `unix:${path}`]);
    await killed.saw(/(serving)/);
    killed.kill("SIGKILL");
    await killed.ended;
    expect(existsSync(path)).toBe(true);
    await (await serve(set, ["--listen", `unix:${path}`])).stop();
    const file = set.write("file", "mine");
    const refused = await qwen(set, ["auth", "serve", "--listen", `unix:${file}`]);
    expect([refused.exitCode, readFileSync(file, "utf8")]).toEqual([1, "mine"]);
  });

  test("writes its variables over nothing that is somebody else's", async () => {
    const set = brokerMachine(upstream().origin);
    const file = set.write("p/.env", "MINE=1\n");
    const refused = await qwen(set, ["auth", "serve", "--env-file", ".env"]);
    expect([refused.exitCode, readFileSync(file, "utf8")]).toEqual([1, "MINE=1\n"]);
    expect(refused.stderr).toContain("something else stands there");
    const empty = set.write("empty", "");
    const others = ["link", "pipe", "device", "folder"].map((name) => join(set.home, name));
    const [link = "", pipe = "", device = "", folder = ""] = others;
    symlinkSync(empty, link);
    mkdirSync(folder);
    Bun.spawnSync(["mkfifo", pipe]);
    Bun.spawnSync(["mknod", device, "c", "1", "3"]);
    for (const path of others.filter((each) => each !== device || existsSync(device))) {
      const { mode } = lstatSync(path);
      const ran = await qwen(set, ["auth", "serve", "--env-file", path]);
      expect({ path, exitCode: ran.exitCode, mode: lstatSync(path).mode }).toEqual({
        ...{ path, exitCode: 1, mode },
      });
      expect(ran.stderr).toContain("something else stands there");
    }
    expect(readFileSync(empty, "utf8")).toBe("");
    const open = set.write("open.env", "", 0o666);
    chmodSync(open, 0o666);
    const unsafe = await qwen(set, ["auth", "serve", "--env-file", open]);
    expect([unsafe.exitCode, existsSync(open)]).toEqual([3, true]);
    set.write("run.env", "AUTH_RUN_API_KEY=qwen-run-of-a-killed-one\n");
    const own = await serve(set);
    expect((await own.ask(CHAT, chat())).status).toBe(200);
    await own.stop();
  });

  test("is not held up by what stands where gemini has its settings", async () => {
    for (const make of [
      ["mkfifo", ".gemini/settings.json"],
      ["ln", "-s", "/dev/zero", ".gemini/settings.json"],
    ]) {
      const set = brokerMachine(upstream().origin);
      mkdirSync(join(set.home, ".gemini"));
      Bun.spawnSync(make, { cwd: set.home });
      expect(await runScript(set, "echo done")).toMatchObject({ exitCode: 0, stdout: "done\n" });
      const own = await serve(set);
      expect((await own.ask(CHAT, chat())).status).toBe(200);
      await own.stop();
    }
  });

  test("writes its variables over none of one that runs, and removes none but its own", async () => {
    const set = brokerMachine(upstream().origin);
    const socket = join(set.home, "broker.sock");
    for (const flags of [[], ["--listen", `unix:${socket}`]]) {
      const own = await serve(set, flags);
      const refused = await qwen(set, ["auth", "serve", "--env-file", "../run.env"]);
      expect([refused.exitCode, refused.stdout]).toEqual([1, ""]);
      expect(refused.stderr).toContain("the broker that wrote it is still there");
      const path = set.write("run.env", "of somebody else\n");
      await own.stop();
      expect(readFileSync(path, "utf8")).toBe("of somebody else\n");
      rmSync(path);
    }
  });

  test("ends in order where it is told to twice", async () => {
    const set = brokerMachine(upstream().origin);
    const own = await serve(set);
    process.kill(own.pid, "SIGTERM");
    process.kill(own.pid, "SIGHUP");
    const ended = await own.stop();
    expect([ended.exitCode, existsSync(join(set.home, "run.env"))]).toEqual([0, false]);
    expect(ended.stderr).toContain("nothing was sent through the broker");
  });

  test("shares its port with nobody", async () => {
    const set = brokerMachine(upstream().origin);
    const own = await serve(set);
    const other = await qwen(set, ["auth", "serve", "--listen", new URL(own.url).host]);
    expect(other.exitCode).toBe(1);
    expect(other.stderr).toMatch(
      /Cannot listen on 127\.0\.0\.1:\d+: another program listens there/,
    );
    await own.stop();
  });

  test.each([
    ["192.0.2.1:0", "this machine has no such address"],
    ["256.1.1.1:0", "this machine has no such address"],
    ["[2001:db8::1]:0", "this machine has no such address"],
    ["no-such-machine.invalid:0", "the name is none of this machine's"],
  ])("does not say of an address that is not its own that it is in use: %s", async (place, why) => {
    const ran = await qwen(brokerMachine(upstream().origin), ["auth", "serve", "--listen", place]);
    expect([ran.exitCode, ran.stdout]).toEqual([1, ""]);
    expect(ran.stderr).toContain(`Cannot listen on ${place}: ${why}`);
  });

  test("is called by further names only where they are given, and warns of other machines", async () => {
    const set = brokerMachine(upstream().origin);
    const headers = (own: { token: string; url: string }) => ({
      authorization: `Bearer ${own.token}`,
      host: `host.docker.internal:${new URL(own.url).port}`,
    });
    const plain = await serve(set);
    expect((await plain.ask(CHAT, { ...chat(), headers: headers(plain) })).status).toBe(421);
    await plain.stop();
    const named = await serve(set, [
      "--listen",
      "0.0.0.0:0",
      "--allow-host",
      "host.docker.internal",
    ]);
    expect((await named.ask(CHAT, { ...chat(), headers: headers(named) })).status).toBe(200);
    expect((await named.stop()).stderr).toContain("other machines may reach this address");
  });

  test.each([
    ["localhost", "no HOST:PORT"],
    ["127.0.0.1:99999", "no HOST:PORT"],
    ["http://x:1", "no HOST:PORT"],
    ["unix:", "the path is missing"],
    [`unix:/${"x".repeat(200)}`, "too long"],
  ])("--listen %s is a usage error", async (listen, why) => {
    const ran = await qwen(brokerMachine("http://127.0.0.1:9"), [
      "auth",
      "serve",
      "--listen",
      listen,
    ]);
    expect([ran.exitCode, ran.stderr.includes(why)]).toEqual([2, true]);
  });

  test.each([
    [["--ready-fd", "1"]],
    [["--ready-fd", "x"]],
    [["--allow-host", "http://x"]],
    [["--recipe", "claude"]],
    [["word"]],
  ])("%j is a usage error", async (flags) => {
    expect(
      (await qwen(brokerMachine("http://127.0.0.1:9"), ["auth", "serve", ...flags])).exitCode,
    ).toBe(2);
  });

  test("where nothing can be listened on, it ends and leaves nothing", async () => {
    const set = brokerMachine("http://127.0.0.1:9");
    const ran = await qwen(set, ["auth", "serve", "--listen", "192.0.2.1:1", "--env-file", "x"]);
    expect([ran.exitCode, existsSync(join(set.project, "x"))]).toEqual([1, false]);
  });
});

test("two runs at once know nothing of each other", async () => {
  const service = upstream();
  const set: Machine = brokerMachine(service.origin);
  const own = await serve(set);
  const ran = await runScript(
    set,
    `curl -s -o /dev/null -w '%{http_code} ' -H "x-api-key: ${own.token}" -d '{}' "$OPENAI_BASE_URL/chat/completions"; ` +
      `curl -s -o /dev/null -w '%{http_code}' -H "x-api-key: $AUTH_RUN_API_KEY" -d '{}' "${own.url}${CHAT}"`,
  );
  expect(ran.stdout).toBe("401 401");
  expect(service.received).toEqual([]);
  await own.stop();
});
