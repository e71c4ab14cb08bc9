import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OPENAI } from "../../support/model-answers.ts";
import { type Machine, machine, qwen, type Ran } from "../../support/qwen.ts";
import { runAll } from "../../support/run-all.ts";
import { answer, scriptedServer } from "../../support/scripted-server.ts";
import { storedTokens } from "../oauth/oauth-machine.ts";

setDefaultTimeout(60_000);

/** `RANDOM_SEEDS=100 bun test …` searches longer. */
const SEEDS = Number(process.env.RANDOM_SEEDS ?? 1);

const KEY = "sk-0123456789abcdef0123";
const DEAD = "http://127.0.0.1:9";

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

const ESCAPES = "\u001b[31m\u001b]0;title\u0007\u009b1m\u202eevil\u2066\u200b\u007f\u0000\r\b";

type Random = () => number;

/** Numbers from 0 to 1, the same ones for a seed. */
function randomFrom(seed: number): Random {
  let state = seed * 2_654_435_769;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    const more = mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((more ^ mixed ^ (more >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const upTo = (random: Random, limit: number) => Math.floor(random() * limit);

/** Ways of spoiling the bytes of a file. */
const SPOILS: Readonly<Record<string, (sound: Buffer, random: Random) => Buffer>> = {
  "random bytes": (_sound, random) =>
    Buffer.from(Array.from({ length: upTo(random, 400) }, () => upTo(random, 256))),
  "changed bytes": (sound, random) => {
    const bytes = Buffer.from(sound);
    for (let count = 0; count < 3; count += 1) {
      bytes[upTo(random, bytes.length)] = upTo(random, 256);
    }
    return bytes;
  },
  "escapes and a cut": (sound, random) => {
    const at = upTo(random, sound.length);
    const until = random() < 0.5 ? sound.length : at + upTo(random, sound.length - at);
    return Buffer.concat([sound.subarray(0, at), Buffer.from(ESCAPES), sound.subarray(at, until)]);
  },
  "a text with escapes": (sound, random) => {
    const texts = [...sound.toString().matchAll(/[A-Za-z]{3,}/g)];
    const { index = 0 } = texts[upTo(random, texts.length)] ?? {};
    const escaped = JSON.stringify(ESCAPES).slice(1, -1);
    return Buffer.from(
      `${sound.toString().slice(0, index + 1)}${escaped}${sound.toString().slice(index + 1)}`,
    );
  },
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

const DANGEROUS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be printed
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/;

/** What is wrong with what a command printed; the key itself comes out as it is. */
function faultsOf(args: readonly string[], { exitCode, stdout, stderr }: Ran): readonly string[] {
  const isVerbatim = ["token", "env"].includes(args[1] ?? "");
  const shown = isVerbatim ? stderr : stdout + stderr;
  return [
    ...([0, 1, 2, 3, 4, 5].includes(exitCode) ? [] : [`ended with ${exitCode}`]),
    ...(/Unexpected failure|Bun v1|TypeError/.test(shown) ? [`a bug: ${shown}`] : []),
    ...(!args.includes("--debug") && / {4}at /.test(shown) ? [`a stack: ${shown}`] : []),
    ...(DANGEROUS.test(shown) ? [`raw: ${JSON.stringify(shown)}`] : []),
  ];
}

const bytesOf = (path: string) => (existsSync(path) ? readFileSync(path) : Buffer.from(""));

const seeds = Array.from({ length: SEEDS }, (_, seed) => seed);
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

describe("every command ends by itself, says why, and prints no raw byte of an answer of", () => {
  const SPEECH = OPENAI.text("Hello") + OPENAI.finish;
  const DEVICE = JSON.stringify({
    device_code: "d",
    user_code: "ABCD",
    verification_uri: "https://x.test/",
    verification_uri_complete: "https://x.test/?c=ABCD",
    expires_in: 1,
    interval: 1,
  });
  const LIST = JSON.stringify({ data: [{ id: "m", name: "M", context_length: 5 }] });
  const REFUSAL = JSON.stringify({ error: { message: "no such thing", code: "x", param: "y" } });
  const head = (status: number, type: string) =>
    `HTTP/1.1 ${status} Reason\r\ncontent-type: ${type}\r\nconnection: close\r\n\r\n`;
  /** Whole answers, heads and all, before they are spoiled. */
  const ANSWERS: Readonly<Record<string, string>> = {
    "a stream": head(200, "text/event-stream") + SPEECH,
    "a list": head(200, "application/json") + LIST,
    "a refusal": head(401, "application/json") + REFUSAL,
    "a refusal that is no JSON": `${head(400, "text/plain")}no such thing`,
    "a redirect": head(307, "text/plain").replace("\r\n\r\n", "\r\nlocation: /v1/other\r\n\r\n"),
    "a device login": head(200, "application/json") + DEVICE,
  };
  const COMMANDS: readonly string[][] = [
    ["-p", "Hi"],
    ["-p", "Hi", "-o", "json"],
    ["models", "--remote"],
    ["models", "--remote", "--json"],
    ["auth", "status", "--verify"],
    ["auth", "list", "--verify", "--json"],
    ["auth", "qwen-oauth", "--force", "--no-browser"],
    ["doctor", "--network"],
  ];
  const answers = Object.keys(ANSWERS).flatMap((name) =>
    Object.keys(SPOILS).map((spoil) => ({ name, spoil })),
  );

  const PROTOCOLS = ["openai", "anthropic", "gemini"];
  const rounds = seeds.flatMap((seed) => PROTOCOLS.map((protocol) => ({ seed, protocol })));

  test.each(answers)("a server: $name with $spoil", async ({ name, spoil }) => {
    for (const { seed, protocol } of rounds) {
      const random = randomFrom(seed * 1000 + Bun.hash.crc32(`${name} ${spoil} ${protocol}`));
      const bytes = SPOILS[spoil]?.(Buffer.from(ANSWERS[name] ?? ""), random) ?? "";
      const { origin } = await scriptedServer((socket) => {
        socket.end(bytes);
      });
      const at = machine();
      at.write(".qwen/settings.json", {
        modelProviders: { [protocol]: [{ id: "m", baseUrl: `${origin}/v1`, envKey: "MY_KEY" }] },
        model: { name: "m", generationConfig: { maxRetries: 0 } },
        security: { auth: { selectedType: protocol } },
        env: { MY_KEY: KEY },
      });
      const env = { QWEN_OAUTH_BASE_URL: origin };
      for (const [args, ran] of await runAll(at, COMMANDS, { env })) {
        // The answer itself is written as it is where nobody looks at it.
        const shown = args === COMMANDS[0] ? { ...ran, stdout: "" } : ran;
        const faults = faultsOf(args, shown);
        expect({ seed, protocol, args, faults }).toEqual({ seed, protocol, args, faults: [] });
      }
    }
  });
});
