import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { ANTHROPIC, GEMINI, OPENAI } from "./model-answers.ts";

/**
 * What a service sends as an answer and what is to come of it: a file of `test/fixtures/answers`.
 * A new oddity of a service is a new file.
 */
export type Scenario = {
  readonly name: string;
  /** Who does this, and what. */
  readonly why: string;
  readonly protocol: "openai" | "anthropic" | "gemini";
  /** Pieces of the body as they are sent; a number waits for so many milliseconds. */
  readonly answer: readonly (string | number)[];
  /** How the connection ends: in good order, by a reset, or never, with or without signs of life. */
  readonly then?: "reset" | "stay" | "ping" | "ping-event" | "blank" | "repeat";
  /** What is sent for ever where that is how it ends. */
  readonly repeat?: string;
  readonly expected: {
    readonly text: string;
    readonly reasoning?: string;
    /** What is shown while it arrives, where that cannot be taken back. */
    readonly shown?: string;
    readonly calls?: readonly string[];
    readonly exitCode: number;
    readonly stop_reason?: string;
    readonly stop_reason_raw?: string;
    /** Tokens in, out, and of those in the cached ones. */
    readonly usage?: readonly number[];
    /** The code of the error, and a part of its words. */
    readonly code?: string;
    readonly error?: string;
    /** A part of what a person is told beside a good answer. */
    readonly stderr?: string;
  };
  /** Where we mean to do something else than the vendor's client, and why. */
  readonly sdk?: { readonly why: string; readonly text?: string };
};

const DIRECTORY = join(import.meta.dir, "..", "fixtures", "answers");

export const SCENARIOS: readonly Scenario[] = readdirSync(DIRECTORY)
  .sort()
  .map((file) => ({
    name: file.replace(/\.json$/, ""),
    ...JSON.parse(readFileSync(join(DIRECTORY, file), "utf8")),
  }));

export function speechOf({ protocol }: Scenario): typeof OPENAI {
  return { openai: OPENAI, anthropic: ANTHROPIC, gemini: GEMINI }[protocol];
}

/**
 * Milliseconds that a server is waited for: little where it stays for ever, or else more than any
 * machine takes.
 */
export function patienceWith({ then }: Scenario): number {
  return then === undefined || then === "reset" ? 60_000 : 700;
}

/** The body without its pauses. */
export function bodyOf({ answer }: Scenario): string {
  return answer.filter((piece) => typeof piece === "string").join("");
}

export type ScenarioServer = { readonly origin: string; readonly stop: () => void };

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";

/** Answers every request with the scenario. */
export async function serveScenario(scenario: Scenario): Promise<ScenarioServer> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => open.delete(socket));
    socket.once("data", () => void speak(socket, scenario));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    stop: () => {
      server.close();
      for (const socket of open) {
        socket.destroy();
      }
    },
  };
}

const SIGNS = { ping: ": ping\n\n", "ping-event": 'data: {"type":"ping"}\n\n', blank: "\n" };

async function speak(socket: Socket, { answer, then, repeat = "" }: Scenario): Promise<void> {
  socket.write(HEAD);
  for (const piece of answer) {
    await (typeof piece === "number" ? Bun.sleep(piece) : write(socket, piece));
  }
  switch (then) {
    case undefined:
      socket.end();
      break;
    case "reset":
      socket.resetAndDestroy();
      break;
    case "stay":
      break;
    default:
      while (!socket.destroyed) {
        await write(socket, then === "repeat" ? repeat : SIGNS[then]);
        await Bun.sleep(20);
      }
  }
}

function write(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve) => socket.write(text, () => setImmediate(resolve)));
}
