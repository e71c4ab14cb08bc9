import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { shortenHome } from "../../../src/lib/shorten-home.ts";
import { cannotProtect } from "../../support/namespace.ts";
import { testUnless } from "../../support/needs.ts";
import { type Machine, machine, QWEN, qwen } from "../../support/qwen.ts";
import { run } from "../../support/shell.ts";
import { snapshot } from "../../support/snapshot.ts";
import { cannotTrace, withFailing } from "../../support/trace-calls.ts";
import { oauthMachine, tokensOf } from "../oauth/oauth-machine.ts";

setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef0123456789abcdef";
const DEEPSEEK = ["auth", "api-key", "--provider", "deepseek", "--key-stdin"];

/** Runs something while a file of `~/.qwen` cannot be changed; it is the user's again afterwards. */
async function whileProtected<T>({ home }: Machine, name: string, action: () => Promise<T>) {
  const path = join(home, ".qwen", name);
  Bun.spawnSync(["chattr", "+i", path]);
  try {
    return await action();
  } finally {
    Bun.spawnSync(["chattr", "-i", path]);
  }
}

function failing(at: Machine, call: string, when: number, args: readonly string[]) {
  const strace = withFailing(`${call}:error=EIO:when=${when}`);
  return run(at, [...strace, realpathSync(QWEN), ...args], { stdin: KEY });
}

/** A machine with a key in `.env`, which the settings know of. */
async function withEnvFile(): Promise<Machine> {
  const at = machine();
  await qwen(at, [...DEEPSEEK, "--store", "env-file"], { stdin: KEY });
  return at;
}

describe("a command over several files that cannot write one of them writes none", () => {
  type Row = {
    readonly name: string;
    readonly make: () => Promise<Machine>;
    readonly args: readonly string[];
    readonly protect: string;
  };
  const rows: readonly Row[] = [
    {
      name: "a login that keeps the key in .env",
      make: async () => withSettings(),
      args: [...DEEPSEEK, "--store", "env-file"],
      protect: "settings.json",
    },
    {
      name: "a login that moves the key to the settings",
      make: withEnvFile,
      args: DEEPSEEK,
      protect: ".env",
    },
    {
      name: "a login that moves the key to .env",
      make: withEnvFile,
      args: [
        ...DEEPSEEK.slice(0, 3),
        "moonshot",
        ...DEEPSEEK.slice(4),
        "--region",
        "global",
        "--store",
        "env-file",
      ],
      protect: "settings.json",
    },
    {
      name: "a logout of a key in .env",
      make: withEnvFile,
      args: ["auth", "logout"],
      protect: ".env",
    },
    {
      name: "a logout whose settings are protected",
      make: withEnvFile,
      args: ["auth", "logout"],
      protect: "settings.json",
    },
    {
      name: "a logout where a copy of the settings with the key is protected",
      make: async () => {
        const at = await withEnvFile();
        at.write(".qwen/settings.json.bak", { env: { DEEPSEEK_API_KEY: KEY } });
        return at;
      },
      args: ["auth", "logout"],
      protect: "settings.json.bak",
    },
    {
      name: "a logout of Qwen OAuth whose settings are protected",
      make: async () => oauthMachine({ account: "" }),
      args: ["auth", "logout"],
      protect: "settings.json",
    },
    {
      name: "a logout of everything whose tokens are protected",
      make: async () => {
        const at = oauthMachine({ account: "" });
        await qwen(at, [...DEEPSEEK, "--store", "env-file"], { stdin: KEY });
        return at;
      },
      args: ["auth", "logout", "--all"],
      protect: "oauth_creds.json",
    },
  ];
  testUnless(cannotProtect()).each(rows)("$name", async ({ make, args, protect }) => {
    const at = await make();
    const before = snapshot(join(at.home, ".qwen"));
    const ran = await whileProtected(at, protect, () => qwen(at, args, { stdin: `${KEY}2` }));
    const path = join(at.home, ".qwen", protect);
    const verb = protect === "oauth_creds.json" ? "remove" : "write";
    expect(ran).toMatchObject({ exitCode: 1, stdout: "" });
    expect(ran.stderr).toStartWith(
      `error: Cannot ${verb} \`${shortenHome(path, at.home)}\`: operation not permitted (EPERM)\n`,
    );
    expect(ran.stderr).not.toContain("before that");
    expect(snapshot(join(at.home, ".qwen"))).toEqual(before);
    expect((await qwen(at, args, { stdin: `${KEY}2` })).exitCode).toBe(0);
  });

  function withSettings(): Machine {
    const at = machine();
    at.write(".qwen/settings.json", { ui: { theme: "Dark" } });
    return at;
  }
});

