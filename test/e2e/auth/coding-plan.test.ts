import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { machine } from "../../support/qwen.ts";
import { shell } from "../../support/shell.ts";
import { identity, modeOf } from "../../support/snapshot.ts";
import {
  CHINA_URL,
  FIXTURES,
  json,
  KEY,
  login,
  MODELS,
  OTHER_KEY,
  plan,
  statusOf,
  writtenBy,
} from "./coding-plan-machine.ts";

setDefaultTimeout(60_000);

const GLOBAL_URL = "https://coding-intl.dashscope.aliyuncs.com/v1";

describe("qwen auth coding-plan in an empty home", () => {
  test.each([
    ["china", CHINA_URL, "[ModelStudio Coding Plan] "],
    ["global", GLOBAL_URL, "[ModelStudio Coding Plan for Global/Intl] "],
  ])("--region %s writes one private file with the whole plan", async (region, baseUrl, label) => {
    const at = machine();
    const ran = await login(at, region);

    expect(ran).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: [
        `✓ Alibaba Cloud Coding Plan (${region}) is set up, default model qwen3.5-plus`,
        "  Settings: ~/.qwen/settings.json",
        "  Check it: qwen auth status --verify",
        "",
      ].join("\n"),
    });
    expect(modeOf(at.settings)).toBe("0600");
    expect(modeOf(join(at.home, ".qwen"))).toBe("0700");
    expect(readdirSync(join(at.home, ".qwen"))).toEqual(["settings.json"]);
    expect(readdirSync(at.home).sort()).toEqual([".qwen", "p"]);
    expect(readdirSync(at.project)).toEqual([]);
    const { modelProviders, ...rest } = json(at.settings);
    expect(rest).toEqual({
      $version: 4,
      env: { BAILIAN_CODING_PLAN_API_KEY: KEY },
      security: { auth: { selectedType: "openai" } },
      model: { name: "qwen3.5-plus" },
      codingPlan: { region },
    });
    expect(Object.keys(modelProviders)).toEqual(["openai"]);
    expect(
      modelProviders.openai.map(({ description: _d, generationConfig: _g, ...entry }) => entry),
    ).toEqual(
      MODELS.map((id) => ({
        id,
        name: `${label}${id}`,
        baseUrl,
        envKey: "BAILIAN_CODING_PLAN_API_KEY",
      })),
    );
  });

  test("the entries are those of Qwen Code 0.24.4, less what older releases do not know", async () => {
    const at = machine();
    await login(at);
    const theirs = json(join(FIXTURES, "qwen-code-0.24.4-coding-plan-china.json"));
    expect(json(at.settings).modelProviders.openai).toEqual(
      theirs.modelProviders.openai.map(({ capabilities: _, ...entry }) => entry),
    );
  });

  test.each(["china", "global"])(
    "status says where everything of %s comes from",
    async (region) => {
      const at = machine();
      await login(at, region);
      const source = (name: string) => ({
        kind: "settings",
        name,
        path: at.settings,
        scope: "user",
        origin: "user",
      });
      expect(await statusOf(at)).toMatchObject({
        exitCode: 0,
        schemaVersion: 1,
        loggedIn: true,
        method: "coding-plan",
        state: "configured",
        provider: "coding-plan",
        region,
        protocol: "openai",
        baseUrl: {
          value: region === "china" ? CHINA_URL : GLOBAL_URL,
          source: source("modelProviders.openai[0].baseUrl"),
        },
        model: { id: "qwen3.5-plus", source: source("model.name") },
        key: {
          present: true,
          masked: "sk-sp-…a289",
          envKey: "BAILIAN_CODING_PLAN_API_KEY",
          source: source("env.BAILIAN_CODING_PLAN_API_KEY"),
          shadowed: [],
        },
        verified: { state: "unchecked" },
        warnings: [],
      });
    },
  );

  test("--json prints the login as one object and nothing else", async () => {
    const at = machine();
    const ran = await plan(at, ["--region", "global", "--key-stdin", "--json"], { stdin: KEY });
    expect({ ...ran, stdout: JSON.parse(ran.stdout) }).toEqual({
      exitCode: 0,
      stderr: "",
      stdout: {
        schemaVersion: 1,
        provider: "coding-plan",
        method: "coding-plan",
        region: "global",
        protocol: "openai",
        baseUrl: GLOBAL_URL,
        models: MODELS,
        model: "qwen3.5-plus",
        store: "settings",
        path: at.settings,
        verified: { state: "unchecked" },
        warnings: [],
      },
    });
  });

  test("--quiet says nothing when all went well", async () => {
    const ran = await plan(machine(), ["--region", "cn", "--key-stdin", "-q"], { stdin: KEY });
    expect(ran).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });

  test("QWEN_HOME takes the place of ~/.qwen", async () => {
    const at = machine();
    const elsewhere = join(at.home, "deep", "er");
    const ran = await plan(at, ["--region", "china", "--key-stdin"], {
      stdin: KEY,
      env: { QWEN_HOME: elsewhere },
    });
    expect(ran.exitCode).toBe(0);
    expect(modeOf(elsewhere)).toBe("0700");
    expect(modeOf(join(elsewhere, "settings.json"))).toBe("0600");
    expect(existsSync(join(at.home, ".qwen"))).toBe(false);
  });
});

