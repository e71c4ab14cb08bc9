import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { partsOf } from "../../support/canary.ts";
import { helperScript } from "../../support/helper-script.ts";
import { cannotUseKeyring, openKeyring } from "../../support/keyring.ts";
import { testUnless } from "../../support/needs.ts";
import { KEYS, qwenPty } from "../../support/pty.ts";
import { type Machine, machine, qwen, type RunOptions } from "../../support/qwen.ts";
import {
  answer,
  type RecordedRequest,
  type ScriptedServer,
  scriptedServer,
} from "../../support/scripted-server.ts";
import { EXPIRED, oauthMachine } from "../oauth/oauth-machine.ts";

setDefaultTimeout(120_000);

/** Of no known shape: nothing but its source tells that it is a secret. Each spelling differs. */
const SECRET = "Zq0f/c4n4ry+Key==7tail#0123456789xY";

/** A server that refuses everything, and says all that it was sent, in every way that servers do. */
async function echo(status = 401): Promise<ScriptedServer> {
  const server: ScriptedServer = await scriptedServer((socket) => {
    const message = spoken(server.requests.at(-1));
    return answer(status, { error: { message, code: SECRET }, message })(socket);
  });
  return server;
}

/** The secret, and what came: a secret that is drawn at random is told from nothing else. */
function spoken(request: RecordedRequest | undefined): string {
  const { headers, body } = request ?? { headers: {}, body: "" };
  const sent = Object.entries(headers).map(([name, value]) => `${name}=${value}`);
  return [
    SECRET,
    ...sent,
    body,
    encodeURIComponent(SECRET),
    Buffer.from(SECRET).toString("hex"),
    ...["", "Bearer ", "user:", "me:"].map((before) =>
      Buffer.from(before + SECRET).toString("base64"),
    ),
  ].join(" and ");
}

type Prepared = {
  readonly at: Machine;
  readonly options?: RunOptions;
  /** What asks the server, each once plain, once with `--debug`, once as JSON. */
  readonly commands?: readonly (readonly string[])[];
};

type Source = {
  readonly name: string;
  readonly prepare: (server: ScriptedServer) => Prepared | Promise<Prepared>;
  /** Whether the server is given it, whatever else it says of it. */
  readonly isSent?: boolean;
  readonly reason?: string | undefined;
};

const ASKING = [
  ["-p", "Hi"],
  ["models", "--remote"],
  ["auth", "status", "--verify"],
  ["auth", "list", "--verify"],
  ["doctor", "--network"],
];

/** Entry `m` at the server, whose key is `MY_KEY`; each request is tried once. */
function entry({ origin }: ScriptedServer, more: object = {}, at = machine()): Machine {
  at.write("system/settings.json", { model: { generationConfig: { maxRetries: 0 } } });
  at.write(".qwen/settings.json", {
    modelProviders: { openai: [{ id: "m", envKey: "MY_KEY", baseUrl: `${origin}/v1` }] },
    model: { name: "m" },
    security: { auth: { selectedType: "openai" } },
    ...more,
  });
  return at;
}

const OTHER = "the-key-beside-it-9876543210";

