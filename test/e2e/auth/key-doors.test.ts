import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { KEYS, qwenPty } from "../../support/pty.ts";
import { type Machine, machine, qwen, type RunOptions } from "../../support/qwen.ts";
import { answer, scriptedServer } from "../../support/scripted-server.ts";

setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef01234567";
const REPLY = answer(200, {
  choices: [{ message: { role: "assistant", content: "pong" }, finish_reason: "stop" }],
});

/** What stands where a key belongs, and a word of the reason. */
const NO_KEYS: readonly (readonly [text: string, reason: string])[] = [
  ["sk-sp-0123456789abcdef…cdef", "shortened"],
  ["sk-***a289", "hidden form"],
  ["我的密钥我的密钥", "U+6211"],
  ["sk-0123456789abcdefé", "U+00E9"],
  ["sk-01234567–89abcdef", "U+2013"],
  ["ｓｋ-0123456789", "full-width"],
  [`BAILIAN_CODING_PLAN_API_KEY=${KEY}`, "assignment"],
  ["https://coding.dashscope.aliyuncs.com/v1", "it is a URL"],
  [`${KEY} ${KEY}`, "white space"],
];

/** A machine whose one model is at `baseUrl` and takes its key from `A_KEY`. */
function configured(baseUrl: string, env: Record<string, string> = {}): Machine {
  const at = machine();
  at.write(".qwen/settings.json", {
    $version: 4,
    modelProviders: { openai: [{ id: "m", envKey: "A_KEY", baseUrl }] },
    env,
    security: { auth: { selectedType: "openai" } },
    model: { name: "m" },
  });
  return at;
}

type Door = {
  readonly name: string;
  /** A machine that finds `text` there, and with what it runs. */
  readonly open: (baseUrl: string, text: string) => readonly [Machine, RunOptions];
};

const DOORS: readonly Door[] = [
  { name: "the shell", open: (url, text) => [configured(url), { env: { A_KEY: text } }] },
  {
    name: "NAME_FILE",
    open: (url, text) => {
      const at = configured(url);
      return [at, { env: { A_KEY_FILE: at.write("secret", text) } }];
    },
  },
  {
    name: "the .env",
    open: (url, text) => {
      const at = configured(url);
      at.write(".qwen/.env", `A_KEY='${text}'\n`);
      return [at, {}];
    },
  },
  { name: "settings.env", open: (url, text) => [configured(url, { A_KEY: text }), {}] },
  {
    name: "a key helper",
    open: (url, text) => {
      const at = configured(url);
      const settings = JSON.parse(readFileSync(at.settings, "utf8"));
      const apiKeyHelper = `cat ${at.write("secret", text)}`;
      at.write(".qwen/settings.json", { ...settings, apiKeyHelper });
      return [at, {}];
    },
  },
];
const KNOWN = DOORS.filter(({ name }) => name !== "a key helper");

