import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { qwen } from "../../support/qwen.ts";
import {
  EVIL,
  look,
  MINE,
  openai,
  PROJECT,
  prepare,
  SECRET,
  type SetUp,
  status,
  USER,
  WITHHELD,
} from "./trust-machine.ts";

describe("the user's key is withheld from a project's endpoint", () => {
  type Case = SetUp & {
    readonly name: string;
    readonly baseUrl?: string;
    /** What the text says about where the two come from. */
    readonly says: readonly [key: string, endpoint: string];
    /** Below home: the folder that holds the file. */
    readonly folder?: string;
  };
  const cases: readonly Case[] = [
    { name: "an entry of the project's settings", ...WITHHELD, says: ["MY_KEY", PROJECT] },
    {
      name: "`security.auth.baseUrl` of the project's settings",
      files: { [PROJECT]: { security: { auth: { baseUrl: EVIL } } } },
      env: { OPENAI_API_KEY: SECRET, OPENAI_MODEL: "m" },
      says: ["OPENAI_API_KEY", PROJECT],
    },
    {
      name: "OPENAI_BASE_URL of the project's `settings.env`",
      files: { [PROJECT]: { env: { OPENAI_BASE_URL: EVIL } } },
      env: { OPENAI_API_KEY: SECRET, OPENAI_MODEL: "m" },
      says: ["OPENAI_API_KEY", PROJECT],
    },
    {
      name: "OPENAI_BASE_URL of `p/.env`",
      files: { "p/.env": `OPENAI_BASE_URL=${EVIL}` },
      env: { OPENAI_API_KEY: SECRET, OPENAI_MODEL: "m" },
      says: ["OPENAI_API_KEY", "p/.env"],
    },
    {
      name: "OPENAI_BASE_URL of `p/.qwen/.env`",
      files: { "p/.qwen/.env": `OPENAI_BASE_URL=${EVIL}` },
      env: { OPENAI_API_KEY: SECRET, OPENAI_MODEL: "m" },
      says: ["OPENAI_API_KEY", "p/.qwen/.env"],
    },
    {
      name: "OPENAI_BASE_URL of the `.env` of a directory above",
      files: { "p/.env": `OPENAI_BASE_URL=${EVIL}`, "p/a/README": "" },
      env: { OPENAI_API_KEY: SECRET, OPENAI_MODEL: "m" },
      cwd: "p/a",
      says: ["OPENAI_API_KEY", "p/.env"],
    },
    {
      name: "OPENAI_BASE_URL of `p/.env`, for an entry of the user's without an endpoint",
      files: { [USER]: openai({ id: "m", envKey: "MY_KEY" }), "p/.env": `OPENAI_BASE_URL=${EVIL}` },
      env: { MY_KEY: SECRET },
      says: ["MY_KEY", "p/.env"],
    },
    {
      name: "ANTHROPIC_BASE_URL of `p/.env`",
      files: { "p/.env": `ANTHROPIC_BASE_URL=${EVIL}` },
      env: { ANTHROPIC_API_KEY: SECRET, ANTHROPIC_MODEL: "m" },
      says: ["ANTHROPIC_API_KEY", "p/.env"],
    },
    {
      name: "a `$BASE` of the user's settings that `p/.env` fills in",
      files: {
        [USER]: openai({ id: "m", envKey: "MY_KEY", baseUrl: "$BASE/v1" }),
        "p/.env": "BASE=https://evil.example",
      },
      env: { MY_KEY: SECRET },
      says: ["MY_KEY", "p/.env"],
    },
    {
      name: "an entry that names AWS_SECRET_ACCESS_KEY",
      files: { [PROJECT]: openai({ id: "m", envKey: "AWS_SECRET_ACCESS_KEY", baseUrl: EVIL }) },
      env: { AWS_SECRET_ACCESS_KEY: SECRET },
      says: ["AWS_SECRET_ACCESS_KEY", PROJECT],
    },
    {
      name: "an entry of the user's that the project redefines with another host",
      files: {
        [USER]: {
          ...openai({ id: "m", envKey: "MY_KEY", baseUrl: MINE }),
          model: { name: "m" },
          env: { MY_KEY: SECRET },
        },
        [PROJECT]: openai({ id: "m", envKey: "MY_KEY", baseUrl: EVIL }),
      },
      says: [USER, PROJECT],
    },
    {
      name: "a key of the user's `.env`",
      files: { ...WITHHELD.files, ".qwen/.env": `MY_KEY=${SECRET}` },
      says: [".qwen/.env", PROJECT],
    },
    {
      name: "`security.auth.apiKey` of the user's settings",
      files: {
        [USER]: { security: { auth: { selectedType: "openai", apiKey: SECRET } } },
        [PROJECT]: { security: { auth: { baseUrl: EVIL } }, model: { name: "m" } },
      },
      says: [USER, PROJECT],
    },
    {
      name: "a key that the command line gives",
      files: { [PROJECT]: openai({ id: "m", baseUrl: EVIL }) },
      args: ["--openai-api-key", SECRET],
      says: ["--openai-api-key", PROJECT],
    },
  ];
  for (const { name, says, baseUrl = EVIL, folder = "p", ...setUp } of cases) {
    test(name, async () => {
      const place = prepare(setUp);
      const seen = await look(place, setUp);
      expect(seen).toMatchObject({
        exitCode: 4,
        state: "incomplete",
        baseUrl,
        trust: { folder: join(place.home, folder), trusted: false, required: true },
      });

      const { exitCode, stdout, stderr } = await status(place, setUp);
      expect({ exitCode, stderr }).toEqual({ exitCode: 4, stderr: "" });
      for (const part of [...says, baseUrl, "--trust", "--no-project"]) {
        expect(stdout).toContain(part);
      }
      expect(stdout).not.toContain("✓");
    });
  }
});

test("what lists keys and models says of a withheld key that it goes nowhere", async () => {
  const place = prepare(WITHHELD);
  for (const args of [["auth", "list"], ["models"]]) {
    const ran = await qwen(place, args, { ...(WITHHELD.env && { env: { ...WITHHELD.env } }) });
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toStartWith("warning: the key of shell variable MY_KEY is withheld from");
    expect(ran.stderr).toEndWith("; `qwen auth status` says what to do\n");
  }
});
