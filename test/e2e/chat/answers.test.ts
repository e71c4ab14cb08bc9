import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  patienceWith,
  SCENARIOS,
  type Scenario,
  serveScenario,
  speechOf,
} from "../../support/answers.ts";
import { qwen, type Ran } from "../../support/qwen.ts";
import { chatMachine } from "./chat-machine.ts";

setDefaultTimeout(60_000);

async function run(scenario: Scenario, args: readonly string[]): Promise<Ran> {
  const server = await serveScenario(scenario);
  const limit = patienceWith(scenario);
  const generationConfig = { maxRetries: 0, timeout: limit };
  const at = chatMachine(server.origin, { speech: speechOf(scenario), generationConfig });
  const env = { QWEN_STREAM_IDLE_TIMEOUT_MS: String(limit) };
  const ran = await qwen(at, ["-p", "Hi", ...args], { env });
  server.stop();
  return ran;
}

describe("qwen makes of an answer what its service means:", () => {
  test.each(SCENARIOS)("$name", async (scenario) => {
    const { text, exitCode, code, error = "", stderr = "", usage } = scenario.expected;
    const told = scenario.expected.shown ?? text;
    const [shown, kept] = await Promise.all([run(scenario, []), run(scenario, ["-o", "json"])]);
    expect(shown).toMatchObject({
      exitCode,
      stdout: told === "" ? "" : told.replace(/\n?$/, "\n"),
    });
    expect(shown.stderr).toContain(stderr);
    expect(shown.stderr).toContain(error);
    const result = JSON.parse(kept.stdout);
    expect({ exitCode: kept.exitCode, is_error: result.is_error }).toEqual({
      exitCode,
      is_error: exitCode !== 0,
    });
    expect(result.result ?? result.partial_result ?? "").toBe(text);
    expect(result.error?.code).toBe(code);
    expect(result.stop_reason).toBe(scenario.expected.stop_reason);
    expect(result.stop_reason_raw).toBe(scenario.expected.stop_reason_raw);
    if (usage !== undefined) {
      const { input_tokens, output_tokens, cache_read_input_tokens } = result.usage;
      const counted = [input_tokens, output_tokens, cache_read_input_tokens];
      expect(counted.filter((count) => count !== undefined)).toEqual([...usage]);
    }
  });
});
