import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { ANTHROPIC, GEMINI, OPENAI, SPEECHES, sse } from "../../support/model-answers.ts";
import { qwen } from "../../support/qwen.ts";
import {
  answer,
  cut,
  deadOrigin,
  type Reply,
  scriptedServer,
  silence,
  stream,
} from "../../support/scripted-server.ts";
import {
  cannotAsk,
  chatMachine,
  checkFault,
  expectNoKey,
  type Fault,
  KEY,
} from "./chat-machine.ts";

setDefaultTimeout(60_000);

const OK = stream([OPENAI.text("Hel"), OPENAI.text("lo"), OPENAI.finish]);
const PATH_HINT = "check the base URL in `qwen auth status`";
const LATER_HINT = "try again later, or choose another model with `--model`";

/** An answer without any text. */
function status(code: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return answer(code, { error: { message: "no" } }, headers);
}

describe("qwen goes on after", () => {
  const once = { maxRetries: 1 };
  const cases: readonly (readonly [string, Omit<Fault, "exitCode" | "stderr" | "stdout">])[] = [
    ["nothing", { replies: [], requests: 1 }],
    ["429", { replies: [status(429)], generationConfig: once, requests: 2 }],
    [
      "429 twice, as long as it is told to",
      {
        replies: [status(429, { "retry-after": "1" }), status(429, { "retry-after": "1" })],
        requests: 3,
      },
    ],
    [
      "429 with milliseconds before seconds",
      { replies: [status(429, { "retry-after-ms": "10", "retry-after": "59" })], requests: 2 },
    ],
    ["500", { replies: [status(500)], generationConfig: once, requests: 2 }],
    ["a reset before headers", { replies: [cut], generationConfig: once, requests: 2 }],
    [
      "400 when told to",
      { replies: [status(400, { "x-should-retry": "true" })], generationConfig: once, requests: 2 },
    ],
    [
      "an error at the begin of a stream",
      { replies: [stream([OPENAI.overloaded])], generationConfig: once, requests: 2 },
    ],
    [
      "a redirect to the same origin",
      { replies: [answer(307, "", { location: "/elsewhere" })], requests: 2 },
    ],
  ];
  test.each(cases)("%s", async (_name, { replies, ...fault }) => {
    await checkFault({
      ...fault,
      replies: [...replies, OK],
      exitCode: 0,
      stdout: "Hello\n",
      stderr: "",
    });
  });

  test.each(SPEECHES)("500 with $protocol", async (speech) => {
    const good = stream([speech.text("Hel"), speech.text("lo"), speech.finish]);
    const replies = [status(500), good];
    await checkFault({ speech, replies, exitCode: 0, stdout: "Hello\n", stderr: "", requests: 2 });
  });

  test("a long wait, and says so", async () => {
    const replies = [status(503, { "retry-after-ms": "2100" }), OK];
    const stderr = "trying again in 2 s: HOST has a problem (503: no)\n";
    await checkFault({ replies, exitCode: 0, stdout: "Hello\n", stderr, requests: 2 });
  });
});

