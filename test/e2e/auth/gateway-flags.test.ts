import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { filesHolding } from "../../support/files-holding.ts";
import { machine, qwen } from "../../support/qwen.ts";
import { recordingServer } from "../../support/recording-server.ts";

setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef0123456789a289";
const TOKEN = "gw-0123456789abcdef-secret";

describe("the flags for gateways", () => {
  test("are what every model of the login gets, and what is sent", async () => {
    const server = recordingServer();
    const at = machine();
    const args = [
      ...["--base-url", `${server.origin}/v1`, "-m", "m", "-m", "n", "--key-stdin"],
      ...["--header", "X-Gateway-Token=$GW_TOKEN", "--header", "X-Teams=red, blue"],
      ...["--timeout", "300", "--context-window", "131072"],
      ...["--extra-body", '{"enable_thinking": false}'],
    ];
    const done = await qwen(at, ["auth", "api-key", ...args], { stdin: KEY });
    expect(done.exitCode).toBe(0);
    expect(done.stderr).not.toContain("warning");
    const generationConfig = {
      timeout: 300_000,
      contextWindowSize: 131_072,
      customHeaders: { "X-Gateway-Token": "$GW_TOKEN", "X-Teams": "red, blue" },
      extra_body: { enable_thinking: false },
    };
    const { openai } = JSON.parse(readFileSync(at.settings, "utf8")).modelProviders;
    expect(openai).toMatchObject([
      { id: "m", generationConfig },
      { id: "n", generationConfig },
    ]);
    const asked = await qwen(at, ["-p", "hi"], { env: { GW_TOKEN: TOKEN } });
    expect(asked).toMatchObject({ exitCode: 0, stdout: "hi\n" });
    expect(server.received).toHaveLength(1);
    expect(server.received[0]).toContain(`["x-gateway-token","${TOKEN}"]`);
    expect(server.received[0]).toContain('["x-teams","red, blue"]');
    expect(server.received[0]).toContain('"enable_thinking":false');
    expect(filesHolding(at.home, TOKEN)).toEqual([]);
  });

  test("`--verify` sends the headers, with variables of the user's alone", async () => {
    const server = recordingServer();
    const at = machine();
    at.write("p/.env", "THEIRS=from-the-project\n");
    const args = [
      ...["--base-url", `${server.origin}/v1`, "-m", "m", "--no-key", "--verify"],
      ...["--header", "X-Mine=$GW_TOKEN", "--header", "X-Theirs=$THEIRS"],
    ];
    const done = await qwen(at, ["auth", "api-key", ...args], { env: { GW_TOKEN: TOKEN } });
    expect(done.exitCode).toBe(0);
    expect(done.stderr).toContain('the header "X-Theirs" of `--header` is left out');
    expect(server.received[0]).toContain(`["x-mine","${TOKEN}"]`);
    expect(server.received.join()).not.toContain("from-the-project");
    expect(done.stdout + done.stderr).not.toContain(TOKEN);
  });

  test("change what is there and nothing else: comments, order, other fields and headers", async () => {
    const at = machine();
    const text = `{
  "modelProviders": {
    "openai": [
      // ours
      {
        "id": "m",
        "name": "mine",
        "baseUrl": "https://gw.example/v1",
        "envKey": "GW_KEY",
        "generationConfig": {
          // slow
          "timeout": 1000, // ms
          "customHeaders": { "x-team": "blue" /* us */, "X-Other": "kept" }
        }
      }
    ]
  },
  "env": { "GW_KEY": "${KEY}" },
  "security": { "auth": { "selectedType": "openai" } },
  "model": { "name": "m" },
  "$version": 4
}
`;
    at.write(".qwen/settings.json", text);
    const args = ["--base-url", "https://gw.example/v1", "--env-key", "GW_KEY", "--key-stdin"];
    const done = await qwen(
      at,
      ["auth", "api-key", ...args, "--timeout", "60", "--header", "X-Team=red"],
      { stdin: KEY },
    );
    expect(done).toMatchObject({ exitCode: 0 });
    expect(readFileSync(at.settings, "utf8")).toBe(
      text
        .replace('"timeout": 1000', '"timeout": 60000')
        .replace('"x-team": "blue"', '"x-team": "red"'),
    );
  });

  test("a credential on the command line is warned of, and shown nowhere", async () => {
    const at = machine();
    const args = ["--base-url", "https://gw.example/v1", "-m", "m", "--no-key"];
    const header = ["--header", `Authorization=Bearer ${TOKEN}`];
    const done = await qwen(at, ["auth", "api-key", ...args, ...header, "--json"]);
    expect(done.exitCode).toBe(0);
    expect(done.stderr).toContain("`--header` is visible in the process list");
    expect(done.stdout + done.stderr).not.toContain(TOKEN);
    const harmless = await qwen(at, ["auth", "api-key", ...args, "--header", "X-Team=blue"]);
    expect(harmless.exitCode).toBe(0);
    expect(harmless.stderr).not.toContain("warning");
    const other = machine();
    const project = await qwen(other, [
      ...["auth", "api-key", ...args, ...header, "--scope", "project"],
    ]);
    expect(project.exitCode).toBe(2);
    expect(project.stderr).toContain("git does not ignore this file");
    expect(filesHolding(other.home, TOKEN)).toEqual([]);
  });

  test.each<[args: readonly string[], why: string]>([
    [["--header", "X-Team"], "it has no name and value"],
    [["--header", "=x"], "it has no name and value"],
    [["--header", "X-Team="], "its value is empty"],
    [["--header", "X Team=blue"], '"X Team" is no name of a header'],
    [["--header", "X-Team=blau\nX-Evil: 1"], 'the value of "X-Team" is no text'],
    [["--header", "X-Team=模型"], 'the value of "X-Team" is no text'],
    [["--header", "Host=evil.example"], 'the header "Host" is the endpoint\'s'],
    [["--header", "Content-Length=1"], "is not for settings to set"],
    [["--header", "X-A=1", "--header", "x-a=2"], '"x-a" is given twice'],
    [["--timeout", "0"], "no whole number above 0"],
    [["--timeout", "1.5"], "no whole number above 0"],
    [["--timeout", "300000"], "more than a day"],
    [["--context-window", "128k"], "no whole number above 0"],
    [["--extra-body", "{"], "it is no JSON object"],
    [["--extra-body", "[1]"], "it is no JSON object"],
    [["--extra-body", "{}"], "it is no JSON object"],
  ])("refuses %j, and writes nothing", async (args, why) => {
    const at = machine();
    const all = ["auth", "deepseek", "--key-stdin", ...args];
    const { exitCode, stderr } = await qwen(at, all, { stdin: KEY });
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(why),
    });
    expect(filesHolding(at.home, KEY)).toEqual([]);
  });
});

describe("`qwen auth NAME`", () => {
  test.each([
    ["deepseek", [], "deepseek"],
    ["grok", [], "xai"],
    ["token-plan", ["--region", "china"], "token-plan"],
    ["dashscope", ["--region", "cn-beijing"], "modelstudio"],
  ])("sets up %s", async (name, flags, provider) => {
    const at = machine();
    const done = await qwen(at, ["auth", name, ...flags, "--key-stdin", "--json"], { stdin: KEY });
    expect(done.exitCode).toBe(0);
    expect(JSON.parse(done.stdout)).toMatchObject({ provider });
  });
});
