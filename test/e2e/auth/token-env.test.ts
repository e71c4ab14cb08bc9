import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { missingPrograms, testUnless } from "../../support/needs.ts";
import { qwenPty } from "../../support/pty.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { shell } from "../../support/shell.ts";

setDefaultTimeout(60_000);

/** As nasty as a key from the shell can be. */
/** What a key may hold and what a model's name may hold, as hard to quote as they get. */
const NASTY = 'it\'s"a"$HOME`x`\\\\\\#-n!*~;&|<>(){}[]?';
const MODEL = `it's "a" $(x) \`x\` \\ \\\\ #é ‘q’ -n`;
const LINES = `${MODEL}\nsecond line`;
const KEY = "sk-0123456789abcdef0123456789a289";

function entry(at: Machine, more: object = {}): Machine {
  at.write(".qwen/settings.json", {
    modelProviders: {
      openai: [{ id: "m", baseUrl: "https://own.example/v1", envKey: "OWN_KEY", ...more }],
    },
  });
  return at;
}

describe("qwen auth token", () => {
  test("prints the key and one newline, nothing else", async () => {
    const done = await qwen(entry(machine()), ["auth", "token"], { env: { OWN_KEY: KEY } });
    expect(done).toEqual({ exitCode: 0, stdout: `${KEY}\n`, stderr: "" });
  });

  test("prints it with its source as JSON", async () => {
    const done = await qwen(entry(machine()), ["auth", "token", "--json"], {
      env: { OWN_KEY: KEY },
    });
    expect(JSON.parse(done.stdout)).toEqual({
      schemaVersion: 1,
      token: KEY,
      envKey: "OWN_KEY",
      source: { kind: "env", name: "OWN_KEY", origin: "user" },
    });
  });

  test("prints nothing and ends with 4 when there is none", async () => {
    for (const at of [machine(), entry(machine())]) {
      const done = await qwen(at, ["auth", "token"]);
      expect([done.exitCode, done.stdout]).toEqual([4, ""]);
      expect(done.stderr).toStartWith("error: Cannot print the key: ");
    }
    const keyless = entry(machine(), { baseUrl: "http://localhost:1/v1" });
    const done = await qwen(keyless, ["auth", "token"]);
    expect([done.exitCode, done.stdout]).toEqual([4, ""]);
    expect(done.stderr).toContain("OWN_KEY is not set");
    const none = await qwen(keyless, ["auth", "token"], { env: { OWN_KEY: "not-needed" } });
    expect([none.exitCode, none.stdout]).toEqual([4, ""]);
    expect(none.stderr).toContain("wants none");
  });

  test.each(["token", "env"])("%s withholds a key that a project sends elsewhere", async (word) => {
    const at = machine();
    at.write("p/.env", "OPENAI_BASE_URL=https://evil.example/v1\n");
    const env = { OPENAI_API_KEY: KEY, OPENAI_MODEL: "m" };
    const done = await qwen(at, ["auth", word], { env });
    expect([done.exitCode, done.stdout]).toEqual([4, ""]);
    expect(done.stderr).toContain("evil.example");
    expect(done.stderr).toContain("shell variable OPENAI_API_KEY");
    expect(done.stderr).toContain("--trust");
    expect(done.stderr).not.toContain(KEY);
    const trusted = await qwen(at, ["auth", word, "--trust"], { env });
    expect(trusted.exitCode).toBe(0);
    expect(trusted.stdout).toContain(KEY);
    expect(trusted.stderr).toBe(
      `using OPENAI_API_KEY with https://evil.example/v1 from ~/p/.env (OPENAI_BASE_URL) (folder trusted)\n`,
    );
    const quiet = await qwen(at, ["auth", word, "--trust", "--quiet"], { env });
    expect(quiet.stderr).toBe("");
    const own = await qwen(at, ["auth", word, "--no-project"], { env });
    expect(own.stdout).not.toContain("evil.example");
  });
});

describe("qwen auth status --show-token", () => {
  test.each([[[]], [["--json"]]])(
    "shows the key and redacts every other secret: %j",
    async (more) => {
      const other = "other-secret-0123456789abcdef";
      const at = entry(machine(), { baseUrl: `https://own.example/v1?part=${other}` });
      const env = { OWN_KEY: KEY, OPENAI_API_KEY: other };
      const hidden = await qwen(at, ["auth", "status", ...more], { env });
      expect(hidden.stdout).not.toContain(KEY);
      const shown = await qwen(at, ["auth", "status", "--show-token", ...more], { env });
      expect(shown.exitCode).toBe(0);
      expect(shown.stdout.split(KEY)).toHaveLength(2);
      expect(shown.stdout).toContain("part=***");
      expect(shown.stdout).not.toContain(other);
    },
  );

  test("shows no key that is withheld", async () => {
    const at = machine();
    at.write("p/.env", "OPENAI_BASE_URL=https://evil.example/v1\n");
    const env = { OPENAI_API_KEY: KEY, OPENAI_MODEL: "m" };
    const done = await qwen(at, ["auth", "status", "--show-token"], { env });
    expect(done.exitCode).toBe(4);
    expect(done.stdout).not.toContain(KEY);
  });

  test("is no flag of `auth token`", async () => {
    expect((await qwen(machine(), ["auth", "token", "--show-token"])).exitCode).toBe(2);
  });
});

