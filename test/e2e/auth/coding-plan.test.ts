import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { missingPrograms, testUnless } from "../../support/needs.ts";
import { type Machine, machine, qwen, type RunOptions } from "../../support/qwen.ts";
import { shell } from "../../support/shell.ts";
import { identity, modeOf } from "../../support/snapshot.ts";
import { cannotBeNobody, giveAway, shellAsNobody } from "../../support/unprivileged.ts";

setDefaultTimeout(60_000);

const KEY = "sk-sp-0123456789abcdef0123456789a289";
const OTHER_KEY = "sk-sp-fedcba9876543210fedcba9876b310";
const CHINA_URL = "https://coding.dashscope.aliyuncs.com/v1";
const GLOBAL_URL = "https://coding-intl.dashscope.aliyuncs.com/v1";
const FIXTURES = join(import.meta.dir, "..", "..", "fixtures", "settings");

/** `spec/providers.md`, in its order. */
const MODELS = [
  "qwen3.5-plus",
  "qwen3.6-plus",
  "qwen3.7-plus",
  "glm-5",
  "kimi-k2.5",
  "MiniMax-M2.5",
  "qwen3-coder-plus",
  "qwen3-coder-next",
  "qwen3-max-2026-01-23",
  "glm-4.7",
];

const plan = (at: Machine, args: readonly string[], options: RunOptions = {}) =>
  qwen(at, ["auth", "coding-plan", ...args], options);

/** The login that everything else is compared with. */
const login = (at: Machine, region = "china", key = KEY) =>
  plan(at, ["--region", region, "--key-stdin"], { stdin: `${key}\n` });

type Entry = {
  id: string;
  name?: string;
  baseUrl: string;
  envKey: string;
  description?: string;
  generationConfig?: Record<string, unknown>;
  capabilities?: unknown;
};

type Settings = Record<string, unknown> & {
  $version?: number;
  env: Record<string, string>;
  modelProviders: { openai: Entry[] } & Record<string, Entry[]>;
  model: { name: string; baseUrl?: string };
  codingPlan: object;
  providerMetadata?: Record<string, unknown>;
};

const json = (path: string): Settings => jsonc(readFileSync(path, "utf8"));
const jsonc = (text: string) => Bun.JSONC.parse(text) as Settings;

async function statusOf(at: Machine, options: RunOptions = {}) {
  const { stdout, exitCode } = await qwen(at, ["auth", "status", "--json"], options);
  return { ...JSON.parse(stdout), exitCode };
}

/** The file that the plain login of this region writes. */
async function writtenBy(region: string): Promise<string> {
  const reference = machine();
  await login(reference, region);
  return readFileSync(reference.settings, "utf8");
}

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

