import { expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

setDefaultTimeout(60_000);

const KEY = "sk-or-0123456789abcdef0123";
const NAME = "OPENROUTER_API_KEY";

type Place = readonly [
  name: string,
  write: (at: Machine) => unknown,
  env?: Readonly<Record<string, string>>,
];

/** Where a variable of the user's own may be set. */
const OWN: readonly Place[] = [
  ["the shell", () => undefined, { [NAME]: `${KEY}\r\n` }],
  ["`env` of settings", (at) => at.write(".qwen/settings.json", { env: { [NAME]: KEY } })],
  ["~/.qwen/.env", (at) => at.write(".qwen/.env", `export ${NAME}="${KEY}"\r\n`)],
  ["~/.env", (at) => at.write(".env", `${NAME}=${KEY}\n`)],
];

test.each(OWN)("the login that is named for a key of %s takes it", async (_, write, env = {}) => {
  const at = machine();
  write(at);
  const status = await qwen(at, ["auth", "status"], { env: { ...env } });
  const [, login = ""] = /nothing uses it: run `qwen ([^`]*)`/.exec(status.stdout) ?? [];
  expect(login).toContain(`--key-env ${NAME}`);
  const ran = await qwen(at, [...login.split(" "), "--no-verify"], { env: { ...env } });
  expect([ran.exitCode, ran.stdout]).toEqual([0, ""]);
  expect(JSON.parse(readFileSync(at.settings, "utf8")).env).toEqual({ [NAME]: KEY });
});

test("a key of a project's .env is not taken to be kept", async () => {
  const at = machine();
  at.write("p/.env", `${NAME}=${KEY}\n`);
  const status = await qwen(at, ["auth", "status"]);
  expect(status.stdout).toContain("qwen auth api-key --provider openrouter --key-stdin");
  const login = ["auth", "api-key", "--provider", "openrouter", "--key-env", NAME];
  for (const more of [[], ["--trust"]]) {
    const ran = await qwen(at, [...login, ...more]);
    expect([ran.exitCode, ran.stderr]).toEqual([2, expect.stringContaining("is not set")]);
  }
});

test.each(["settings.json", ".env"])("a key of %s that is none is refused", async (file) => {
  const at = machine();
  const text = file === ".env" ? `${NAME}="a b"\n` : { env: { [NAME]: "a b" } };
  at.write(`.qwen/${file}`, text);
  const ran = await qwen(at, ["auth", "api-key", "--provider", "openrouter", "--key-env", NAME]);
  expect([ran.exitCode, ran.stderr]).toEqual([2, expect.stringContaining("white space")]);
});
