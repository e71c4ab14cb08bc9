import { expect, setDefaultTimeout, test } from "bun:test";
import { OPENAI } from "../../support/model-answers.ts";
import { machine, qwen } from "../../support/qwen.ts";
import { scriptedServer, stream } from "../../support/scripted-server.ts";

setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef0123";
const SYSTEM = "system/settings.json";
const DEFAULTS = "system/system-defaults.json";
const USER = ".qwen/settings.json";
const PROJECT = "p/.qwen/settings.json";

type Case = {
  readonly name: string;
  /** `model.generationConfig` of each file. */
  readonly files: Readonly<Record<string, object>>;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly absent?: readonly string[];
};

const CASES: readonly Case[] = [
  {
    name: "sampling parameters of user and system",
    files: {
      [USER]: { samplingParams: { temperature: 0.1, max_tokens: 77 } },
      [SYSTEM]: { samplingParams: { max_tokens: 1234 } },
    },
    body: { temperature: 0.1, max_tokens: 1234 },
  },
  {
    name: "headers of user and project",
    files: {
      [USER]: { customHeaders: { "X-User": "1", "X-Both": "user" } },
      [PROJECT]: { customHeaders: { "X-Project": "2", "X-Both": "project" } },
    },
    headers: { "x-user": "1", "x-project": "2", "x-both": "project" },
  },
  {
    name: "all four files, the highest counts",
    files: {
      [DEFAULTS]: { samplingParams: { top_p: 0.1, seed: 1 } },
      [USER]: { samplingParams: { top_p: 0.2, temperature: 0.2 } },
      [PROJECT]: { samplingParams: { temperature: 0.3 } },
      [SYSTEM]: { samplingParams: { seed: 4 } },
    },
    body: { top_p: 0.2, temperature: 0.3, seed: 4 },
  },
  {
    name: "objects within a body",
    files: {
      [USER]: { extra_body: { options: { a: 1, b: 1 }, list: [1] } },
      [SYSTEM]: { extra_body: { options: { b: 2 }, list: [2] } },
    },
    body: { options: { a: 1, b: 2 }, list: [2] },
  },
  {
    name: "`null` takes nothing away",
    files: {
      [USER]: { customHeaders: { "X-User": "1" } },
      [SYSTEM]: { customHeaders: null },
    },
    headers: { "x-user": "1" },
  },
  {
    name: "`reasoning` beside `samplingParams`",
    files: { [USER]: { samplingParams: { max_tokens: 111 }, reasoning: { effort: "max" } } },
    body: { max_tokens: 111, reasoning: { effort: "max" } },
  },
  {
    name: "`reasoning` of one file beside `samplingParams` of another",
    files: {
      [USER]: { reasoning: { effort: "high" } },
      [SYSTEM]: { samplingParams: { max_tokens: 111 } },
    },
    body: { max_tokens: 111, reasoning: { effort: "high" } },
  },
];

test.each(CASES)("a request has what the files say together: $name", async (given) => {
  const { files, body = {}, headers = {} } = given;
  const { origin, requests } = await scriptedServer(stream([OPENAI.text("hi") + OPENAI.finish]));
  const at = machine();
  for (const [path, generationConfig] of Object.entries(files)) {
    at.write(path, { model: { generationConfig } });
  }
  const env = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${origin}/v1`, OPENAI_MODEL: "m" };
  const asked = await qwen(at, ["-p", "hi", "--trust"], { env });
  expect([asked.exitCode, asked.stdout]).toEqual([0, "hi\n"]);
  const [request] = requests;
  expect(request?.headers).toMatchObject(headers);
  const {
    model,
    messages,
    stream: _,
    stream_options: __,
    ...rest
  } = JSON.parse(request?.body ?? "");
  expect([model, messages.length, rest]).toEqual(["m", 1, body]);
});

test("a credential in the headers of one file counts beside those of another", async () => {
  const { origin, requests } = await scriptedServer(stream([OPENAI.text("hi") + OPENAI.finish]));
  const at = machine();
  const Authorization = "Bearer of-the-user-0123456789";
  at.write(USER, { model: { generationConfig: { customHeaders: { Authorization } } } });
  at.write(SYSTEM, { model: { generationConfig: { customHeaders: { "X-Team": "1" } } } });
  const env = { OPENAI_BASE_URL: `${origin}/v1`, OPENAI_MODEL: "m" };
  const status = await qwen(at, ["auth", "status"], { env });
  expect([status.exitCode, status.stdout]).toEqual([
    0,
    expect.stringContaining('none; the header "Authorization" authenticates'),
  ]);
  expect((await qwen(at, ["-p", "hi"], { env })).exitCode).toBe(0);
  expect(requests[0]?.headers).toMatchObject({ authorization: Authorization, "x-team": "1" });
});

const STORED: readonly (readonly [string, object])[] = [
  ["an `envKey` that is not set", { envKey: "DASHSCOPE_API_KEY" }],
  ["an `envKey` that is empty", { envKey: "K1", env: { K1: "" } }],
  ["an `envKey` that refers to nothing", { envKey: "K1", env: { K1: "$NOT_SET" } }],
];

test.each(STORED)("`security.auth.apiKey` beside %s is named, and not sent", async (_, given) => {
  const { env = {}, ...entry } = { env: {}, ...given };
  const at = machine();
  at.write(USER, {
    security: { auth: { selectedType: "openai", apiKey: KEY } },
    env,
    modelProviders: { openai: [{ id: "m", baseUrl: "https://gateway.example/v1", ...entry }] },
  });
  const status = await qwen(at, ["auth", "status"]);
  expect(status.exitCode).toBe(4);
  const why = "the key of ~/.qwen/settings.json (security.auth.apiKey) is for entries without an";
  expect(status.stdout).toContain(why);
  // The name of what is not set is no secret.
  expect(status.stdout).not.toContain("***");
  const asked = await qwen(at, ["-p", "hi"]);
  expect([asked.exitCode, asked.stderr]).toEqual([4, expect.stringContaining(why)]);
});
