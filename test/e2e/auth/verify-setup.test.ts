import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { mappingProxy } from "../../support/mapping-proxy.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { openaiAnswer, selfSigned, serveLoopback } from "../../support/tls-server.ts";

setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef0123";

type Handler = (request: Request, body: string) => Response;

/** A service on loopback; `seen` has the requests as `METHOD path`. */
function service(handler: Handler) {
  const seen: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      seen.push(`${request.method} ${new URL(request.url).pathname}`);
      return handler(request, await request.text());
    },
  });
  afterAll(() => server.stop(true));
  return { seen, origin: `http://127.0.0.1:${server.port}` };
}

const error = (status: number, message: string, code?: string) =>
  Response.json({ error: { message, code } }, { status });
const list = (...ids: readonly string[]) => Response.json({ data: ids.map((id) => ({ id })) });
const token = () => openaiAnswer("H");

function login(at: Machine, baseUrl: string, args: readonly string[]) {
  const where = ["auth", "api-key", "--base-url", baseUrl, "--key-stdin", ...args];
  return qwen(at, where, { stdin: KEY });
}

function entries(at: Machine): { id: string; generationConfig?: object; baseUrl: string }[] {
  return JSON.parse(readFileSync(at.settings, "utf8")).modelProviders.openai;
}

describe("a login with --verify", () => {
  test("does not save a key that a 400 refuses: exit 4", async () => {
    const at = machine();
    const { origin } = service(() =>
      Response.json(
        { code: "invalid-argument", error: "Incorrect API key provided: na***ys." },
        { status: 400 },
      ),
    );
    const ran = await login(at, `${origin}/v1`, ["-m", "m", "--verify", "--json"]);
    expect(ran.exitCode).toBe(4);
    expect(JSON.parse(ran.stdout).error.code).toBe("key-rejected");
    expect(existsSync(at.settings)).toBe(false);
  });

  test("saves a restricted key, which may not read the list", async () => {
    const at = machine();
    const { origin, seen } = service(({ method }) =>
      method === "GET"
        ? error(403, "You have insufficient permissions. Missing scopes: api.model.read.")
        : token(),
    );
    const ran = await login(at, `${origin}/v1`, ["-m", "m", "--verify"]);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain('  Verified: "m" answers\n');
    expect(seen).toEqual(["GET /v1/models", "POST /v1/chat/completions"]);
  });

  test("saves a good key whose plan lacks the model, with a warning", async () => {
    const at = machine();
    const { origin } = service(({ method }) =>
      method === "GET"
        ? new Response("", { status: 404 })
        : error(403, "Access to model denied.", "AccessDenied.Unpurchased"),
    );
    const ran = await login(at, `${origin}/v1`, ["-m", "m", "--verify"]);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain('the key is valid, but not for the model "m"\n');
    expect(ran.stderr).toContain("⚠ ");
  });

  test("warns of a model that the endpoint does not list, and is never green", async () => {
    const at = machine();
    const { origin } = service(() => list("vendor0/model-0", "vendor1/other"));
    const model = "vendor0/model-x";
    const ran = await login(at, `${origin}/v1`, ["-m", model, "--verify"]);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain(
      `warning: the model is not there: 2 models listed, but not "${model}"; did you mean "vendor0/model-0"?\n`,
    );
    expect(ran.stderr).not.toMatch(/✓|Verified/);
    const json = await qwen(at, ["auth", "status", "--verify", "--json"]);
    expect(JSON.parse(json.stdout).verified).toMatchObject({ state: "ok", modelListed: false });
    const status = await qwen(at, ["auth", "status", "--verify"]);
    expect(status.exitCode).toBe(0);
    expect(status.stdout).toContain("is configured, but the service does not offer the model\n");
    expect(status.stdout).toContain(`Verified  the key, but not the model: 2 models listed`);
    expect(status.stdout).not.toMatch(/✓|yes:/);
    const listed = await qwen(at, ["auth", "list", "--verify"]);
    expect(listed.stdout).not.toContain("yes:");
  });

  test.each([
    ["a server that is below /v1", () => new Response("Not Found", { status: 404 })],
    ["LM Studio", () => Response.json({ error: "Unexpected endpoint or method. (GET /models)" })],
    ["web pages", () => new Response("<!doctype html><p>Hi")],
  ])("names the base URL that works for %s: exit 1, nothing saved", async (_name, elsewhere) => {
    const at = machine();
    const { origin } = service(({ url }) =>
      new URL(url).pathname === "/v1/models" ? list("m") : elsewhere(),
    );
    const ran = await login(at, origin, ["-m", "m", "--verify"]);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain(`; ${origin}/v1 answers\n`);
    expect(ran.stderr).toEndWith(`hint: use \`--base-url ${origin}/v1\`\n`);
    expect(existsSync(at.settings)).toBe(false);
  });

  test("takes the models that the endpoint lists where none is named", async () => {
    const at = machine();
    const { origin } = service(() => list("one", "text-embedding-3", "two", "whisper-1"));
    const ran = await qwen(at, [
      ...["auth", "api-key", "--provider", "vllm", "--base-url", `${origin}/v1`, "--verify"],
    ]);
    expect(ran.exitCode).toBe(0);
    expect(entries(at).map(({ id }) => id)).toEqual(["one", "two"]);
    const auto = await login(at, `${origin}/v1`, ["--model", "auto"]);
    expect(auto.exitCode).toBe(0);
    expect(auto.stderr).toContain("default model one\n");
  });

  test("asks for a model where the endpoint lists none: exit 2", async () => {
    const at = machine();
    const { origin } = service(() => list("text-embedding-3"));
    const ran = await login(at, `${origin}/v1`, ["--verify"]);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain("lists none");
    expect(existsSync(at.settings)).toBe(false);
  });

  test.each([
    [["--model", "auto", "--no-verify"], "Cannot use `--model auto` with `--no-verify`"],
    [["--model", "auto", "--offline"], "Cannot use `--model auto`: `--offline` was given"],
  ])("refuses %j: exit 2", async (args, message) => {
    const ran = await login(machine(), "http://127.0.0.1:1/v1", args);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toStartWith(`error: ${message}`);
  });
});