describe("qwen gives up on", () => {
  const key = "check the key, and set another one with `qwen auth`";
  const quota = { error: { message: "no", code: "insufficient_quota" } };
  const cases: readonly (readonly [string, Fault])[] = [
    [
      "400",
      {
        replies: [status(400), OK],
        exitCode: 1,
        stderr: cannotAsk("HOST does not understand the request (400: no)"),
      },
    ],
    [
      "404",
      {
        replies: [answer(404), OK],
        exitCode: 1,
        stderr: cannotAsk(
          "there is no such service at http://HOST/v1 (404: the server answered 404 without a reason)",
          PATH_HINT,
        ),
      },
    ],
    [
      "404 of a model",
      {
        replies: [answer(404, { error: { message: "no model" } }), OK],
        exitCode: 1,
        stderr: cannotAsk(
          "HOST does not have this model (404: no model)",
          "run `qwen models --remote` to see which ones there are",
        ),
      },
    ],
    [
      "429 forever",
      {
        replies: [status(429, { "retry-after-ms": "10" })],
        generationConfig: { maxRetries: 2 },
        exitCode: 5,
        stderr: cannotAsk(
          "HOST takes no more requests for now, and asks to wait 1 s (429: no) (tried 3 times)",
          LATER_HINT,
        ),
        requests: 3,
      },
    ],
    [
      "429 with a wait of 90 s",
      {
        replies: [status(429, { "retry-after": "90" }), OK],
        exitCode: 5,
        stderr: cannotAsk(
          "HOST takes no more requests for now, and asks to wait 90 s (429: no)",
          LATER_HINT,
        ),
      },
    ],
    [
      "429 for the lack of money",
      {
        replies: [answer(429, quota, { "x-should-retry": "true" }), OK],
        exitCode: 1,
        stderr: cannotAsk(
          "the account at HOST has nothing left to spend (429: no)",
          "add credit to the account, or choose another model with `--model`",
        ),
      },
    ],
    [
      "500 forever",
      {
        replies: [status(500)],
        generationConfig: { maxRetries: 1 },
        exitCode: 5,
        stderr: cannotAsk("HOST has a problem (500: no) (tried 2 times)"),
        requests: 2,
      },
    ],
    [
      "500 when told to",
      {
        replies: [status(500, { "x-should-retry": "false" }), OK],
        exitCode: 5,
        stderr: cannotAsk("HOST has a problem (500: no)"),
      },
    ],
    [
      "resets forever",
      {
        replies: [cut],
        generationConfig: { maxRetries: 1 },
        exitCode: 5,
        stderr: cannotAsk("HOST: the connection was closed without an answer (tried 2 times)"),
        requests: 2,
      },
    ],
    [
      "headers that do not come",
      {
        replies: [silence, OK],
        generationConfig: { timeout: 500 },
        exitCode: 5,
        stderr: cannotAsk(
          "HOST: no answer within 0.5 s",
          "try again, or allow more time with `generationConfig.timeout`",
        ),
      },
    ],
    [
      "a web page",
      {
        replies: [answer(200, "<!doctype html><p>Hi", { "content-type": "text/html" }), OK],
        exitCode: 1,
        stderr: cannotAsk(
          "http://HOST/v1 is not the interface of a model (the answer is a web page)",
          PATH_HINT,
        ),
      },
    ],
    [
      "an empty stream",
      {
        replies: [stream([])],
        generationConfig: { maxRetries: 1 },
        exitCode: 5,
        stderr: cannotAsk("HOST: the stream ended without an answer (tried 2 times)"),
        requests: 2,
      },
    ],
    [
      "a redirect that goes in circles",
      {
        replies: [answer(307, "", { location: "/again" })],
        exitCode: 1,
        stderr: cannotAsk(
          "http://HOST redirects more than 3 times",
          "give the address that it redirects to as the base URL, if you trust it",
        ),
        requests: 4,
      },
    ],
    [
      "a prompt that Gemini blocks",
      {
        speech: GEMINI,
        replies: [stream([sse({ promptFeedback: { blockReason: "SAFETY" } })]), OK],
        exitCode: 1,
        stderr: cannotAsk(
          "HOST refused the prompt (SAFETY: the prompt was blocked)",
          "put it in other words: a filter of the service does not let it through",
        ),
      },
    ],
  ];
  test.each(cases)("%s", async (_name, fault) => {
    await checkFault(fault);
  });

  test.each([401, 403])("%p, whatever it says of the key", async (code) => {
    const { origin, requests } = await scriptedServer(
      answer(code, { error: { message: `Incorrect API key provided: ${KEY}` } }),
    );
    const at = chatMachine(origin);
    const ran = await qwen(at, ["-p", "Hi"]);
    expectNoKey(ran);
    const why = `${new URL(origin).host} does not accept the key of`;
    const said = `(${code}: Incorrect API key provided: ***)`;
    expect(ran).toEqual({
      exitCode: 4,
      stdout: "",
      stderr: cannotAsk(`${why} ~/.qwen/settings.json (env.TEST_KEY) ${said}`, key),
    });
    expect(requests).toHaveLength(1);
  });

  test.each([ANTHROPIC, GEMINI])("a key that $protocol refuses", async (speech) => {
    const { origin, requests } = await scriptedServer(answer(...speech.rejected));
    const ran = await qwen(chatMachine(origin, { speech }), ["-p", "Hi"]);
    expectNoKey(ran);
    expect([ran.exitCode, ran.stdout, requests.length]).toEqual([4, "", 1]);
    expect(ran.stderr).toContain(" does not accept the key of ");
  });

  test("nobody there", async () => {
    const origin = await deadOrigin();
    const at = chatMachine(origin, { generationConfig: { maxRetries: 1 } });
    expect(await qwen(at, ["-p", "Hi"])).toEqual({
      exitCode: 5,
      stdout: "",
      stderr: cannotAsk(
        `${new URL(origin).host}: the connection was refused; is the server running? (tried 2 times)`,
        "check the base URL in `qwen auth status`, and `HTTPS_PROXY` where there is a proxy",
      ),
    });
  });

  test.each(SPEECHES)("a redirect of $protocol, where nothing is sent", async (speech) => {
    const other = await scriptedServer(OK);
    const moved = answer(307, "", { location: `${other.origin}/v1` });
    const { origin, requests } = await scriptedServer(moved, OK);
    const generationConfig = { customHeaders: { "x-own": KEY } };
    const ran = await qwen(chatMachine(origin, { speech, generationConfig }), ["-p", "Hi"]);
    expectNoKey(ran);
    expect(ran).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: cannotAsk(
        `${origin} redirects to ${other.origin}, where no key is sent`,
        "give the address that it redirects to as the base URL, if you trust it",
      ),
    });
    expect(requests).toHaveLength(1);
    expect(other.requests).toEqual([]);
  });
});
