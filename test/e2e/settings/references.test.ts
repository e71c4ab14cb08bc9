import { describe, expect } from "bun:test";
import { ENTRY, MINE, openai, runCases, USER, user } from "./precedence-machine.ts";

function inBraces(name: string): string {
  return ["${", name, "}"].join("");
}

describe("variables in settings", () => {
  const at = (baseUrl: string): object => openai({ id: "m", envKey: "MY_KEY", baseUrl });
  const mine = `${MINE} < ${user("baseUrl")}`;
  const braced = `https://${inBraces("MY_HOST")}/v1`;
  const unknown = `$NOBODY-${inBraces("NOTHING:-x")}`;
  runCases([
    {
      name: "are replaced from the shell",
      files: { [USER]: at("https://$MY_HOST/v1") },
      env: () => ({ MY_HOST: "mine.example" }),
      expected: { baseUrl: mine },
    },
    {
      name: "are replaced in braces",
      files: { [USER]: at(braced) },
      env: () => ({ MY_HOST: "mine.example" }),
      expected: { baseUrl: mine },
    },
    {
      name: "are replaced from the user's `.env`",
      files: { [USER]: at(braced), ".qwen/.env": "MY_HOST=mine.example" },
      expected: { baseUrl: mine },
    },
    {
      name: "are replaced from a project's `.env`, which makes the value the project's",
      files: { [USER]: at(braced), "p/.env": "MY_HOST=mine.example" },
      expected: { baseUrl: `${mine} [project]` },
    },
    {
      name: "are replaced from `settings.env`",
      files: { [USER]: { ...at(braced), env: { MY_HOST: "mine.example" } } },
      expected: { baseUrl: mine },
    },
    {
      name: "are replaced from the shell before the `.env`",
      files: { [USER]: at(braced), "p/.env": "MY_HOST=other.example" },
      env: () => ({ MY_HOST: "mine.example" }),
      expected: { baseUrl: mine },
    },
    {
      name: "are replaced in a key, from the `.env`",
      files: {
        [USER]: { ...ENTRY, env: { MY_KEY: "$REAL_KEY" } },
        ".env": "REAL_KEY=sk-0123456789abcdefghij",
      },
      expected: { exitCode: 0, key: "user env.MY_KEY", masked: "sk-…ghij" },
    },
    {
      name: "are replaced in a key from a project's `.env`, which makes it the project's",
      files: {
        [USER]: { ...ENTRY, env: { MY_KEY: "$REAL_KEY" } },
        "p/.env": "REAL_KEY=sk-0123456789abcdefghij",
      },
      expected: { exitCode: 0, key: "user env.MY_KEY [project]", masked: "sk-…ghij" },
    },
    {
      name: "are left as they are when unknown",
      files: { [USER]: { model: { name: unknown } } },
      env: () => ({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: MINE }),
      expected: { exitCode: 0, model: `${unknown} < user model.name` },
    },
    {
      name: "are not looked for in what replaced them",
      files: { [USER]: { model: { name: "$OUTER" } } },
      env: () => ({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: MINE, OUTER: "$INNER", INNER: "x" }),
      expected: { exitCode: 0, model: "$INNER < user model.name" },
    },
  ]);
});

describe("`settings.env` of another type than a string", () => {
  runCases([
    {
      name: "is a warning with its path, and not taken",
      files: { [USER]: { ...ENTRY, env: { MY_KEY: 7 } } },
      expected: { exitCode: 4, key: "none", warnings: [expect.stringContaining("env.MY_KEY")] },
      says: [USER],
    },
  ]);
});
