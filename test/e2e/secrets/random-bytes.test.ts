import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { runAll } from "../../support/run-all.ts";
import { answer, scriptedServer } from "../../support/scripted-server.ts";
import { storedTokens } from "../oauth/oauth-machine.ts";
import { DEAD, ESCAPES, faultsOf, KEY, randomFrom, SPOILS, seeds } from "./spoil.ts";

setDefaultTimeout(60_000);

/** What stands in every file before it is spoiled. */
const SOUND: Readonly<Record<string, string>> = {
  ".qwen/settings.json": JSON.stringify({
    $version: 4,
    modelProviders: {
      openai: [{ id: "m", baseUrl: `${DEAD}/v1`, envKey: "MY_KEY", generationConfig: {} }],
      anthropic: [{ id: "c", baseUrl: DEAD, envKey: "$NAME" }],
    },
    model: { name: "m", generationConfig: { maxRetries: 0, customHeaders: { "x-a": "b" } } },
    security: { auth: { selectedType: "openai", keyring: [] } },
    env: { MY_KEY: KEY, NAME: "MY_KEY" },
    apiKeyHelper: { OTHER: "true" },
  }),
  "p/.qwen/settings.json": JSON.stringify({ model: { name: "m" }, env: { A: "$B" } }),
  "system/settings.json": JSON.stringify({ model: { generationConfig: { maxRetries: 0 } } }),
  "p/.env": `MY_KEY="${KEY}"\nexport B='x' # y\nOPENAI_BASE_URL=${DEAD}\n`,
  "p/.qwen/.env": `MY_KEY=${KEY}\nA=\`b\`\n`,
  ".qwen/.env": `MY_KEY=${KEY}\nHTTPS_PROXY=${DEAD}\n`,
  ".qwen/trustedFolders.json": JSON.stringify({ "/srv": "TRUST_FOLDER", "/x": "TRUST_PARENT" }),
  ".qwen/oauth_creds.json": JSON.stringify(storedTokens()),
  "key.txt": KEY,
  "ca.pem": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
};

const LOOKING = (origin: string): readonly string[][] => [
  ["auth"],
  ["auth", "status"],
  ["auth", "status", "--json", "--trust"],
  ["auth", "list"],
  ["auth", "list", "--json"],
  ["auth", "token"],
  ["auth", "env", "--trust"],
  ["models"],
  ["models", "--json"],
  ["models", "--remote"],
  ["doctor"],
  ["doctor", "--json"],
  ["trust", "--list"],
  ["trust", "--list", "--json"],
  ["__complete", "2", "--", "auth", "switch", ""],
  ["auth", "status", "--debug"],
  ["-p", "Hi", "--openai-base-url", `${origin}/v1`, "--openai-api-key", KEY, "-m", "x"],
  ["-p", "Hi", "-o", "json", "--auth-type", "qwen-oauth"],
  ["auth", "status", "--verify", "--ca-cert", "../ca.pem"],
];

const WRITING: readonly string[][] = [
  ["auth", "coding-plan", "-r", "china", "--key-file", "../key.txt", "--json"],
  ["auth", "api-key", "--provider", "deepseek", "--key-file", "../key.txt", "--store", "env-file"],
  ["trust"],
  ["auth", "switch", "m"],
  ["auth", "qwen-oauth", "--force"],
  ["auth", "logout"],
  ["auth", "logout", "--all", "--json"],
];

const bytesOf = (path: string) => (existsSync(path) ? readFileSync(path) : Buffer.from(""));

const rows = Object.keys(SOUND).flatMap((file) =>
  Object.keys(SPOILS).map((spoil) => ({ file, spoil })),
);

describe("every command ends by itself, says why, and prints no raw byte of", () => {
  test.each(rows)("$file with $spoil", async ({ file, spoil }) => {
    const { origin } = await scriptedServer(answer(400, { error: { message: `no ${ESCAPES}` } }));
    const env = { QWEN_OAUTH_BASE_URL: DEAD };
    for (const seed of seeds) {
      const at = machine();
      const bytes = spoiled(at, { file, spoil, seed });
      const path = join(at.home, file);
      const looked = await runAll(at, LOOKING(origin), { env });
      for (const [args, ran] of looked) {
        expect({ seed, args, faults: faultsOf(args, ran) }).toEqual({ seed, args, faults: [] });
      }
      expect(bytesOf(path).equals(bytes)).toBe(true);
      for (const args of WRITING) {
        const before = bytesOf(path);
        const ran = await qwen(at, args, { env });
        expect({ seed, args, faults: faultsOf(args, ran) }).toEqual({ seed, args, faults: [] });
        const isKept = bytesOf(path).equals(before);
        expect({ seed, args, isKept: isKept || ran.exitCode === 0 }).toEqual({
          seed,
          args,
          isKept: true,
        });
      }
    }
  });

  function spoiled(
    at: Machine,
    { file, spoil, seed }: { readonly file: string; readonly spoil: string; readonly seed: number },
  ): Buffer {
    // Each `.env` hides the ones behind it.
    const isDotenv = file.endsWith(".env");
    const sound = Object.entries(SOUND).filter(([name]) => !(isDotenv && name.endsWith(".env")));
    for (const [name, text] of [...sound, [file, SOUND[file] ?? ""] as const]) {
      at.write(name, text);
    }
    const random = randomFrom(seed * 1000 + Bun.hash.crc32(`${file} ${spoil}`));
    const bytes = SPOILS[spoil]?.(Buffer.from(SOUND[file] ?? ""), random) ?? Buffer.from("");
    writeFileSync(join(at.home, file), bytes);
    return bytes;
  }
});