describe("a login without a request", () => {
  test.each([
    ["https://res.openai.azure.com", "https://res.openai.azure.com/openai/v1"],
    ["https://res.openai.azure.com/", "https://res.openai.azure.com/openai/v1"],
    ["https://res.services.ai.azure.com/openai", "https://res.services.ai.azure.com/openai/v1"],
    [
      "https://res.openai.azure.com/openai/deployments/d?api-version=1",
      "https://res.openai.azure.com/openai/deployments/d?api-version=1",
    ],
  ])("completes %s of Azure", async (typed, written) => {
    const at = machine();
    const args = ["auth", "api-key", "--provider", "azure", "--base-url", typed, "-m", "d"];
    expect((await qwen(at, [...args, "--key-stdin"], { stdin: KEY })).exitCode).toBe(0);
    expect(entries(at).map(({ baseUrl }) => baseUrl)).toEqual([written]);
  });

  test("takes the host of a workspace of ModelStudio, and no other", async () => {
    const at = machine();
    const args = (host: string) => [
      ...["auth", "api-key", "--provider", "modelstudio", "--key-stdin"],
      ...["--base-url", `https://${host}/compatible-mode/v1`],
    ];
    const own = "ws1.ap-southeast-1.maas.aliyuncs.com";
    expect((await qwen(at, args(own), { stdin: KEY })).exitCode).toBe(0);
    expect(entries(at)[0]?.baseUrl).toBe(`https://${own}/compatible-mode/v1`);
    const other = await qwen(at, args("maas.aliyuncs.com.evil.example"), { stdin: KEY });
    expect(other.exitCode).toBe(2);
  });

  test("has MiniMax keep its thoughts apart", async () => {
    const at = machine();
    const args = ["auth", "api-key", "--provider", "minimax", "--region", "global", "--key-stdin"];
    expect((await qwen(at, args, { stdin: KEY })).exitCode).toBe(0);
    expect(entries(at).map(({ generationConfig }) => generationConfig)).toEqual([
      { extra_body: { reasoning_split: true } },
      { extra_body: { reasoning_split: true } },
    ]);
  });

  test("says how a server nearby is written", async () => {
    const ran = await login(machine(), "localhost:8803", ["-m", "m"]);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toEndWith("hint: write it like `--base-url http://localhost:8803`\n");
  });
});

test("a deployment of Azure gets the key in its own header, and nowhere else", async () => {
  const certificate = await selfSigned(["res.openai.azure.com"]);
  const got: [string | null, string | null][] = [];
  const { port, seen } = serveLoopback(({ headers }) => {
    got.push([headers.get("api-key"), headers.get("authorization")]);
    return openaiAnswer("Hello");
  }, certificate);
  const proxy = await mappingProxy(port);
  const env = { HTTPS_PROXY: proxy.url, QWEN_CA_CERT: certificate.file };
  const at = machine();
  const baseUrl = "https://res.openai.azure.com/openai/deployments/d?api-version=2024-10-21";
  const args = ["auth", "api-key", "--provider", "azure", "--base-url", baseUrl, "-m", "d"];
  await qwen(at, [...args, "--key-stdin"], { stdin: KEY });
  const ran = await qwen(at, ["-p", "Hi"], { env });
  expect(ran).toEqual({ exitCode: 0, stdout: "Hello\n", stderr: "" });
  expect(got).toEqual([[KEY, null]]);
  expect(seen).toEqual(["POST res.openai.azure.com/openai/deployments/d/chat/completions"]);
});

describe("a service that does not know stream_options", () => {
  const refusals: readonly [string, number, unknown][] = [
    ["Azure", 400, { error: { message: "Unrecognized request argument: stream_options" } }],
    [
      "Mistral",
      422,
      {
        object: "error",
        message: {
          detail: [{ loc: ["body", "stream_options"], msg: "Extra inputs are not permitted" }],
        },
      },
    ],
    ["FastAPI", 422, { detail: [{ loc: ["body", "stream_options"], msg: "extra fields" }] }],
  ];
  test.each(refusals)("of %s is asked once more without", async (_name, status, body) => {
    const bodies: string[] = [];
    const { origin } = service((_request, sent) => {
      bodies.push(sent);
      return sent.includes("stream_options") ? Response.json(body, { status }) : token();
    });
    const at = machine();
    await login(at, `${origin}/v1`, ["-m", "m"]);
    expect(await qwen(at, ["-p", "Hi"])).toEqual({ exitCode: 0, stdout: "H\n", stderr: "" });
    expect(bodies.map((sent) => sent.includes("stream_options"))).toEqual([true, false]);
  });

  test("that refuses that too is told of, with what to take out", async () => {
    const { origin, seen } = service(() => error(400, "stream_options: no"));
    const at = machine();
    await login(at, `${origin}/v1`, ["-m", "m"]);
    const ran = await qwen(at, ["-p", "Hi"]);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toEndWith(
      "hint: take `stream_options` out of `samplingParams` and `extra_body`\n",
    );
    expect(seen).toHaveLength(2);
  });
});
