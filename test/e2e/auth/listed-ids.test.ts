import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { machine, qwen } from "../../support/qwen.ts";
import { answer, scriptedServer } from "../../support/scripted-server.ts";

setDefaultTimeout(120_000);

const KEY = "sk-listed-0123456789abcdef01";
const SECRET = "tok-listed-9876543210fedcba";

/** Ids that a hostile or broken list has, and that no settings may get from it. */
const STRANGE: readonly (readonly [name: string, id: string])[] = [
  ["a variable", "$MY_SECRET_TOKEN"],
  ["a variable in braces", `\${MY_SECRET_TOKEN}`],
  ["a variable within", `vendor/x-\${MY_SECRET_TOKEN}:free`],
  ["the variable of its own key", "$GW_KEY"],
  ["a variable behind money", "$$MY_SECRET_TOKEN"],
  ["the key itself", KEY],
  ["the key within", `vendor/${KEY}:free`],
  ["the key in base64", Buffer.from(`Bearer ${KEY}`).toString("base64")],
  ["a bidirectional override", "qwen\u202e-xam"],
  ["a zero-width space", "qwen\u200b-max"],
  ["a soft isolate", "qwen\u2066-max"],
  ["half of a surrogate pair", "qwen\ud800"],
  ["257 characters", "x".repeat(257)],
  ["a megabyte", "x".repeat(1_000_000)],
];

describe("an id that a server lists becomes no entry when it is", () => {
  test.each(STRANGE)("%s", async (_name, id) => {
    const server = await scriptedServer(answer(200, { data: [{ id }, { id: "plain" }] }));
    const at = machine();
    at.write(".qwen/settings.json", {
      modelProviders: {
        openai: [{ id: "plain", name: "plain", baseUrl: `${server.origin}/v1`, envKey: "GW_KEY" }],
      },
      env: { GW_KEY: KEY },
    });
    const before = readFileSync(at.settings, "utf8");
    const updated = await qwen(at, ["models", "--update"]);
    expect({ exitCode: updated.exitCode, text: readFileSync(at.settings, "utf8") }).toEqual({
      exitCode: 0,
      text: before,
    });
    const fresh = machine();
    const args = ["auth", "api-key", "-u", `${server.origin}/v1`, "--env-key", "GW_KEY"];
    const login = await qwen(fresh, [...args, "-m", "auto", "--key-stdin"], { stdin: KEY });
    expect(login.exitCode).toBe(0);
    const { modelProviders, model } = JSON.parse(readFileSync(fresh.settings, "utf8"));
    expect([modelProviders.openai.map((entry: { id: string }) => entry.id), model.name]).toEqual([
      ["plain"],
      "plain",
    ]);
  });
});

test("a list of nothing else is no choice, and no variable is sent", async () => {
  const data = STRANGE.map(([, id]) => ({ id }));
  const server = await scriptedServer(answer(200, { data }));
  const at = machine();
  const args = [
    "auth",
    "api-key",
    "-u",
    `${server.origin}/v1`,
    "--env-key",
    "GW_KEY",
    "-m",
    "auto",
  ];
  const env = { MY_SECRET_TOKEN: SECRET };
  const done = await qwen(at, [...args, "--key-stdin"], { stdin: KEY, env });
  expect(done.exitCode).toBe(2);
  expect(done.stderr).toContain("lists none");
  expect(JSON.stringify(server.requests)).not.toContain(SECRET);
});
