import { expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { machine, qwen } from "../../support/qwen.ts";

setDefaultTimeout(60_000);

/** Settings replace `$NAME` wherever it stands, so a key with such a part cannot stay whole there. */
const PARTS = [
  "sk-0123456789$HOME",
  `sk-0123$${"{HOME}"}456789`,
  "sk-01234567$word9",
  "pa$$word0123",
];

const LOGIN = ["auth", "api-key", "--provider", "deepseek", "--key-stdin", "--no-verify"];

test.each(PARTS)("a key such as %s is not put where it would become another", async (key) => {
  const at = machine();
  at.write(".qwen/settings.json", { model: { name: "mine" } });
  const before = readFileSync(at.settings, "utf8");
  const refused = await qwen(at, LOGIN, { stdin: key });
  expect([refused.exitCode, refused.stderr]).toEqual([
    2,
    "error: Cannot write this key to settings: a part of it would be taken for a variable " +
      "(`$NAME`)\n\nhint: add `--store env-file`\n",
  ]);
  expect(readFileSync(at.settings, "utf8")).toBe(before);
  const saved = await qwen(at, [...LOGIN, "--store", "env-file"], { stdin: key });
  expect(saved.exitCode).toBe(0);
  expect(await qwen(at, ["auth", "token"])).toEqual({
    exitCode: 0,
    stdout: `${key}\n`,
    stderr: "",
  });
});

test.each(["$DEEPSEEK_API_KEY", `$${"{DEEPSEEK_API_KEY}"}`, "'$MY_KEY'"])(
  "%s is the name of a variable and no key",
  async (key) => {
    const at = machine();
    for (const store of ["settings", "env-file"]) {
      const refused = await qwen(at, [...LOGIN, "--store", store], { stdin: key });
      expect([refused.exitCode, refused.stderr]).toEqual([
        2,
        expect.stringContaining("it is the name of a variable, which nothing replaced"),
      ]);
    }
  },
);

test.each(["sk-0123456789$", "sk-$-0123456789", "$", "sk-{HOME}-0123456789"])(
  "%s has no name in it",
  async (key) => {
    const at = machine();
    expect((await qwen(at, LOGIN, { stdin: key })).exitCode).toBe(0);
    expect((await qwen(at, ["auth", "token"])).stdout).toBe(`${key}\n`);
  },
);
