import { expect } from "bun:test";
import { OPENAI } from "../../support/model-answers.ts";
import { type Machine, machine, qwen, type Ran } from "../../support/qwen.ts";
import { type Reply, scriptedServer } from "../../support/scripted-server.ts";

export const KEY = "sk-0123456789abcdef0123";

type Configured = {
  readonly speech?: typeof OPENAI;
  readonly generationConfig?: object;
  /** Fields of the entry over the usual ones. */
  readonly entry?: object;
};

/** A machine whose model "m" is at this origin, and who has the key for it. */
export function chatMachine(
  origin: string,
  { speech = OPENAI, generationConfig = {}, entry }: Configured = {},
): Machine {
  const at = machine();
  const { protocol, basePath } = speech;
  const baseUrl = `${origin}${basePath}`;
  at.write(".qwen/settings.json", {
    modelProviders: {
      [protocol]: [{ id: "m", envKey: "TEST_KEY", baseUrl, generationConfig, ...entry }],
    },
    model: { name: "m" },
    security: { auth: { selectedType: protocol } },
    env: { TEST_KEY: KEY },
  });
  return at;
}

export type Fault = {
  readonly replies: readonly Reply[];
  readonly speech?: typeof OPENAI;
  readonly generationConfig?: object;
  readonly env?: Record<string, string>;
  readonly exitCode: number;
  readonly stdout?: string;
  /** HOST stands for host and port of the server. */
  readonly stderr: string;
  readonly requests?: number;
};

/** `Cannot ask`, and a hint if there is one, as a terminal shows them. */
export function cannotAsk(why: string, hint?: string): string {
  return `error: Cannot ask "m": ${why}\n${hint === undefined ? "" : `\nhint: ${hint}\n`}`;
}

/** The same for an answer that had begun. */
export function cannotFinish(why: string): string {
  return `error: Cannot get the rest of the answer of "m": ${why}\n`;
}

export async function checkFault(fault: Fault): Promise<void> {
  const { replies, speech = OPENAI, generationConfig = {}, env = {} } = fault;
  const { origin, requests } = await scriptedServer(...replies);
  const at = chatMachine(origin, { speech, generationConfig });
  const ran = await qwen(at, ["-p", "Hi"], { env });
  expectNoKey(ran);
  expect({ ...ran, requests: requests.length }).toEqual({
    exitCode: fault.exitCode,
    stdout: fault.stdout ?? "",
    stderr: fault.stderr.replaceAll("HOST", new URL(origin).host),
    requests: fault.requests ?? 1,
  });
}

export function expectNoKey({ stdout, stderr }: Ran): void {
  expect(stdout).not.toContain(KEY);
  expect(stderr).not.toContain(KEY);
}
