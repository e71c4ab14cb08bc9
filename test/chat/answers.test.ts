import { describe, expect, test } from "bun:test";
import { showAnswer } from "../../src/chat/screen/show-answer.ts";
import { PLAIN } from "../../src/terminal/style.ts";
import { rememberingHttp } from "../protocols/ask.ts";
import { patienceWith, SCENARIOS, serveScenario, speechOf } from "../support/answers.ts";
import { openScreen, screenOutput } from "../support/screen.ts";

describe("a session shows of an answer what its service means, once:", () => {
  test.each(SCENARIOS)("$name", async (scenario) => {
    const { text, exitCode, code, error = "", stderr = "" } = scenario.expected;
    const limit = patienceWith(scenario);
    const server = await serveScenario(scenario);
    const { protocol, basePath } = speechOf(scenario);
    const screen = openScreen({ cols: 100, rows: 12 });
    const turn = await showAnswer(
      {
        http: rememberingHttp(),
        endpoint: {
          protocol,
          baseUrl: `${server.origin}${basePath}`,
          credential: undefined,
          customHeaders: {},
        },
        request: { model: "m" },
        limits: { timeoutMs: limit, idleTimeoutMs: limit, maxRetries: 0 },
        keyName: undefined,
      },
      [{ role: "user", text: "Hi" }],
      {
        stdout: screenOutput(screen),
        terminal: screen,
        style: PLAIN,
        env: {},
        now: Date.now,
        showsThinking: false,
        signal: new AbortController().signal,
      },
    );
    server.stop();
    expect(turn).toMatchObject({ kind: exitCode === 0 ? "answered" : "failed", text });
    expect(screen.text().split(text)).toHaveLength(text === "" ? screen.text().length : 2);
    expect(screen.text()).toContain(stderr);
    if (turn.kind === "failed") {
      expect(turn.error).toMatchObject({ code, message: expect.stringContaining(error) });
    }
  });
});