describe("qwen auth coding-plan again", () => {
  test.each(["china", "global"])("with the same answers touches nothing (%s)", async (region) => {
    const at = machine();
    await login(at, region);
    const before = { ...identity(at.settings), directory: identity(join(at.home, ".qwen")).ino };
    const bytes = readFileSync(at.settings, "utf8");

    const ran = await login(at, region);

    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain("was set up already");
    expect(readFileSync(at.settings, "utf8")).toBe(bytes);
    expect({ ...identity(at.settings), directory: identity(join(at.home, ".qwen")).ino }).toEqual(
      before,
    );
  });

  test("with the other region replaces the plan's entries and keeps the model", async () => {
    const at = machine();
    await plan(at, ["--region", "china", "--key-stdin", "--model", "glm-5"], { stdin: KEY });
    await login(at, "global", OTHER_KEY);
    const after = json(at.settings);
    expect(after.modelProviders.openai.map((entry: { baseUrl: string }) => entry.baseUrl)).toEqual(
      MODELS.map(() => GLOBAL_URL),
    );
    expect(after.model).toEqual({ name: "glm-5" });
    expect(after.codingPlan).toEqual({ region: "global" });
    expect(after.env).toEqual({ BAILIAN_CODING_PLAN_API_KEY: OTHER_KEY });
  });
});

