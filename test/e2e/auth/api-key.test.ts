import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { customEnvKey } from "../../../src/auth/providers/custom-env-key.ts";
import { PROVIDERS } from "../../../src/auth/providers/providers.ts";
import { filesHolding } from "../../support/files-holding.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef0123456789a289";

async function apiKey(at: Machine, args: readonly string[], stdin = `${KEY}\n`) {
  return qwen(at, ["auth", "api-key", ...args], { stdin });
}

async function status(at: Machine) {
  const { stdout, exitCode } = await qwen(at, ["auth", "status", "--json"]);
  return { ...JSON.parse(stdout), exitCode };
}

function saved(at: Machine) {
  return JSON.parse(readFileSync(at.settings, "utf8"));
}

describe("each provider of the catalogue, on an empty home", () => {
  const cases = PROVIDERS.flatMap((provider) => {
    const regions = provider.endpoints.length === 0 ? [undefined] : provider.endpoints;
    return regions.map((endpoint) => ({
      id: provider.id,
      region: endpoint?.region,
      provider,
      baseUrl: endpoint?.baseUrl ?? "https://name.openai.azure.com/openai/v1",
      endpoint,
    }));
  });

  function flagsOf({ region, provider, baseUrl, endpoint }: (typeof cases)[number]): string[] {
    return [
      ...(region === undefined ? [] : ["--region", region]),
      ...(endpoint === undefined ? ["--base-url", baseUrl] : []),
      ...(provider.models.length === 0 ? ["-m", "m1", "-m", "m2"] : []),
      ...(provider.envKey === undefined ? [] : ["--key-stdin"]),
    ];
  }

  test.each(cases)("$id $region", async (each) => {
    const { id, provider, baseUrl } = each;
    const at = machine();
    const isLocal = provider.envKey === undefined;
    const models = provider.models.length === 0 ? ["m1", "m2"] : provider.models.map((it) => it.id);
    const args = ["--provider", id, ...flagsOf(each), "--json"];
    const done = await apiKey(at, args, isLocal ? "" : undefined);
    expect({ exitCode: done.exitCode, stderr: done.stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(done.stdout + done.stderr).not.toContain(KEY);
    const envKey = provider.envKey ?? customEnvKey("openai", baseUrl);
    expect(JSON.parse(done.stdout)).toMatchObject({
      schemaVersion: 1,
      provider: id,
      protocol: provider.protocol,
      baseUrl,
      models,
      model: models[0],
      store: "settings",
      path: at.settings,
      verified: { state: "unchecked" },
    });
    expect(saved(at)).toMatchObject({
      $version: 4,
      env: { [envKey]: isLocal ? "not-needed" : KEY },
      security: { auth: { selectedType: provider.protocol } },
      model: { name: models[0] },
    });
    const entries = saved(at).modelProviders[provider.protocol];
    expect(entries.map((entry: { id: string }) => entry.id)).toEqual(models);
    expect(statSync(at.settings).mode & 0o777).toBe(0o600);
    expect(await status(at)).toMatchObject({
      exitCode: 0,
      loggedIn: true,
      provider: id,
      baseUrl: { value: baseUrl },
      model: { id: models[0] },
      key: { present: !isLocal, envKey },
    });
  });
});

describe("qwen auth api-key", () => {
  test("sets up a server of one's own in one line", async () => {
    const at = machine();
    const url = "http://127.0.0.1:9/v1";
    const done = await apiKey(at, ["--base-url", url, "--model", "m", "--no-key"], "");
    expect(done.exitCode).toBe(0);
    expect(done.stderr).toContain(`${url} is set up, default model m`);
    expect(saved(at).env).toEqual({ [customEnvKey("openai", url)]: "not-needed" });
    expect(await status(at)).toMatchObject({
      exitCode: 0,
      state: "configured",
      provider: "custom",
      key: { present: false },
    });
  });

  test("takes any endpoint, protocol, label and variable", async () => {
    const at = machine();
    const args = ["-u", "https://gateway.example/anthropic/", "--protocol", "anthropic"];
    const done = await apiKey(at, [
      ...args,
      ...["-m", "c1, c2", "--env-key", "GATEWAY_KEY", "--name", "Gateway", "--key-stdin"],
    ]);
    expect(done.exitCode).toBe(0);
    expect(saved(at).modelProviders).toEqual({
      anthropic: ["c1", "c2"].map((id) => ({
        id,
        name: `[Gateway] ${id}`,
        baseUrl: "https://gateway.example/anthropic",
        envKey: "GATEWAY_KEY",
      })),
    });
  });

  test("changes only the key when it is run again with another one", async () => {
    const at = machine();
    await apiKey(at, ["--provider", "openai", "-m", "gpt", "--key-stdin"]);
    const before = saved(at);
    const done = await apiKey(at, ["--provider", "openai", "--key-stdin"], "sk-another-key-0000\n");
    expect(done.exitCode).toBe(0);
    expect(saved(at)).toEqual({ ...before, env: { OPENAI_API_KEY: "sk-another-key-0000" } });
    const again = await apiKey(
      at,
      ["--provider", "openai", "--key-stdin"],
      "sk-another-key-0000\n",
    );
    expect(again.stderr).toContain("was set up already");
  });

  test("plan, Standard and plan again leave nothing stale and lose nothing foreign", async () => {
    const at = machine();
    at.write(
      ".qwen/settings.json",
      '{\n  // mine\n  "ui": { "theme": "x" },\n  "env": { "A": "b" }\n}\n',
    );
    const plan = ["auth", "coding-plan", "-r", "china", "--key-stdin"];
    await qwen(at, plan, { stdin: "sk-sp-0123456789abcdef" });
    await apiKey(at, ["--provider", "modelstudio", "-r", "cn-beijing", "--key-stdin"]);
    const text = readFileSync(at.settings, "utf8");
    expect(text).toContain("// mine");
    for (const stale of ["BAILIAN", "coding.dashscope", "codingPlan", "sk-sp-"]) {
      expect(text).not.toContain(stale);
    }
    const back = await qwen(at, plan, { stdin: "sk-sp-0123456789abcdef" });
    expect(back.exitCode).toBe(0);
    const last = readFileSync(at.settings, "utf8");
    expect(last).toContain("// mine");
    expect(last).toContain('"theme": "x"');
    expect(await status(at)).toMatchObject({ method: "coding-plan", region: "china", exitCode: 0 });
  });

  test("keeps the key in the env file when it is told to, and moves it back", async () => {
    const at = machine();
    const dotenv = at.write(".qwen/.env", "# mine\nA=1\n", 0o644);
    const args = ["--provider", "deepseek", "--key-stdin"];
    const done = await apiKey(at, [...args, "--store", "env-file", "--json"]);
    expect(JSON.parse(done.stdout)).toMatchObject({ store: "env-file" });
    expect(readFileSync(dotenv, "utf8")).toBe(`# mine\nA=1\nDEEPSEEK_API_KEY=${KEY}\n`);
    expect(statSync(dotenv).mode & 0o777).toBe(0o600);
    expect(readFileSync(at.settings, "utf8")).not.toContain(KEY);
    expect((await status(at)).key.source).toMatchObject({ kind: "dotenv", path: dotenv });

    const moved = await apiKey(at, args);
    expect(moved.stderr).toContain("`DEEPSEEK_API_KEY` was removed from");
    expect(readFileSync(dotenv, "utf8")).toBe("# mine\nA=1\n");
    expect(saved(at).env).toEqual({ DEEPSEEK_API_KEY: KEY });
    const original = at.write(
      ".qwen/settings.json.orig",
      `{ "ui": 1, "env": { "DEEPSEEK_API_KEY": "${KEY}-old", "OTHER_KEY": "sk-other" } }`,
    );
    at.write(".qwen/settings.json.bak", `{ "broken": "${KEY}", `);
    const back = await apiKey(at, [...args, "--store", "env-file"]);
    expect(back.stderr).toContain("a key was taken out of `~/.qwen/settings.json.orig`");
    expect(readFileSync(original, "utf8")).toBe(
      `{ "ui": 1, "env": { "DEEPSEEK_API_KEY": "", "OTHER_KEY": "sk-other" } }`,
    );
    expect(filesHolding(at.home, KEY)).toEqual([dotenv]);
    expect(back.stderr).toContain(
      `\`DEEPSEEK_API_KEY\` was removed from \`~/.qwen/settings.json\``,
    );
    expect(saved(at).env).toEqual({});
  });

  test("says which higher source still wins", async () => {
    const at = machine();
    const env = { DEEPSEEK_API_KEY: "sk-from-the-shell-000" };
    const done = await qwen(at, ["auth", "api-key", "--provider", "deepseek", "--key-stdin"], {
      stdin: KEY,
      env,
    });
    expect(done.exitCode).toBe(0);
    expect(done.stderr).toContain("shell variable DEEPSEEK_API_KEY wins over the one just written");
  });

  test("reads a key of the env file although a project's .env comes first", async () => {
    const at = machine();
    at.write("p/.env", "A=1\n");
    const args = ["--provider", "deepseek", "--key-stdin", "--store", "env-file"];
    const done = await apiKey(at, args);
    expect(done.exitCode).toBe(0);
    expect(done.stderr).not.toContain("warning");
    const settings = JSON.parse(readFileSync(at.settings, "utf8"));
    expect(settings.security.auth.envFile).toEqual(["DEEPSEEK_API_KEY"]);
    const status = JSON.parse((await qwen(at, ["auth", "status", "--json"])).stdout);
    expect(status).toMatchObject({
      state: "configured",
      key: { source: { kind: "dotenv", path: join(at.home, ".qwen/.env"), origin: "user" } },
      dotenv: { path: join(at.project, ".env") },
    });
  });

  test("does not mind something odd in the place of an env file that it does not need", async () => {
    const at = machine();
    at.write(".qwen/.env/x", "");
    expect((await apiKey(at, ["--provider", "deepseek", "--key-stdin"])).exitCode).toBe(0);
    expect((await qwen(at, ["auth", "logout"])).exitCode).toBe(0);
  });

  test("warns of a plan's key that goes to another service, and saves it", async () => {
    const at = machine();
    const args = ["--provider", "modelstudio", "-r", "us", "--key-stdin"];
    const done = await apiKey(at, args, "sk-sp-0123456789abcdef");
    expect(done.exitCode).toBe(0);
    expect(done.stderr).toContain("keys that begin with sk-sp- belong to the Coding Plan");
  });
});

describe("what is missing or wrong is refused, and nothing is written", () => {
  const cases: readonly (readonly [args: readonly string[], code: number, says: string])[] = [
    [[], 2, "--provider NAME"],
    [["--provider", "bogus", "--key-stdin"], 2, 'provider "bogus"'],
    [["--provider", "deepseak", "--key-stdin"], 2, 'did you mean "deepseek"?'],
    [["--provider", "modelstudio", "--key-stdin"], 2, "cn-beijing (china, cn, beijing)"],
    [["--provider", "modelstudio", "-r", "mars", "--key-stdin"], 2, 'region "mars"'],
    [["--provider", "openai", "--key-stdin"], 2, "--model ID"],
    [
      ["--provider", "azure", "-m", "d", "--key-stdin"],
      2,
      "https://NAME.openai.azure.com/openai/v1",
    ],
    [["--provider", "deepseek"], 2, "--key-stdin"],
    [["--base-url", "http://h/v1", "--key-stdin"], 2, "--model ID"],
    [["--no-key"], 2, "--base-url https://host.example/v1"],
    [["--name", "Mine", "--key-stdin"], 2, "--base-url https://host.example/v1"],
    [["--base-url", "host/v1", "-m", "m", "--no-key"], 2, "it is not a URL"],
    [["--base-url", "ftp://h/v1", "-m", "m", "--no-key"], 2, "https:// or http://"],
    [["--base-url", "https://u:hunter22@h/v1", "-m", "m", "--no-key"], 2, "user name or password"],
    [["--base-url", "http://h/v1", "-m", "", "--no-key"], 2, "it names no model"],
    [["--base-url", "http://h/v1", "-m", "a b", "--no-key"], 2, "white space"],
    [["--base-url", "http://h/v1", "-m", "m", "--no-key", "--key", KEY], 2, "together with a key"],
    [
      ["--base-url", "http://h/v1", "-m", "m", "--env-key", "LD_PRELOAD", "--key-stdin"],
      2,
      "reserved",
    ],
    [
      ["--base-url", "http://h/v1", "-m", "m", "--env-key", "A-B", "--key-stdin"],
      2,
      "name of a variable",
    ],
    [["--provider", "deepseek", "--scope", "project", "--key-stdin"], 2, "git does not ignore"],
  ];

  test.each(cases)("%j", async (args, exitCode, says) => {
    const at = machine();
    const done = await apiKey(at, args);
    expect([done.exitCode, done.stdout]).toEqual([exitCode, ""]);
    expect(done.stderr).toContain(says);
    expect(done.stderr).not.toContain(KEY);
    expect(done.stderr).not.toContain("hunter22");
    expect(existsSync(join(at.home, ".qwen"))).toBe(false);
    expect(existsSync(join(at.project, ".qwen"))).toBe(false);
  });

  test("a settings file that does not parse is left as it is", async () => {
    const at = machine();
    at.write(".qwen/settings.json", "{ broken");
    for (const store of ["settings", "env-file"]) {
      const done = await apiKey(at, ["--provider", "deepseek", "--store", store, "--key-stdin"]);
      expect(done.exitCode).toBe(3);
    }
    const plan = ["auth", "coding-plan", "-r", "cn", "--store", "env-file", "--key-stdin"];
    expect((await qwen(at, plan, { stdin: KEY })).exitCode).toBe(3);
    expect(readFileSync(at.settings, "utf8")).toBe("{ broken");
    expect(existsSync(join(at.home, ".qwen", ".env"))).toBe(false);
  });

  test("a directory in the place of the env file is exit 3", async () => {
    const at = machine();
    at.write(".qwen/.env/x", "");
    chmodSync(join(at.home, ".qwen", ".env"), 0o700);
    const done = await apiKey(at, ["--provider", "deepseek", "--store", "env-file", "--key-stdin"]);
    expect(done.exitCode).toBe(3);
    expect(done.stderr).toContain("it is a directory");
    expect(existsSync(at.settings)).toBe(false);
  });

  test("a tracked settings file of a repository gets no key, a keyless entry it does", async () => {
    const at = machine();
    Bun.spawnSync(["git", "init", "-q"], { cwd: at.project });
    at.write("p/.qwen/settings.json", "{}");
    at.write("p/.gitignore", ".qwen\n");
    Bun.spawnSync(["git", "add", "-f", "."], { cwd: at.project });
    const refused = await apiKey(at, [
      "--provider",
      "deepseek",
      "--scope",
      "project",
      "--key-stdin",
    ]);
    expect(refused.exitCode).toBe(2);
    const local = ["--provider", "ollama", "-m", "m", "--scope", "project"];
    expect((await apiKey(at, local, "")).exitCode).toBe(0);
  });
});
