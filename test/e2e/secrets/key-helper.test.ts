import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { filesHolding } from "../../support/files-holding.ts";
import { helperScript } from "../../support/helper-script.ts";
import { OPENAI } from "../../support/model-answers.ts";
import { KEYS } from "../../support/pty.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { answer, type Reply, scriptedServer, stream } from "../../support/scripted-server.ts";
import { startSession } from "../chat/session-machine.ts";

setDefaultTimeout(60_000);

const KEY = "sk-canary-0123456789abcdef";
const OLD = "sk-canary-old-0123456789ab";

/** Prints the keys one after the other, the last one again and again. */
const rotating = (...keys: readonly string[]): string =>
  `n=$(wc -l <"$0-n" 2>/dev/null || echo 0); echo >>"$0-n"\nset -- ${keys.join(" ")}\n` +
  `shift $((n < $# ? n : $# - 1)); echo "$1"`;

type Given = { readonly body: string; readonly origin?: string; readonly project?: object };

/** A machine whose model "m" has its key from a helper. */
function helped({ body, origin = "https://api.example.com", project }: Given) {
  const at = machine();
  const helper = helperScript(at, body);
  at.write(".qwen/settings.json", {
    modelProviders: { openai: [{ id: "m", envKey: "TEST_KEY", baseUrl: `${origin}/v1` }] },
    model: { name: "m" },
    security: { auth: { selectedType: "openai" } },
    apiKeyHelper: { TEST_KEY: helper.command },
  });
  if (project !== undefined) {
    at.write("p/.qwen/settings.json", project);
  }
  return { at, helper };
}

const says = (text: string): Reply => stream([OPENAI.text(text), OPENAI.finish]);
const refused: Reply = answer(...OPENAI.rejected);

const keysOf = (requests: readonly { readonly headers: Readonly<Record<string, string>> }[]) =>
  requests.map(({ headers }) => headers.authorization?.replace("Bearer ", ""));

/** Only the helper itself, or what it counts by, may hold a key. */
function expectNoCopy(at: Machine): void {
  for (const key of [KEY, OLD]) {
    expect(
      filesHolding(at.home, key).filter((path) => !path.startsWith(join(at.home, "bin"))),
    ).toEqual([]);
  }
}

