import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { partsOf } from "../../support/canary.ts";
import { OPENAI, sse } from "../../support/model-answers.ts";
import { type Machine, machine, qwen, type Ran } from "../../support/qwen.ts";
import { answer, cut, type Reply, scriptedServer, stream } from "../../support/scripted-server.ts";

setDefaultTimeout(60_000);

/** Neither begins like a known kind of key. */
const USERS = "u9Kq-USERSECRET0123456789abcdefghi";
const PROJECTS = "p7Xw-PROJECTKEY9876543210zyxwvutsr";

/** The user's entry at `origin`; each request is tried once. */
function usersMachine(origin: string, key = USERS): Machine {
  const at = machine();
  at.write(".qwen/settings.json", {
    modelProviders: { openai: [{ id: "m", envKey: "MY_KEY", baseUrl: `${origin}/v1` }] },
    model: { name: "m", generationConfig: { maxRetries: 0 } },
    security: { auth: { selectedType: "openai" } },
    env: { MY_KEY: key },
  });
  return at;
}

const asDotenv = (values: readonly string[]) =>
  values.map((value, index) => `A${index}_KEY='${value}'\n`).join("");

describe("what a project's .env holds changes nothing that is said:", () => {
  /** Of each the first that is not a path of the machine's own. */
  const hostile = (host: string): string[] => [
    host,
    "127.0.0.1",
    "is withheld",
    "withheld",
    "key-withheld",
    "/.qwen/settings.json",
    "settings",
    "incomplete",
    "configured",
    "schemaVersion",
    "protocol",
    '"type":"result"',
    '"error":',
    '": "',
    "Cannot ask",
    "the folder is not trusted",
    "trusted)",
    "exitCode",
  ];
  const commands = [
    ["auth", "status"],
    ["auth", "status", "--json"],
    ["auth", "status", "--trust"],
    ["auth", "list"],
    ["auth", "list", "--json"],
    ["auth", "token", "--json"],
    ["auth", "switch", "nonsense", "--json"],
    ["models", "--json"],
    ["-p", "Hi"],
    ["-p", "Hi", "-o", "json"],
    ["-p", "Hi", "-o", "stream-json"],
    ["-p", "Hi", "--trust"],
    ["-p", "Hi", "--trust", "-o", "stream-json"],
  ];

  test.each(commands.map((args) => ({ args })))("qwen $args", async ({ args }) => {
    const { origin } = await scriptedServer(stream([OPENAI.text("hi"), OPENAI.finish]));
    const at = usersMachine("https://api.example.com");
    at.write("p/.qwen/settings.json", {
      modelProviders: { openai: [{ id: "m", envKey: "MY_KEY", baseUrl: `${origin}/v1` }] },
    });
    const said = async (values: readonly string[]): Promise<Ran> => {
      at.write("p/.env", asDotenv(values));
      const ran = await qwen(at, args);
      const stdout = ran.stdout
        .replace(/"session_id":"[^"]*"/g, '"session_id":""')
        .replace(/"(duration\w*)":\d+/g, '"$1":0');
      return { ...ran, stdout };
    };
    const values = hostile(new URL(origin).host);
    const plain = await said(values.map((_, index) => `nothing-of-the-kind-${index}`));
    expect(await said(values)).toEqual(plain);
    expect(plain.stdout + plain.stderr).not.toContain("***");
    if (args.includes("--json") || args.includes("-o")) {
      for (const line of args.includes("-o") ? plain.stdout.trim().split("\n") : [plain.stdout]) {
        expect(() => JSON.parse(line)).not.toThrow();
      }
    }
  });

  test("a variable of the shell that a project calls a key hides nothing", async () => {
    const { origin } = await scriptedServer(answer(500));
    const at = usersMachine("https://api.example.com");
    const baseUrl = `${origin}/v1`;
    at.write("p/.qwen/settings.json", {
      modelProviders: {
        openai: ["PWD", "WHERE", "m"].map((envKey) => ({ id: envKey, envKey, baseUrl })),
      },
    });
    const env = { PWD: at.project, WHERE: new URL(origin).host, HOME: at.home };
    const ran = await qwen(at, ["-p", "Hi", "--model", "PWD"], { env });
    expect(ran.exitCode).toBe(4);
    expect(ran.stderr).toContain("~/p/.qwen/settings.json");
    expect(ran.stderr).toContain(new URL(origin).host);
  });
});