describe("qwen auth coding-plan on a file that people keep", () => {
  function dotfiles(): Machine & { target: string } {
    const at = machine();
    const target = join(at.home, "dotfiles", "qwen.jsonc");
    mkdirSync(join(at.home, "dotfiles"), { mode: 0o755 });
    chmodSync(join(at.home, "dotfiles"), 0o755);
    copyFileSync(join(FIXTURES, "pre-existing-before.jsonc"), target);
    chmodSync(target, 0o644);
    mkdirSync(join(at.home, ".qwen"), { mode: 0o700 });
    symlinkSync("../dotfiles/qwen.jsonc", at.settings);
    return { ...at, target };
  }

  test("every comment, key and the link stay; the plan's entries come first", async () => {
    const at = dotfiles();
    const before = readFileSync(at.target, "utf8");
    const ran = await login(at);

    expect(ran.exitCode).toBe(0);
    expect(readlinkSync(at.settings)).toBe("../dotfiles/qwen.jsonc");
    expect(modeOf(join(at.home, "dotfiles"))).toBe("0755");
    expect(readdirSync(join(at.home, "dotfiles"))).toEqual(["qwen.jsonc"]);
    expect(readdirSync(join(at.home, ".qwen"))).toEqual(["settings.json"]);
    const after = readFileSync(at.target, "utf8");
    const touched = /"env"|"model":/;
    const linesOf = (text: string) => text.split("\n").map((line) => line.replace(/,$/, ""));
    const kept = linesOf(before).filter((line) => !touched.test(line));
    const lines = linesOf(after);
    let from = -1;
    for (const line of kept) {
      from = lines.indexOf(line, from + 1);
      expect({ line, isKept: from >= 0 }).toEqual({ line, isKept: true });
    }
    const value = jsonc(after);
    const old = jsonc(before);
    expect(Object.keys(value)).toEqual([...Object.keys(old), "codingPlan"]);
    expect(value).toMatchObject({
      env: { FOO: "bar", OPENAI_API_KEY: "sk-old", BAILIAN_CODING_PLAN_API_KEY: KEY },
      security: old.security,
      mcpServers: old.mcpServers,
      // "qwen3.5-plus" is also the id of the entry that was there, so the endpoint says which.
      model: { name: "qwen3.5-plus", baseUrl: CHINA_URL },
    });
    const { openai, anthropic } = value.modelProviders;
    expect(anthropic).toEqual([
      { id: "claude-x", envKey: "ANTHROPIC_API_KEY", baseUrl: "https://a" },
    ]);
    expect(openai.map(({ id }) => id)).toEqual([...MODELS, "gpt-4o", "old-cp", "qwen3.5-plus"]);
    expect(await statusOf(at)).toMatchObject({ method: "coding-plan", region: "china" });
  });

  test("0644 becomes 0600, which is said once", async () => {
    const at = dotfiles();
    const mentions = (text: string) => text.split("\n").filter((line) => /0?644/.test(line));
    const first = await login(at);
    expect(modeOf(at.target)).toBe("0600");
    expect(mentions(first.stderr)).toEqual([
      `warning: \`~/.qwen/settings.json\` is now 0600 (it was 0644)`,
    ]);
    const second = await login(at);
    expect(second.stderr).not.toContain("warning");
  });

  test("a lax mode is tightened even when no byte changes", async () => {
    const at = machine();
    await login(at);
    chmodSync(at.settings, 0o644);
    chmodSync(join(at.home, ".qwen"), 0o755);
    const ran = await login(at);
    expect(ran.stderr).toContain(`\`~/.qwen/settings.json\` is now 0600 (it was 0644)`);
    expect(ran.stderr).toContain(`\`~/.qwen\` is now 0700 (it was 0755)`);
    expect([modeOf(at.settings), modeOf(join(at.home, ".qwen"))]).toEqual(["0600", "0700"]);
  });

  test("a BOM, CRLF line ends and tabs stay", async () => {
    const at = machine();
    at.write(".qwen/settings.json", '\ufeff{\r\n\t"ui": {\r\n\t\t"theme": "x"\r\n\t}\r\n}\r\n');
    expect((await login(at)).exitCode).toBe(0);
    const after = readFileSync(at.settings, "utf8");
    expect(after).toStartWith('\ufeff{\r\n\t"ui": {\r\n\t\t"theme": "x"\r\n\t}');
    expect(after).toEndWith("}\r\n");
    expect(after.replaceAll("\r\n", "")).not.toContain("\n");
    expect(after).toContain(`\r\n\t"env": {\r\n\t\t"BAILIAN_CODING_PLAN_API_KEY": "${KEY}"`);
    expect((await statusOf(at)).state).toBe("configured");
  });

  test("a link to a file that does not exist yet is written through", async () => {
    const at = machine();
    mkdirSync(join(at.home, "dotfiles"));
    mkdirSync(join(at.home, ".qwen"), { mode: 0o700 });
    symlinkSync("../dotfiles/new.json", at.settings);
    expect((await login(at)).exitCode).toBe(0);
    expect(readlinkSync(at.settings)).toBe("../dotfiles/new.json");
    expect(modeOf(join(at.home, "dotfiles", "new.json"))).toBe("0600");
  });

  type Old = { name: string; settings: Record<string, unknown>; keeps: Record<string, unknown> };
  const own = { id: "gpt", baseUrl: "https://x.test/v1", envKey: "X_KEY" };
  const versions: readonly Old[] = [
    {
      name: "$version 1, flat keys",
      settings: { theme: "Dark", selectedAuthType: "gemini", model: "gemini-2.5-pro" },
      keeps: { theme: "Dark" },
    },
    {
      name: "$version 3",
      settings: { $version: 3, ui: { theme: "Dark" }, modelProviders: { openai: [own] } },
      keeps: { $version: 3, ui: { theme: "Dark" } },
    },
    {
      name: "$version 5, provider objects",
      settings: {
        $version: 5,
        modelProviders: { openai: { protocol: "openai", models: [own] } },
      },
      keeps: { $version: 5 },
    },
    {
      name: "a newer $version",
      settings: { $version: 9, later: [1] },
      keeps: { $version: 9, later: [1] },
    },
  ];
  test.each(versions)("$name is updated and not migrated", async ({ settings, keeps }) => {
    const at = machine();
    at.write(".qwen/settings.json", settings);
    const ran = await login(at, "global");
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).not.toContain("cannot be used");
    const after = json(at.settings);
    expect(after).toMatchObject(keeps);
    expect("$version" in after).toBe("$version" in settings);
    expect(await statusOf(at)).toMatchObject({
      method: "coding-plan",
      region: "global",
      model: { id: "qwen3.5-plus" },
      key: { masked: "sk-sp-…a289" },
    });
    const openai = after.modelProviders.openai as Entry[] | { models: Entry[] };
    const entries = Array.isArray(openai) ? openai : openai.models;
    expect(Array.isArray(openai)).toBe(settings.$version !== 5);
    const had = "modelProviders" in settings;
    expect(entries.slice(MODELS.length)).toEqual(had ? [own] : []);
  });

  test.each(readdirSync(FIXTURES).filter((name) => name.startsWith("qwen-code-")))(
    "%s is accepted and updated",
    async (name) => {
      const at = machine();
      const before = readFileSync(join(FIXTURES, name), "utf8");
      at.write(".qwen/settings.json", before);
      const old = jsonc(before);
      const readBefore = await qwen(at, ["auth", "status"]);
      expect([0, 4]).toContain(readBefore.exitCode);
      expect(readFileSync(at.settings, "utf8")).toBe(before);

      expect((await login(at, "global")).exitCode).toBe(0);

      const text = readFileSync(at.settings, "utf8");
      const after = jsonc(text);
      expect(after.codingPlan).toEqual({ region: "global" });
      expect(after.providerMetadata?.["coding-plan"]).toBeUndefined();
      expect(after.env).toEqual({ ...old.env, BAILIAN_CODING_PLAN_API_KEY: KEY });
      const entries = after.modelProviders.openai;
      const others = old.modelProviders.openai.filter(
        ({ envKey }) => envKey !== "BAILIAN_CODING_PLAN_API_KEY",
      );
      // What is there keeps its order.
      const listed = entries.slice(0, MODELS.length).map(({ id }) => id);
      expect(listed.toSorted()).toEqual(MODELS.toSorted());
      expect(entries.slice(MODELS.length)).toEqual(others);
      expect(await statusOf(at)).toMatchObject({ method: "coding-plan", region: "global" });
      expect(readdirSync(join(at.home, ".qwen"))).toEqual(["settings.json"]);
    },
  );
});

