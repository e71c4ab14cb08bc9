import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { mappingProxy } from "../../support/mapping-proxy.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { selfSigned, serveLoopback } from "../../support/tls-server.ts";

setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef0123";
const MODELS = { data: [{ id: "m" }, { id: "n", max_model_len: 8192 }] };

type Handler = (request: Request) => Response | Promise<Response>;

/** A service on loopback; `seen` has the requests as `METHOD path key`. */
function service(handler: Handler) {
  const seen: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const key = request.headers.get("authorization")?.replace("Bearer ", "") ?? "";
      seen.push(`${request.method} ${new URL(request.url).pathname} ${key}`.trim());
      return handler(request);
    },
  });
  afterAll(() => server.stop(true));
  return { seen, baseUrl: `http://127.0.0.1:${server.port}/v1`, stop: () => server.stop(true) };
}

const models: Handler = (request) =>
  request.headers.get("authorization") === `Bearer ${KEY}`
    ? Response.json(MODELS)
    : Response.json({ error: { message: "Incorrect API key" } }, { status: 401 });

const token: Handler = ({ url, method }) =>
  method === "POST" && url.endsWith("/chat/completions")
    ? new Response('data: {"choices":[{"delta":{"content":"H"}}]}\n\n')
    : new Response("", { status: 404 });

function login(m: Machine, baseUrl: string, args: readonly string[], key = KEY) {
  const where = ["--base-url", baseUrl, "--model", "m", "--key-stdin"];
  return qwen(m, ["auth", "api-key", ...where, ...args], { stdin: key });
}

describe("qwen auth api-key --verify", () => {
  test("saves a key that the service takes, and says so", async () => {
    const m = machine();
    const { baseUrl, seen } = service(models);
    const ran = await login(m, baseUrl, ["--verify"]);
    expect(ran).toMatchObject({ exitCode: 0, stdout: "" });
    expect(ran.stderr).toContain('  Verified: 2 models listed, "m" among them\n');
    expect(seen).toEqual([`GET /v1/models ${KEY}`]);
    expect(existsSync(m.settings)).toBe(true);
  });

  test("prints what was found with --json", async () => {
    const m = machine();
    const { stdout } = await login(m, service(models).baseUrl, ["--verify", "--json"]);
    const { verified } = JSON.parse(stdout);
    expect(verified).toEqual({
      state: "ok",
      checkedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      httpStatus: 200,
      detail: '2 models listed, "m" among them',
      modelListed: true,
    });
  });

  test("falls to one streamed token where there is no list", async () => {
    const m = machine();
    const { baseUrl, seen } = service(token);
    const ran = await login(m, baseUrl, ["--verify"]);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain('  Verified: "m" answers\n');
    expect(seen).toEqual([`GET /v1/models ${KEY}`, `POST /v1/chat/completions ${KEY}`]);
  });

  test("does not save a key that is rejected: exit 4", async () => {
    const m = machine();
    const { baseUrl } = service(models);
    const ran = await login(m, baseUrl, ["--verify"], "sk-wrong-0123456789");
    const host = new URL(baseUrl).host;
    expect(ran).toEqual({
      exitCode: 4,
      stdout: "",
      stderr: [
        `error: Cannot save the key: ${host} does not accept the key (401: Incorrect API key)`,
        "",
        "hint: check the key, and set another one with `qwen auth`",
        "",
      ].join("\n"),
    });
    expect(existsSync(m.settings)).toBe(false);
  });

  test.each([
    ["a server that is down", () => new Response("", { status: 503 }), "server-error"],
    ["an overloaded server", () => new Response("", { status: 500 }), "server-error"],
  ] as const)(
    "never calls a key bad because of %s: exit 5, nothing saved",
    async (_name, handler) => {
      const m = machine();
      const ran = await login(m, service(handler).baseUrl, ["--verify", "--json"]);
      expect(ran.exitCode).toBe(5);
      expect(JSON.parse(ran.stdout).error.code).toBe("unreachable");
      expect(existsSync(m.settings)).toBe(false);
    },
  );

  test("cannot reach a server that does not run: exit 5, nothing saved", async () => {
    const m = machine();
    const { baseUrl, stop } = service(models);
    await stop();
    const ran = await login(m, baseUrl, ["--verify"]);
    expect(ran.exitCode).toBe(5);
    expect(ran.stderr).toContain("the connection was refused; is the server running?");
    expect(existsSync(m.settings)).toBe(false);
  });

  test("saves what cannot be verified, with a warning", async () => {
    const m = machine();
    const ran = await login(m, service(() => new Response("", { status: 404 })).baseUrl, [
      "--verify",
    ]);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain("warning: the key was not verified: there is no such service at");
    expect(existsSync(m.settings)).toBe(true);
  });

  test.each([
    [["--verify", "--offline"], {}, "Cannot use `--verify`: `--offline` was given"],
    [["--verify"], { QWEN_OFFLINE: "1" }, "Cannot use `--verify`: `QWEN_OFFLINE` is set"],
    [["--verify", "--no-verify"], {}, "Cannot use `--verify` and `--no-verify` together"],
  ])("refuses %j with %j: exit 2, no request", async (args, env, message) => {
    const m = machine();
    const { baseUrl, seen } = service(models);
    const where = ["--base-url", baseUrl, "--model", "m", "--key-stdin"];
    const ran = await qwen(m, ["auth", "api-key", ...where, ...args], { env, stdin: KEY });
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toStartWith(`error: ${message}`);
    expect(seen).toEqual([]);
    expect(existsSync(m.settings)).toBe(false);
  });

  test("asks nobody without --verify", async () => {
    const m = machine();
    const { baseUrl, seen } = service(models);
    expect((await login(m, baseUrl, [])).exitCode).toBe(0);
    expect(seen).toEqual([]);
  });
});

