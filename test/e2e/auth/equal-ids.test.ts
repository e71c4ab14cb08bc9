import { expect, setDefaultTimeout, test } from "bun:test";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

setDefaultTimeout(60_000);

const HOST = "127.0.0.1:9";

/** One id at four endpoints, over two protocols, one of them with two accounts. */
function crowded(): Machine {
  const at = machine();
  const of = (path: string, envKey: string, more: object = {}): object => ({
    id: "glm",
    baseUrl: `http://${HOST}${path}`,
    envKey,
    ...more,
  });
  at.write(".qwen/settings.json", {
    modelProviders: {
      openai: [
        of("/api/paas/v4", "K1"),
        of("/api/coding/paas/v4", "K2", { name: "Coding" }),
        of("/api/coding/paas/v4", "K3", { name: "Second" }),
      ],
      anthropic: [of("", "K4")],
    },
    env: Object.fromEntries(["K1", "K2", "K3", "K4"].map((name) => [name, `sk-of-${name}-012345`])),
  });
  return at;
}

test("every way that a refusal names chooses one entry", async () => {
  const at = crowded();
  for (const word of ["glm", `glm@${HOST}`]) {
    const refused = await qwen(at, ["auth", "switch", word]);
    expect([refused.exitCode, refused.stderr]).toEqual([
      2,
      expect.stringContaining("several are called so"),
    ]);
    const [, hint = ""] = refused.stderr.split("hint: choose ");
    const ways = hint.trim().split(" or ");
    expect(ways).toHaveLength(4);
    const keys = new Set<string>();
    for (const way of ways) {
      const token = await qwen(at, ["auth", "token", "-m", way]);
      expect([way, token.exitCode, token.stderr]).toEqual([way, 0, ""]);
      keys.add(token.stdout);
    }
    expect(keys.size).toBe(4);
  }
});

const WORDS: readonly (readonly [word: string, envKey: string])[] = [
  [`glm@${HOST}/api/paas/v4`, "K1"],
  [`glm@http://${HOST}/api/paas/v4/`, "K1"],
  [`glm@HTTP://${HOST}/api/coding/paas/v4`, "K2"],
  ["Coding", "K2"],
  ["Second", "K3"],
  ["glm@K3", "K3"],
  ["glm@K4", "K4"],
  [`glm@http://${HOST}`, "K4"],
  [`glm@http://${HOST}/`, "K4"],
];

test.each(WORDS)("%s is the entry of %s", async (word, envKey) => {
  const at = crowded();
  const token = await qwen(at, ["auth", "token", "-m", word]);
  expect([token.exitCode, token.stdout]).toEqual([0, `sk-of-${envKey}-012345\n`]);
});

test("a logout that leaves several protocols says how to choose", async () => {
  const at = machine();
  at.write(".qwen/settings.json", {
    modelProviders: {
      openai: [{ id: "a", baseUrl: "https://a.example/v1", envKey: "KA" }],
      anthropic: [{ id: "c", baseUrl: "https://c.example", envKey: "KC" }],
    },
    env: { KA: "sk-of-a-0123456789", KC: "sk-of-c-0123456789" },
    model: { name: "a" },
    security: { auth: { selectedType: "openai" } },
  });
  const out = await qwen(at, ["auth", "logout"]);
  expect(out.stderr).toContain(
    "Nothing can be asked now, as several protocols have models and none is selected: " +
      "run `qwen auth switch`",
  );
});

const SLIPS: readonly (readonly [args: readonly string[], hint: string])[] = [
  [["auth", "tokenplan"], "run `qwen auth api-key --provider token-plan`"],
  [["auth", "glm"], "run `qwen auth api-key --provider zai`"],
  [["auth", "key"], "run `qwen auth api-key`"],
  [["auth", "signin"], "run `qwen auth`"],
  [["--api-key", "x"], "write `--openai-api-key KEY`, or run `qwen auth api-key` to store it"],
  [["-k", "x"], "write `--openai-api-key KEY`, or run `qwen auth api-key` to store it"],
  [
    ["--base-url", "http://x"],
    "write `--openai-base-url URL`, or run `qwen auth api-key --base-url URL` to store it",
  ],
];

test.each(SLIPS)("%j names what to write", async (args, hint) => {
  const done = await qwen(machine(), args);
  expect([done.exitCode, done.stdout, done.stderr]).toEqual([
    2,
    "",
    expect.stringContaining(`\nhint: ${hint}\n`),
  ]);
});