describe("qwen auth coding-plan --scope project", () => {
  const gitTest = testUnless(missingPrograms("git"));
  const inProject = (at: Machine, ...more: string[]) =>
    plan(at, ["-r", "china", "--key-stdin", "--scope", "project", ...more], { stdin: KEY });
  const projectFile = (at: Machine) => join(at.project, ".qwen", "settings.json");

  function git(at: Machine, ...args: string[]): void {
    const { exitCode } = Bun.spawnSync(["git", "-C", at.project, ...args], { env: at.env });
    expect(exitCode).toBe(0);
  }

  function expectRefused(at: Machine, ran: Awaited<ReturnType<typeof inProject>>): void {
    expect(ran.exitCode).toBe(2);
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toContain("`~/p/.qwen/settings.json`");
    expect(ran.stderr).toMatch(/hint: .*(gitignore|--force)/);
    expect(ran.stderr).not.toContain(KEY);
    expect(existsSync(join(at.project, ".qwen"))).toBe(false);
    expect(existsSync(at.settings)).toBe(false);
  }

  test("is refused where there is no repository", async () => {
    const at = machine();
    expectRefused(at, await inProject(at));
  });

  test("is refused where there is no git program", async () => {
    const at = machine();
    const ran = await inProject({ ...at, env: { ...at.env, PATH: at.project } });
    expectRefused(at, ran);
  });

  gitTest("is refused when git does not ignore the file", async () => {
    const at = machine();
    git(at, "init", "-q");
    expectRefused(at, await inProject(at));
  });

  gitTest("is allowed when git ignores the file; the user's file is not made", async () => {
    const at = machine();
    git(at, "init", "-q");
    writeFileSync(join(at.project, ".gitignore"), ".qwen/\n");
    const ran = await inProject(at);
    expect(ran.exitCode).toBe(0);
    expect(modeOf(projectFile(at))).toBe("0600");
    expect(existsSync(at.settings)).toBe(false);
    expect(readFileSync(projectFile(at), "utf8")).toBe(await writtenBy("china"));
    expect(readdirSync(join(at.project, ".qwen"))).toEqual(["settings.json"]);
    expect(await statusOf(at)).toMatchObject({ state: "configured", method: "coding-plan" });
  });

  gitTest("a tracked-directory rule that only seems to ignore the file is not enough", async () => {
    const at = machine();
    git(at, "init", "-q");
    writeFileSync(join(at.project, ".gitignore"), ".qwen/*\n!.qwen/settings.json\n");
    expectRefused(at, await inProject(at));
  });

  test("--force writes all the same", async () => {
    const at = machine();
    const ran = await inProject(at, "--force");
    expect(ran.exitCode).toBe(0);
    expect(json(projectFile(at)).env).toEqual({ BAILIAN_CODING_PLAN_API_KEY: KEY });
    expect(existsSync(at.settings)).toBe(false);
  });

  test("a .qwen that leads out of the project is refused, --force or not", async () => {
    const at = machine();
    mkdirSync(join(at.home, "outside"));
    symlinkSync("../outside", join(at.project, ".qwen"));
    const ran = await inProject(at, "--force");
    expect(ran.exitCode).toBe(3);
    expect(readdirSync(join(at.home, "outside"))).toEqual([]);
  });
});