describe("apiKeyHelper", () => {
  test("gives the key to whatever sends or prints one, and runs once for it", async () => {
    const server = await scriptedServer(says("Hello"), answer(200, { data: [{ id: "m" }] }));
    const { at, helper } = helped({ body: `echo ${KEY}`, origin: server.origin });
    const runs: readonly (readonly [args: string[], says: string])[] = [
      [["-p", "Hi"], "Hello\n"],
      [["auth", "status", "--verify"], "yes: 1 model listed"],
      [["auth", "list", "--verify"], "yes: 1 model listed"],
      [["models", "--remote"], "m"],
      [["auth", "token"], `${KEY}\n`],
      [["auth", "env"], `export OPENAI_API_KEY='${KEY}'`],
      [["auth", "status", "--show-token"], `API key   ${KEY}  from key helper`],
    ];
    for (const [index, [args, text]] of runs.entries()) {
      const ran = await qwen(at, args);
      expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
      expect(ran.stdout).toContain(text);
      expect(helper.runs()).toBe(index + 1);
    }
    expect(new Set(keysOf(server.requests))).toEqual(new Set([KEY]));
    expectNoCopy(at);
  });

  test("is not run by what tells of it", async () => {
    const { at, helper } = helped({ body: `echo ${KEY}` });
    const source = {
      kind: "helper",
      name: "apiKeyHelper.TEST_KEY",
      path: at.settings,
      scope: "user",
      origin: "user",
    };
    const status = await qwen(at, ["auth", "status", "--json"]);
    expect(status.exitCode).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({
      loggedIn: true,
      key: { present: true, source, envKey: "TEST_KEY" },
      verified: { state: "unchecked" },
    });
    expect(JSON.parse(status.stdout).key).not.toHaveProperty("masked");
    const list = await qwen(at, ["auth", "list", "--json"]);
    expect(JSON.parse(list.stdout).providers[0].key).toEqual({ present: true, source });
    const others = [["auth", "status"], ["auth", "list"], ["models"], ["auth", "switch", "m"]];
    for (const args of [
      ...others,
      ["auth", "token", "--model", "other", "--auth-type", "gemini"],
    ]) {
      await qwen(at, args);
    }
    expect(helper.runs()).toBe(0);
  });

  test("may be one for the model that is chosen, and serves no other", async () => {
    const { at, helper } = helped({ body: `echo ${KEY}` });
    const baseUrl = "https://api.example.com/v1";
    at.write(".qwen/settings.json", {
      modelProviders: {
        openai: [
          { id: "m", envKey: "TEST_KEY", baseUrl },
          { id: "n", envKey: "OTHER_KEY", baseUrl },
        ],
      },
      model: { name: "m" },
      apiKeyHelper: helper.command,
    });
    expect((await qwen(at, ["auth", "token"])).stdout).toBe(`${KEY}\n`);
    const other = await qwen(at, ["auth", "token", "--model", "n"]);
    expect(other).toMatchObject({ exitCode: 4, stdout: "" });
    expect(other.stderr).toContain("OTHER_KEY is not set");
    expect(helper.runs()).toBe(1);
  });

  test("of a project is ignored with a warning", async () => {
    const { at, helper } = helped({ body: `echo ${KEY}` });
    const evil = at.write(
      "p/evil",
      "#!/bin/sh\ntouch ../evil-ran; echo sk-evil-0123456789\n",
      0o700,
    );
    at.write("p/.qwen/settings.json", { apiKeyHelper: { TEST_KEY: evil } });
    const ran = await qwen(at, ["auth", "token"]);
    expect(ran.stdout).toBe(`${KEY}\n`);
    const status = await qwen(at, ["auth", "status"]);
    expect(status.stdout + status.stderr).toContain("was ignored: it is a project's");
    expect(existsSync(join(at.home, "evil-ran"))).toBe(false);
    expect(helper.runs()).toBe(1);
  });

  test("is not run for an endpoint that a project chose", async () => {
    const evil = { id: "m", envKey: "TEST_KEY", baseUrl: "https://evil.example/v1" };
    const { at, helper } = helped({
      body: `echo ${KEY}`,
      project: { modelProviders: { openai: [evil] } },
    });
    for (const args of [
      ["auth", "token"],
      ["auth", "env"],
      ["-p", "Hi"],
      ["models", "--remote"],
    ]) {
      expect(await qwen(at, args)).toMatchObject({ exitCode: 4, stdout: "" });
    }
    expect(helper.runs()).toBe(0);
  });

  test("knows no key, no secret and no project, but how to reach the session", async () => {
    const { at } = helped({
      body: `env | sort | tr '\\n' ';' >"$HOME/seen"; pwd >>"$HOME/seen"; echo ${KEY}`,
    });
    const env = {
      TEST_SECRET: "s",
      OPENAI_API_KEY: KEY,
      AWS_SECRET_ACCESS_KEY: "s",
      BUN_OPTIONS: "",
      GIT_DIR: "/x",
      DBUS_SESSION_BUS_ADDRESS: "unix:path=/x",
      GPG_TTY: "/dev/pts/9",
    };
    expect((await qwen(at, ["auth", "token"], { env })).stdout).toBe(`${KEY}\n`);
    const seen = (await Bun.file(join(at.home, "seen")).text()).split(";");
    const names = seen.slice(0, -1).map((line) => line.split("=")[0]);
    expect(names.filter((name) => !["_", "PWD", "OLDPWD", "SHLVL"].includes(name ?? ""))).toEqual([
      "DBUS_SESSION_BUS_ADDRESS",
      "GPG_TTY",
      "HOME",
      "PATH",
    ]);
    expect(seen.at(-1)).toBe(`${at.home}\n`);
  });

  const failures: readonly (readonly [body: string, why: string])[] = [
    [`echo ${KEY}; echo 'tried ${KEY}' >&2; exit 7`, "it ended with exit code 7: tried ***"],
    [`echo ${KEY}; echo ${OLD}`, "what it printed is no key: it has more than one line"],
    [`yes ${KEY}`, "it printed more than 64 KiB"],
    [`echo ${KEY}; exec sleep 600`, "it did not end in 10 s"],
  ];

  test.each(failures)(
    "that fails is told with its name, not with its output: %j",
    async (body, why) => {
      const { at, helper } = helped({ body });
      const ran = await qwen(at, ["-p", "Hi", "--debug"]);
      expect(ran).toMatchObject({ exitCode: 4, stdout: "" });
      expect(ran.stderr).toContain(
        `error: Cannot get the key of \`TEST_KEY\` from its helper \`key-helper\`: ${why}\n`,
      );
      expect(ran.stderr).toContain(`hint: run its command by hand: \`apiKeyHelper.TEST_KEY\` in`);
      expect(ran.stderr).not.toContain(KEY);
      expect(ran.stderr).not.toContain(OLD);
      expect(helper.runs()).toBe(1);
    },
  );

  test("that fails makes a status that asks the service incomplete: exit 4", async () => {
    const { at } = helped({ body: "echo 'is locked' >&2; exit 2" });
    const ran = await qwen(at, ["auth", "status", "--verify", "--json"]);
    expect(ran.exitCode).toBe(4);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      loggedIn: false,
      state: "incomplete",
      verified: { state: "unchecked" },
    });
    const text = await qwen(at, ["auth", "status", "--verify"]);
    expect(text.stdout).toContain("it ended with exit code 2: is locked");
    const list = await qwen(at, ["auth", "list", "--verify", "--json"]);
    expect(JSON.parse(list.stdout).providers[0].verified).toMatchObject({
      state: "unverifiable",
      detail: expect.stringContaining("it ended with exit code 2: is locked"),
    });
  });
});