describe("qwen auth coding-plan flags", () => {
  test.each([
    ["--region", "China", "china"],
    ["--region", "CN", "china"],
    ["--region", "beiJing", "china"],
    ["-r", "cn", "china"],
    ["--region", "GLOBAL", "global"],
    ["--region", "intl", "global"],
    ["--region", "International", "global"],
    ["-r", "SINGAPORE", "global"],
    ["--base-url", CHINA_URL, "china"],
    ["-u", `${CHINA_URL}/`, "china"],
    ["--base-url", GLOBAL_URL, "global"],
    ["-u", GLOBAL_URL.toUpperCase().replace("V1", "v1"), "global"],
  ])("%s %s writes what --region %3$s writes", async (flag, value, region) => {
    const at = machine();
    const ran = await plan(at, [flag, value, "--key-stdin"], { stdin: KEY });
    expect(ran.exitCode).toBe(0);
    expect(readFileSync(at.settings, "utf8")).toBe(await writtenBy(region));
  });

  test("a region and the base URL of the same region agree", async () => {
    const at = machine();
    const ran = await plan(at, ["-r", "intl", "-u", GLOBAL_URL, "--key-stdin"], { stdin: KEY });
    expect(ran.exitCode).toBe(0);
    expect(json(at.settings).codingPlan).toEqual({ region: "global" });
  });

  type Input = { name: string; args: string[]; stdin?: string; env?: Record<string, string> };
  const inputs: readonly Input[] = [
    { name: "--key-stdin without a line end", args: ["--key-stdin"], stdin: KEY },
    { name: "--key-stdin with CRLF", args: ["--key-stdin"], stdin: `${KEY}\r\n` },
    { name: "--key-stdin with BOM and CRLF", args: ["--key-stdin"], stdin: `\ufeff${KEY}\r\n` },
    { name: "--with-token", args: ["--with-token"], stdin: `${KEY}\n` },
    { name: "--key-file", args: ["--key-file", "key.txt"] },
    { name: "--key-file with BOM and CRLF", args: ["--key-file", "crlf.txt"] },
    { name: "--key-file -", args: ["--key-file", "-"], stdin: `${KEY}\n` },
    { name: "--key-env", args: ["--key-env", "MY_KEY"], env: { MY_KEY: KEY } },
    {
      name: "--key-env with BOM and CRLF",
      args: ["--key-env", "MY_KEY"],
      env: { MY_KEY: `\ufeff${KEY}\r\n` },
    },
  ];
  test.each(inputs)("$name is a quiet key input", async ({ args, stdin, env }) => {
    const at = machine();
    at.write("p/key.txt", `${KEY}\n`);
    at.write("p/crlf.txt", `\ufeff${KEY}\r\n`);
    const ran = await plan(at, ["-r", "china", ...args], {
      ...(stdin === undefined ? {} : { stdin }),
      ...(env === undefined ? {} : { env }),
    });
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toBe("");
    expect(ran.stderr).not.toContain("warning");
    expect(ran.stderr).not.toContain(KEY);
    expect(readFileSync(at.settings, "utf8")).toBe(await writtenBy("china"));
  });

  test.each([
    ["/dev/stdin", `printf %s "$K" | qwen auth coding-plan -r cn --key-file /dev/stdin`],
    ["a descriptor of the shell", "qwen auth coding-plan -r cn --key-file /dev/fd/3 3<key.txt"],
    ["a link", "ln -s key.txt link; qwen auth coding-plan -r cn --key-file ./link"],
    ["an absolute path", 'qwen auth coding-plan -r cn --key-file "$PWD/key.txt"'],
  ])("--key-file takes %s", async (_name, script) => {
    const at = machine();
    at.write("p/key.txt", `${KEY}\n`);
    const ran = await shell(at, script, { env: { K: KEY } });
    expect(ran).toMatchObject({ exitCode: 0, stdout: "" });
    expect(readFileSync(at.settings, "utf8")).toBe(await writtenBy("china"));
  });

  test.each([
    { args: ["--key", KEY] },
    { args: [`--key=${KEY}`] },
    { args: ["-k", KEY] },
    { args: ["--key", `\ufeff${KEY}\r\n`] },
  ])("the key on the command line works and costs one warning line: $args.0", async ({ args }) => {
    const at = machine();
    const ran = await plan(at, ["-r", "china", "--quiet", ...args]);
    expect(ran).toEqual({
      exitCode: 0,
      stdout: "",
      stderr:
        "warning: `--key` is visible in the process list and in shell history; use `--key-stdin`\n",
    });
    expect(readFileSync(at.settings, "utf8")).toBe(await writtenBy("china"));
  });

  test("--model makes another plan model the default and changes nothing else", async () => {
    const at = machine();
    await plan(at, ["-r", "china", "--key-stdin", "-m", "glm-5"], { stdin: KEY });
    expect(readFileSync(at.settings, "utf8")).toBe(
      (await writtenBy("china")).replace('"name": "qwen3.5-plus"\n', '"name": "glm-5"\n'),
    );
    expect((await statusOf(at)).model.id).toBe("glm-5");
  });

  test("--models replaces the built-in list, in its order, and its first is the default", async () => {
    const at = machine();
    const ran = await plan(
      at,
      ["-r", "china", "--key-stdin", "--models", "new-one, glm-5,new-one", "--json"],
      { stdin: KEY },
    );
    expect(JSON.parse(ran.stdout)).toMatchObject({
      models: ["new-one", "glm-5"],
      model: "new-one",
    });
    expect(json(at.settings).modelProviders.openai).toEqual([
      {
        id: "new-one",
        name: "[ModelStudio Coding Plan] new-one",
        baseUrl: CHINA_URL,
        envKey: "BAILIAN_CODING_PLAN_API_KEY",
      },
      expect.objectContaining({ id: "glm-5", name: "[ModelStudio Coding Plan] glm-5" }),
    ]);
  });

  test("--models with --model chooses among the new ones", async () => {
    const at = machine();
    await plan(at, ["-r", "china", "--key-stdin", "--models", "a,b", "--model", "b"], {
      stdin: KEY,
    });
    expect(json(at.settings).model).toEqual({ name: "b" });
  });

  test("a key without the plan's prefix is saved with a warning", async () => {
    const at = machine();
    const key = "0123456789abcdef0123456789";
    const ran = await plan(at, ["-r", "china", "--key-stdin", "--quiet"], { stdin: key });
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toMatch(/^warning: .*sk-sp-.*\n$/);
    expect(ran.stderr).not.toContain(key);
    expect(json(at.settings).env).toEqual({ BAILIAN_CODING_PLAN_API_KEY: key });

    const asJson = await plan(at, ["-r", "china", "--key-stdin", "--json"], { stdin: key });
    expect(asJson.exitCode).toBe(0);
    expect(JSON.parse(asJson.stdout).warnings).toEqual([expect.stringContaining("sk-sp-")]);
  });
});
