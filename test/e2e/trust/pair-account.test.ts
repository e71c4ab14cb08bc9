import { expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { type Recording, recordingServer } from "../../support/recording-server.ts";

setDefaultTimeout(60_000);

/** Named keys go where they belong, and take nothing along that belongs elsewhere (`spec/accounts.md`). */
const USER = ".qwen/settings.json";
const ACCOUNTS = ".qwen/accounts.json";
const PROJECT = "p/.qwen/settings.json";

const KEY = "sk-canary-in-force-0123456789";
const WORK = "sk-canary-work-0123456789";
const HOME = "sk-canary-home-0123456789";
const GATEWAY = "gateway-of-a-0123456789";
const BODY = "alice-of-a";
const ALL = [KEY, WORK, HOME, GATEWAY, BODY];

const GENERATION = {
  customHeaders: { "X-Gateway-Token": GATEWAY, "X-Api-Key": GATEWAY },
  extra_body: { user: BODY },
  samplingParams: { stop: BODY },
};

const CALLS = `for call in "$OPENAI_BASE_URL/chat/completions" "$ANTHROPIC_BASE_URL/v1/messages"; do
  curl -s -H "x-api-key: $AUTH_RUN_API_KEY" -H content-type:application/json \\
    -d '{"model":"a","max_tokens":1,"messages":[]}' "$call" >/dev/null
done; true`;

const USING: readonly string[][] = [
  ["-p", "hi"],
  ["-p", "hi", "-m", "other"],
  ["models", "--remote"],
  ["auth", "status", "--verify"],
  ["doctor", "--network"],
];

function arrived({ received }: Recording): readonly string[] {
  return ALL.filter((secret) => received.some((request) => request.includes(secret)));
}

const settingsOf = (a: Recording, more: object = {}) => ({
  env: { A_KEY: KEY },
  modelProviders: { openai: [{ id: "a", baseUrl: `${a.origin}/v1`, envKey: "A_KEY", ...more }] },
  security: { auth: { selectedType: "openai" } },
  model: { name: "a" },
});

function accounts(at: Machine, of: object): void {
  at.write(ACCOUNTS, { schemaVersion: 1, accounts: of });
}

test("an account of another endpoint takes nothing along that the entry has for its own", async () => {
  const [a, b, anthropic] = [recordingServer(), recordingServer(), recordingServer()];
  const at = machine();
  const more = { anthropicBaseUrl: anthropic.origin, generationConfig: GENERATION };
  at.write(USER, settingsOf(a, more));
  accounts(at, { A_KEY: { work: { key: WORK, baseUrl: `${b.origin}/v1` } } });
  const run = ["auth", "run", "--account", "work", "--recipe", "generic", "--", "sh", "-c", CALLS];
  const ways = [
    ...USING.map((args) => ({ args: [...args, "--account", "work"] })),
    ...USING.map((args) => ({ args, env: { QWEN_ACCOUNT: "work" } })),
    { args: ["-p", "hi", "--account", "work", "--openai-base-url", `${b.origin}/v1/`] },
    { args: run },
    { args: [...run.slice(0, 4), "--no-broker", ...run.slice(4)] },
  ];
  for (const { args, ...options } of ways) {
    const { stderr } = await qwen(at, args, options);
    expect(stderr).not.toContain("Unexpected");
  }
  expect([a, b, anthropic].map(arrived)).toEqual([[], [WORK], []]);
  const { stderr } = await qwen(at, ["-p", "hi", "--account", "work", "-m", "other"]);
  expect(stderr).toContain(`it is sent as it is to ${b.origin}/v1`);
  const flagged = ["-p", "hi", "-m", "other", "--openai-base-url", `${b.origin}/V1`];
  expect((await qwen(at, flagged)).stderr).toContain(`it is sent as it is to ${b.origin}/V1`);
  for (const field of ["customHeaders", "anthropicBaseUrl"]) {
    expect(stderr).toMatch(new RegExp(`${field}. of .*: the account belongs to another endpoint`));
  }
});

test("an account of a provider's other region keeps what its model is asked with", async () => {
  const proxy = recordingServer();
  const at = machine();
  at.write(USER, {
    ...settingsOf(proxy),
    modelProviders: {
      openai: [
        {
          id: "a",
          baseUrl: "https://coding.dashscope.aliyuncs.com/v1",
          envKey: "BAILIAN_CODING_PLAN_API_KEY",
          generationConfig: GENERATION,
        },
      ],
    },
  });
  const baseUrl = "https://coding-intl.dashscope.aliyuncs.com/v1";
  accounts(at, { BAILIAN_CODING_PLAN_API_KEY: { work: { key: WORK, baseUrl } } });
  const { stdout } = await qwen(at, ["auth", "status", "--json", "--account", "work"]);
  const { baseUrl: shown, warnings } = JSON.parse(stdout);
  expect(shown.value).toBe(baseUrl);
  const left = warnings.filter((line: string) => line.includes("is left out"));
  expect(left).toEqual([expect.stringContaining("customHeaders")]);
});

test("`auth list --verify` sends no account to an endpoint of a project's", async () => {
  const [a, b, evil] = [recordingServer(), recordingServer(), recordingServer()];
  const elsewhere = { key: HOME, baseUrl: `${b.origin}/v1` };
  const repositories: readonly Readonly<Record<string, string | object>>[] = [
    { [PROJECT]: { ...settingsOf(evil), env: {} } },
    { [PROJECT]: { ...settingsOf(evil, { anthropicBaseUrl: evil.origin }), env: {} } },
    { [PROJECT]: { ...settingsOf({ ...evil, origin: "$WHERE" }), env: { WHERE: evil.origin } } },
    { "p/.env": `OPENAI_BASE_URL=${evil.origin}/v1\nOPENAI_MODEL=gpt-5\n` },
    { [PROJECT]: { env: { OPENAI_BASE_URL: `${evil.origin}/v1` }, model: { name: "gpt-5" } } },
    { [PROJECT]: { security: { auth: { baseUrl: `${evil.origin}/v1` } }, model: { name: "x" } } },
  ];
  for (const files of repositories) {
    for (const settings of [settingsOf(a), { env: { OPENAI_API_KEY: KEY } }, {}]) {
      const at = machine();
      at.write(USER, settings);
      const named = { work: { key: WORK }, elsewhere };
      accounts(at, { A_KEY: named, OPENAI_API_KEY: named });
      for (const [path, content] of Object.entries(files)) {
        at.write(path, content);
      }
      for (const env of [{}, { QWEN_ACCOUNT: "work" }]) {
        await qwen(at, ["auth", "list", "--verify", "--json"], { env });
      }
    }
  }
  expect([evil, b].map(arrived)).toEqual([[], [HOME]]);
});

test("`auth list --verify` sends no key where only another account belongs", async () => {
  const b = recordingServer();
  const at = machine();
  const work = { key: WORK, baseUrl: `${b.origin}/v1` };
  const file = at.write("set-up.json", { schemaVersion: 1, accounts: { GITHUB_TOKEN: { work } } });
  await qwen(at, ["auth", "import", file, "--yes"]);
  const env = { GITHUB_TOKEN: KEY };
  await qwen(at, ["auth", "list", "--verify"], { env });
  expect(arrived(b)).toEqual([WORK]);
  accounts(at, { GITHUB_TOKEN: { work, home: { key: HOME } } });
  for (const options of [{}, { env }, { env: { ...env, QWEN_ACCOUNT: "work" } }]) {
    await qwen(at, ["auth", "list", "--verify"], options);
  }
  expect(arrived(b)).toEqual([WORK]);
  accounts(at, { GITHUB_TOKEN: { work: { ...work, key: KEY } } });
  await qwen(at, ["auth", "list", "--verify"], { env });
  expect(arrived(b)).toEqual([KEY, WORK]);
});

test("a standard key that an entry pairs with its own endpoint goes to none that a flag names", async () => {
  const [a, b, c] = [recordingServer(), recordingServer(), recordingServer()];
  const at = machine();
  const settings = settingsOf(a);
  const paired = { id: "b", baseUrl: `${b.origin}/v1`, envKey: "OPENAI_API_KEY" };
  const openai = [...settings.modelProviders.openai, paired];
  at.write(USER, { ...settings, env: { OPENAI_API_KEY: HOME }, modelProviders: { openai } });
  for (const model of [[], ["-m", "a"], ["-m", "b"], ["-m", "other"]]) {
    await qwen(at, ["-p", "hi", "--openai-base-url", `${c.origin}/v1`, ...model]);
  }
  expect([c.received.length, arrived(c)]).toEqual([4, []]);
  await qwen(at, ["-p", "hi", "--openai-base-url", `${b.origin}/v1`]);
  expect([b, a].map(arrived)).toEqual([[HOME], []]);
});

test("a switch to an account of another endpoint takes no headers and bodies of the entries there", async () => {
  const b = recordingServer();
  const at = machine();
  const openrouter = {
    id: "openrouter/auto",
    name: "[OpenRouter] openrouter/auto",
    baseUrl: "https://openrouter.ai/api/v1",
    envKey: "OPENROUTER_API_KEY",
    generationConfig: { ...GENERATION, timeout: 5000 },
  };
  at.write(USER, {
    env: { OPENROUTER_API_KEY: KEY },
    modelProviders: { openai: [openrouter] },
    security: { auth: { selectedType: "openai" } },
    model: { name: "openrouter/auto" },
  });
  const work = { key: WORK, baseUrl: `${b.origin}/v1` };
  accounts(at, { OPENROUTER_API_KEY: { work, mine: { key: KEY } } });
  const switched = await qwen(at, ["auth", "switch", "openrouter@work"]);
  expect(switched).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining(
      "headers and bodies for the endpoint of before are left out of: openrouter/auto",
    ),
  });
  expect(await qwen(at, ["-p", "hi"])).toMatchObject({ exitCode: 0, stdout: "hi\n" });
  expect(arrived(b)).toEqual([WORK]);
  const [entry] = JSON.parse(readFileSync(at.settings, "utf8")).modelProviders.openai;
  expect(entry).toMatchObject({ baseUrl: `${b.origin}/v1`, generationConfig: { timeout: 5000 } });
});