const sources: readonly Source[] = [
  {
    name: "`env` of the settings",
    prepare: (server) => ({ at: entry(server, { env: { MY_KEY: SECRET } }) }),
  },
  {
    name: "the user's .env",
    prepare: (server) => {
      const at = entry(server);
      at.write(".qwen/.env", `MY_KEY='${SECRET}'\n`);
      return { at };
    },
  },
  {
    name: "a variable of the shell",
    prepare: (server) => ({ at: entry(server), options: { env: { MY_KEY: SECRET } } }),
  },
  {
    name: "a file that a variable names",
    prepare: (server) => {
      const at = entry(server);
      return { at, options: { env: { MY_KEY_FILE: at.write("secret", `${SECRET}\n`) } } };
    },
  },
  {
    name: "`security.auth.apiKey`",
    prepare: ({ origin }) => {
      const at = machine();
      const auth = { selectedType: "openai", apiKey: SECRET, baseUrl: `${origin}/v1` };
      const model = { name: "m", generationConfig: { maxRetries: 0 } };
      at.write(".qwen/settings.json", { model, security: { auth } });
      return { at };
    },
  },
  {
    name: "--openai-api-key",
    prepare: ({ origin }) => {
      const flags = ["--openai-api-key", SECRET, "--openai-base-url", `${origin}/v1`];
      const commands = ASKING.filter(([word]) => word !== "doctor" && word !== "auth");
      return {
        at: machine(),
        commands: commands.map((args) => [...args, ...flags, "--model", "m"]),
      };
    },
  },
  {
    name: "a key helper",
    prepare: (server) => {
      const at = machine();
      const { command } = helperScript(at, `printf '%s\\n' '${SECRET}'`);
      return { at: entry(server, { apiKeyHelper: { MY_KEY: command } }, at) };
    },
  },
  {
    name: "the keyring",
    reason: cannotUseKeyring,
    prepare: async (server) => {
      const at = entry(server);
      const { env } = await openKeyring(at);
      const where = ["-u", `${server.origin}/v1`, "-m", "m", "--env-key", "MY_KEY"];
      const login = ["auth", "api-key", ...where, "--key-stdin", "--store", "keyring"];
      const saved = await qwen(at, login, { env, stdin: SECRET });
      expect(saved.exitCode).toBe(0);
      return { at, options: { env } };
    },
  },
  {
    name: "a header of the user's",
    prepare: (server) => {
      const generationConfig = { customHeaders: { "X-Gateway-Token": SECRET } };
      const baseUrl = `${server.origin}/v1`;
      const openai = [{ id: "m", envKey: "MY_KEY", baseUrl, generationConfig }];
      return { at: entry(server, { env: { MY_KEY: OTHER }, modelProviders: { openai } }) };
    },
  },
  {
    name: "a header whose name tells nothing",
    prepare: (server) => {
      const generationConfig = { customHeaders: { "X-Tenant": `Token ${SECRET}` } };
      const baseUrl = `${server.origin}/v1`;
      const openai = [{ id: "m", envKey: "MY_KEY", baseUrl, generationConfig }];
      return { at: entry(server, { env: { MY_KEY: OTHER }, modelProviders: { openai } }) };
    },
  },
  {
    name: "the query of the user's endpoint",
    isSent: false,
    prepare: (server) => {
      const baseUrl = `${server.origin}/v1?api_key=${encodeURIComponent(SECRET)}`;
      const openai = [{ id: "m", envKey: "MY_KEY", baseUrl }];
      return { at: entry(server, { env: { MY_KEY: OTHER }, modelProviders: { openai } }) };
    },
  },
  {
    name: "another key of the user's",
    isSent: false,
    prepare: (server) => ({
      at: entry(server, { env: { MY_KEY: OTHER, DEEPSEEK_API_KEY: SECRET } }),
    }),
  },
  ...["password", "token as its user"].map((part): Source => {
    const secret = encodeURIComponent(SECRET);
    return {
      name: `the ${part} of a proxy`,
      isSent: false,
      prepare: (server) => {
        const at = entry(server, {
          env: { MY_KEY: OTHER },
          modelProviders: {
            openai: [{ id: "m", envKey: "MY_KEY", baseUrl: "http://api.example.com/v1" }],
          },
        });
        const user = part === "password" ? `me:${secret}` : secret;
        const proxy = server.origin.replace("://", `://${user}@`);
        return { at, options: { env: { HTTP_PROXY: proxy } } };
      },
    };
  }),
  {
    name: "a stored token of Qwen OAuth",
    prepare: async ({ origin }) => {
      const account = await echo(400);
      const tokens = { access_token: SECRET, resource_url: origin };
      return { at: oauthMachine({ account: account.origin, tokens }) };
    },
  },
  {
    name: "a renewed token of Qwen OAuth",
    prepare: async ({ origin }) => {
      const renewed = { access_token: SECRET, token_type: "Bearer", expires_in: 3600 };
      const account = await scriptedServer(answer(200, { ...renewed, resource_url: origin }));
      const tokens = { ...EXPIRED, resource_url: origin };
      return { at: oauthMachine({ account: account.origin, tokens }), commands: [["-p", "Hi"]] };
    },
  },
  {
    name: "the token that renews it",
    isSent: false,
    prepare: async ({ origin }) => {
      const account = await echo(400);
      const tokens = { ...EXPIRED, refresh_token: SECRET, resource_url: origin };
      return {
        at: oauthMachine({ account: account.origin, tokens }),
        commands: [
          ["-p", "Hi"],
          ["auth", "status", "--verify"],
        ],
      };
    },
  },
  ...[
    { name: "--key-stdin", args: ["--key-stdin"], options: { stdin: SECRET } },
    { name: "--key-env", args: ["--key-env", "K"], options: { env: { K: SECRET } } },
    { name: "--key-file", args: ["--key-file", "../secret"] },
    { name: "--key", args: ["--key", SECRET] },
  ].map(
    ({ name, args, options }): Source => ({
      name: `a login with ${name}`,
      prepare: ({ origin }) => {
        const at = machine();
        at.write("secret", SECRET);
        const login = ["auth", "api-key", "-u", `${origin}/v1`, "-m", "m", "--verify", ...args];
        return { at, commands: [login], ...(options === undefined ? {} : { options }) };
      },
    }),
  ),
];

