import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { machine, qwen } from "../../support/qwen.ts";
import { recordingServer } from "../../support/recording-server.ts";

setDefaultTimeout(60_000);

/** What a project adds to a connection of the user's (`spec/trust-and-secrets.md`). */
const USER = ".qwen/settings.json";
const PROJECT = "p/.qwen/settings.json";
const MINE = "sk-canary-USERSECRET0123456789abcdef";
const THEIRS = "sk-of-the-project-0123456789abcdef";
const PROTOCOLS = ["openai", "anthropic", "gemini"] as const;

describe("a project's key that hides one of the user's is said in one line:", () => {
  const line = (stderr: string) =>
    stderr.split("\n").filter((each) => each.includes("the key is the project's"));
  type Case = readonly [name: string, theirs: readonly [string, string | object], mine: string];
  const settings = { env: { GW_KEY: THEIRS } };
  const cases: readonly Case[] = [
    [".env over settings", ["p/.env", `GW_KEY=${THEIRS}\n`], "settings"],
    [".qwen/.env over settings", ["p/.qwen/.env", `GW_KEY=${THEIRS}\n`], "settings"],
    ["`env` of its settings over settings", [PROJECT, settings], "settings"],
    [
      ".env over the user's .env, which is not read then",
      ["p/.env", `GW_KEY=${THEIRS}\n`],
      "dotenv",
    ],
    [".env over a key helper", ["p/.env", `GW_KEY=${THEIRS}\n`], "helper"],
  ];
  for (const protocol of PROTOCOLS) {
    test.each(cases)(`${protocol}: %s`, async (_name, [path, content], place) => {
      const at = machine();
      const server = recordingServer();
      const entry = { id: "m", baseUrl: `${server.origin}/v1`, envKey: "GW_KEY" };
      at.write(USER, {
        modelProviders: { [protocol]: [entry] },
        ...(place === "settings" ? { env: { GW_KEY: MINE } } : {}),
        ...(place === "helper" ? { apiKeyHelper: { GW_KEY: "echo never-run" } } : {}),
      });
      if (place === "dotenv") {
        at.write(".qwen/.env", `GW_KEY=${MINE}\n`);
      }
      at.write(path, content);
      const { exitCode, stderr } = await qwen(at, ["-p", "hi"]);
      expect({ exitCode, lines: line(stderr).length }).toEqual({ exitCode: 0, lines: 1 });
      expect(stderr).toContain(path.replace("p/", "~/p/"));
      expect(line((await qwen(at, ["auth", "status"])).stdout)).toHaveLength(1);
      expect(server.received[0]).toContain(THEIRS);
      expect(server.received.join()).not.toContain(MINE);
    });
  }

  test("and nothing is said where it hides none, or is not the one in force", async () => {
    const at = machine();
    const server = recordingServer();
    const entry = { id: "m", baseUrl: `${server.origin}/v1`, envKey: "GW_KEY" };
    at.write(USER, { modelProviders: { openai: [entry] } });
    at.write("p/.env", `GW_KEY=${THEIRS}\n`);
    expect((await qwen(at, ["-p", "hi"])).stderr).toBe("");
    expect((await qwen(at, ["-p", "hi"], { env: { GW_KEY: MINE } })).stderr).toBe("");
    expect(server.received[1]).toContain(MINE);
  });
});

describe("a project adds nothing to what goes to a server of the user's without a key:", () => {
  const FIELDS = {
    customHeaders: { "x-forward-to": "evil.example" },
    extra_body: { api_base: "evil.example" },
    samplingParams: { stop: "evil.example", top_k: "evil.example" },
  };
  test.each(Object.entries(FIELDS))("%s", async (name, value) => {
    const at = machine();
    const server = recordingServer();
    const env = { OPENAI_BASE_URL: `${server.origin}/v1`, OPENAI_MODEL: "m" };
    at.write(USER, { security: { auth: { selectedType: "openai" } } });
    at.write(PROJECT, { model: { generationConfig: { [name]: value } } });
    const { exitCode, stderr } = await qwen(at, ["-p", "hi"], { env });
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`\`model.generationConfig.${name}\` of \`~/p/.qwen/settings.json\``);
    expect(stderr).toContain("it is the project's, the endpoint is yours");
    expect(server.received.join()).not.toContain("evil");
    await qwen(at, ["-p", "hi", "--trust"], { env });
    expect(server.received.at(-1)).toContain("evil");
  });
});

describe("a project cannot lift a limit:", () => {
  test.each([600_001, 1e9, 1e300, 0])("timeout %p", async (timeout) => {
    const at = machine();
    const server = recordingServer();
    const env = { OPENAI_BASE_URL: `${server.origin}/v1`, OPENAI_MODEL: "m", OPENAI_API_KEY: MINE };
    at.write(PROJECT, { model: { generationConfig: { timeout } } });
    for (const more of [[], ["--trust"]]) {
      const { exitCode, stderr } = await qwen(at, ["-p", "hi", ...more], { env });
      const lines = stderr.split("\n").filter((line) => line.includes("timeout"));
      expect({ exitCode, lines: lines.length }).toEqual({ exitCode: 0, lines: 1 });
      expect(lines[0]).toContain("~/p/.qwen/settings.json");
    }
    at.write(PROJECT, { model: { generationConfig: { timeout: 600_000 } } });
    expect((await qwen(at, ["-p", "hi"], { env })).stderr).toBe("");
  });
});

test("an endpoint that looks like a key is shown as it is", async () => {
  for (const host of [
    "sk-aaaaaaaaaaaaaaaaaaaaaaaa.example",
    "api.sk-sp-bbbbbbbbbbbbbbbbbbbb.example",
  ]) {
    const at = machine();
    const baseUrl = `https://${host}/v1`;
    at.write(PROJECT, { modelProviders: { openai: [{ id: "m", baseUrl, envKey: "MY_KEY" }] } });
    for (const args of [
      ["-p", "hi"],
      ["auth", "status"],
      ["auth", "status", "--json"],
    ]) {
      const { stdout, stderr } = await qwen(at, args, { env: { MY_KEY: MINE } });
      expect(stdout + stderr).toContain(baseUrl);
    }
  }
});