describe("an answer is changed for the user's own secrets alone:", () => {
  const text = `adds a backdoor that is malicious, and reads ${USERS}`;
  const expected = "adds a backdoor that is malicious, and reads ***";
  test.each([{ format: "text" }, { format: "json" }, { format: "stream-json" }])(
    "as $format",
    async ({ format }) => {
      const { origin } = await scriptedServer(stream([OPENAI.text(text), OPENAI.finish]));
      const at = usersMachine(origin);
      at.write("p/.env", asDotenv(["backdoor", "malicious", "that is m", '"result":"adds']));
      const ran = await qwen(at, ["-p", "review", "-o", format]);
      expect({ exitCode: ran.exitCode, stderr: ran.stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(ran.stdout).not.toContain(USERS);
      const last = ran.stdout.trim().split("\n").at(-1) ?? "";
      expect(format === "text" ? last : JSON.parse(last).result).toBe(expected);
    },
  );

  test("user secrets that read like JSON or like our words leave JSON as it is", async () => {
    const { origin } = await scriptedServer(stream([OPENAI.text("hi"), OPENAI.finish]));
    const at = usersMachine(origin);
    at.write(".qwen/.env", asDotenv(['"type":"result"', '","subtype', "session_id", "is_error"]));
    const ran = await qwen(at, ["-p", "Hi", "-o", "stream-json"]);
    const lines = ran.stdout.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).type)).toEqual(["system", "assistant", "result"]);
    const { type, subtype, is_error, result } = JSON.parse(lines.at(-1) ?? "");
    expect({ type, subtype, is_error, result }).toEqual({
      type: "result",
      subtype: "success",
      is_error: false,
      result: "hi",
    });
  });
});

const basic = (text: string) => Buffer.from(text).toString("base64");

/** How a server says a key again. */
const spellings: readonly { name: string; say: (key: string) => string }[] = [
  { name: "as it is", say: (key) => key },
  { name: "in a header", say: (key) => `authorization: Bearer ${key}` },
  { name: "in a URL", say: (key) => `https://h/?a=${encodeURIComponent(key)}` },
  { name: "in hexadecimal digits", say: (key) => Buffer.from(key).toString("hex") },
  { name: "in base64", say: basic },
  { name: "in base64 as Bearer KEY", say: (key) => basic(`Bearer ${key}`) },
  { name: "in base64 as user:KEY", say: (key) => basic(`user:${key}`) },
  { name: "in base64 as me:KEY", say: (key) => basic(`me:${key}`) },
];

function expectNothingOf(key: string, ran: Ran): void {
  const shown = ran.stdout + ran.stderr;
  expect(partsOf(key).filter((part) => shown.includes(part))).toEqual([]);
}

/** Where in an error a server may say it. */
const places: readonly { name: string; reply: (said: string) => Reply }[] = [
  {
    name: "the message",
    reply: (said) => answer(401, { error: { message: `Incorrect key: ${said}` } }),
  },
  { name: "the code", reply: (said) => answer(400, { error: { message: "no", code: said } }) },
  { name: "plain text", reply: (said) => answer(500, `got ${said} and failed`) },
  {
    name: "an event of the stream",
    reply: (said) => stream([sse({ error: { message: `you sent ${said}`, code: said } })]),
  },
  {
    name: "headers",
    reply: (said) => answer(401, "no", { "content-type": said, "x-request-id": said }),
  },
  {
    name: "a redirect",
    reply: (said) => answer(302, "", { location: `http://x.test:1/${encodeURIComponent(said)}` }),
  },
];

const asking = [
  ["-p", "Hi"],
  ["-p", "Hi", "-o", "json", "--debug"],
  ["models", "--remote", "--debug"],
];

