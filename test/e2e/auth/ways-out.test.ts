import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

const SETTINGS = ".qwen/settings.json";
const KEY = "sk-0123456789abcdef0123456789";

/** A machine with one entry at a public endpoint. */
function withEntry(entry: object, more: object = {}): Machine {
  const at = machine();
  at.write(SETTINGS, {
    security: { auth: { selectedType: "openai" } },
    model: { name: "m" },
    modelProviders: { openai: [{ id: "m", baseUrl: "https://own.example/v1", ...entry }] },
    ...more,
  });
  return at;
}

describe("a project's .env that hides one's own is left out by `--no-project`:", () => {
  test.each([
    [".qwen/.env", "p/.env"],
    [".qwen/.env", "p/.qwen/.env"],
    [".env", "p/.env"],
  ])("%s behind %s", async (own, project) => {
    const at = withEntry({ envKey: "OWN" });
    at.write(own, `OWN=${KEY}\n`);
    at.write(project, "A=1\n");
    for (const args of [
      ["-p", "hi"],
      ["auth", "token"],
      ["auth", "status"],
    ]) {
      const ran = await qwen(at, args);
      expect(ran.exitCode).toBe(4);
      const shown = ran.stdout + ran.stderr;
      expect(shown).toContain("hint: add `--no-project` to have your own .env read");
      expect(shown).not.toContain("export OWN");
    }
    const token = await qwen(at, ["auth", "token", "--no-project"]);
    expect(token.stdout).toBe(`${KEY}\n`);
  });

  test("but not where the hidden file is a project's, too", async () => {
    const at = withEntry({ envKey: "OWN" });
    at.write("p/.env", `OWN=${KEY}\n`);
    at.write("p/a/.env", "A=1\n");
    const ran = await qwen(at, ["auth", "token"], { cwd: join(at.project, "a") });
    expect(ran.stderr).toContain("hint: run `export OWN=YOUR_KEY`");
  });
});

describe("headers that may authenticate:", () => {
  const headers = (customHeaders: object) => ({ generationConfig: { customHeaders } });

  test.each([{ "X-Gateway": "t" }, { "X-Team": "a", "X-Gw-Login": "b" }])(
    "%j: the hint names `not-needed`, which works",
    async (customHeaders) => {
      const at = withEntry(headers(customHeaders));
      const ran = await qwen(at, ["-p", "hi"]);
      expect(ran.exitCode).toBe(4);
      expect(ran.stderr).toContain("name an `envKey` with the value `not-needed`");
      at.write(SETTINGS, {
        security: { auth: { selectedType: "openai" } },
        model: { name: "m" },
        modelProviders: {
          openai: [
            {
              id: "m",
              baseUrl: "https://own.example/v1",
              envKey: "NONE",
              ...headers(customHeaders),
            },
          ],
        },
        env: { NONE: "not-needed" },
      });
      expect((await qwen(at, ["auth", "status"])).exitCode).toBe(0);
    },
  );

  test("none: the hint stays a login", async () => {
    const ran = await qwen(withEntry({}), ["-p", "hi"]);
    expect(ran.stderr).toContain("hint: run `qwen auth api-key`\n");
  });
});

