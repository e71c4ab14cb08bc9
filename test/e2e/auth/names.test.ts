import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { answer, scriptedServer } from "../../support/scripted-server.ts";

setDefaultTimeout(60_000);

const REPLY = answer(200, {
  choices: [{ message: { role: "assistant", content: "pong" }, finish_reason: "stop" }],
});

type Entry = { id: string; name?: string; baseUrl: string; envKey: string };

/** A server and a machine with these entries, `PLACE` standing for the server's host and port. */
async function withEntries(entries: readonly Entry[], model = entries[0]?.id ?? "") {
  const server = await scriptedServer(REPLY);
  const host = new URL(server.origin).host;
  const at = machine();
  const openai = entries.map((entry) => ({
    ...entry,
    baseUrl: entry.baseUrl.replace("PLACE", host),
  }));
  at.write(".qwen/settings.json", {
    modelProviders: { openai },
    env: { K1: "sk-first-0123456789abcdef", K2: "sk-second-0123456789abcde" },
    security: { auth: { selectedType: "openai" } },
    model: { name: model },
  });
  return { at, host, server };
}

function settingsOf(at: Machine) {
  return JSON.parse(readFileSync(at.settings, "utf8"));
}

const TWO_PLACES: readonly Entry[] = [
  { id: "glm", name: "standard", baseUrl: "http://PLACE/api/paas/v4", envKey: "K1" },
  { id: "glm", name: "coding", baseUrl: "http://PLACE/api/coding/paas/v4", envKey: "K1" },
];
const WAYS: readonly (readonly [string, (host: string) => string])[] = [
  ["host and path", (host) => `glm@${host}/api/coding/paas/v4`],
  ["host and path with a slash", (host) => `glm@${host}/api/coding/paas/v4/`],
  ["URL", (host) => `glm@http://${host}/api/coding/paas/v4`],
  ["name", () => "coding"],
];

describe("of equal ids on one host", () => {
  test("none is chosen by what fits both; the message names both", async () => {
    const { at, host } = await withEntries(TWO_PLACES);
    for (const word of ["glm", `glm@${host}`]) {
      const { exitCode, stderr } = await qwen(at, ["auth", "switch", word]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`glm@${host}/api/paas/v4 or glm@${host}/api/coding/paas/v4`);
    }
    const asked = await qwen(at, ["-m", "glm", "hi", "there"]);
    expect(asked.stderr).toContain(`glm@${host}/api/coding/paas/v4`);
  });

  test("a word that is none of them is told what chooses each", async () => {
    const { at, host } = await withEntries(TWO_PLACES);
    const unknown = await qwen(at, ["auth", "switch", "another"]);
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      2,
      expect.stringContaining(
        `choose one of glm@${host}/api/paas/v4, glm@${host}/api/coding/paas/v4`,
      ),
    ]);
    const slip = await qwen(at, ["auth", "switch", "Codin"]);
    expect(slip.stderr).toContain('did you mean "coding"?');
  });

  test.each(WAYS)("one is chosen by %s", async (_, wordAt) => {
    const { at, host, server } = await withEntries(TWO_PLACES);
    const word = wordAt(host);
    const asked = await qwen(at, ["-m", word, "-p", "hi"]);
    expect([asked.exitCode, asked.stderr]).toEqual([0, ""]);
    expect(server.requests[0]?.path).toBe("/api/coding/paas/v4/chat/completions");
    const switched = await qwen(at, ["auth", "switch", word]);
    expect(switched.exitCode).toBe(0);
    expect(settingsOf(at).model).toEqual({
      name: "glm",
      baseUrl: `http://${host}/api/coding/paas/v4`,
    });
  });
});

test("of equal ids and base URLs one is chosen by its variable, for a question", async () => {
  const baseUrl = "http://PLACE/v1";
  const { at, host, server } = await withEntries([
    { id: "m", baseUrl, envKey: "K1" },
    { id: "m", baseUrl, envKey: "K2" },
  ]);
  for (const word of ["m@K1", "m@K2", "m"]) {
    expect((await qwen(at, ["-m", word, "-p", "hi"])).exitCode).toBe(0);
  }
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
    "Bearer sk-first-0123456789abcdef",
    "Bearer sk-second-0123456789abcde",
    "Bearer sk-first-0123456789abcdef",
  ]);
  const second = await qwen(at, ["auth", "switch", "m@K2"]);
  expect([second.exitCode, second.stderr]).toEqual([2, expect.stringContaining("--model m@K2")]);
  expect((await qwen(at, ["auth", "switch", "m@K1"])).exitCode).toBe(0);
  expect(settingsOf(at).model).toEqual({ name: "m", baseUrl: `http://${host}/v1` });
  const status = await qwen(at, ["auth", "status"]);
  expect(status.stdout).toContain("`--model m@K2` uses the second");
});