test("OpenRouter's list, which anybody may read, does not pass for a check of the key", async () => {
  const certificate = await selfSigned(["openrouter.ai"]);
  const { port, seen } = serveLoopback((request) => {
    if (request.url.endsWith("/models")) {
      return Response.json({ data: [{ id: "openrouter/auto" }] });
    }
    const isValid = request.headers.get("authorization") === `Bearer ${KEY}`;
    return Response.json({ data: {} }, { status: isValid ? 200 : 401 });
  }, certificate);
  const proxy = await mappingProxy(port);
  const env = { HTTPS_PROXY: proxy.url, QWEN_CA_CERT: certificate.file };
  const args = ["auth", "api-key", "--provider", "openrouter", "--key-stdin", "--verify"];
  const m = machine();
  expect((await qwen(m, args, { env, stdin: "sk-or-wrong-0123456789" })).exitCode).toBe(4);
  expect(existsSync(m.settings)).toBe(false);
  const ran = await qwen(m, args, { env, stdin: KEY });
  expect(ran.exitCode).toBe(0);
  expect(ran.stderr).toContain('  Verified: the key is valid; 1 model listed, "openrouter/auto"');
  const [key, models] = ["GET openrouter.ai/api/v1/key", "GET openrouter.ai/api/v1/models"];
  expect(seen).toEqual([key, key, models]);
});