describe("a word that is no configured model:", () => {
  const cases: readonly (readonly [word: string, hint: string])[] = [
    ["minimax/x", "or add it: `qwen auth api-key --provider openrouter --model minimax/x`"],
    [
      "z-ai/glm-4.5-air:free",
      "or add it: `qwen auth api-key --provider openrouter --model z-ai/glm-4.5-air:free`",
    ],
    ["m hello there", 'hint: name "m" alone, and send the rest as a message of its own'],
    ["m\thello", 'hint: name "m" alone, and send the rest as a message of its own'],
    ["zzz hello", "hint: choose one of m"],
    ["a/b/c", "hint: choose one of m\n"],
    ["https://h/v1", "hint: choose one of m\n"],
    ["a/$(x)", "hint: choose one of m\n"],
  ];
  test.each(cases)("%j", async (word, hint) => {
    const ran = await qwen(withEntry({ envKey: "OWN" }), ["auth", "switch", word]);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain(hint);
  });

  test("beside a router that is set up, that one is named", async () => {
    const at = machine();
    const login = ["auth", "api-key", "--provider", "requesty", "--model", "a/b", "--key-stdin"];
    await qwen(at, login, { stdin: KEY });
    const ran = await qwen(at, ["auth", "switch", "c/d"]);
    expect(ran.stderr).toContain("`qwen auth api-key --provider requesty --model c/d`");
    const added = ["auth", "api-key", "--provider", "requesty", "--model", "c/d", "--key-stdin"];
    expect((await qwen(at, added, { stdin: KEY })).exitCode).toBe(0);
    expect((await qwen(at, ["auth", "switch", "c/d"])).exitCode).toBe(0);
    expect((await qwen(at, ["auth", "switch", "a/b"])).exitCode).toBe(0);
  });
});

describe("what would leave certificates unchecked names `--ca-cert`:", () => {
  test.each([
    "--insecure",
    "--insecure=true",
    "--tls-insecure",
    "--no-ssl-verify",
    "--skip-tls-verify",
    "--insecure-skip-tls-verify",
    "--no-check-certificate",
  ])("%s", async (flag) => {
    const ran = await qwen(machine(), [flag, "-p", "hi"]);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain("`--ca-cert FILE`");
  });

  test("QWEN_TLS_INSECURE in `doctor`", async () => {
    const env = { QWEN_TLS_INSECURE: "yes", NODE_TLS_REJECT_UNAUTHORIZED: "0" };
    const { stdout } = await qwen(machine(), ["doctor", "--json"], { env });
    const { checks } = JSON.parse(stdout);
    expect(checks.find(({ id }: { id: string }) => id === "certificates")).toEqual({
      id: "certificates",
      status: "warning",
      summary:
        "`NODE_TLS_REJECT_UNAUTHORIZED` and `QWEN_TLS_INSECURE` are ignored: certificates are always checked",
      remedy:
        "unset it, and name the certificates to trust with `--ca-cert FILE` or `QWEN_CA_CERT`",
    });
  });
});

describe("what a key helper printed around its key is told once:", () => {
  test.each([
    [`"${KEY}"`, "quotes"],
    [`'${KEY}'`, "quotes"],
    ["YOUR_API_KEY", "placeholder"],
    ["sk-xxxxxxxxxxxxxxxx", "placeholder"],
  ])("%s", async (printed, note) => {
    const at = withEntry({ envKey: "OWN" });
    const helper = at.write("helper", `#!/bin/sh\ncat <<'K'\n${printed}\nK\n`, 0o700);
    at.write(SETTINGS, {
      ...JSON.parse(await Bun.file(at.settings).text()),
      apiKeyHelper: { OWN: helper },
    });
    const ran = await qwen(at, ["auth", "token"]);
    expect(ran.exitCode).toBe(0);
    const said = ran.stderr.split("\n").filter((line) => line.startsWith("warning: the key of"));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(note);
    expect(ran.stderr).not.toContain(printed);
  });
});

test("a login whose check told nothing is saved without a plain ✓", async () => {
  using server = Bun.serve({ port: 0, fetch: () => new Response("", { status: 404 }) });
  const url = `http://127.0.0.1:${server.port}/v1`;
  const login = ["auth", "api-key", "--base-url", url, "-m", "m"];
  const checked = await qwen(machine(), [...login, "--key-stdin", "--verify"], { stdin: KEY });
  expect(checked.exitCode).toBe(0);
  expect(checked.stderr).toContain(`⚠ ${url} is set up`);
  expect(checked.stderr).toContain("  Not verified. Check it: qwen auth status --verify");
  expect(checked.stderr).not.toContain("✓");
  const unchecked = await qwen(machine(), [...login, "--key-stdin"], { stdin: KEY });
  expect(unchecked.stderr).toContain(`✓ ${url} is set up`);
});
