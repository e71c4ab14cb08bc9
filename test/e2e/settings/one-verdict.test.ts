import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { OPENAI } from "../../support/model-answers.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { scriptedServer, stream } from "../../support/scripted-server.ts";

setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef0123";

/** `SERVER` is the origin of a server that would answer. */
type SetUp = {
  readonly name: string;
  readonly user?: object;
  readonly project?: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly exitCode: 0 | 3 | 4;
  /** A part of the reason, or of the warning where a question is asked all the same. */
  readonly says: string;
};

const ENTRY = { id: "m", envKey: "K1", baseUrl: "SERVER/v1" };
const PUBLIC = "https://gateway.example/v1";

function entry(fields: object, more: object = {}): object {
  return {
    env: { K1: KEY },
    security: { auth: { selectedType: "openai" } },
    model: { name: "m" },
    modelProviders: { openai: [{ ...ENTRY, ...fields }] },
    ...more,
  };
}

function config(generationConfig: object): object {
  return entry({ generationConfig });
}

function header(name: string, value: unknown): object {
  return config({ customHeaders: { [name]: value } });
}

const SETUPS: readonly SetUp[] = [
  // Headers, bodies and types.
  { name: "a header beyond ASCII", user: header("X-Team", "平台组"), exitCode: 3, says: "X-Team" },
  { name: "a header of two lines", user: header("X-A", "1\r\nb: 2"), exitCode: 3, says: "X-A" },
  { name: "a header without a name", user: header("a b", "1"), exitCode: 3, says: "a b" },
  {
    name: "a header that frames",
    user: header("Content-Length", "1"),
    exitCode: 3,
    says: "Length",
  },
  { name: "a header that is a list", user: header("X-A", ["1"]), exitCode: 3, says: "X-A" },
  {
    name: "headers that are text",
    user: config({ customHeaders: "x" }),
    exitCode: 3,
    says: "object",
  },
  { name: "Host as a header", user: header("Host", "b.example"), exitCode: 0, says: "Host" },
  {
    name: "a header that nothing fills",
    user: header("X-T", "$NOT_SET"),
    exitCode: 0,
    says: "X-T",
  },
  { name: "a limit that is text", user: config({ timeout: "abc" }), exitCode: 0, says: "timeout" },
  {
    name: "tries that are text",
    user: config({ maxRetries: "3" }),
    exitCode: 0,
    says: "maxRetries",
  },
  {
    name: "a body that is text",
    user: config({ extra_body: "x" }),
    exitCode: 0,
    says: "extra_body",
  },
  {
    name: "parameters in a list",
    user: config({ samplingParams: [] }),
    exitCode: 0,
    says: "sampling",
  },
  {
    name: "an unknown effort",
    user: config({ reasoning: { effort: "odd" } }),
    exitCode: 0,
    says: "odd|effort",
  },
  {
    name: "an unknown effort for all",
    user: entry({}, { model: { name: "m", reasoningEffort: "x" } }),
    exitCode: 0,
    says: "reasoningEffort",
  },
  {
    name: "an entry of a wrong shape",
    user: entry({ generationConfig: "x" }),
    exitCode: 3,
    says: "generationConfig",
  },
  { name: "an envKey that is a number", user: entry({ envKey: 1 }), exitCode: 3, says: "envKey" },
  // Keys.
  {
    name: "a key beyond ASCII",
    user: entry({}, { env: { K1: "sk-密钥密钥密钥密钥" } }),
    exitCode: 4,
    says: "K1",
  },
  {
    name: "a key with white space",
    user: entry({}, { env: { K1: "sk-abc def 0123456789" } }),
    exitCode: 4,
    says: "white space",
  },
  { name: "a masked key", user: entry({}, { env: { K1: "sk-…abcd" } }), exitCode: 4, says: "K1" },
  {
    name: "an assignment",
    user: entry({}, { env: { K1: "MY_API_KEY=sk-0123" } }),
    exitCode: 4,
    says: "assignment",
  },
  {
    name: "a placeholder",
    user: entry({}, { env: { K1: "YOUR_API_KEY" } }),
    exitCode: 0,
    says: "placeholder",
  },
  {
    name: "a key in quotes",
    user: entry({}, { env: { K1: `"${KEY}"` } }),
    exitCode: 0,
    says: "quotes",
  },
  {
    name: "no key for a public host",
    user: entry({ baseUrl: PUBLIC }, { env: {} }),
    exitCode: 4,
    says: "K1",
  },
  {
    name: "an unset key at a private host",
    user: entry({}, { env: {} }),
    exitCode: 0,
    says: "K1 is not set",
  },
  {
    name: "an entry without envKey",
    user: entry({ baseUrl: PUBLIC, envKey: "" }),
    exitCode: 4,
    says: "envKey",
  },
  {
    name: "a key in the place of its name",
    user: entry({ envKey: KEY }),
    exitCode: 3,
    says: "envKey",
  },
  {
    name: "a reserved variable",
    user: entry({ envKey: "LD_PRELOAD" }),
    exitCode: 3,
    says: "LD_PRELOAD",
  },
  {
    name: "a key in the entry",
    user: entry({ baseUrl: PUBLIC, envKey: "", apiKey: KEY }),
    exitCode: 4,
    says: "envKey",
  },
  // Endpoints.
  {
    name: "an endpoint without a scheme",
    user: entry({ baseUrl: "gateway.example" }),
    exitCode: 3,
    says: "baseUrl",
  },
  {
    name: "an endpoint with a password",
    user: entry({ baseUrl: "https://a:b@c.example" }),
    exitCode: 3,
    says: "password",
  },
  {
    name: "the address of a request",
    user: entry({ baseUrl: "SERVER/v1/chat/completions" }),
    exitCode: 0,
    says: "added to it",
  },
  {
    name: "a misspelt endpoint",
    user: entry({ baseUrl: undefined, baseURL: PUBLIC }),
    exitCode: 3,
    says: "baseURL",
  },
  {
    name: "a key without an endpoint",
    user: { env: { OPENAI_API_KEY: KEY }, model: { name: "qwen-plus" } },
    exitCode: 4,
    says: "OPENAI_BASE_URL|endpoint",
  },
  {
    name: "OPENAI_API_BASE",
    user: {},
    env: { OPENAI_API_BASE: PUBLIC, OPENAI_API_KEY: KEY, OPENAI_MODEL: "gpt-5" },
    exitCode: 4,
    says: "OPENAI_API_BASE",
  },
  // Models.
  {
    name: "an unknown model.name",
    user: entry({}, { model: { name: "other" } }),
    exitCode: 3,
    says: "other",
  },
  { name: "a model for images", user: entry({ imageOnly: true }), exitCode: 3, says: "imageOnly" },
  {
    name: "OpenAI's other interface",
    user: entry({ wireApi: "responses" }),
    exitCode: 3,
    says: "responses",
  },
  {
    name: "models in an object",
    user: entry({}, { modelProviders: { openai: { id: "m" } } }),
    exitCode: 3,
    says: "array",
  },
  {
    name: "models of an unknown vendor",
    user: entry({}, { modelProviders: { house: [ENTRY] } }),
    exitCode: 3,
    says: "house",
  },
  {
    name: "a misspelt modelProviders",
    user: entry({}, { modelProviders: undefined, modelproviders: {} }),
    exitCode: 3,
    says: "modelproviders",
  },
  // Ways to authenticate.
  {
    name: "an unknown type",
    user: entry({}, { security: { auth: { selectedType: "odd" } } }),
    exitCode: 3,
    says: "odd",
  },
  {
    name: "an enforced type",
    user: entry({}, { security: { auth: { selectedType: "openai", enforcedType: "gemini" } } }),
    exitCode: 4,
    says: "enforces",
  },
  {
    name: "a leftover Qwen OAuth",
    user: { security: { auth: { selectedType: "qwen-oauth" } } },
    env: { OPENAI_API_KEY: KEY },
    exitCode: 4,
    says: "security.auth.selectedType",
  },
  {
    name: "nothing",
    user: {},
    env: { DASHSCOPE_API_KEY: KEY },
    exitCode: 4,
    says: "DASHSCOPE_API_KEY",
  },
  {
    name: "a project that hides the models",
    user: entry({}),
    project: { modelProviders: { openai: [] } },
    exitCode: 3,
    says: "--no-project|is empty",
  },
  {
    name: "a project that says where",
    user: entry({}),
    project: { modelProviders: { openai: [{ ...ENTRY, baseUrl: PUBLIC }] } },
    exitCode: 4,
    says: "withheld",
  },
];