describe("qwen auth coding-plan says what will shadow what it wrote", () => {
  const other = { BAILIAN_CODING_PLAN_API_KEY: OTHER_KEY };

  test("a shell variable with another key", async () => {
    const at = machine();
    const ran = await plan(at, ["-r", "china", "--key-stdin"], { stdin: KEY, env: other });
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toMatch(/warning: .*shell variable BAILIAN_CODING_PLAN_API_KEY.* wins/);
    expect(ran.stderr).not.toContain(OTHER_KEY);
    expect(json(at.settings).env).toEqual({ BAILIAN_CODING_PLAN_API_KEY: KEY });
  });

  test("a project .env with another key, by its path", async () => {
    const at = machine();
    const path = at.write("p/.env", `BAILIAN_CODING_PLAN_API_KEY=${OTHER_KEY}\n`);
    const ran = await login(at);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toMatch(/warning: .*key of ~\/p\/\.env .* wins/);
    const asJson = await plan(at, ["-r", "cn", "--key-stdin", "--json"], { stdin: KEY });
    expect(JSON.parse(asJson.stdout).warnings).toEqual([expect.stringContaining(path)]);
  });

  test("project settings with another model.name, by their path", async () => {
    const at = machine();
    const path = at.write("p/.qwen/settings.json", { $version: 4, model: { name: "glm-5" } });
    const before = identity(path);
    const ran = await login(at);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toMatch(/warning: .*model of ~\/p\/\.qwen\/settings\.json .*wins/);
    expect(identity(path)).toEqual(before);
  });

  test.each([
    ["the same key in the shell", { env: { BAILIAN_CODING_PLAN_API_KEY: KEY } }],
    ["an empty variable", { env: { BAILIAN_CODING_PLAN_API_KEY: "" } }],
  ])("%s is no warning", async (_name, options) => {
    const at = machine();
    const ran = await plan(at, ["-r", "china", "--key-stdin"], { stdin: KEY, ...options });
    expect(ran.stderr).not.toContain("warning");
  });

  test("--no-project does not look at the project", async () => {
    const at = machine();
    at.write("p/.env", `BAILIAN_CODING_PLAN_API_KEY=${OTHER_KEY}\n`);
    const ran = await plan(at, ["-r", "china", "--key-stdin", "--no-project"], { stdin: KEY });
    expect(ran.stderr).not.toContain("warning");
  });
});