async function expectNoEcho(said: (key: string) => Reply, commands: readonly string[][]) {
  for (const key of [USERS, PROJECTS]) {
    const { origin, requests } = await scriptedServer(said(key));
    const at = usersMachine(origin, key === USERS ? key : "");
    if (key === PROJECTS) {
      at.write("p/.env", `MY_KEY=${key}\n`);
    }
    for (const args of commands) {
      expectNothingOf(key, await qwen(at, args));
    }
    expect(requests.length).toBeGreaterThanOrEqual(commands.length);
    expect(requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
  }
}

describe("a server's error shows no key that it says again", () => {
  test.each(places)("in $name", async ({ reply }) => {
    await expectNoEcho((key) => reply(key), asking);
  });
  test.each(spellings)("$name", async ({ say }) => {
    await expectNoEcho(
      (key) => answer(401, { error: { message: `got ${say(key)} from you` } }),
      [["-p", "Hi"]],
    );
  });
  test("where a service is asked whether it takes the key", async () => {
    await expectNoEcho(
      (key) => answer(401, { error: { message: `got ${key}` } }),
      [
        ["auth", "status", "--verify", "--json"],
        ["auth", "list", "--verify"],
        ["doctor", "--network"],
      ],
    );
  });
});

test("what a project's headers carry is taken out of a server's error", async () => {
  const header = "h3Lm-HEADERVALUE-0011223344";
  const echo = answer(400, {
    error: { message: `bad header: x-tenant is ${header}, Token ${header}` },
  });
  const { origin } = await scriptedServer(echo);
  const at = machine();
  at.write("p/.env", `MY_KEY=${PROJECTS}\n`);
  at.write("p/.qwen/settings.json", {
    modelProviders: {
      openai: [
        {
          id: "m",
          envKey: "MY_KEY",
          baseUrl: `${origin}/v1`,
          generationConfig: { customHeaders: { "x-tenant": header, "x-more": `Token ${header}` } },
        },
      ],
    },
  });
  const ran = await qwen(at, ["-p", "Hi", "--debug"]);
  expect(ran.exitCode).toBe(1);
  expect(ran.stderr).toContain("bad header: x-tenant is ***");
  expectNothingOf(header, ran);
});

describe("a key at the end of an error that was cut shows no part:", () => {
  const beginning =
    (body: string, then: Reply): Reply =>
    (socket) => {
      socket.write(`HTTP/1.1 401 No\r\ncontent-length: 9999999\r\n\r\n${body}`);
      setTimeout(() => then(socket), 50);
    };
  const blanks = (count: number) => " x".repeat(count / 2);
  const part = USERS.slice(0, -1);
  const cases: readonly { name: string; reply: Reply }[] = [
    {
      name: "text at 64 KiB",
      reply: answer(401, `${blanks(64 * 1024 - part.length + 1)}${USERS} and more`),
    },
    { name: "text, by its length for one line", reply: answer(401, `${blanks(170)} ${USERS}`) },
    {
      name: "JSON, by its length for one line",
      reply: answer(401, { error: { message: `${blanks(470)} ${USERS}` } }),
    },
    { name: "text of a closed connection", reply: beginning(`got ${part}`, cut) },
    { name: "JSON of a closed connection", reply: beginning(`{"error":{"message":"${part}`, cut) },
    {
      name: "JSON with blanks of a closed connection",
      reply: beginning(`{"error": {"message": "got ${part}`, cut),
    },
    {
      name: "base64 of a closed connection",
      reply: beginning(`got ${basic(`me:${USERS}`).slice(0, -5)}`, cut),
    },
    { name: "text that nothing follows", reply: beginning(`got ${part}`, () => undefined) },
  ];
  test.each(cases)("$name", async ({ reply }) => {
    const { origin } = await scriptedServer(reply);
    for (const args of [
      ["-p", "Hi"],
      ["models", "--remote"],
      ["auth", "status", "--verify"],
    ]) {
      const ran = await qwen(usersMachine(origin), args);
      expect([4, 5]).toContain(ran.exitCode);
      expectNothingOf(USERS, ran);
    }
  });
});