test("`qwen models` shows names", async () => {
  const { at } = await withEntries([
    ...TWO_PLACES,
    { id: "q", name: "[Our vLLM] q", baseUrl: "http://PLACE/v1", envKey: "K1" },
    { id: "r", name: "r", baseUrl: "http://PLACE/v1", envKey: "K1" },
  ]);
  const { stdout } = await qwen(at, ["models"]);
  const rows = stdout.split("\n").map((line) => line.replace(/http.*/, "").trim());
  expect(rows.slice(1, 5)).toEqual(["* glm  standard", "glm  coding", "q    Our vLLM", "r"]);
});

describe("--name", () => {
  const logIn = (at: Machine, url: string, ...more: string[]) =>
    qwen(at, ["auth", "api-key", "--base-url", url, "--no-key", ...more]);

  test("is what people see", async () => {
    const server = await scriptedServer(REPLY);
    const url = `${server.origin}/v1`;
    const at = machine();
    const ran = await logIn(at, url, "--model", "m", "--name", "Team vLLM");
    expect(ran.stderr).toContain(`Team vLLM (${url}) is set up`);
    const [list, status, json, models] = await Promise.all([
      qwen(at, ["auth", "list"]),
      qwen(at, ["auth", "status"]),
      qwen(at, ["auth", "status", "--json"]),
      qwen(at, ["models"]),
    ]);
    expect(list.stdout).toContain("  Team vLLM\n");
    expect(status.stdout).toContain("API key for Team vLLM is configured");
    expect(JSON.parse(json.stdout)).toMatchObject({ provider: "custom", name: "Team vLLM" });
    expect(models.stdout).toContain("m  Team vLLM  ");
    expect((await qwen(at, ["auth", "switch", "team vllm"])).exitCode).toBe(0);
    const out = await qwen(at, ["auth", "logout", "--provider", "Team vLLM"]);
    expect(out.stderr).toContain(`Logged out of Team vLLM (${url}): 1 model removed`);
    expect(out.stderr).toContain("Nothing is in force now");
  });

  test.each(["host", "name"])("two endpoints of one %s are refused with both", async (what) => {
    const server = await scriptedServer(REPLY);
    const { host } = new URL(server.origin);
    const at = machine();
    for (const path of ["/v1", "/v2"]) {
      await logIn(at, `${server.origin}${path}`, "--model", "m", "--name", "Ours");
    }
    const before = readFileSync(at.settings, "utf8");
    const word = what === "host" ? host : "Ours";
    for (const args of [
      ["auth", "logout", "--provider", word],
      ["auth", "switch", word],
    ]) {
      const { exitCode, stderr } = await qwen(at, args);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`${host}/v2 or ${host}/v1`)]);
    }
    expect(readFileSync(at.settings, "utf8")).toBe(before);
    const { providers } = JSON.parse((await qwen(at, ["auth", "list", "--json"])).stdout);
    expect(providers.map(({ id }: { id: string }) => id).toSorted()).toEqual([
      `${host}/v1`,
      `${host}/v2`,
    ]);
    expect((await qwen(at, ["auth", "switch", `${host}/v1`])).exitCode).toBe(0);
    const out = await qwen(at, ["auth", "logout", "--provider", `${host}/v1`]);
    expect(out.stderr).toContain(`${server.origin}/v1): 1 model removed`);
    expect(settingsOf(at).modelProviders.openai).toHaveLength(1);
  });
});

