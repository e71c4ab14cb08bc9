import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

setDefaultTimeout(60_000);

const DEEPSEEK_KEY = "sk-deepseek-0123456789abcdef";
const ROUTER_KEY = "sk-or-0123456789abcdef012345";

const MINE = { id: "mine", name: "mine", baseUrl: "https://own.example/v1", envKey: "MY_KEY" };

/** Two providers, DeepSeek in force, and an entry that a person wrote. */
async function twoProviders(): Promise<Machine> {
  const at = machine();
  at.write(".qwen/settings.json", {
    ui: { theme: "x" },
    env: { MY_KEY: "my-key-0123456789" },
    modelProviders: { openai: [MINE], anthropic: [{ ...MINE, id: "deepseek-v4-pro" }] },
  });
  const login = (args: readonly string[], stdin: string) =>
    qwen(at, ["auth", "api-key", ...args, "--key-stdin"], { stdin });
  const free = "z-ai/glm-4.5-air:free,openai/gpt-oss-120b:free";
  await login(["--provider", "openrouter", "--model", free], ROUTER_KEY);
  await login(["--provider", "deepseek"], DEEPSEEK_KEY);
  return at;
}

function settings(at: Machine) {
  return JSON.parse(readFileSync(at.settings, "utf8"));
}

async function json(at: Machine, args: readonly string[], env: Record<string, string> = {}) {
  const { stdout, exitCode } = await qwen(at, [...args, "--json"], { env });
  return { exitCode, ...JSON.parse(stdout) };
}

/** Everything below `~/.qwen`, as one text. */
function allFiles({ home }: Machine): string {
  const directory = join(home, ".qwen");
  return readdirSync(directory)
    .map((name) => readFileSync(join(directory, name), "utf8"))
    .join("\n");
}

describe("qwen auth list", () => {
  test("groups entries by provider and marks the one in force", async () => {
    const at = await twoProviders();
    const { providers, exitCode } = await json(at, ["auth", "list"]);
    expect(exitCode).toBe(0);
    expect(
      providers.map(({ id, active, models }: { id: string; active: boolean; models: string[] }) => [
        id,
        active,
        models.length,
      ]),
    ).toEqual([
      ["deepseek", true, 2],
      ["openrouter", false, 2],
      ["own.example", false, 1],
      ["own.example", false, 1],
    ]);
    expect(providers[0]).toMatchObject({
      label: "DeepSeek",
      baseUrl: "https://api.deepseek.com",
      envKey: "DEEPSEEK_API_KEY",
      key: { present: true, masked: "sk-…cdef", source: { kind: "settings" } },
    });
    const text = await qwen(at, ["auth", "list"]);
    expect(text.stdout).toContain("* deepseek  DeepSeek\n");
    expect(text.stdout).toContain("from ~/.qwen/settings.json (env.DEEPSEEK_API_KEY)\n");
    expect(text.stdout).not.toContain(DEEPSEEK_KEY);
  });

  test("says of a server that wants no key that none is needed, not that one is missing", async () => {
    const at = machine();
    await qwen(at, [
      ...["auth", "api-key", "--base-url", "http://127.0.0.1:9/v1"],
      ...["--model", "m", "--no-key"],
    ]);
    const { providers } = await json(at, ["auth", "list"]);
    expect(providers[0].key).toEqual({ present: false, needed: false });
    expect((await qwen(at, ["auth", "list"])).stdout).toContain("    Key       none needed\n");
  });

  test("lists keys that have no entry, and says when there is nothing", async () => {
    const at = machine();
    const env = { ANTHROPIC_API_KEY: "sk-ant-0123456789abcdef0123" };
    const { providers } = await json(at, ["auth", "list"], env);
    expect(providers).toEqual([
      expect.objectContaining({ id: "anthropic", models: [], active: true }),
    ]);
    const elsewhere = await json(at, ["auth", "list"], {
      OPENAI_API_KEY: "sk-0123456789abcdef01234567",
      OPENAI_BASE_URL: "https://own.example/v1",
      DASHSCOPE_API_KEY: "sk-another-0123456789abc",
    });
    expect(
      elsewhere.providers.map(({ id, active }: { id: string; active: boolean }) => [id, active]),
    ).toEqual([
      ["modelstudio", false],
      ["own.example", true],
    ]);
    const nothing = await qwen(at, ["auth", "list"]);
    expect(nothing).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "No provider is configured; run `qwen auth`\n",
    });
  });
});