test("an import shows a second endpoint, and gives it no headers that stand here", async () => {
  const [a, b] = [recordingServer(), recordingServer()];
  const at = machine();
  at.write(USER, settingsOf(a, { generationConfig: GENERATION }));
  const theirs = { baseUrl: `${a.origin}/v1`, envKey: "N_KEY", anthropicBaseUrl: b.origin };
  const file = at.write("set-up.json", {
    schemaVersion: 1,
    modelProviders: { openai: [{ id: "a", ...theirs }] },
    env: { N_KEY: HOME },
  });
  const args = ["auth", "import", file, "--yes", "--replace"];
  expect(await qwen(at, args)).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining(`${a.origin}/v1, ${b.origin} (anthropic) (N_KEY): a`),
  });
  const run = ["auth", "run", "--recipe", "generic", "--", "sh", "-c", CALLS];
  expect(await qwen(at, run)).toMatchObject({ exitCode: 0 });
  expect([a, b].map(arrived)).toEqual([[HOME], [HOME]]);
});

test("a login at another region leaves no second endpoint of the old one to the new key", async () => {
  const [old, at] = [recordingServer(), machine()];
  const plan = {
    id: "glm-5",
    name: "[Bailian Coding Plan] glm-5",
    baseUrl: "https://coding.dashscope.aliyuncs.com/v1",
    envKey: "BAILIAN_CODING_PLAN_API_KEY",
    anthropicBaseUrl: old.origin,
  };
  at.write(USER, { ...settingsOf(old), modelProviders: { openai: [plan] } });
  const login = ["auth", "coding-plan", "--region", "global", "--key-stdin"];
  expect(await qwen(at, login, { stdin: "sk-sp-0123456789abcdef" })).toMatchObject({ exitCode: 0 });
  expect(readFileSync(at.settings, "utf8")).not.toContain(old.origin);
});
