import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

const SETTINGS = ".qwen/settings.json";
const KEY = "sk-0123456789abcdef0123456789";

/** A machine whose one model is at an endpoint that nobody asks. */
function configured(): Machine {
  const at = machine();
  at.write(SETTINGS, {
    security: { auth: { selectedType: "openai" } },
    model: { name: "m" },
    modelProviders: { openai: [{ id: "m", baseUrl: "http://127.0.0.1:9/v1", envKey: "OWN" }] },
    env: { OWN: KEY },
  });
  return at;
}

const LOGIN = ["auth", "api-key", "--provider", "deepseek", "--key-stdin"];

/** What a person reads of many commands; each says something about a file below home. */
const SAID: readonly {
  readonly what: string;
  readonly prepare?: (at: Machine) => void;
  readonly args: readonly string[];
  readonly env?: (at: Machine) => Record<string, string>;
  readonly says: string;
}[] = [
  { what: "a login", args: LOGIN, says: "Settings: ~/.qwen/settings.json" },
  {
    what: "a login into the .env file",
    args: [...LOGIN, "--store", "env-file"],
    says: "Key: ~/.qwen/.env",
  },
  {
    what: "a settings file that is no JSON",
    prepare: (at) => at.write(SETTINGS, "{"),
    args: ["auth", "status"],
    says: "error: Cannot use `~/.qwen/settings.json`",
  },
  {
    what: "a mode that is made narrower",
    prepare: (at) => chmodSync(at.settings, 0o644),
    args: LOGIN,
    says: "`~/.qwen/settings.json` is now 0600",
  },
  {
    what: "a key file that is not there",
    args: ["auth", "api-key", "--provider", "deepseek", "--key-file", "{home}/no such.txt"],
    says: "~/no such.txt",
  },
  {
    what: "a certificate file that is not there",
    args: ["--ca-cert", "{home}/ca.pem", "-p", "hi"],
    says: "~/ca.pem",
  },
  {
    what: "a key that a variable names a file for",
    args: ["auth", "token"],
    env: (at) => ({ OWN_FILE: join(at.home, "k") }),
    says: "~/k",
  },
  { what: "trust", args: ["trust", "."], says: "✓ `~/p`" },
  {
    what: "rules of trust",
    prepare: (at) => at.write(".qwen/trustedFolders.json", { [at.project]: "TRUST_FOLDER" }),
    args: ["trust", "--list"],
    says: "~/p",
  },
  { what: "--debug", args: ["--debug", "auth", "status"], says: " in ~/p" },
];

describe("what people read has `~` for home:", () => {
  test.each(SAID)("$what", async ({ prepare, args, env, says }) => {
    const at = configured();
    prepare?.(at);
    const ran = await qwen(
      at,
      args.map((word) => word.replace("{home}", at.home)),
      { stdin: KEY, env: env?.(at) ?? {} },
    );
    expect(ran.stdout + ran.stderr).toContain(says);
    expect(ran.stdout + ran.stderr).not.toContain(at.home);
  });

  test("a hint to copy works from a home with a blank and a quote in its name", async () => {
    const base = machine();
    const home = join(base.home, "o'neil x");
    mkdirSync(home);
    renameSync(base.project, join(home, "a b"));
    mkdirSync(join(home, ".qwen"), { mode: 0o700 });
    writeFileSync(join(home, "a b", ".env"), `OPENAI_BASE_URL=https://evil.example/v1\n`);
    const at = { ...base, home, project: join(home, "a b"), env: { ...base.env, HOME: home } };
    const env = { OPENAI_API_KEY: KEY, OPENAI_MODEL: "m" };
    const withheld = await qwen(at, ["auth", "token"], { env });
    const [, command = ""] = /`(qwen trust [^`]+)`/.exec(withheld.stderr) ?? [];
    expect(command).toBe("qwen trust ~/'a b'");
    const script = command.replace("qwen", '"$QWEN"');
    const child = Bun.spawn(["sh", "-c", script], {
      cwd: "/",
      env: { ...at.env, QWEN: join(import.meta.dir, "..", "..", "..", "dist", "qwen") },
      stdio: ["ignore", "ignore", "pipe"],
    });
    expect(await child.stderr.text()).toContain("is now trusted");
    expect((await qwen(at, ["auth", "token"], { env })).stdout).toBe(`${KEY}\n`);
  });
});

describe("data keeps the whole path:", () => {
  test("JSON of status, of a failure, of a login", async () => {
    const at = configured();
    const status = await qwen(at, ["auth", "status", "--json"]);
    expect(JSON.parse(status.stdout).model.source.path).toBe(at.settings);
    const login = await qwen(at, [...LOGIN, "--json"], { stdin: KEY });
    expect(JSON.parse(login.stdout).path).toBe(at.settings);
    at.write(SETTINGS, "{");
    const failed = await qwen(at, ["auth", "status", "--json"]);
    expect(JSON.parse(failed.stdout).error.message).toContain(at.settings);
  });

  test("keys, variables, ids of models, candidates of completion", async () => {
    const at = machine();
    const id = `${at.home}/models/q.gguf`;
    const baseUrl = "http://127.0.0.1:9/v1";
    at.write(SETTINGS, {
      security: { auth: { selectedType: "openai" } },
      model: { name: id },
      modelProviders: { openai: [{ id, baseUrl, envKey: "OWN" }] },
      env: { OWN: `${at.home}/0123456789` },
    });
    const print = async (...args: readonly string[]): Promise<string> =>
      (await qwen(at, args)).stdout;
    expect(await print("auth", "token")).toBe(`${at.home}/0123456789\n`);
    expect(await print("auth", "env")).toContain(`OPENAI_MODEL='${id}'`);
    expect(await print("models")).toContain(id);
  });
});

test("the id of a model that is a path below home stays as it is", async () => {
  const at = machine();
  const id = join(at.home, "models/qwen3");
  at.write(SETTINGS, {
    modelProviders: { openai: [{ id, baseUrl: "http://127.0.0.1:9/v1", envKey: "OWN" }] },
    model: { name: id },
    env: { OWN: KEY },
  });
  const status = await qwen(at, ["auth", "status"]);
  expect(status.stdout).toContain(`Model     ${id}  from ~/.qwen/settings.json (model.name)`);
  const models = await qwen(at, ["models"]);
  expect(models.stdout).toContain(id);
  const list = await qwen(at, ["auth", "list"]);
  expect(list.stdout).toContain(`Models    ${id}\n`);
  const asked = await qwen(at, ["-p", "hi", "-m", `${id}-2`, "--openai-base-url", "http://x:y"]);
  expect(asked.stderr).not.toContain("~/models");
  const unreachable = await qwen(at, ["-p", "hi"]);
  expect(unreachable.stderr).toContain(`Cannot ask "${id}": `);
  const login = await qwen(at, [
    ...["auth", "api-key", "--base-url", "http://127.0.0.1:9/v1", "--no-key"],
    ...["--model", join(at.home, "models/other")],
  ]);
  expect(login.stderr).toContain(`default model ${join(at.home, "models/other")}`);
  expect(login.stderr).toContain("Settings: ~/.qwen/settings.json");
});