test("qwen models groups by protocol, marks the default and says where a key is missing", async () => {
  const at = await twoProviders();
  at.write(".qwen/settings.json", {
    ...settings(at),
    env: { DEEPSEEK_API_KEY: DEEPSEEK_KEY },
  });
  const text = await qwen(at, ["models"]);
  expect({ exitCode: text.exitCode, stdout: text.stdout }).toEqual({
    exitCode: 0,
    stdout: `openai
* deepseek-v4-pro           DeepSeek  https://api.deepseek.com
  deepseek-v4-flash         DeepSeek  https://api.deepseek.com
  z-ai/glm-4.5-air:free     OpenRouter  https://openrouter.ai/api/v1  no key
  openai/gpt-oss-120b:free  OpenRouter  https://openrouter.ai/api/v1  no key
  mine                      https://own.example/v1  no key

anthropic
  deepseek-v4-pro           mine  https://own.example/v1  no key
`,
  });
  const { models } = await json(at, ["models"]);
  expect(models[0]).toEqual({
    protocol: "openai",
    id: "deepseek-v4-pro",
    name: "[DeepSeek] deepseek-v4-pro",
    baseUrl: "https://api.deepseek.com",
    keyPresent: true,
    active: true,
  });
});

describe("qwen auth switch", () => {
  test("makes another model the default, by id and by provider", async () => {
    const at = await twoProviders();
    expect(await json(at, ["auth", "switch", "mine"])).toMatchObject({
      exitCode: 0,
      model: "mine",
    });
    expect(settings(at).model).toEqual({ name: "mine" });
    expect((await qwen(at, ["auth", "switch", "openrouter"])).exitCode).toBe(0);
    expect(settings(at).model).toEqual({ name: "z-ai/glm-4.5-air:free" });
    const again = await qwen(at, ["auth", "switch", "openrouter"]);
    expect(again.stderr).toContain("was already the default model");
  });

  test("writes the protocol of the model, and its base URL where ids are equal", async () => {
    const at = await twoProviders();
    const done = await qwen(at, ["auth", "switch", "deepseek-v4-pro@own.example"]);
    expect(done.exitCode).toBe(0);
    expect(settings(at).security.auth.selectedType).toBe("anthropic");
    expect(settings(at).ui).toEqual({ theme: "x" });
  });

  test.each([
    [["deepseek-v4-pro"], "deepseek-v4-pro@api.deepseek.com or deepseek-v4-pro@own.example"],
    [["deepseek-v4-flsh"], 'did you mean "deepseek-v4-flash"?'],
    [["deepsek"], 'did you mean "deepseek"?'],
    [["openai"], "run `qwen auth api-key --provider openai` to set it up"],
    [["nothing-like-it"], "choose one of deepseek-v4-pro"],
    [[], "qwen auth switch ID"],
  ])("refuses %j with exit 2 and writes nothing", async (words, says) => {
    const at = await twoProviders();
    const before = readFileSync(at.settings, "utf8");
    const done = await qwen(at, ["auth", "switch", ...words]);
    expect(done.exitCode).toBe(2);
    expect(done.stderr).toContain(says);
    expect(readFileSync(at.settings, "utf8")).toBe(before);
  });

  test("repairs settings whose model is unknown", async () => {
    const at = await twoProviders();
    at.write(".qwen/settings.json", { ...settings(at), model: { name: "gone" } });
    expect((await qwen(at, ["auth", "status"])).exitCode).toBe(3);
    expect((await qwen(at, ["auth", "list"])).exitCode).toBe(0);
    expect((await qwen(at, ["auth", "switch", "mine"])).exitCode).toBe(0);
    expect((await qwen(at, ["auth", "status"])).exitCode).toBe(0);
  });

  test("says that a project's choice wins, and that a key is missing", async () => {
    const at = await twoProviders();
    at.write(".qwen/settings.json", { ...settings(at), env: {} });
    at.write("p/.qwen/settings.json", { model: { name: "deepseek-v4-flash" } });
    const done = await qwen(at, ["auth", "switch", "mine"]);
    expect(done.exitCode).toBe(0);
    expect(done.stderr).toContain("no key: MY_KEY is not set");
    expect(done.stderr).toMatch(/the model of .*p\/.qwen\/settings.json .* wins/);
  });

  test("wants --scope project for a model that only the project has", async () => {
    const at = await twoProviders();
    const models = [{ id: "theirs", baseUrl: "http://localhost:1/v1" }];
    at.write("p/.qwen/settings.json", { modelProviders: { openai: models } });
    const refused = await qwen(at, ["auth", "switch", "theirs"]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("--scope project");
    expect((await qwen(at, ["auth", "switch", "theirs", "--scope", "project"])).exitCode).toBe(0);
  });

  test("takes a model that the user's settings have too, while a project's hide them", async () => {
    const at = await twoProviders();
    at.write("p/.qwen/settings.json", { modelProviders: { openai: [MINE] } });
    const done = await qwen(at, ["auth", "switch", "mine"]);
    expect(done.exitCode).toBe(0);
    expect(settings(at).model.name).toBe("mine");
  });

  test("repeats no key that was typed for a model", async () => {
    const key = "gsk_0123456789abcdefghijkl";
    const done = await qwen(await twoProviders(), ["auth", "switch", key]);
    expect(done.exitCode).toBe(2);
    expect(done.stderr).toStartWith("error: Cannot switch to this: no such model or provider");
    expect(done.stderr).not.toContain(key);
  });
});

describe("qwen auth logout", () => {
  test("removes the provider in force and nothing else; the second time does nothing", async () => {
    const at = await twoProviders();
    const done = await qwen(at, ["auth", "logout"]);
    expect(done.exitCode).toBe(0);
    expect(done.stderr).toContain("Logged out of DeepSeek: 1 key and 2 models removed");
    expect(done.stderr).toContain("https://platform.deepseek.com/api_keys");
    expect(allFiles(at)).not.toContain(DEEPSEEK_KEY);
    const after = settings(at);
    expect(after.env).toEqual({ MY_KEY: "my-key-0123456789", OPENROUTER_API_KEY: ROUTER_KEY });
    expect(after.ui).toEqual({ theme: "x" });
    expect(after.model?.name).toBeUndefined();
    expect(after.security?.auth?.selectedType).toBeUndefined();
    expect(after.modelProviders.openai).toHaveLength(3);

    const again = await qwen(at, ["auth", "logout"]);
    expect(again.exitCode).toBe(0);
    expect(again.stderr).toContain("Nothing was removed: no provider is selected");
    expect(settings(at)).toEqual(after);
  });

  test("removes one by name, from the env file and from copies that older releases left", async () => {
    const at = await twoProviders();
    const stdin = "sk-newer-0123456789abcdef";
    const store = ["--store", "env-file", "--key-stdin"];
    await qwen(at, ["auth", "api-key", "--provider", "deepseek", ...store], { stdin });
    const original = at.write(
      ".qwen/settings.json.orig",
      `{ "env": { "DEEPSEEK_API_KEY": "${DEEPSEEK_KEY}" }, "ui": 1 }`,
      0o644,
    );
    at.write(".qwen/settings.json.corrupted.1", `{ "x": "${stdin}", `);
    const done = await qwen(at, ["auth", "logout", "--provider", "deepseek"]);
    expect(done.exitCode).toBe(0);
    expect(done.stderr).toContain("`DEEPSEEK_API_KEY` was removed from");
    expect(done.stderr).toContain("settings.json.orig");
    expect(allFiles(at)).not.toContain(DEEPSEEK_KEY);
    expect(allFiles(at)).not.toContain(stdin);
    expect(JSON.parse(readFileSync(original, "utf8"))).toEqual({
      env: { DEEPSEEK_API_KEY: "" },
      ui: 1,
    });
    expect(statSync(original).mode & 0o777).toBe(0o600);
  });

  test("names what still supplies the key", async () => {
    const at = await twoProviders();
    at.write("p/.env", "DEEPSEEK_API_KEY=sk-of-the-project-00\n");
    const env = { DEEPSEEK_API_KEY: "sk-of-the-shell-0000" };
    const { remaining, warnings } = await json(at, ["auth", "logout"], env);
    expect(remaining.map(({ kind }: { kind: string }) => kind)).toEqual(["env", "dotenv"]);
    expect(warnings.join("\n")).toContain(
      "shell variable DEEPSEEK_API_KEY still supplies `DEEPSEEK_API_KEY`",
    );
    expect(warnings.join("\n")).toContain("p/.env");
  });

  test("removes the plan with its bookkeeping, and names the console of its region", async () => {
    const at = machine();
    const plan = ["auth", "coding-plan", "-r", "global", "--key-stdin"];
    await qwen(at, plan, { stdin: "sk-sp-0123456789abcdef" });
    const done = await qwen(at, ["auth", "logout"]);
    expect(done.exitCode).toBe(0);
    expect(done.stderr).toContain("https://modelstudio.console.alibabacloud.com/?tab=coding-plan");
    expect(done.stderr).not.toContain("bailian.console.aliyun.com");
    expect(settings(at)).toEqual({
      $version: 4,
      env: {},
      modelProviders: { openai: [] },
      security: { auth: {} },
      model: {},
    });
    expect((await json(at, ["auth", "status"])).state).toBe("none");
    expect((await qwen(at, ["auth", "logout"])).exitCode).toBe(0);
  });

  test("removes an endpoint of one's own by its host", async () => {
    const at = machine();
    const login = ["auth", "api-key", "-u", "http://vllm:8000/v1", "-m", "m", "--no-key"];
    await qwen(at, login);
    const done = await json(at, ["auth", "logout", "--provider", "vllm:8000"]);
    expect(done).toMatchObject({ exitCode: 0, changed: true, models: ["m"], provider: "custom" });
    expect(settings(at).env).toEqual({});
  });

  test("--all clears every key and token, and keeps what a person wrote", async () => {
    const at = await twoProviders();
    at.write(".qwen/oauth_creds.json", { access_token: "t" });
    const security = { auth: { selectedType: "openai", apiKey: "legacy-0123456789" } };
    at.write(".qwen/settings.json", { ...settings(at), security });
    const older = { auth: { apiKey: "older-0123456789" } };
    const copies = ["settings.json.bak", "settings.json.orig"];
    [security, older].forEach((its, index) => {
      at.write(`.qwen/${copies[index]}`, { security: its });
    });
    const done = await qwen(at, ["auth", "logout", "--all"]);
    expect(done.exitCode).toBe(0);
    expect(done.stderr).toContain(
      "valid until deleted at https://platform.deepseek.com/api_keys and https://openrouter.ai/settings/keys",
    );
    const legacy = ["legacy-0123456789", "older-0123456789"];
    for (const secret of [DEEPSEEK_KEY, ROUTER_KEY, "my-key-0123456789", ...legacy]) {
      expect(allFiles(at)).not.toContain(secret);
    }
    expect(readdirSync(join(at.home, ".qwen")).sort()).toEqual(["settings.json", ...copies]);
    expect(settings(at).modelProviders.openai).toEqual([MINE]);
    expect((await qwen(at, ["auth", "logout", "--all"])).exitCode).toBe(0);
  });

  test.each([
    [["--provider", "bogus"], 2, "see `qwen auth list`"],
    [["--provider", "deepseek", "--all"], 2, "leave one of the two out"],
  ])("refuses %j", async (args, exitCode, says) => {
    const at = await twoProviders();
    const before = readFileSync(at.settings, "utf8");
    const done = await qwen(at, ["auth", "logout", ...args]);
    expect(done.exitCode).toBe(exitCode);
    expect(done.stderr).toContain(says);
    expect(readFileSync(at.settings, "utf8")).toBe(before);
  });

  test("on an empty home says so, writes nothing and ends with 0", async () => {
    const at = machine();
    const done = await qwen(at, ["auth", "logout", "--all"]);
    expect(done.exitCode).toBe(0);
    expect(() => statSync(join(at.home, ".qwen"))).toThrow();
  });
});