describe("a command that fails half-way says what it did", () => {
  // A write renames three times: the file, and twice to give its lock back.
  testUnless(cannotTrace())("a login whose settings fail after the key is in .env", async () => {
    const at = machine();
    at.write(".qwen/settings.json", {});
    at.write(".qwen/.env", "A=1\n");
    const ran = await failing(at, "rename", 4, [...DEEPSEEK, "--store", "env-file"]);
    const [settings, dotenv] = [at.settings, join(at.home, ".qwen/.env")];
    expect(ran).toMatchObject({ exitCode: 1, stdout: "" });
    expect(ran.stderr).toStartWith(
      `error: Cannot write \`~/.qwen/settings.json\`: input/output error (EIO); ` +
        `before that, the key was put into \`~/.qwen/.env\`\n`,
    );
    expect(readFileSync(dotenv, "utf8")).toContain(KEY);
    expect(readFileSync(settings, "utf8")).toBe("{}");
  });

  testUnless(cannotTrace())("a logout whose settings fail at the end", async () => {
    const at = oauthMachine({ account: "" });
    await qwen(at, [...DEEPSEEK, "--store", "env-file"], { stdin: KEY });
    const before = readFileSync(at.settings, "utf8");
    const ran = await failing(at, "rename", 6, ["auth", "logout", "--all"]);
    const folder = join(at.home, ".qwen");
    expect(ran).toMatchObject({ exitCode: 1, stdout: "" });
    expect(ran.stderr).toStartWith(
      `error: Cannot write \`~/.qwen/settings.json\`: input/output error (EIO); before that, ` +
        `the tokens in \`~/.qwen/oauth_creds.json\` were removed, ` +
        `\`DEEPSEEK_API_KEY\` was removed from \`~/.qwen/.env\`\n`,
    );
    expect(tokensOf(at)).toBeUndefined();
    expect(readFileSync(at.settings, "utf8")).toBe(before);
    expect((await qwen(at, ["auth", "logout", "--all"])).exitCode).toBe(0);
    expect(readdirSync(folder).sort()).toEqual([".env", "settings.json"]);
  });

  testUnless(cannotTrace())(
    "a logout that could not remove the tokens can be done again",
    async () => {
      const at = oauthMachine({ account: "" });
      const before = readFileSync(at.settings, "utf8");
      expect((await failing(at, "unlink", 1, ["auth", "logout"])).exitCode).toBe(1);
      expect(readFileSync(at.settings, "utf8")).toBe(before);
      expect((await qwen(at, ["auth", "status"])).stdout).toContain("Qwen OAuth is configured");
      expect((await qwen(at, ["auth", "logout"])).exitCode).toBe(0);
      expect(tokensOf(at)).toBeUndefined();
    },
  );
});

describe("a logout while nothing is selected names tokens that are there", () => {
  test("and removes none", async () => {
    const at = oauthMachine({ account: "" });
    at.write(".qwen/settings.json", {});
    const path = join(at.home, ".qwen/oauth_creds.json");
    const note =
      `tokens of Qwen OAuth are stored in \`${path}\`; ` +
      "`qwen auth logout --provider qwen-oauth` removes them";
    const ran = await qwen(at, ["auth", "logout"]);
    expect(ran.stderr).toEndWith(`warning: ${shortenHome(note, at.home)}\n`);
    expect(ran).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: expect.stringMatching(/^Nothing was removed: no provider is selected\n/),
    });
    const { stdout } = await qwen(at, ["auth", "logout", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      changed: false,
      keys: [],
      models: [],
      remaining: [{ kind: "file", name: "access_token", path, origin: "user" }],
      consoleUrls: [],
      warnings: [note],
    });
    expect(existsSync(path)).toBe(true);
  });

  test("but not an empty file", async () => {
    const at = machine();
    at.write(".qwen/oauth_creds.json", "");
    expect((await qwen(at, ["auth", "logout"])).stderr).not.toContain("tokens");
  });

  test("also when they cannot be understood", async () => {
    const at = machine();
    at.write(".qwen/oauth_creds.json", "{");
    expect((await qwen(at, ["auth", "logout"])).stderr).toContain("warning: tokens of Qwen OAuth");
  });
});

test("a logout of Qwen OAuth leaves two providers beside it byte for byte", async () => {
  const at = oauthMachine({ account: "" });
  const providers = `"modelProviders": {
    "openai": [ // mine
      { "id": "a", "baseUrl": "https://a.example/v1", "envKey": "A_KEY" },
      { "id": "b", "baseUrl": "https://b.example/v1", "envKey": "QWEN_CUSTOM_API_KEY_B" }
    ]
  },
  "env": { "A_KEY": "sk-a-0123456789abcdef", "QWEN_CUSTOM_API_KEY_B": "sk-b-0123456789abcdef" }`;
  at.write(
    ".qwen/settings.json",
    `{\n  ${providers},\n  "security": { "auth": { "selectedType": "qwen-oauth" } }\n}\n`,
  );
  expect((await qwen(at, ["auth", "logout", "--provider", "qwen-oauth"])).exitCode).toBe(0);
  expect(readFileSync(at.settings, "utf8")).toBe(
    `{\n  ${providers},\n  "security": { "auth": {} }\n}\n`,
  );
  expect(tokensOf(at)).toBeUndefined();
});

test("a logout takes the provider that `selectedType` alone selects", async () => {
  const at = machine();
  await qwen(at, DEEPSEEK, { stdin: KEY });
  const { model: _model, ...settings } = JSON.parse(readFileSync(at.settings, "utf8"));
  at.write(".qwen/settings.json", settings);
  const { exitCode } = await qwen(at, ["auth", "logout"]);
  expect(exitCode).toBe(0);
  expect(readFileSync(at.settings, "utf8")).not.toContain(KEY);
});
