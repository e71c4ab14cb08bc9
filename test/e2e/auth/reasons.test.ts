import { expect, setDefaultTimeout, test } from "bun:test";
import { machine, qwen } from "../../support/qwen.ts";

setDefaultTimeout(60_000);

const URL_OF_MINE = "https://gateway.example/v1";
const KEY = "sk-0123456789abcdef0123";

type SetUp = {
  readonly name: string;
  readonly user?: object;
  readonly project?: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly code: string;
  readonly reason: string;
  /** Whether a row of `auth list` is about it. */
  readonly isListed: boolean;
};

function openai(entry: object, more: object = {}): object {
  return { modelProviders: { openai: [{ id: "m", baseUrl: URL_OF_MINE, ...entry }] }, ...more };
}

const SETUPS: readonly SetUp[] = [
  { name: "nothing", code: "not-configured", reason: "nothing is configured", isListed: false },
  {
    name: "a key that is not set",
    user: openai({ envKey: "K1" }),
    code: "key-missing",
    reason: "no key: K1 is not set",
    isListed: true,
  },
  {
    name: "a key that can be none",
    user: openai({ envKey: "K1" }, { env: { K1: "sk-…cdef" } }),
    code: "invalid-key",
    reason:
      "the key of ~/.qwen/settings.json (env.K1) cannot be sent: " +
      'it holds "…": copy the whole key, not the shortened one that is shown on screens',
    isListed: true,
  },
  {
    name: "an entry without a variable, while a standard one is set",
    user: openai({}),
    env: { OPENAI_API_KEY: KEY },
    code: "key-missing",
    reason:
      "the entry names no `envKey`, and no standard variable belongs to its endpoint: " +
      "OPENAI_API_KEY is set and not used",
    isListed: true,
  },
  {
    name: "an entry without a variable",
    user: openai({}),
    code: "key-missing",
    reason: "the entry names no `envKey`, and no standard variable belongs to its endpoint",
    isListed: true,
  },
  {
    name: "a key that a project sends elsewhere",
    user: { env: { K1: KEY } },
    project: openai({ envKey: "K1" }),
    code: "key-withheld",
    reason:
      `the key of ~/.qwen/settings.json (env.K1) is withheld from ${URL_OF_MINE}, as ` +
      "~/p/.qwen/settings.json (modelProviders.openai[0].baseUrl) says where it goes",
    isListed: true,
  },
  {
    name: "a key without a model",
    env: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: URL_OF_MINE },
    code: "model-missing",
    reason: "no model is chosen",
    isListed: true,
  },
  {
    name: "a model that only a variable names",
    user: openai({ envKey: "K1" }, { env: { K1: KEY } }),
    env: { QWEN_MODEL: "other" },
    code: "key-missing",
    reason:
      "no key: OPENAI_API_KEY is not set; no entry is called " +
      '"other", which shell variable QWEN_MODEL asks for',
    isListed: false,
  },
  {
    name: "a model that only OPENAI_MODEL of a .env names",
    user: openai({ envKey: "K1" }, { env: { K1: KEY, OPENAI_MODEL: "other" } }),
    code: "key-missing",
    reason:
      "no key: OPENAI_API_KEY is not set; no entry is called " +
      '"other", which ~/.qwen/settings.json (env.OPENAI_MODEL) asks for',
    isListed: false,
  },
];

test.each(SETUPS)("text and JSON give the same reason for $name", async (setUp) => {
  const { user, project, env = {}, code, reason, isListed } = setUp;
  const at = machine();
  if (user !== undefined) {
    at.write(".qwen/settings.json", user);
  }
  if (project !== undefined) {
    at.write("p/.qwen/settings.json", project);
  }
  const text = await qwen(at, ["auth", "status"], { env });
  expect(text.exitCode).toBe(4);
  const json = await qwen(at, ["auth", "status", "--json"], { env });
  const { problem } = JSON.parse(json.stdout);
  // Programs get whole paths.
  const whole = reason.replaceAll("~", at.home);
  expect([json.exitCode, problem]).toMatchObject([4, { code, reason: whole }]);
  if (code !== "not-configured") {
    expect(text.stdout).toContain(`is incomplete: ${reason}\n`);
  }
  const asked = await qwen(at, ["-p", "hi", "-o", "json"], { env });
  expect(asked.exitCode).toBe(4);
  const { error } = JSON.parse(asked.stdout);
  expect(error).toMatchObject({ code, message: `Cannot ask a model: ${whole}` });
  const list = await qwen(at, ["auth", "list", "--json"], { env });
  const { providers } = JSON.parse(list.stdout);
  const problems = providers.flatMap((row: { problem?: object }) => row.problem ?? []);
  expect(problems).toEqual(isListed ? [problem] : []);
  const rows = await qwen(at, ["auth", "list"], { env });
  expect(rows.stdout.includes(`Problem   ${reason}\n`)).toBe(isListed);
});

test("what works has no reason", async () => {
  const at = machine();
  at.write(".qwen/settings.json", openai({ envKey: "K1" }, { env: { K1: KEY } }));
  const status = await qwen(at, ["auth", "status", "--json"]);
  expect(JSON.parse(status.stdout)).not.toHaveProperty("problem");
  const list = await qwen(at, ["auth", "list", "--json"]);
  expect(JSON.parse(list.stdout).providers).toMatchObject([{ active: true }]);
  expect(JSON.parse(list.stdout).providers[0]).not.toHaveProperty("problem");
});

test("a set-up that is not in force has its own reason", async () => {
  const at = machine();
  at.write(".qwen/settings.json", {
    env: { K1: KEY },
    modelProviders: {
      openai: [
        { id: "m", baseUrl: URL_OF_MINE, envKey: "K1" },
        { id: "n", baseUrl: "https://other.example/v1", envKey: "K2" },
      ],
      anthropic: [
        {
          id: "c",
          baseUrl: "https://third.example",
          envKey: "K1",
          generationConfig: { customHeaders: { "a b": "1" } },
        },
      ],
    },
    model: { name: "m" },
  });
  const list = await qwen(at, ["auth", "list", "--json"]);
  const { providers } = JSON.parse(list.stdout);
  expect(providers.map((row: { problem?: { code: string } }) => row.problem?.code)).toEqual([
    undefined,
    "key-missing",
    "settings-invalid",
  ]);
});
