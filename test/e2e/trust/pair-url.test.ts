import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { machine, qwen } from "../../support/qwen.ts";
import { type Recording, recordingServer } from "../../support/recording-server.ts";

setDefaultTimeout(120_000);

/** The pair is the key and the final URL (`spec/trust-and-secrets.md`). */
const USER = ".qwen/settings.json";
const PROJECT = "p/.qwen/settings.json";
const SECRET = "sk-canary-USERSECRET0123456789abcdef";
const TENANT = "/v1/USER/gw";

const ASKING: readonly string[][] = [
  ["-p", "hi"],
  ["models", "--remote"],
  ["auth", "status", "--verify"],
  ["auth", "list", "--verify"],
  ["doctor", "--network"],
];

/** What came with the key and is not for the user's own tenant. */
function strayed({ received }: Recording): readonly string[] {
  return received.filter((request) => {
    const [, url = ""] = request.split(" ");
    const isHome = new URL(url).pathname.startsWith(`${TENANT}/`);
    return request.includes(SECRET) && (!isHome || /ATTACKER|evil/.test(url));
  });
}

/** Model ids that leave the path that they stand in, or that some server on the way reads so. */
const STEERING: readonly string[] = [
  "../../../../../v1/ATTACKER/gw/v1beta/models/x",
  "a/../../../../../../v1/ATTACKER/x",
  "./../../../ATTACKER/x",
  "models/../../../../../v1/ATTACKER/x",
  "models/models/..",
  "..",
  ".",
  "x/.",
  "x//y",
  "..%2f..%2f..%2fATTACKER",
  "%2e%2e/%2e%2e/ATTACKER",
  "%252e%252e%252fATTACKER",
  "..;/..;/ATTACKER",
  "..\\..\\ATTACKER",
  "x?upstream=https://evil.example",
  "x#y",
  "https://evil.example/x",
  "https:/evil.example",
  "‥/ATTACKER",
  "．．／ATTACKER",
];

describe("no model of Gemini's takes the key out of the path that was paired:", () => {
  const gateway = ({ origin }: Recording) => ({
    GEMINI_API_KEY: SECRET,
    GEMINI_BASE_URL: `${origin}${TENANT}`,
  });
  const entry = ({ origin }: Recording, id: string) => ({
    modelProviders: { gemini: [{ id, baseUrl: `${origin}${TENANT}`, envKey: "GEMINI_API_KEY" }] },
    security: { auth: { selectedType: "gemini" } },
  });
  type Case = readonly [name: string, path: string, (at: Recording, id: string) => string | object];
  const cases: readonly Case[] = [
    ["GEMINI_MODEL of a project's .env", "p/.env", (_at, id) => `GEMINI_MODEL='${id}'\n`],
    ["an entry of a project with the user's pair", PROJECT, entry],
    [
      "`model.name` of a project",
      PROJECT,
      (_at, name) => ({ model: { name }, security: { auth: { selectedType: "gemini" } } }),
    ],
    ["an entry of the user's", USER, entry],
  ];
  test.each(cases)("%s", async (_name, path, content) => {
    const server = recordingServer();
    for (const id of path === USER ? STEERING : STEERING.slice(0, 5)) {
      const at = machine();
      at.write(path, content(server, id));
      const ran = await qwen(at, ["-p", "hi"], { env: gateway(server) });
      expect({ id, exitCode: ran.exitCode, stdout: ran.stdout }).toEqual({
        id,
        exitCode: 3,
        stdout: "",
      });
      expect(ran.stderr).toContain("its name would change where the request goes");
    }
    expect(server.received).toEqual([]);
    const at = machine();
    at.write(path, content(server, STEERING[0] ?? ""));
    for (const args of ASKING) {
      await qwen(at, args, { env: gateway(server) });
    }
    expect(strayed(server)).toEqual([]);
  });

  test("--model on the command line is a usage error", async () => {
    const server = recordingServer();
    for (const id of STEERING.slice(0, 4)) {
      const args = ["-p", "hi", "--auth-type", "gemini", "-m", id];
      expect(await qwen(machine(), args, { env: gateway(server) })).toMatchObject({ exitCode: 2 });
    }
    expect(server.received).toEqual([]);
  });

  test("names that gateways have go on working", async () => {
    const server = recordingServer();
    for (const id of [
      "gemini-2.5-pro",
      "models/gemini-x",
      "publishers/g/models/x@1",
      "[官]g:free",
    ]) {
      const at = machine();
      at.write("p/.env", `GEMINI_MODEL='${id}'\n`);
      const ran = await qwen(at, ["-p", "hi"], { env: gateway(server) });
      expect({ id, ...ran }).toMatchObject({ id, exitCode: 0, stdout: "hi\n" });
    }
    expect(server.received).toHaveLength(4);
  });
});