describe("qwen auth status --verify", () => {
  test.each([
    ["accepted", models, KEY, 0, true, "ok", 200],
    ["rejected", models, "sk-wrong-0123456789", 4, false, "rejected", 401],
    ["unreachable", () => new Response("", { status: 502 }), KEY, 5, true, "unreachable", 502],
    ["unverifiable", () => new Response("", { status: 404 }), KEY, 0, true, "unverifiable", 404],
  ] as const)("tells of a key that is %s", async (_name, handler, key, exitCode, ...rest) => {
    const [loggedIn, state, httpStatus] = rest;
    const m = machine();
    const { baseUrl } = service(handler);
    await login(m, baseUrl, [], key);
    const ran = await qwen(m, ["auth", "status", "--verify", "--json"]);
    expect(ran).toMatchObject({ exitCode, stderr: "" });
    expect(JSON.parse(ran.stdout)).toMatchObject({
      loggedIn,
      state: "configured",
      verified: { state, httpStatus },
    });
  });

  test("shows a rejected key for people, with what to do", async () => {
    const m = machine();
    const { baseUrl } = service(models);
    await login(m, baseUrl, [], "sk-wrong-0123456789");
    const { stdout, exitCode } = await qwen(m, ["auth", "status", "--verify"]);
    expect(exitCode).toBe(4);
    expect(stdout).toContain("is configured, but the key is not accepted\n");
    expect(stdout).toContain("  Verified  no, rejected: ");
    expect(stdout).toContain("\nhint: check the key, and set another one with `qwen auth`\n");
    expect(stdout).not.toContain("sk-wrong-0123456789");
  });

  test("asks nobody where the key is withheld", async () => {
    const m = machine();
    const { baseUrl, seen } = service(models);
    m.write("p/.env", `OPENAI_BASE_URL=${baseUrl}\nOPENAI_MODEL=m\n`);
    const env = { OPENAI_API_KEY: KEY };
    for (const args of [
      ["auth", "status", "--verify"],
      ["auth", "list", "--verify"],
      ["models", "--remote"],
    ]) {
      await qwen(m, args, { env });
    }
    m.write("p/.env", `OPENAI_BASE_URL=${baseUrl}\n`);
    expect((await qwen(m, ["models", "--remote"], { env })).exitCode).toBe(4);
    expect(seen).toEqual([]);
  });
});

describe("qwen auth list --verify", () => {
  test("asks ten services at once", async () => {
    const m = machine();
    const gate = Promise.withResolvers<void>();
    let waiting = 0;
    const waits: Handler = async (request) => {
      waiting += 1;
      if (waiting === 10) {
        gate.resolve();
      }
      await gate.promise;
      return models(request);
    };
    const services = Array.from({ length: 10 }, () => service(waits));
    const openai = services.map(({ baseUrl }, index) => ({
      id: "m",
      baseUrl,
      envKey: `K${index}`,
    }));
    m.write(".qwen/settings.json", { modelProviders: { openai } });
    const env = Object.fromEntries(services.map((_, index) => [`K${index}`, KEY]));
    const ran = await qwen(m, ["auth", "list", "--verify", "--json"], {
      env: { ...env, K3: "sk-wrong-0123456789" },
    });
    const states = JSON.parse(ran.stdout).providers.map(
      (row: { verified: { state: string } }) => row.verified.state,
    );
    expect(states).toEqual(
      states.map((_: string, index: number) => (index === 3 ? "rejected" : "ok")),
    );
    expect(states).toHaveLength(10);
    expect(ran.exitCode).toBe(4);
  });
});

describe("qwen models --remote", () => {
  test("prints what the endpoint offers", async () => {
    const m = machine();
    const { baseUrl } = service(models);
    await login(m, baseUrl, []);
    const text = await qwen(m, ["models", "--remote"]);
    expect(text).toEqual({ exitCode: 0, stdout: "* m\n  n  8k tokens\n", stderr: "" });
    const { stdout } = await qwen(m, ["models", "--remote", "--json"]);
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      protocol: "openai",
      baseUrl,
      models: [
        { id: "m", configured: true, active: true },
        { id: "n", contextWindow: 8192, configured: false, active: false },
      ],
    });
  });

  test.each([
    ["a rejected key", models, "sk-wrong-0123456789", 4],
    ["a web page", () => new Response("<html></html>"), KEY, 1],
    ["no list", () => new Response("", { status: 404 }), KEY, 1],
    ["a server that is down", () => new Response("", { status: 500 }), KEY, 5],
    ["more than 4 MiB", () => new Response(`{"data":["${"x".repeat(5e6)}"]}`), KEY, 5],
  ] as const)("fails for %s", async (_name, handler, key, exitCode) => {
    const m = machine();
    await login(m, service(handler).baseUrl, [], key);
    const ran = await qwen(m, ["models", "--remote"]);
    expect(ran).toMatchObject({ exitCode, stdout: "" });
    expect(ran.stderr).toStartWith("error: Cannot list the models: ");
  });

  test("refuses to be offline", async () => {
    const ran = await qwen(machine(), ["models", "--remote", "--offline"]);
    expect(ran.exitCode).toBe(2);
  });
});
