import { expect, setDefaultTimeout, test } from "bun:test";
import { machine, qwen } from "../../support/qwen.ts";
import { answer, scriptedServer } from "../../support/scripted-server.ts";

setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef0123";
const PLAN_KEY = "sk-sp-0123456789abcdef0123";

type Given = {
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: object;
  readonly models: readonly string[];
  readonly key: object;
};

/** Set-ups without an entry, at `SERVER` or the plan's endpoint. */
const GIVEN: readonly Given[] = [
  {
    name: "a server without keys that variables name",
    env: { OPENAI_BASE_URL: "SERVER/v1", OPENAI_MODEL: "m" },
    models: ["m"],
    key: { present: false, needed: false },
  },
  {
    name: "a key and an endpoint of variables",
    env: { OPENAI_BASE_URL: "SERVER/v1", OPENAI_MODEL: "m", OPENAI_API_KEY: KEY },
    models: ["m"],
    key: { present: true, masked: "sk-…0123" },
  },
  {
    name: "a key that cannot be sent",
    env: { OPENAI_BASE_URL: "SERVER/v1", OPENAI_MODEL: "m", OPENAI_API_KEY: "a b" },
    models: ["m"],
    key: { present: false, unusable: "it contains white space" },
  },
  {
    name: "a key that settings hold for no entry",
    user: {
      security: { auth: { selectedType: "openai", apiKey: KEY, baseUrl: "SERVER/v1" } },
      model: { name: "m" },
    },
    models: ["m"],
    key: { present: true, masked: "sk-…0123" },
  },
  {
    name: "a key of the plan alone",
    env: { BAILIAN_CODING_PLAN_API_KEY: PLAN_KEY },
    models: ["qwen3.5-plus"],
    key: { present: true, masked: "sk-sp-…0123" },
  },
];

test.each(GIVEN)("list and models show what is in force: $name", async (given) => {
  const { env = {}, user = {}, models, key } = given;
  const server = await scriptedServer(answer(200, { data: [] }));
  const at = machine();
  const fill = (text: string): string => text.replaceAll("SERVER", server.origin);
  at.write(".qwen/settings.json", fill(JSON.stringify(user)));
  const filled = Object.entries(env).map(([name, value]) => [name, fill(value)]);
  const options = { env: Object.fromEntries(filled) };
  const status = JSON.parse((await qwen(at, ["auth", "status", "--json"], options)).stdout);

  const list = JSON.parse((await qwen(at, ["auth", "list", "--json"], options)).stdout);
  const active = list.providers.filter((row: { active: boolean }) => row.active);
  expect(active).toMatchObject([{ baseUrl: status.baseUrl.value, models, key }]);
  expect(list.problem).toEqual(status.problem);
  expect(active[0].problem).toEqual(status.problem);

  const rows = JSON.parse((await qwen(at, ["models", "--json"], options)).stdout);
  expect(rows.models).toMatchObject([
    { id: status.model.id, baseUrl: status.baseUrl.value, active: true },
  ]);
  expect(rows.models[0].keyPresent).toBe(!("unusable" in key));
  for (const command of [["auth", "list"], ["models"]]) {
    const { stdout, stderr } = await qwen(at, command, options);
    expect(stdout).toContain(status.baseUrl.value);
    expect(stderr).not.toContain("is configured");
  }
  expect(server.requests).toEqual([]);
});

test("a server without keys that variables name is asked by `--verify`", async () => {
  const server = await scriptedServer(answer(200, { data: [{ id: "m" }] }));
  const env = { OPENAI_BASE_URL: `${server.origin}/v1`, OPENAI_MODEL: "m" };
  const list = await qwen(machine(), ["auth", "list", "--verify", "--json"], { env });
  expect([list.exitCode, JSON.parse(list.stdout).providers]).toMatchObject([
    0,
    [{ verified: { state: "ok" } }],
  ]);
  expect(server.requests.map(({ path }) => path)).toEqual(["/v1/models"]);
});