function expectNothing(shown: string, secret = SECRET): void {
  expect(partsOf(secret).filter((part) => shown.includes(part))).toEqual([]);
}

const formats = (args: readonly string[]): readonly (readonly string[])[] => [
  args,
  [...args, "--debug"],
  [...args, ...(args[0] === "-p" ? ["-o", "stream-json"] : ["--json"])],
];

describe("a server that says a secret again shows none that comes from", () => {
  for (const { name, prepare, isSent = true, reason } of sources) {
    testUnless(reason)(name, async () => {
      const server = await echo();
      const { at, options, commands = ASKING } = await prepare(server);
      for (const args of commands.flatMap(formats)) {
        const { stdout, stderr } = await qwen(at, args, options);
        expect({
          args,
          shown: partsOf(SECRET).filter((part) => (stdout + stderr).includes(part)),
        }).toEqual({ args, shown: [] });
      }
      const sent = server.requests.map(({ headers }) => Object.values(headers).join());
      expect(sent.some((headers) => headers.includes(SECRET))).toBe(isSent);
    });
  }

  test("what is typed", async () => {
    const { origin } = await echo();
    const at = machine();
    const args = ["auth", "api-key", "--base-url", `${origin}/v1`, "--model", "m", "--verify"];
    const pty = qwenPty(at, args, { env: { QWEN_OFFLINE: "" } });
    await pty.waitFor("Enter your API key:");
    pty.press(SECRET + KEYS.enter);
    await pty.waitFor("does not accept the key");
    await pty.waitFor("Enter your API key:");
    pty.press(KEYS.ctrlC);
    await pty.exitCode();
    expectNothing(pty.raw());
  });
});

describe("the account service that says again what a login sent shows", () => {
  const DEVICE = {
    device_code: SECRET,
    user_code: "ABCD-EFGH",
    verification_uri: "https://account.example/authorize",
    verification_uri_complete: "https://account.example/authorize?user_code=ABCD-EFGH",
    expires_in: 900,
    interval: 0.05,
  };

  test.each([[[]], [["--debug"]], [["--json"]]])("neither code nor verifier: %j", async (more) => {
    const verifiers: string[] = [];
    const server: ScriptedServer = await scriptedServer(answer(200, DEVICE), (socket) => {
      const body = server.requests.at(-1)?.body ?? "";
      const sent = new URLSearchParams(body);
      verifiers.push(sent.get("code_verifier") ?? "");
      const said = [...sent.values()].join(" and ");
      return answer(400, { error: said, error_description: `${body} and ${said}` })(socket);
    });
    const at = machine();
    const env = { QWEN_OAUTH_BASE_URL: server.origin };
    const ran = await qwen(at, ["auth", "qwen-oauth", "--force", ...more], { env });
    expect(ran.exitCode).not.toBe(0);
    expectNothing(ran.stdout + ran.stderr);
    const [verifier = ""] = verifiers;
    expect(verifier.length).toBeGreaterThan(40);
    expectNothing(ran.stdout + ran.stderr, verifier);
  });
});
