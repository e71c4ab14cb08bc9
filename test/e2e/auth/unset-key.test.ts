import { expect, setDefaultTimeout, test } from "bun:test";
import { machine, qwen } from "../../support/qwen.ts";
import { answer, scriptedServer } from "../../support/scripted-server.ts";

setDefaultTimeout(60_000);

type SetUp = {
  readonly name: string;
  /** None: `OPENAI_BASE_URL` names the server. */
  readonly entry?: object;
  readonly more?: object;
  readonly env?: Readonly<Record<string, string>>;
  /** After `HOST`. */
  readonly says: string;
  readonly hint: string;
  /** What `auth status --verify` says of the key. */
  readonly verdict: string;
};

const WANTED = "is configured, but the service wants a key";

const SETUPS: readonly SetUp[] = [
  {
    name: "an entry whose variable is not set",
    entry: { envKey: "LITELLM_KEY" },
    says: "wants a key, and LITELLM_KEY is not set (401: no)",
    hint: "run `export LITELLM_KEY=YOUR_KEY`",
    verdict: WANTED,
  },
  {
    name: "an entry whose variable is empty",
    entry: { envKey: "LITELLM_KEY" },
    env: { LITELLM_KEY: " " },
    says: "wants a key, and LITELLM_KEY is not set (401: no)",
    hint: "run `export LITELLM_KEY=YOUR_KEY`",
    verdict: WANTED,
  },
  {
    name: "an entry without a variable, while a standard one is set",
    entry: {},
    env: { OPENAI_API_KEY: "sk-0123456789abcdef0123" },
    says: "wants a key (401: no)",
    hint: "name the variable of its key in the entry's `envKey`, or run `qwen auth api-key`",
    verdict: WANTED,
  },
  {
    name: "an entry that says that no key is needed",
    entry: { envKey: "MY_KEY" },
    more: { env: { MY_KEY: "not-needed" } },
    says: "wants a key (401: no)",
    hint: "put the key into `MY_KEY` in place of `not-needed`, or run `qwen auth api-key`",
    verdict: WANTED,
  },
  {
    name: "a server that a variable names",
    says: "wants a key (401: no)",
    hint: "run `export OPENAI_API_KEY=YOUR_KEY`",
    verdict: WANTED,
  },
  {
    name: "an entry whose header authenticates",
    entry: {
      generationConfig: { customHeaders: { Authorization: "Bearer team-token-0123456789" } },
    },
    says: 'does not accept the header "Authorization" (401: no)',
    hint: 'correct the header "Authorization" in `customHeaders`',
    verdict: 'is configured, but the header "Authorization" is not accepted',
  },
];

test.each(SETUPS)("a 401 says what is missing: $name", async (setUp) => {
  const { entry, more = {}, says, hint, verdict } = setUp;
  const refusal = answer(401, { error: { message: "no" } });
  const { origin } = await scriptedServer(refusal);
  const at = machine();
  const baseUrl = `${origin}/v1`;
  const models = entry === undefined ? {} : { openai: [{ id: "m", baseUrl, ...entry }] };
  at.write(".qwen/settings.json", { modelProviders: models, ...more });
  const env = entry === undefined ? { OPENAI_BASE_URL: baseUrl, OPENAI_MODEL: "m" } : setUp.env;
  const options = env === undefined ? {} : { env };
  const host = new URL(origin).host;
  const asked = await qwen(at, ["-p", "hi"], options);
  expect(asked.exitCode).toBe(4);
  const [, after] = asked.stderr.split("error: ");
  expect(after).toBe(`Cannot ask "m": ${host} ${says}\n\nhint: ${hint}\n`);
  const status = await qwen(at, ["auth", "status", "--verify"], options);
  expect(status.exitCode).toBe(4);
  expect(status.stdout).toContain(verdict);
  expect(status.stdout).toContain(`no, rejected: ${host} ${says}`);
  expect(status.stdout).toEndWith(`\nhint: ${hint}\n`);
  if (entry !== undefined) {
    const listed = await qwen(at, ["auth", "list", "--verify"], options);
    expect([listed.exitCode, listed.stdout]).toEqual([4, expect.stringContaining(says)]);
  }
});