describe("qwen auth coding-plan under any umask", () => {
  const script = (umask: string) =>
    `umask ${umask}; printf %s ${KEY} | qwen auth coding-plan -r china --key-stdin`;
  const umasks = ["000", "022", "077", "777"];

  test.each(umasks)("%s: 0600 in 0700", async (umask) => {
    const at = machine();
    expect((await shell(at, script(umask))).exitCode).toBe(0);
    expect([modeOf(at.settings), modeOf(join(at.home, ".qwen"))]).toEqual(["0600", "0700"]);
    expect((await shell(at, script(umask))).stderr).toContain("was set up already");
  });

  testUnless(cannotBeNobody()).each(umasks)("%s as an ordinary user", async (umask) => {
    const at = machine();
    giveAway(at.home);
    const ran = await shellAsNobody(at, script(umask));
    expect(ran).toMatchObject({ exitCode: 0, stdout: "" });
    expect([modeOf(at.settings), modeOf(join(at.home, ".qwen"))]).toEqual(["0600", "0700"]);
    expect(readdirSync(join(at.home, ".qwen"))).toEqual(["settings.json"]);
  });
});

describe("qwen auth coding-plan in bad company", () => {
  test("20 processes at once leave the file of one of them, and nothing else", async () => {
    const at = machine();
    at.write(".qwen/settings.json", '{\n  // mine\n  "ui": { "theme": "Dark" }\n}\n');
    const runs = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        plan(at, ["-r", "china", "--key-stdin", "--models", `m${index},n${index}`], {
          stdin: `sk-sp-${String(index).padStart(30, "0")}`,
        }),
      ),
    );
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(runs.map(() => 0));
    const text = readFileSync(at.settings, "utf8");
    expect(text).toStartWith('{\n  // mine\n  "ui": { "theme": "Dark" }');
    const after = jsonc(text);
    const [first, second, ...more] = after.modelProviders.openai.map(({ id }) => id);
    const winner = first?.slice(1);
    expect({ second, more }).toEqual({ second: `n${winner}`, more: [] });
    expect(after.model).toEqual({ name: `m${winner}` });
    expect(after.env).toEqual({
      BAILIAN_CODING_PLAN_API_KEY: `sk-sp-${winner?.padStart(30, "0")}`,
    });
    expect(readdirSync(join(at.home, ".qwen"))).toEqual(["settings.json"]);
    expect((await statusOf(at)).state).toBe("configured");
  });

  testUnless(process.getuid?.() === 0 ? undefined : "only root can own another's file")(
    "root leaves the file to its owner",
    async () => {
      const at = machine();
      at.write(".qwen/settings.json", "{}\n");
      giveAway(at.home);
      expect((await login(at)).exitCode).toBe(0);
      expect(lstatSync(at.settings).uid).toBe(65534);
      expect(modeOf(at.settings)).toBe("0600");
    },
  );
});
