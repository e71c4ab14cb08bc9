import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { machine, qwen } from "../../support/qwen.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { ENTRY, LOCAL, MINE, openai, runCases, USER, user } from "./precedence-machine.ts";

describe("QWEN_HOME", () => {
  runCases([
    {
      name: "stands for `~/.qwen`",
      files: { "elsewhere/settings.json": ENTRY, [USER]: openai({ id: "no", baseUrl: LOCAL }) },
      env: ({ home }) => ({ QWEN_HOME: join(home, "elsewhere"), MY_KEY: "k" }),
      expected: { exitCode: 0, model: "m < user modelProviders.openai[0].id" },
    },
    {
      name: "has a `.env` that is a user file, before `~/.env`",
      files: {
        "elsewhere/settings.json": ENTRY,
        "elsewhere/.env": "MY_KEY=k",
      },
      env: ({ home }) => ({ QWEN_HOME: join(home, "elsewhere") }),
      expected: { exitCode: 0, key: "elsewhere/.env MY_KEY" },
    },
    ...["p/.env", "p/.qwen/.env", ".env", ".qwen/.env"].map((path) => ({
      name: `has no effect in ${path}`,
      files: {
        [path]: "QWEN_HOME=/nowhere",
        [USER]: openai({ id: "m", baseUrl: LOCAL }),
      },
      expected: { exitCode: 0, model: "m < user modelProviders.openai[0].id" },
    })),
    {
      name: "has no effect in `settings.env`",
      files: { [USER]: { ...openai({ id: "m", baseUrl: LOCAL }), env: { QWEN_HOME: "/nowhere" } } },
      expected: { exitCode: 0, model: "m < user modelProviders.openai[0].id" },
    },
  ]);
});

describe("the home directory", () => {
  runCases([
    {
      name: "has no project settings of its own",
      files: { [USER]: { ...ENTRY, env: { MY_KEY: "k" } } },
      cwd: ".",
      expected: {
        exitCode: 0,
        baseUrl: `${MINE} < ${user("baseUrl")}`,
        key: "user env.MY_KEY",
        shadowed: [],
        scopes: ["system-defaults", "user", "system"],
      },
    },
  ]);

  test("is not shortened inside of a path that begins elsewhere", async () => {
    const place = machine();
    const cwd = join(temporaryDirectory(), place.home);
    mkdirSync(cwd, { recursive: true });
    const path = join(cwd, ".env");
    writeFileSync(path, "OPENAI_API_KEY=k", { mode: 0o600 });
    expect((await qwen(place, ["auth", "status"], { cwd })).stdout).toContain(path);
  });

  test("is that of the passwd entry when HOME is not set", async () => {
    const place = machine();
    const { HOME: _home, ...env } = place.env;
    const ran = await qwen({ ...place, env }, ["auth", "status", "--json"]);
    expect([0, 4]).toContain(ran.exitCode);
    expect(JSON.parse(ran.stdout)).toMatchObject({ schemaVersion: 1 });
    expect(ran.stderr).toBe("");
  });
});

test("a source says everything about where a value is from", async () => {
  const place = machine();
  const path = place.write("p/.env", "MY_KEY=k");
  place.write(USER, { ...ENTRY, env: { MY_KEY: "k" } });
  const secret = place.write("secret", "k");
  const { stdout } = await qwen(
    place,
    ["auth", "status", "--json", "--openai-base-url", MINE, "--model", "m"],
    { env: { MY_KEY: "k", MY_KEY_FILE: secret } },
  );
  const { baseUrl, model, key } = JSON.parse(stdout);
  expect({ baseUrl, model, key }).toEqual({
    baseUrl: {
      value: MINE,
      source: { kind: "flag", name: "--openai-base-url", origin: "user" },
    },
    model: { id: "m", source: { kind: "flag", name: "--model", origin: "user" } },
    key: {
      present: true,
      masked: "***",
      envKey: "MY_KEY",
      source: { kind: "env", name: "MY_KEY", origin: "user" },
      shadowed: [
        { kind: "file", name: "MY_KEY_FILE", path: secret, origin: "user" },
        { kind: "dotenv", name: "MY_KEY", path, origin: "project" },
        {
          kind: "settings",
          name: "env.MY_KEY",
          path: place.settings,
          scope: "user",
          origin: "user",
        },
      ],
    },
  });
});
