import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { OPENAI } from "../../support/model-answers.ts";
import { machine } from "../../support/qwen.ts";
import { runAll } from "../../support/run-all.ts";
import { scriptedServer } from "../../support/scripted-server.ts";
import { faultsOf, KEY, randomFrom, SPOILS, seeds } from "./spoil.ts";

setDefaultTimeout(60_000);

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
