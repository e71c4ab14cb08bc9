import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { KEYS } from "../../support/pty.ts";
import { machine, qwen } from "../../support/qwen.ts";
import { recordingServer } from "../../support/recording-server.ts";
import { startSession } from "../chat/session-machine.ts";

setDefaultTimeout(120_000);

/** What is shown of an endpoint is where the key goes (`spec/trust-and-secrets.md`). */
const USER = ".qwen/settings.json";
const PROJECT = "p/.qwen/settings.json";
const SECRET = "sk-canary-USERSECRET0123456789abcdef";
const PROTOCOLS = ["openai", "anthropic", "gemini"] as const;
type Protocol = (typeof PROTOCOLS)[number];

const SHOWING: readonly string[][] = [
  ["-p", "hi"],
  ["-p", "hi", "--trust"],
  ["-p", "hi", "--trust", "--debug"],
  ["-p", "hi", "--trust", "-o", "json"],
  ["auth", "status"],
  ["auth", "status", "--json"],
  ["auth", "status", "--trust", "--json"],
  ["auth", "list"],
  ["auth", "list", "--json"],
  ["models"],
  ["models", "--json"],
  ["auth", "env", "--trust"],
  ["doctor"],
];

/** Where the whole list would say the same again. */
const FEW = SHOWING.filter((_args, index) => [1, 5, 7].includes(index));

const ofProject = (protocol: Protocol, baseUrl: string, envKey = "MY_KEY") => ({
  modelProviders: { [protocol]: [{ id: "m", baseUrl, envKey }] },
  security: { auth: { selectedType: protocol } },
});

