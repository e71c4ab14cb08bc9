import { afterAll } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Machine, machine, qwen, type Ran, type RunOptions } from "../../support/qwen.ts";
import { startQwen } from "../../support/start-qwen.ts";

/** A key of 36 characters that stands nowhere else. */
export const KEY = "sk-sp-c4n4ry0123456789abcdefCANARY";

/** One request as a service got it. */
export type Received = {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
};

export type Upstream = {
  readonly origin: string;
  readonly received: readonly Received[];
};

/** A service that remembers what it got; it says "hi" unless told otherwise. */
export function upstream(
  answer: (request: Received, raw: Request) => Response | Promise<Response> = () => chatAnswer(),
): Upstream {
  const received: Received[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    fetch: async (request) => {
      const { method, headers } = request;
      const url = new URL(request.url);
      const one = { method, path: url.pathname + url.search, headers, body: await request.text() };
      received.push(one);
      return answer(one, request);
    },
    error: () => new Response("", { status: 500 }),
  });
  afterAll(() => server.stop(true));
  return { origin: `http://127.0.0.1:${server.port}`, received };
}

/** A whole answer of OpenAI's, of 10 tokens in and 2 out. */
export function chatAnswer(text = "hi"): Response {
  return Response.json({
    id: "c",
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
    usage: { prompt_tokens: 10, completion_tokens: 2 },
  });
}

/** A machine with two models at a service of its own, and the key in its settings. */
export function brokerMachine(origin: string, more: object = {}): Machine {
  const set = machine();
  set.write(".qwen/settings.json", {
    modelProviders: {
      openai: ["glm-5", "kimi-k2"].map((id) => ({
        id,
        baseUrl: `${origin}/v1`,
        envKey: "LENT_KEY",
      })),
    },
    env: { LENT_KEY: KEY },
    model: { name: "glm-5" },
    security: { auth: { selectedType: "openai" } },
    ...more,
  });
  return set;
}

/** Runs a shell script as the tool. */
export function runScript(
  set: Machine,
  script: string,
  { flags = [], ...options }: RunOptions & { readonly flags?: readonly string[] } = {},
): Promise<Ran> {
  return qwen(set, ["auth", "run", ...flags, "--", "sh", "-c", script], options);
}

export type Served = {
  readonly pid: number;
  readonly url: string;
  readonly token: string;
  /** All that the client is told. */
  readonly variables: Readonly<Record<string, string>>;
  /** Sends a request with the token. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
  readonly stop: () => Promise<Ran>;
};

/** Starts `auth serve` and waits until it listens. */
export async function serve(
  set: Machine,
  flags: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Served> {
  const started = startQwen(set, ["auth", "serve", "--env-file", "../run.env", ...flags], { env });
  await started.saw(/(serving .*)\n/);
  const text = readFileSync(join(set.home, "run.env"), "utf8");
  const variables = Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line): [string, string] => [
        line.slice(0, line.indexOf("=")),
        line.slice(line.indexOf("=") + 1),
      ]),
  );
  const url = variables.QWEN_RUN_URL ?? "";
  const token = variables.AUTH_RUN_API_KEY ?? "";
  return {
    pid: started.pid,
    url,
    token,
    variables,
    ask: (path, init = {}) =>
      fetch(`${url}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${token}`, ...init.headers },
      }),
    stop: () => {
      started.kill("SIGTERM");
      return started.ended;
    },
  };
}

/** A chat request in OpenAI's form. */
export function chat(model = "glm-5", more: object = {}): RequestInit {
  return {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "hello" }], ...more }),
  };
}
