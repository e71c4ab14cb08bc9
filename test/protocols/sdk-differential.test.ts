import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ChatEvent } from "../../src/protocols/chat-event.ts";
import { ANTHROPIC, GEMINI, OPENAI, SPEECHES } from "../support/model-answers.ts";
import { answer, type Reply, scriptedServer, stream } from "../support/scripted-server.ts";
import { ask } from "./ask.ts";
import { askOfficialSdk, nothingSaid, type Said } from "./official-sdks.ts";

const DIRECTORY = join(import.meta.dir, "..", "fixtures", "sse");
const FILES = readdirSync(DIRECTORY)
  .filter((name) => name.endsWith(".txt"))
  .sort();

const HELLO = { text: "Hello", finish: "stop" };
const READ = { ...HELLO, failure: undefined };

/** Where we mean to do something else than the vendor's client, and why. */
const DIFFERENCES: Readonly<
  Record<string, { readonly why: string; readonly sdk: object; readonly ours: object }>
> = {
  "synthetic-anthropic-noeventline.txt": {
    why: "gateways leave the `event:` lines out; the SDK then hears nothing at all",
    sdk: { text: "", finish: undefined, error: undefined },
    ours: READ,
  },
  "synthetic-anthropic-malformed.txt": {
    why: "the broken event has no `event:` line, so that the SDK passes over it",
    sdk: { ...HELLO, error: undefined },
    ours: { failure: expect.objectContaining({ kind: "malformed" }) },
  },
  "synthetic-gemini-multidata.txt": {
    why: "an event may have several `data:` lines; the SDK does not know that",
    sdk: { text: "", error: expect.any(SyntaxError) },
    ours: READ,
  },
  "synthetic-gemini-nofinalblank.txt": {
    why: "a proxy may take the last blank line away; the answer is complete",
    sdk: { text: "Hello", error: expect.any(Error) },
    ours: READ,
  },
  "synthetic-gemini-promptblock.txt": {
    why: "a refused prompt is no empty answer; the SDK leaves that to its caller",
    sdk: { text: "", finish: undefined, error: undefined },
    ours: { text: "", failure: expect.objectContaining({ kind: "blocked" }) },
  },
  "synthetic-vllm-error.txt": {
    why: "vLLM's error event is no chunk; the SDK hands it over as if it were one",
    sdk: { text: "", finish: undefined, error: undefined },
    ours: { text: "", failure: expect.objectContaining({ message: "boom" }) },
  },
};

describe("the vendor's client and ours make the same of", () => {
  test.each(FILES.filter((file) => !(file in DIFFERENCES)))("%s", async (file) => {
    const { sdk, ours } = await askBoth(file);
    const { failure, ...said } = ours;
    const { error, ...saidBySdk } = sdk;
    expect({ ...said, hasFailed: failure !== undefined }).toEqual({
      ...saidBySdk,
      hasFailed: error !== undefined,
    });
  });
});

describe("the vendor's client and ours differ, as", () => {
  const rows = Object.entries(DIFFERENCES).map(([file, row]) => ({ file, ...row }));
  test.each(rows)("$why", async (row) => {
    expect(FILES).toContain(row.file);
    const both = await askBoth(row.file);
    expect(both.sdk).toEqual(expect.objectContaining(row.sdk));
    expect(both.ours).toEqual(expect.objectContaining(row.ours));
  });
});

/** Each class of the vendors' errors is one kind of failure; genai has one class for all. */
const STATUSES = [
  [400, "BadRequestError", "BadRequestError", "bad-request"],
  [401, "AuthenticationError", "AuthenticationError", "rejected"],
  [403, "PermissionDeniedError", "PermissionDeniedError", "forbidden"],
  [404, "NotFoundError", "NotFoundError", "not-found"],
  // Asked again, as the SDKs do.
  [409, "ConflictError", "ConflictError", "server-error"],
  [422, "UnprocessableEntityError", "UnprocessableEntityError", "bad-request"],
  [429, "RateLimitError", "RateLimitError", "rate-limited"],
  [500, "InternalServerError", "InternalServerError", "server-error"],
  [529, "InternalServerError", "OverloadedError", "server-error"],
] as const;

describe.each(STATUSES)("an answer with status %i", (status, openai, anthropic, kind) => {
  test.each(SPEECHES)("of $protocol", async (speech) => {
    const reply = answer(status, { error: { message: "No", type: "some_error" } });
    const { protocol } = speech;
    const { error } = await askOfficialSdk(protocol, await originOf(reply));
    expect(error).toMatchObject({ status });
    const name = { openai, anthropic, gemini: "ApiError" }[protocol];
    expect(error instanceof Error && error.constructor.name).toBe(name);
    const outcome = await ask({
      origin: await originOf(reply),
      speech,
      options: { maxRetries: 0 },
    });
    expect(outcome).toMatchObject({ events: [], failure: { status, kind, message: "No" } });
  });
});

async function askBoth(file: string) {
  const bytes = readFileSync(join(DIRECTORY, file));
  const speech = speechOf(file);
  const origin = await originOf(stream([bytes]));
  const { events, failure } = await ask({ origin, speech, options: { maxRetries: 0 } });
  return {
    sdk: await askOfficialSdk(speech.protocol, origin),
    ours: { ...saidIn(events), failure },
  };
}

/** Names of files that name no protocol are those of OpenAI-compatible servers. */
function speechOf(file: string): typeof OPENAI {
  const named = [ANTHROPIC, GEMINI].find(({ protocol }) => file.includes(protocol));
  return named ?? OPENAI;
}

async function originOf(reply: Reply): Promise<string> {
  return (await scriptedServer(reply)).origin;
}

function saidIn(events: readonly ChatEvent[]): Omit<Said, "error"> {
  const { error: _, ...said } = nothingSaid();
  for (const event of events) {
    if (event.kind === "text-delta") {
      said.text += event.text;
    } else if (event.kind === "tool-call") {
      said.calls.push([event.name, event.arguments]);
    } else if (event.kind === "finish") {
      said.finish = event.reason;
    } else if (event.kind === "usage") {
      const { inputTokens, outputTokens } = event.usage;
      said.usage = { inputTokens, outputTokens };
    }
  }
  return said;
}