describe("after a 401", () => {
  test("a chat asks the helper once more, and the model with what it gives then", async () => {
    const server = await scriptedServer(refused, says("Hello"));
    const { at, helper } = helped({ body: rotating(OLD, KEY), origin: server.origin });
    expect(await qwen(at, ["-p", "Hi"])).toEqual({ exitCode: 0, stdout: "Hello\n", stderr: "" });
    expect(keysOf(server.requests)).toEqual([OLD, KEY]);
    expect(helper.runs()).toBe(2);
  });

  test.each([
    ["the same key", rotating(KEY), [KEY]],
    ["another key that is refused", rotating(OLD, KEY), [OLD, KEY]],
  ])("it ends with %s", async (_name, body, keys) => {
    const server = await scriptedServer(refused);
    const { at, helper } = helped({ body, origin: server.origin });
    const ran = await qwen(at, ["-p", "Hi"]);
    expect(ran).toMatchObject({ exitCode: 4, stdout: "" });
    expect(ran.stderr).toContain("the key of key helper of ");
    expect(keysOf(server.requests)).toEqual(keys);
    expect(helper.runs()).toBe(2);
  });

  test.each([
    [403, { error: { message: "no" } }, 1],
    [403, { error: { message: "Invalid API key" } }, 4],
    [500, { error: { message: "no" } }, 5],
  ])("but not after a %d", async (status, body, exitCode) => {
    const server = await scriptedServer(answer(status, body));
    const { at, helper } = helped({ body: rotating(OLD, KEY), origin: server.origin });
    const settings = await Bun.file(at.settings).json();
    at.write(".qwen/settings.json", {
      ...settings,
      model: { name: "m", generationConfig: { maxRetries: 0 } },
    });
    expect((await qwen(at, ["-p", "Hi"])).exitCode).toBe(exitCode);
    expect(helper.runs()).toBe(1);
  });

  test("a session goes on with the new key, and keeps it", async () => {
    const server = await scriptedServer(says("one"), refused, says("two"), says("three"));
    const { at, helper } = helped({ body: rotating(OLD, KEY), origin: server.origin });
    const session = startSession(at);
    await session.waitFor("› ");
    for (const [question, reply] of [
      ["first", "one"],
      ["second", "two"],
      ["third", "three"],
    ]) {
      session.press(`${question}${KEYS.enter}`);
      await session.waitFor(reply ?? "");
    }
    session.press(`/quit${KEYS.enter}`);
    await session.expectEnd(0);
    expect(keysOf(server.requests)).toEqual([OLD, OLD, KEY, KEY]);
    expect(helper.runs()).toBe(2);
    expect(session.raw()).not.toContain(KEY);
    expectNoCopy(at);
  });

  test("a session whose helper fails tells it, and asks it again with the next message", async () => {
    const server = await scriptedServer(says("one"));
    const body = `test -e "$0-open" || { touch "$0-open"; echo 'is locked' >&2; exit 2; }\necho ${KEY}`;
    const { at, helper } = helped({ body, origin: server.origin });
    const session = startSession(at);
    await session.waitFor(/it ended with exit code 2: is\s+locked/);
    session.press(`first${KEYS.enter}`);
    await session.waitFor("one");
    session.press(`/quit${KEYS.enter}`);
    await session.expectEnd(0);
    expect(helper.runs()).toBe(2);
  });
});