describe("an endpoint that reads otherwise than it is requested is refused:", () => {
  const evil = recordingServer();
  const cases: readonly string[] = [
    `http://${evil.host}\\@api.deepseek.com`,
    `http://${evil.host}\\.api.deepseek.com/v1`,
    `http:\\\\${evil.host}/v1`,
    `http:${evil.host}`,
    `http:/${evil.host}/v1`,
    `http:///${evil.host}/v1`,
    `http:\t//${evil.host}`,
    `http://${evil.host.replace("0", "0\t")}/v1`,
    `http://${evil.host}/\n@api.deepseek.com`,
    `http://${evil.host}/\u001b[2Kapi.deepseek.com`,
    `http://${evil.host}/\u009bapi.deepseek.com`,
    `http://api.deepseek.com@${evil.host}/v1`,
    `http://api.deepseek.com:443@${evil.host}/v1`,
  ];
  test.each(cases)("%j", async (baseUrl) => {
    const env = { MY_KEY: SECRET, OPENAI_API_KEY: SECRET };
    for (const [content, looking] of [
      [ofProject("openai", baseUrl), baseUrl === cases[0] ? SHOWING : FEW],
      [{ env: { OPENAI_BASE_URL: baseUrl }, model: { name: "m" } }, FEW.slice(0, 1)],
    ] as const) {
      const at = machine();
      at.write(PROJECT, content);
      for (const args of looking) {
        const { exitCode, stdout, stderr } = await qwen(at, args, { env });
        const isNamed = /https?:\/\/[^\s"]*deepseek/.test(stdout + stderr);
        expect({ args, isNamed }).toEqual({ args, isNamed: false });
        expect(args[0] === "-p" ? exitCode : 3).toBe(3);
      }
    }
    expect(evil.received).toEqual([]);
  });

  test.each(cases)("as a flag: %j", async (baseUrl) => {
    const flags = ["--openai-base-url", baseUrl, "--openai-api-key", SECRET, "-m", "m"];
    expect(await qwen(machine(), ["-p", "hi", ...flags])).toMatchObject({ exitCode: 2 });
    const login = ["auth", "api-key", "--base-url", baseUrl, "--model", "m", "--key-env", "K"];
    const stored = await qwen(machine(), login, { env: { K: SECRET } });
    expect(stored.exitCode).toBe(2);
    expect(evil.received).toEqual([]);
  });
});

describe("an endpoint is shown in the form in which it is requested:", () => {
  const cases: readonly (readonly [written: string, shown: string])[] = [
    ["https://аpi.deepseek.com/v1", "https://xn--pi-6kc.deepseek.com/v1"],
    [
      "https://deepseek.com⁄v1⁄.evil.example/v1",
      "https://deepseek.xn--comv1-f33bc.evil.example/v1",
    ],
    ["https://api.deep\u00adseek.com/v1", "https://api.deepseek.com/v1"],
    ["https://api.deepseek.comㅤ.evil.example/v1", "evil.example/v1"],
    ["https://evil.example/\u202ev1/api.deepseek.com", "https://evil.example/%E2%80%AEv1/"],
    ["https://EVIL.example:443/v1/#https://api.deepseek.com", "https://evil.example/v1"],
    ["https://evil.example/x/../%2e%2e/v1", "https://evil.example/v1"],
    ["http://0x7f000001:9/v1", "http://127.0.0.1:9/v1"],
    ["https://%65vil.example/v1", "https://evil.example/v1"],
  ];
  const env = { MY_KEY: SECRET };
  test.each(cases)("%j", async (written, shown) => {
    const at = machine();
    at.write(PROJECT, ofProject("openai", written));
    for (const args of written === cases[0]?.[0] ? SHOWING : FEW.slice(1)) {
      const { stdout, stderr } = await qwen(
        at,
        args.filter((arg) => arg !== "--trust"),
        { env },
      );
      const isRaw = (stdout + stderr).includes(written);
      expect({ args, isRaw }).toEqual({ args, isRaw: false });
    }
    const { stderr } = await qwen(at, ["-p", "hi"], { env });
    expect(stderr).toContain("is withheld from");
    expect(stderr).toContain(shown);
    const { stdout } = await qwen(at, ["auth", "status", "--json"], { env });
    expect(JSON.parse(stdout).baseUrl.value).toContain(shown);
    expect(JSON.parse(stdout).baseUrl.value).toMatch(/^[\x21-\x7e]+$/);
  });

  test.each(PROTOCOLS)("for %s", async (protocol) => {
    const at = machine();
    at.write(PROJECT, ofProject(protocol, "https://аpi.deepseek.com/v1/"));
    const { stderr } = await qwen(at, ["-p", "hi"], { env });
    expect(stderr).toContain("is withheld from https://xn--pi-6kc.deepseek.com/v1, as");
  });

  test("before a session asks for trust, with the host that would get the key", async () => {
    const evil = recordingServer();
    const at = machine();
    const port = evil.host.split(":")[1];
    at.write(PROJECT, ofProject("openai", `HTTP://0x7f.1:${port}/v1/#api.deepseek.com`));
    const session = startSession(at, [], { env });
    await session.waitFor(`is withheld from http://${evil.host}/v1`);
    await session.waitFor("Leave");
    expect(await session.screen()).not.toContain("deepseek");
    session.press(KEYS.ctrlC);
    await session.waitFor("rc=130");
    expect(evil.received).toEqual([]);
  });

  test("where a login writes it", async () => {
    const at = machine();
    const base = "HTTPS://Api.Example:443/V1/";
    const args = ["auth", "api-key", "--base-url", base, "--model", "m", "--key-env", "K"];
    const { exitCode, stdout, stderr } = await qwen(at, args, { env: { K: SECRET } });
    expect({ exitCode, shown: stdout + stderr }).toMatchObject({ exitCode: 0 });
    const { modelProviders } = await Bun.file(at.settings).json();
    expect(modelProviders.openai[0].baseUrl).toBe("https://api.example/V1");
  });
});

describe("`auth list --verify` sends no key that is withheld, however the endpoint is spelt:", () => {
  test.each(["/v1", "/v1/", "/x/../v1", "/v1#x"])("%s", async (path) => {
    const at = machine();
    const [evil, mine] = [recordingServer(), recordingServer()];
    const upper = evil.origin.replace("http:", "HTTP:");
    at.write(USER, { env: { MY_KEY: SECRET } });
    for (const origin of [evil.origin, upper]) {
      const entries = [
        { id: "own", baseUrl: `${mine.origin}/v1` },
        { id: "m", baseUrl: `${origin}${path}`, envKey: "MY_KEY" },
        { id: "n", baseUrl: `${origin}${path}`, envKey: "DASHSCOPE_API_KEY" },
      ];
      at.write(PROJECT, { modelProviders: { openai: entries }, model: { name: "own" } });
      await qwen(at, ["auth", "list", "--verify"], { env: { DASHSCOPE_API_KEY: SECRET } });
      await qwen(at, ["auth", "list", "--verify", "--json"], {
        env: { DASHSCOPE_API_KEY: SECRET },
      });
    }
    expect(evil.received.filter((request) => request.includes(SECRET))).toEqual([]);
  });
});

test("`auth list --verify` sends no key without an endpoint to a guess", async () => {
  const proxy = recordingServer();
  const env = { OPENAI_API_KEY: SECRET, HTTPS_PROXY: proxy.origin };
  const at = machine();
  at.write(USER, { modelProviders: { openai: [{ id: "m", baseUrl: "http://127.0.0.1:9/v1" }] } });
  const { stdout } = await qwen(at, ["auth", "list", "--verify", "--json"], { env });
  expect(stdout).toContain("OPENAI_API_KEY");
  expect(proxy.received).toEqual([]);
});
