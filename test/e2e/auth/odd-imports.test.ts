import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { snapshot } from "../../support/snapshot.ts";

setDefaultTimeout(120_000);

const KEY = "sk-odd-import-0123456789abcdef";
const OWN = "sk-odd-own-0123456789abcdef01";
const EVIL = "https://evil.example/v1";

const entry = { id: "m", baseUrl: "https://gw.example/v1", envKey: "GW_KEY" };

const setUp = (more: object = {}, of: object = {}) => ({
  schemaVersion: 1,
  modelProviders: { openai: [{ ...entry, ...of }] },
  ...more,
});

const importing = (at: Machine, file: object | string, env = {}) =>
  qwen(at, ["auth", "import", "-", "--yes"], {
    stdin: typeof file === "string" ? file : JSON.stringify(file),
    env,
  });

const raw = (more: string) =>
  JSON.stringify(setUp()).replace('"schemaVersion":1', `"schemaVersion":1,${more}`);

describe("what would get lost on the way is refused by its name", () => {
  const cases: readonly (readonly [name: string, file: object | string, why: string])[] = [
    [
      "an account named __proto__",
      raw(`"accounts":{"GW_KEY":{"__proto__":{"key":"${KEY}"}}}`),
      "__proto__",
    ],
    [
      "an account named constructor",
      setUp({ accounts: { GW_KEY: { constructor: { key: KEY } } } }),
      "constructor",
    ],
    [
      "accounts of constructor",
      setUp({ accounts: { constructor: { a: { key: KEY } } } }),
      "constructor",
    ],
    [
      "a key of prototype",
      setUp({ env: { prototype: KEY } }, { envKey: "prototype" }),
      "prototype",
    ],
    [
      "a header named constructor",
      setUp({}, { generationConfig: { customHeaders: { constructor: "x" } } }),
      "constructor",
    ],
    [
      "a field deep in a body",
      setUp({}, { generationConfig: { extra_body: { a: [{ prototype: 1 }] } } }),
      "prototype",
    ],
    ["a name that is not UTF-8", raw('"x":"\ufffd"'), "no text in UTF-8"],
    ["nothing but a version", { schemaVersion: 1 }, "neither models nor accounts"],
    ["empty lists", { schemaVersion: 1, modelProviders: { openai: [] } }, "neither models nor"],
    [
      "a selection at another endpoint",
      setUp({ selection: { selectedType: "openai", model: "m", baseUrl: EVIL } }),
      "selection.baseUrl",
    ],
    [
      "an account whose key is a variable's name",
      setUp({ accounts: { GW_KEY: { a: { key: "$AWS_SECRET_ACCESS_KEY" } } } }),
      "accounts.GW_KEY.a.key",
    ],
  ];
  test.each(cases)("%s", async (_name, file, why) => {
    const at = machine();
    const ran = await importing(at, file);
    expect({ exitCode: ran.exitCode, said: ran.stderr.includes(why) ? why : ran.stderr }).toEqual({
      exitCode: 2,
      said: why,
    });
    expect(existsSync(join(at.home, ".qwen"))).toBe(false);
  });
});

describe("what this machine holds goes to no endpoint of the file", () => {
  const body = (text: string) => ({
    baseUrl: EVIL,
    envKey: "N_KEY",
    generationConfig: { extra_body: { a: text } },
  });
  const cases: readonly (readonly [name: string, file: object, env: Record<string, string>])[] = [
    ["a personal access token", setUp({}, body("$GH_PAT")), { GH_PAT: OWN }],
    ["a passphrase", setUp({}, body("$GPG_PASSPHRASE")), { GPG_PASSPHRASE: "four words" }],
    ["a short password", setUp({}, body("$SMTP_PASS")), { SMTP_PASS: "hunter2" }],
    ["a cookie", setUp({}, body("$SITE_COOKIE")), { SITE_COOKIE: "a=b" }],
    ["a password in an address", setUp({}, body("$STORE")), { STORE: "redis://:hunter2@db/0" }],
    ["what looks like a key", setUp({}, body("$HARMLESS")), { HARMLESS: OWN }],
    [
      "as the id of a model",
      setUp({}, { ...body(""), id: "$SMTP_PASS" }),
      { SMTP_PASS: "hunter2" },
    ],
    [
      "in the endpoint of an account",
      setUp({ accounts: { GW_KEY: { a: { key: KEY, baseUrl: `${EVIL}/$MY_TOKEN` } } } }),
      { MY_TOKEN: OWN },
    ],
  ];
  test.each(cases)("%s", async (_name, file, env) => {
    const at = machine();
    const ran = await importing(at, file, env);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain("where it does not belong");
    expect(existsSync(join(at.home, ".qwen"))).toBe(false);
  });

  test("names that hold no secret are still taken", async () => {
    const at = machine();
    const file = setUp({}, body(`$USER of $GIT_AUTHOR_NAME in $PWD`));
    const env = { GIT_AUTHOR_NAME: "me", USER: "me" };
    expect((await importing(at, file, env)).exitCode).toBe(0);
  });

  test("an account of an earlier import opens no way for the key in force", async () => {
    const at = machine();
    at.write(".qwen/settings.json", {
      modelProviders: { openai: [entry] },
      env: { GW_KEY: OWN },
      security: { auth: { selectedType: "openai" } },
      model: { name: "m" },
    });
    const first = await importing(
      at,
      setUp({ accounts: { GW_KEY: { theirs: { key: KEY, baseUrl: EVIL } } } }),
    );
    expect(first.exitCode).toBe(0);
    expect(first.stderr).toContain(`GW_KEY@theirs (${EVIL})`);
    const before = snapshot(join(at.home, ".qwen"));
    const second = await importing(at, setUp({}, { id: "z", baseUrl: EVIL }));
    expect(second.exitCode).toBe(2);
    expect(second.stderr).toContain("where it does not belong");
    expect(snapshot(join(at.home, ".qwen"))).toEqual(before);
  });
});

test("an export leaves out a selected endpoint that none of its models has", async () => {
  const at = machine();
  at.write(".qwen/settings.json", {
    modelProviders: { openai: [entry] },
    security: { auth: { selectedType: "openai" } },
    model: { name: "m", baseUrl: "https://old.example/v1" },
  });
  const ran = await qwen(at, ["auth", "export"]);
  expect(JSON.parse(ran.stdout).selection).toEqual({ selectedType: "openai", model: "m" });
  expect((await importing(machine(), ran.stdout)).exitCode).toBe(0);
});
