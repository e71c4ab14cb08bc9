import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { OPENAI } from "../../support/model-answers.ts";
import { QWEN, qwen } from "../../support/qwen.ts";
import { scriptedServer, stream } from "../../support/scripted-server.ts";
import { chatMachine } from "./chat-machine.ts";

setDefaultTimeout(60_000);

const OK = stream([OPENAI.text("Hello"), OPENAI.finish]);

describe("qwen asks what stands", () => {
  type Case = readonly [name: string, args: readonly string[], stdin: string, prompt: string];
  const cases: readonly Case[] = [
    ["in one word", ["Hello there"], "", "Hello there"],
    ["in words", ["Hello", "there,", "model"], "", "Hello there, model"],
    ["behind -p", ["-p", "Hello there"], "", "Hello there"],
    ["behind --prompt=", ["--prompt=Hello there"], "", "Hello there"],
    ["on standard input", [], "Hello\nthere\n", "Hello\nthere"],
    ["in a file of Windows", [], "\ufeffHello\r\n\r\n", "Hello"],
    ["in words, and then on standard input", ["Look", "at:"], "a\nb\n", "Look at:\n\na\nb"],
    ["behind -p, and then on standard input", ["-p", "Look"], "a\n", "Look\n\na"],
    ["behind -p alone, where standard input is blank", ["-p", "Look"], " \n", "Look"],
    ["in other scripts", ["-p", "Grüße 你好 😀"], "", "Grüße 你好 😀"],
  ];
  test.each(cases)("%s", async (_name, args, stdin, prompt) => {
    const { origin, requests } = await scriptedServer(OK);
    expect(await qwen(chatMachine(origin), args, { stdin })).toEqual({
      exitCode: 0,
      stdout: "Hello\n",
      stderr: "",
    });
    expect(requests.map(({ body }) => JSON.parse(body).messages)).toEqual([
      [{ role: "user", content: prompt }],
    ]);
  });

  test("in words, when standard input is open and silent", async () => {
    const { origin, requests } = await scriptedServer(OK);
    const { project, env } = chatMachine(origin);
    const child = Bun.spawn([QWEN, "-p", "Hi"], {
      cwd: project,
      env,
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    });
    expect({
      stdout: await child.stdout.text(),
      stderr: await child.stderr.text(),
      exitCode: await child.exited,
    }).toEqual({
      exitCode: 0,
      stdout: "Hello\n",
      stderr: "standard input is left alone: nothing came on it within 1 s\n",
    });
    expect(requests.map(({ body }) => JSON.parse(body).messages)).toEqual([
      [{ role: "user", content: "Hi" }],
    ]);
    await child.stdin.end();
  });
});

describe("qwen asks nobody", () => {
  const empty =
    'error: Cannot ask nothing: the prompt is empty\n\nhint: write `qwen "your question"`\n';
  const none =
    'error: Cannot ask nothing: there is no prompt\n\nhint: write `qwen "your question"`, or pipe the question in\n';
  const two =
    "error: Cannot ask two things: give words, `--prompt` or `-i`\n\nhint: put all of it into one of them, in quotes\n";
  const cases: readonly (readonly [string, readonly string[], string, string])[] = [
    ["an empty prompt", ["-p", ""], "", empty],
    ["a blank prompt", ["-p", " \n"], "", empty],
    ["an empty word", [""], "", empty],
    ["an empty prompt, whatever standard input says", ["-p", ""], "Hi", empty],
    ["nothing", ["-m", "m"], "", none],
    ["a blank standard input", ["-m", "m"], " \n\n", none],
    ["two prompts", ["-p", "a", "b", "c"], "", two],
  ];
  test.each(cases)("%s", async (_name, args, stdin, stderr) => {
    const { origin, requests } = await scriptedServer(OK);
    expect(await qwen(chatMachine(origin), args, { stdin })).toEqual({
      exitCode: 2,
      stdout: "",
      stderr,
    });
    expect(requests).toEqual([]);
  });
});