describe.each(DOORS)("a key from $name", ({ open }) => {
  const around: readonly (readonly [string, string])[] = [
    [KEY, "nothing"],
    [`${KEY}\r\n`, "CR and LF"],
    [`${KEY}\n`, "LF"],
    [`  ${KEY}\t`, "blanks"],
    [`\ufeff${KEY}`, "a BOM"],
    [`"${KEY}"`, "quotes"],
  ];
  test.each(around)("is sent without what is around it: %j", async (text) => {
    const server = await scriptedServer(REPLY);
    const [at, options] = open(`${server.origin}/v1`, text);
    const ran = await qwen(at, ["-p", "hi"], options);
    expect([ran.exitCode, ran.stdout]).toEqual([0, "pong\n"]);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${KEY}`]);
    const token = await qwen(at, ["auth", "token"], options);
    expect([token.exitCode, token.stdout]).toEqual([0, `${KEY}\n`]);
  });

  test.each(NO_KEYS)("that is %s is sent nowhere", async (text, reason) => {
    const server = await scriptedServer(REPLY);
    const [at, options] = open(`${server.origin}/v1`, text);
    const ran = await qwen(at, ["-p", "hi"], options);
    expect(ran.exitCode).toBe(4);
    expect(ran.stderr).toContain(reason);
    expect(ran.stderr).not.toContain(text);
    expect(server.requests).toEqual([]);
  });
});

describe.each(KNOWN)("what can be no key from $name", ({ open }) => {
  test("is told alike by all commands", async () => {
    const server = await scriptedServer(REPLY);
    const [at, options] = open(`${server.origin}/v1`, "sk-sp-0123456789abcdef…cdef");
    const says = "the shortened one";
    const run = (...args: string[]) => qwen(at, args, options);
    const [status, json, list, doctor, token, env, models, verify] = await Promise.all([
      run("auth", "status"),
      run("auth", "status", "--json"),
      run("auth", "list"),
      run("doctor"),
      run("auth", "token"),
      run("auth", "env"),
      run("models", "--json"),
      run("auth", "status", "--verify"),
    ]);
    expect([status, json, token, env, verify].map(({ exitCode }) => exitCode)).toEqual([
      4, 4, 4, 4, 4,
    ]);
    expect(doctor.exitCode).not.toBe(0);
    for (const { stdout, stderr } of [status, json, list, doctor, token, env, verify]) {
      expect(stdout + stderr).toContain(says);
    }
    const { state, loggedIn, key } = JSON.parse(json.stdout);
    expect({ state, loggedIn, present: key.present }).toEqual({
      state: "incomplete",
      loggedIn: false,
      present: false,
    });
    expect(JSON.parse(models.stdout).models[0].keyPresent).toBe(false);
    expect(token.stdout + env.stdout).toBe("");
    expect(server.requests).toEqual([]);
  });

  test.each(["  ", "\t", "\u3000"])("and is blank counts as not set: %j", async (text) => {
    const [at, options] = open("https://gw.example.com/v1", text);
    const { key, state } = JSON.parse(
      (await qwen(at, ["auth", "status", "--json"], options)).stdout,
    );
    expect([state, key]).toEqual(["incomplete", { present: false, envKey: "A_KEY", shadowed: [] }]);
  });
});

test("a blank variable hides no stored key", async () => {
  const server = await scriptedServer(REPLY);
  const at = configured(`${server.origin}/v1`, { A_KEY: KEY });
  const ran = await qwen(at, ["-p", "hi"], { env: { A_KEY: " \n" } });
  expect(ran.exitCode).toBe(0);
  expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
});

test("quotes and placeholders are told by status, and are no failure", async () => {
  const at = configured("https://gw.example.com/v1");
  const quoted = await qwen(at, ["auth", "status"], { env: { A_KEY: `"${KEY}"` } });
  expect([quoted.exitCode, quoted.stdout]).toEqual([
    0,
    expect.stringContaining("the key of `A_KEY`: it stood in quotes, which were taken off"),
  ]);
  const placeholder = await qwen(at, ["auth", "status"], { env: { A_KEY: "YOUR_API_KEY" } });
  expect([placeholder.exitCode, placeholder.stdout]).toEqual([
    0,
    expect.stringContaining("it looks like a placeholder"),
  ]);
});

test("the flag's value is held to the same rule", async () => {
  const server = await scriptedServer(REPLY);
  const at = configured(`${server.origin}/v1`);
  const bad = await qwen(at, ["-p", "hi", "--openai-api-key", "sk-…a289"]);
  expect([bad.exitCode, bad.stderr]).toEqual([2, expect.stringContaining("shortened")]);
  expect(server.requests).toEqual([]);
  const good = await qwen(at, ["-p", "hi", "--openai-api-key", ` ${KEY}\r`]);
  expect(good.exitCode).toBe(0);
  expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
});

test("models and base URLs from variables lose the quotes of a container's file", async () => {
  const server = await scriptedServer(REPLY);
  for (const [open, close] of ['""', "''", "“”"]) {
    const quoted = (text: string): string => ` ${open}${text}${close}\r`;
    const env = {
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: quoted(`${server.origin}/v1`),
      OPENAI_MODEL: quoted("m"),
    };
    const status = await qwen(machine(), ["auth", "status", "--json"], { env });
    expect(JSON.parse(status.stdout)).toMatchObject({
      baseUrl: { value: `${server.origin}/v1` },
      model: { id: "m" },
    });
    expect((await qwen(machine(), ["-p", "hi"], { env })).exitCode).toBe(0);
    expect(JSON.parse(server.requests.at(-1)?.body ?? "{}").model).toBe("m");
  }
});

test("models and base URLs from variables are trimmed", async () => {
  const server = await scriptedServer(REPLY);
  const at = machine();
  const env = {
    OPENAI_API_KEY: `${KEY}\r`,
    OPENAI_BASE_URL: ` ${server.origin}/v1\r\n`,
    OPENAI_MODEL: "m\r",
  };
  expect((await qwen(at, ["-p", "hi"], { env })).exitCode).toBe(0);
  expect(server.requests.map(({ path, body }) => [path, JSON.parse(body).model])).toEqual([
    ["/v1/chat/completions", "m"],
  ]);
  const fromFlags = ["-p", "hi", "-m", " n ", "--openai-base-url", ` ${server.origin}/v1 `];
  expect((await qwen(at, fromFlags, { env })).exitCode).toBe(0);
  expect(JSON.parse(server.requests[1]?.body ?? "{}").model).toBe("n");
});

describe("a login", () => {
  const plan = ["auth", "coding-plan", "--region", "china"];
  const inputs: readonly (readonly [
    string,
    (at: Machine, text: string) => [string[], RunOptions],
  ])[] = [
    ["--key-stdin", (_, text) => [["--key-stdin"], { stdin: text }]],
    ["--key-file", (at, text) => [["--key-file", at.write("k", text)], {}]],
    ["--key-env", (_, text) => [["--key-env", "MINE"], { env: { MINE: text } }]],
    ["--key", (_, text) => [["--key", text], {}]],
  ];
  const cases = inputs.flatMap(([flag, input]) =>
    NO_KEYS.map(([text, reason]) => [flag, text, reason, input] as const),
  );
  test.each(cases)("with %s refuses %s and writes nothing", async (_flag, text, reason, input) => {
    const at = machine();
    const [flags, options] = input(at, text);
    const ran = await qwen(at, [...plan, ...flags], options);
    expect([ran.exitCode, ran.stdout]).toEqual([2, ""]);
    expect(ran.stderr).toContain(reason);
    expect(ran.stderr).not.toContain(text);
    expect(existsSync(at.settings)).toBe(false);
  });

  test.each(inputs)("with %s takes blanks and quotes off", async (_flag, input) => {
    const at = machine();
    const [flags, options] = input(at, ` "sk-sp-0123456789abcdef"\r\n`);
    const ran = await qwen(at, [...plan, ...flags], options);
    expect([ran.exitCode, ran.stderr]).toEqual([0, expect.stringContaining("in quotes")]);
    const { env } = JSON.parse(readFileSync(at.settings, "utf8"));
    expect(env.BAILIAN_CODING_PLAN_API_KEY).toBe("sk-sp-0123456789abcdef");
  });

  test("saves a placeholder with a warning", async () => {
    const at = machine();
    const ran = await qwen(at, [...plan, "--key-stdin"], { stdin: "sk-sp-xxxxxxxxx" });
    expect([ran.exitCode, ran.stderr]).toEqual([0, expect.stringContaining("placeholder")]);
    expect(existsSync(at.settings)).toBe(true);
  });

  test.each([
    ["little end first, with a mark", Buffer.from(`\ufeff${KEY}\r\n`, "utf16le")],
    ["little end first", Buffer.from(KEY, "utf16le")],
    ["big end first", Buffer.from(`\ufeff${KEY}`, "utf16le").swap16()],
  ])("names a key file in UTF-16, %s", async (_name, bytes) => {
    const at = machine();
    const path = at.write("k", "");
    await Bun.write(path, bytes);
    const ran = await qwen(at, [...plan, "--key-file", path]);
    expect([ran.exitCode, ran.stderr]).toEqual([
      3,
      expect.stringContaining("it is UTF-16; save it as UTF-8"),
    ]);
  });

  test("that is checked refuses a shortened key below the field, and goes on", async () => {
    const at = machine();
    const server = await scriptedServer(REPLY);
    const url = `${server.origin}/v1`;
    const terminal = qwenPty(at, ["auth", "api-key", "--base-url", url, "-m", "m"]);
    await terminal.waitFor("key");
    terminal.press(`sk-sp-…a289${KEYS.enter}`);
    await terminal.waitFor("the shortened one");
    terminal.press(KEYS.backspace.repeat(12));
    terminal.press(`  ${KEY} ${KEYS.enter}`);
    expect(await terminal.exitCode()).toBe(0);
    const { env } = JSON.parse(readFileSync(at.settings, "utf8"));
    expect(Object.values(env)).toEqual([KEY]);
    expect(server.requests.every(({ headers }) => headers.authorization === `Bearer ${KEY}`)).toBe(
      true,
    );
    expect(terminal.text()).not.toContain("Unexpected failure");
  });
});