describe("a logout", () => {
  test("says what is in force afterwards, and counts no key that was not there", async () => {
    const { at, host } = await withEntries([
      { id: "other", baseUrl: "http://PLACE/v1", envKey: "K1" },
    ]);
    await qwen(at, ["auth", "api-key", "--provider", "ollama", "--model", "a,b"]);
    const out = await qwen(at, ["auth", "logout"]);
    expect([out.exitCode, out.stderr]).toEqual([
      0,
      expect.stringMatching(/^✓ Logged out of Ollama: 2 models removed\n/),
    ]);
    expect(out.stderr).toContain(`In force now: ${host}, other (`);
    expect(out.stderr).toContain("`qwen auth switch` chooses");
    const again = await qwen(at, ["auth", "logout"]);
    expect([again.exitCode, again.stderr]).toEqual([
      0,
      expect.stringContaining(`In force now: ${host}, other (`),
    ]);
    const json = JSON.parse((await qwen(at, ["auth", "logout", "--json"])).stdout);
    expect(json).toMatchObject({ changed: false, inForce: { model: "other" } });
  });

  test("says that nothing is in force", async () => {
    const at = machine();
    await qwen(at, ["auth", "api-key", "--provider", "deepseek", "--key-stdin"], {
      stdin: "sk-0123456789abcdef",
    });
    const out = await qwen(at, ["auth", "logout"]);
    expect(out.stderr).toContain("Logged out of DeepSeek: 1 key and 2 models removed");
    expect(out.stderr).toContain("Nothing is in force now: `qwen auth` sets something up");
  });

  test.each(["ollama", "lmstudio", "vllm"])("of %s counts no key", async (provider) => {
    const at = machine();
    await qwen(at, ["auth", "api-key", "--provider", provider, "--model", "a"]);
    const { stdout } = await qwen(at, ["auth", "logout", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ changed: true, keys: [], models: ["a"] });
    expect(readFileSync(at.settings, "utf8")).not.toContain("not-needed");
  });
});

describe("a provider's name that an endpoint has as well", () => {
  const LATER = "sk-later-0123456789abcdef";

  async function both() {
    const at = machine();
    const own = ["-u", "https://one.example/v1", "-m", "m1", "--name", "deepseek"];
    for (const args of [own, ["--provider", "deepseek"]]) {
      const login = ["auth", "api-key", ...args, "--no-verify", "--key-stdin"];
      expect(await qwen(at, login, { stdin: LATER })).toMatchObject({ exitCode: 0 });
    }
    return at;
  }

  const words: readonly { readonly args: readonly string[] }[] = [
    { args: ["switch", "deepseek"] },
    { args: ["logout", "--provider", "deepseek"] },
    { args: ["logout", "--provider", "DeepSeek"] },
  ];
  test.each(words)("is refused with both by $args", async ({ args }) => {
    const at = await both();
    const before = readFileSync(at.settings, "utf8");
    const ran = await qwen(at, ["auth", ...args]);
    expect([ran.exitCode, ran.stderr]).toEqual([2, expect.stringContaining("are called so")]);
    expect(ran.stderr).toContain("choose api.deepseek.com or one.example");
    expect(readFileSync(at.settings, "utf8")).toBe(before);
  });

  test("is told apart by the hosts", async () => {
    const at = await both();
    expect(await qwen(at, ["auth", "switch", "one.example"])).toMatchObject({ exitCode: 0 });
    expect(await qwen(at, ["auth", "switch", "api.deepseek.com"])).toMatchObject({ exitCode: 0 });
    const out = await qwen(at, ["auth", "logout", "--provider", "api.deepseek.com"]);
    expect(out.exitCode).toBe(0);
    expect(out.stderr).toContain("Logged out of DeepSeek: 1 key and 2 models removed");
    const again = await qwen(at, ["auth", "logout", "--provider", "deepseek"]);
    expect(again.stderr).toContain("Logged out of deepseek (https://one.example/v1)");
  });
});

test.each([
  [["coding-plan", "-r", "china"], "coding.dashscope.aliyuncs.com", "Alibaba Cloud Coding Plan"],
  [["coding-plan", "-r", "global"], "https://coding-intl.dashscope.aliyuncs.com/v1", "Coding Plan"],
  [["moonshot", "-r", "global"], "api.moonshot.ai", "Moonshot Kimi"],
  [["deepseek"], "api.deepseek.com", "DeepSeek"],
  [["ollama", "-m", "m"], "localhost:11434", "Ollama"],
])("a logout by the endpoint of %p is that of its provider", async (login, place, label) => {
  const at = machine();
  const key = login[0] === "ollama" ? [] : ["--key-stdin"];
  const args = ["auth", ...login, "--no-verify", ...key];
  expect(await qwen(at, args, { stdin: "sk-sp-0123456789abcdef0123" })).toMatchObject({
    exitCode: 0,
  });
  const out = await qwen(at, ["auth", "logout", "--provider", place]);
  expect([out.exitCode, out.stderr]).toEqual([0, expect.stringContaining(label)]);
  expect(out.stderr).not.toContain("kept");
  const { models, providers } = {
    ...JSON.parse((await qwen(at, ["models", "--json"])).stdout),
    ...JSON.parse((await qwen(at, ["auth", "list", "--json"])).stdout),
  };
  expect([models, providers]).toEqual([[], []]);
});