describe("every command has the same verdict on", () => {
  test.each(SETUPS.map((setUp) => [setUp.name, setUp] as const))("%s", async (_name, setUp) => {
    const server = await scriptedServer(stream([OPENAI.text("pong"), OPENAI.finish]));
    const at = fill(setUp, server.origin);
    const run = (...args: readonly string[]) =>
      qwen(at, [...args, ...(setUp.args ?? [])], { env: { ...setUp.env } });
    const says = new RegExp(setUp.says);
    const [chat, status, json, list, doctor, token, env, verified] = await Promise.all([
      run("-p", "hi"),
      run("auth", "status"),
      run("auth", "status", "--json"),
      run("auth", "list"),
      run("doctor", "--json"),
      run("auth", "token"),
      run("auth", "env"),
      run("auth", "status", "--verify"),
    ]);
    const isAsked = setUp.exitCode === 0;
    const said = {
      chat: chat.stderr,
      status: status.stdout + status.stderr,
      list: list.stdout + list.stderr,
    };
    expect({ chat: chat.exitCode, status: status.exitCode, json: json.exitCode }).toEqual({
      chat: setUp.exitCode,
      status: setUp.exitCode,
      json: setUp.exitCode,
    });
    expect(said.chat).toMatch(says);
    expect(said.status).toMatch(says);
    if (json.exitCode === 4) {
      expect(JSON.parse(json.stdout)).toMatchObject({ loggedIn: false });
    } else {
      expect(json.stdout).toMatch(says);
    }
    expect(list.exitCode).toBe(0);
    expect(said.list).toMatch(says);

    const checks: readonly Check[] = JSON.parse(doctor.stdout).checks;
    const connection = checks.find(({ id }) => id === "connection");
    expect(connection?.status).toBe(isAsked ? "ok" : "failed");
    expect(doctor.exitCode).toBe(isAsked ? 0 : 1);
    expect(doctor.stdout).toMatch(says);

    // A private server may do without a key, of which there is none to hand out then.
    const isKeyless = isAsked && said.status.includes("is not set");
    const handsOut = isKeyless ? 4 : setUp.exitCode;
    expect([token.exitCode, env.exitCode]).toEqual([handsOut, handsOut]);
    if (!isAsked) {
      expect(token.stderr).toMatch(says);
      expect(env.stderr).toMatch(says);
      expect(verified.exitCode).toBe(setUp.exitCode);
      expect(server.requests.length).toBe(0);
    }
  });
});

type Check = { readonly id: string; readonly status: string };

function fill({ user = {}, project }: SetUp, origin: string): Machine {
  const at = machine();
  const text = (settings: object): string => JSON.stringify(settings).replaceAll("SERVER", origin);
  at.write(".qwen/settings.json", text(user));
  if (project !== undefined) {
    at.write("p/.qwen/settings.json", text(project));
  }
  return at;
}
