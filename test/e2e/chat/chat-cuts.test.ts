import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { OPENAI, SPEECHES, sse } from "../../support/model-answers.ts";
import { QWEN } from "../../support/qwen.ts";
import { cut, scriptedServer, silence, stream } from "../../support/scripted-server.ts";
import { cannotFinish, chatMachine, checkFault, expectNoKey } from "./chat-machine.ts";

setDefaultTimeout(60_000);

const OK = stream([OPENAI.text("Hel"), OPENAI.text("lo"), OPENAI.finish]);

describe("qwen keeps what came before", () => {
  const partial = { exitCode: 5, stdout: "Hel\n" };

  test.each(SPEECHES)("a cut ($protocol)", async (speech) => {
    const seen = Promise.withResolvers<void>();
    const broken = stream([speech.text("Hel")], async (socket) => {
      await seen.promise;
      await cut(socket);
    });
    const { origin, requests } = await scriptedServer(broken, OK);
    const at = chatMachine(origin, { speech });
    const { project, env } = at;
    const options = { cwd: project, env, stdout: "pipe", stderr: "pipe" } as const;
    const child = Bun.spawn([QWEN, "-p", "Hi"], { ...options, stdin: "ignore" });
    let stdout = "";
    for await (const bytes of child.stdout) {
      stdout += new TextDecoder().decode(bytes);
      seen.resolve();
    }
    const ran = { exitCode: await child.exited, stdout, stderr: await child.stderr.text() };
    expectNoKey(ran);
    expect(ran).toEqual({
      ...partial,
      stderr: cannotFinish(`${new URL(origin).host}: the connection was closed in the middle`),
    });
    expect(requests).toHaveLength(1);
  });

  test.each(SPEECHES)("a silence ($protocol)", async (speech) => {
    await checkFault({
      ...partial,
      speech,
      replies: [stream([speech.text("Hel")], silence), OK],
      env: { QWEN_STREAM_IDLE_TIMEOUT_MS: "500" },
      stderr: cannotFinish("HOST: nothing came for 0.5 s"),
    });
  });

  test.each(SPEECHES)("an error in the middle ($protocol)", async (speech) => {
    const code = speech.protocol === "anthropic" ? "overloaded_error" : "503";
    await checkFault({
      ...partial,
      speech,
      replies: [stream([speech.text("Hel"), speech.overloaded]), OK],
      stderr: cannotFinish(`HOST has a problem (${code}: Overloaded)`),
    });
  });

  const endless = ["data: ", ...Array.from({ length: 9 }, () => "a".repeat(1024 * 1024))];
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ["an end that is too early", [], "the stream ended without a finish reason"],
    ["a chunk that is malformed", [sse("{")], "an event of the stream is not valid JSON"],
    ["a line that never ends", endless, "a line of the stream is longer than 8 MiB"],
  ];
  test.each(cases)("%s", async (_name, pieces, why) => {
    const replies = [stream([OPENAI.text("Hel"), ...pieces]), OK];
    await checkFault({ ...partial, replies, stderr: cannotFinish(`HOST: ${why}`) });
  });
});