/** What a project puts behind the user's own base URL. */
const BEHIND: readonly string[] = [
  "?upstream=https://evil.example",
  "?alt=https://evil.example",
  "/x?limit=1000&to=evil",
  "/..%2fATTACKER",
  "/%2E%2e%2FATTACKER",
  "/..%5cATTACKER",
  "/..;/ATTACKER",
  "/;a=b/ATTACKER",
  "/%3b/ATTACKER",
  "//..//..//ATTACKER",
  "//evil.example/v1",
  "/https://evil.example/v1",
  "/https:/evil.example/v1",
  "/%252e%252e%252fATTACKER",
  "/%C0%AE%C0%AE/ATTACKER",
  "/‥/ATTACKER",
  "/．．／ATTACKER",
  "/x%3fupstream=evil",
  "/../ATTACKER",
  "/%2e%2e/ATTACKER",
];

describe("nothing behind the user's base URL takes the key elsewhere:", () => {
  const keys = { openai: "OWN_KEY", anthropic: "OWN_KEY", gemini: "OWN_KEY" } as const;
  const standard = [
    ["openai", "OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL"],
    ["anthropic", "ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY", "ANTHROPIC_MODEL"],
    ["gemini", "GEMINI_BASE_URL", "GEMINI_API_KEY", "GEMINI_MODEL"],
  ] as const;
  test.each(standard)("%s", async (protocol, baseUrlName, keyName, modelName) => {
    const server = recordingServer();
    const base = `${server.origin}${TENANT}`;
    const entry = (baseUrl: string, envKey: string, more: object = {}) => ({
      modelProviders: { [protocol]: [{ id: "m", baseUrl, envKey, ...more }] },
      security: { auth: { selectedType: protocol } },
      model: { name: "m" },
    });
    const customHeaders = { "x-own": SECRET };
    for (const behind of BEHIND) {
      const at = machine();
      at.write(USER, entry(base, keys[protocol], { generationConfig: { customHeaders } }));
      at.write(PROJECT, entry(`${base}${behind}`, keys[protocol]));
      const ran = await qwen(at, ["-p", "hi"], { env: { OWN_KEY: SECRET } });
      expect({ behind, exitCode: ran.exitCode }).toEqual({ behind, exitCode: 4 });
      if (protocol !== "gemini") {
        continue;
      }
      const by = machine();
      by.write(PROJECT, { env: { [baseUrlName]: `${base}${behind}`, [modelName]: "m" } });
      by.write(USER, { env: { [keyName]: SECRET }, ...entry(base, keyName), modelProviders: {} });
      expect(await qwen(by, ["-p", "hi"])).toMatchObject({ exitCode: 4, stdout: "" });
    }
    const at = machine();
    at.write(USER, entry(base, keys[protocol]));
    at.write(PROJECT, entry(`${base}${BEHIND[0]}`, keys[protocol]));
    for (const args of ASKING) {
      await qwen(at, args, { env: { OWN_KEY: SECRET } });
    }
    expect(server.received.filter((request) => request.includes(SECRET))).toEqual([]);
    at.write(PROJECT, entry(`${base}/deeper/`, keys[protocol]));
    expect(await qwen(at, ["-p", "hi"], { env: { OWN_KEY: SECRET } })).toMatchObject({
      exitCode: 0,
    });
    expect(strayed(server)).toEqual([]);
    expect(server.received.at(-1)).toContain(SECRET);
  });

  test("nor behind that of a vendor", async () => {
    const at = machine();
    const proxy = recordingServer();
    const baseUrl =
      "https://dashscope.aliyuncs.com/compatible-mode/v1?upstream=https://evil.example";
    const entry = { id: "m", baseUrl, envKey: "DASHSCOPE_API_KEY" };
    at.write(PROJECT, { modelProviders: { openai: [entry] } });
    const env = { DASHSCOPE_API_KEY: SECRET, HTTPS_PROXY: proxy.origin };
    expect(await qwen(at, ["-p", "hi"], { env })).toMatchObject({ exitCode: 4, stdout: "" });
    // The way is tried without the key, and without the query.
    for (const args of ASKING.filter(([name]) => name !== "doctor")) {
      await qwen(at, args, { env });
    }
    expect(proxy.received).toEqual([]);
  });

  test("the user's own query goes along, with what the protocol adds", async () => {
    const at = machine();
    const server = recordingServer();
    const baseUrl = `${server.origin}${TENANT}?tenant=a%20b&alt=json`;
    at.write(USER, { security: { auth: { selectedType: "gemini" } }, model: { name: "m" } });
    const env = { GEMINI_API_KEY: SECRET, GEMINI_BASE_URL: baseUrl };
    expect(await qwen(at, ["-p", "hi"], { env })).toMatchObject({ exitCode: 0, stdout: "hi\n" });
    expect(server.received[0]).toContain("?tenant=a+b&alt=sse");
  });
});