describe("qwen auth env", () => {
  const print = 'printf "<%s>" "$OPENAI_API_KEY" "$OPENAI_BASE_URL" "$OPENAI_MODEL" "$OWN_KEY"';
  const expected = (model: string) => `<${NASTY}><https://own.example/v1><${model}><${NASTY}>`;

  for (const program of ["dash", "bash", "busybox", "zsh", "fish"]) {
    const call = program === "busybox" ? "busybox sh" : program;
    testUnless(missingPrograms(program))(`gives ${program} the values by eval`, async () => {
      const at = entry(machine(), { id: MODEL });
      const script = `exec ${call} -c 'eval "$(OWN_KEY="$NASTY" qwen auth env)"; ${print}'`;
      const done = await shell(at, script, { env: { NASTY, LC_ALL: "C.UTF-8" } });
      expect(done).toEqual({ exitCode: 0, stdout: expected(MODEL), stderr: "" });
    });
  }

  testUnless(missingPrograms("dash"))("keeps line breaks in sh", async () => {
    const script = `eval "$(OWN_KEY="$NASTY" qwen auth env)"; ${print}`;
    const done = await shell(entry(machine(), { id: LINES }), script, { env: { NASTY } });
    expect(done.stdout).toBe(expected(LINES));
  });

  testUnless(missingPrograms("fish"))("keeps line breaks in fish with --shell fish", async () => {
    const script = `exec fish -c 'OWN_KEY="$NASTY" qwen auth env --shell fish | source; ${print}'`;
    const env = { NASTY, LC_ALL: "C.UTF-8" };
    const done = await shell(entry(machine(), { id: LINES }), script, { env });
    expect(done.stdout).toBe(expected(LINES));
  });

  test("quotes for PowerShell, which takes typographic quotes for straight ones", async () => {
    const at = entry(machine(), { id: "it's ‘q’ $x" });
    const done = await qwen(at, ["auth", "env", "--shell", "pwsh"], {
      env: { OWN_KEY: "it's-$x" },
    });
    expect(done.stdout).toBe(
      "$env:OPENAI_API_KEY = 'it''s-$x'\n" +
        "$env:OPENAI_BASE_URL = 'https://own.example/v1'\n" +
        "$env:OPENAI_MODEL = 'it''s ‘‘q’’ $x'\n" +
        "$env:OWN_KEY = 'it''s-$x'\n",
    );
  });

  test("names what other tools read for each protocol", async () => {
    const env = { ANTHROPIC_AUTH_TOKEN: KEY, ANTHROPIC_MODEL: "c" };
    const bearer = await qwen(machine(), ["auth", "env", "--auth-type", "anthropic"], { env });
    expect(bearer.stdout).toBe(
      `export ANTHROPIC_AUTH_TOKEN='${KEY}'\nexport ANTHROPIC_BASE_URL='https://api.anthropic.com'\nexport ANTHROPIC_MODEL='c'\n`,
    );
    const gemini = { GEMINI_API_KEY: KEY, GEMINI_MODEL: "g" };
    const google = await qwen(machine(), ["auth", "env"], { env: gemini });
    expect(google.stdout).toContain(`export GEMINI_API_KEY='${KEY}'\n`);
  });

  test("prints nothing that a project chose", async () => {
    const at = entry(machine());
    at.write("p/.qwen/settings.json", { model: { name: "m" } });
    const done = await qwen(at, ["auth", "env"], { env: { OWN_KEY: KEY } });
    expect(done.exitCode).toBe(0);
    expect(done.stdout).not.toContain("OPENAI_MODEL");
    expect(done.stderr).toContain("left out: the model");
    at.write("p/.env", "OWN_KEY=sk-of-the-project-0000\n");
    const refused = await qwen(at, ["auth", "env"]);
    expect([refused.exitCode, refused.stdout]).toEqual([4, ""]);
  });

  test("asks for the trust of the directory that holds the file, not of the one below it", async () => {
    const at = machine();
    at.write("p/.env", "OPENAI_API_KEY=sk-of-the-project-0000\nOPENAI_MODEL=gpt-5\n");
    at.write("p/below/file", "");
    const cwd = `${at.project}/below`;
    at.write(".qwen/trustedFolders.json", { [cwd]: "TRUST_FOLDER" });
    const refused = await qwen(at, ["auth", "env"], { cwd });
    expect([refused.exitCode, refused.stdout]).toEqual([4, ""]);
    at.write(".qwen/trustedFolders.json", { [at.project]: "TRUST_FOLDER" });
    expect((await qwen(at, ["auth", "env"], { cwd })).exitCode).toBe(0);
  });

  test.each(["sh", "fish", "pwsh"])(
    "shows on a terminal what it gives a pipe: %s",
    async (shell) => {
      const hostile = "m\u001b]0;title\u0007\u202e\u009b31m\r\n\u2028\u200bx";
      const at = machine();
      at.write("p/.env", "");
      at.write("p/.qwen/settings.json", {
        modelProviders: {
          openai: [{ id: hostile, baseUrl: "https://own.example/v1", envKey: "OWN_KEY" }],
        },
        model: { name: hostile },
      });
      const args = ["auth", "env", "--trust", "--shell", shell];
      const piped = await qwen(at, args, { env: { OWN_KEY: KEY } });
      expect(piped.exitCode).toBe(0);
      expect(piped.stdout).toContain(`'${hostile}'`);
      const pty = qwenPty(at, args, { env: { OWN_KEY: KEY } });
      expect(await pty.exitCode()).toBe(0);
      expect(pty.raw()).toContain("'m\\x1b]0;title\\x07\\u202e\\x9b31m\\r\\n\\u2028\\u200bx'");
      expect(pty.raw().replaceAll("\r\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
    },
  );

  test("refuses an unknown shell", async () => {
    const done = await qwen(entry(machine()), ["auth", "env", "--shell", "cmd"]);
    expect(done.exitCode).toBe(2);
    expect(done.stderr).toContain("choose sh (bash, zsh), fish or pwsh");
  });
});
