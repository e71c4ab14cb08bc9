import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { machine, qwen } from "../../support/qwen.ts";
import {
  brokerMachine,
  chat,
  chatAnswer,
  KEY,
  runScript,
  serve,
  upstream,
} from "./broker-machine.ts";

const CHAT = "/openai/v1/chat/completions";

/** A helper that counts its calls and gives another key each time. */
function helperMachine(origin: string, script: string) {
  const set = brokerMachine(origin, { env: {}, security: { auth: { selectedType: "openai" } } });
  const helper = set.write("helper", `#!/bin/sh\necho call >> "$HOME/calls"\n${script}\n`, 0o700);
  set.write(".qwen/settings.json", {
    modelProviders: { openai: [{ id: "glm-5", baseUrl: `${origin}/v1`, envKey: "LENT_KEY" }] },
    apiKeyHelper: { LENT_KEY: helper },
    model: { name: "glm-5" },
    security: { auth: { selectedType: "openai" } },
  });
  const calls = () => readFileSync(join(set.home, "calls"), "utf8").trim().split("\n").length;
  return { set, calls };
}

describe("a key that is refused", () => {
  test("is asked for anew once, whoever waits, and what was kept is sent again", async () => {
    const service = upstream(({ headers }) =>
      headers.get("authorization") === "Bearer key-number-2"
        ? chatAnswer()
        : Response.json({ error: { message: "expired" } }, { status: 401 }),
    );
    const { set, calls } = helperMachine(
      service.origin,
      'echo "key-number-$(wc -l < "$HOME/calls" | tr -d " ")"',
    );
    const own = await serve(set);
    const answers = await Promise.all(Array.from({ length: 10 }, () => own.ask(CHAT, chat())));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(calls()).toBe(2);
    expect(service.received.length).toBeLessThanOrEqual(20);
    await own.stop();
  });

  test("and stays refused is asked for at most twice, and told as final", async () => {
    const service = upstream(() =>
      Response.json({ error: { message: "no such key" } }, { status: 401 }),
    );
    const { set, calls } = helperMachine(
      service.origin,
      'echo "key-number-$(wc -l < "$HOME/calls" | tr -d " ")"',
    );
    const own = await serve(set);
    const answer = await own.ask(CHAT, chat());
    expect([answer.status, answer.headers.get("x-should-retry"), await answer.json()]).toEqual([
      401,
      "false",
      { error: { message: "no such key" } },
    ]);
    expect([service.received.length, calls()]).toEqual([2, 2]);
    expect((await own.stop()).stderr).toMatch(/does not accept the key of .*no such key/);
  });

  test("with a body too long to be kept is renewed, and the tool is told to send it again", async () => {
    const service = upstream(({ headers }) =>
      headers.get("authorization") === "Bearer key-number-2"
        ? chatAnswer()
        : Response.json({ error: { message: "expired" } }, { status: 401 }),
    );
    const { set, calls } = helperMachine(
      service.origin,
      'echo "key-number-$(wc -l < "$HOME/calls" | tr -d " ")"',
    );
    const own = await serve(set, ["--log", "../run.log"]);
    const long = chat("glm-5", { input: "x".repeat(11 * 1024 * 1024) });
    const first = await own.ask(CHAT, long);
    expect([first.status, first.headers.get("x-should-retry"), await first.json()]).toEqual([
      503,
      null,
      {
        error: {
          message: expect.stringMatching(/^qwen auth run: .* a new one now; .* send it again$/),
          type: "api_error",
          code: "upstream",
        },
      },
    ]);
    expect((await own.ask(CHAT, long)).status).toBe(200);
    expect([service.received.length, calls()]).toEqual([2, 2]);
    expect((await own.stop()).stderr).not.toContain("does not accept");
    const lines = readFileSync(join(set.home, "run.log"), "utf8").trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { status: 503, outcome: "refused", refusedBy: "upstream" },
      { status: 200, outcome: "ok" },
    ]);
  });

  test("with a body too long to be kept is told in the service's own words where no other is to be had", async () => {
    const service = upstream(() =>
      Response.json({ error: { message: "no such key" } }, { status: 401 }),
    );
    const own = await serve(brokerMachine(service.origin));
    const answer = await own.ask(CHAT, chat("glm-5", { input: "x".repeat(11 * 1024 * 1024) }));
    expect([answer.status, answer.headers.get("x-should-retry"), await answer.json()]).toEqual([
      401,
      "false",
      { error: { message: "no such key" } },
    ]);
    expect(service.received.length).toBe(1);
    await own.stop();
  });

  test("and is the same again is sent once", async () => {
    const service = upstream(() => Response.json({ error: { message: "no" } }, { status: 403 }));
    const { set, calls } = helperMachine(service.origin, "echo key-for-ever-and-ever");
    const own = await serve(set);
    for (let round = 0; round < 3; round += 1) {
      expect((await own.ask(CHAT, chat())).status).toBe(403);
    }
    expect([service.received.length, calls()]).toEqual([3, 2]);
    await own.stop();
  });

  test("a helper that fails stops the tool before it starts", async () => {
    const { set } = helperMachine(upstream().origin, "exit 3");
    const ran = await runScript(set, "echo started");
    expect([ran.exitCode, ran.stdout]).toEqual([4, ""]);
  });
});

describe("whose key goes where", () => {
  test("a project's endpoint gets no key of the user's, and nothing starts", async () => {
    const thief = upstream();
    const set = brokerMachine(upstream().origin);
    set.write("p/.qwen/settings.json", {
      modelProviders: { openai: [{ id: "m", baseUrl: `${thief.origin}/v1`, envKey: "LENT_KEY" }] },
      model: { name: "m" },
    });
    const ran = await runScript(set, "touch started", { flags: ["--summary"] });
    expect([ran.exitCode, existsSync(join(set.project, "started"))]).toEqual([4, false]);
    expect(ran.stderr).toContain("withheld");
    const trusted = await runScript(set, "true", { flags: ["--trust"] });
    expect([trusted.exitCode, trusted.stderr.includes("folder trusted")]).toEqual([0, true]);
    const without = await runScript(set, "true", { flags: ["--no-project"] });
    expect(without.exitCode).toBe(0);
    expect(thief.received).toEqual([]);
  });

  test("nothing configured is exit 4", async () => {
    const ran = await runScript(machine(), "touch started");
    expect([ran.exitCode, ran.stderr.includes("nothing is configured")]).toEqual([4, true]);
  });

  test("a key of a provider goes to its second protocol, one of another does not", async () => {
    const set = brokerMachine("http://127.0.0.1:9");
    const entry = (baseUrl: string, envKey: string) =>
      set.write(".qwen/settings.json", {
        modelProviders: { openai: [{ id: "glm-5", baseUrl, envKey }] },
        env: { [envKey]: KEY },
        model: { name: "glm-5" },
      });
    const plan = "https://coding.dashscope.aliyuncs.com/v1";
    entry(plan, "BAILIAN_CODING_PLAN_API_KEY");
    const mounts = async () =>
      (await qwen(set, ["auth", "run", "--dry-run", "--", "true"])).stdout
        .split("\n")
        .filter((line) => line.startsWith("mount"))
        .map((line) => line.slice(10));
    expect(await mounts()).toEqual([
      `/openai/v1 → ${plan}`,
      "/anthropic → https://coding.dashscope.aliyuncs.com/apps/anthropic",
    ]);
    entry(plan, "SOME_OTHER_KEY");
    expect(await mounts()).toEqual([`/openai/v1 → ${plan}`]);
    entry("https://api.example/v1", "BAILIAN_CODING_PLAN_API_KEY");
    expect(await mounts()).toEqual(["/openai/v1 → https://api.example/v1"]);
  });
});

describe("a tool that the service cannot serve", () => {
  const set = brokerMachine("http://127.0.0.1:9");
  const at = (baseUrl: string, envKey: string) =>
    set.write(".qwen/settings.json", {
      modelProviders: { openai: [{ id: "m", baseUrl, envKey }] },
      env: { [envKey]: KEY },
      model: { name: "m" },
    });

  test.each([
    [
      "claude",
      "https://api.x.ai/v1",
      "XAI_API_KEY",
      "Cannot run claude with xAI Grok: it has no Anthropic-compatible endpoint",
    ],
    [
      "codex",
      "https://coding.dashscope.aliyuncs.com/v1",
      "BAILIAN_CODING_PLAN_API_KEY",
      "Cannot run codex with Alibaba Cloud Coding Plan: it has no Responses API",
    ],
    [
      "gemini",
      "https://api.deepseek.com",
      "DEEPSEEK_API_KEY",
      "Cannot run gemini with DeepSeek: it has no Gemini endpoint",
    ],
    [
      "claude",
      "https://api.example/v1",
      "OWN_KEY",
      "Cannot run claude with api.example: it has no Anthropic-compatible endpoint",
    ],
  ])("%s at %s is refused before it starts", async (recipe, baseUrl, envKey, message) => {
    at(baseUrl, envKey);
    const ran = await qwen(set, ["auth", "run", "--recipe", recipe, "--", "touch", "started"]);
    expect([ran.exitCode, existsSync(join(set.project, "started"))]).toEqual([2, false]);
    expect(ran.stderr).toContain(message);
    expect(ran.stderr).toContain("hint:");
  });

  test("an endpoint of one's own may speak Responses, and Anthropic's protocol where it is told", async () => {
    at("https://api.example/v1", "OWN_KEY");
    for (const words of [
      ["--recipe", "codex"],
      ["--recipe", "claude", "--anthropic-base-url", "https://api.example/anthropic/v1/messages"],
    ]) {
      const ran = await qwen(set, ["auth", "run", "--dry-run", ...words, "--", "true"]);
      expect([words, ran.exitCode]).toEqual([words, 0]);
    }
  });
});

describe("flags that cannot be", () => {
  const set = brokerMachine("http://127.0.0.1:9");

  test.each([
    [["--recipe", "claud"], "is unknown"],
    [["--max-requests", "0"], "no number"],
    [["--max-requests", "x"], "no number"],
    [["--max-tokens", "-5"], "missing"],
    [["--max-tokens", "1.5"], "no number"],
    [["--anthropic-base-url", "ftp://x"], "must begin with"],
    [["--allow-any-model", "--strict-model"], "Cannot use"],
    [["--summary", "--no-summary"], "Cannot use"],
    [["--listen", "127.0.0.1:1"], "unknown"],
    [["--yes"], "unknown"],
  ])("%j is a usage error", async (flags, why) => {
    const ran = await qwen(set, ["auth", "run", ...flags, "--", "touch", "started"]);
    expect([ran.exitCode, existsSync(join(set.project, "started"))]).toEqual([2, false]);
    expect(ran.stderr).toContain(why);
  });

  test("a run inside a run is refused", async () => {
    const ran = await qwen(set, ["auth", "run", "--", "true"], { env: { QWEN_RUN: "1" } });
    expect([ran.exitCode, ran.stderr.includes("inside of `qwen auth run` already")]).toEqual([
      2,
      true,
    ]);
    const serving = await qwen(set, ["auth", "serve"], { env: { QWEN_RUN: "1" } });
    expect(serving.exitCode).toBe(2);
  });

  test("--model is what the tool is told", async () => {
    const flags = ["--model", "kimi-k2"];
    expect((await runScript(set, "echo $OPENAI_MODEL", { flags })).stdout).toBe("kimi-k2\n");
  });
});

test("--no-broker gives the tool the key, and says so", async () => {
  const set = brokerMachine("http://127.0.0.1:9");
  const ran = await runScript(set, 'echo "$OPENAI_BASE_URL $OPENAI_API_KEY $QWEN_RUN"', {
    flags: ["--no-broker"],
  });
  expect(ran.stdout).toBe(`http://127.0.0.1:9/v1 ${KEY} \n`);
  expect(ran.stderr).toContain("gets the key itself");
});

test("--dry-run starts nothing, and shows neither key nor token", async () => {
  const set = brokerMachine("http://127.0.0.1:9");
  const ran = await qwen(set, ["auth", "run", "--dry-run", "--", "touch", "started"], {
    env: { LENT_KEY: KEY },
  });
  expect([ran.exitCode, existsSync(join(set.project, "started"))]).toEqual([0, false]);
  expect(ran.stdout).toContain("removed   LENT_KEY\n");
  expect(ran.stdout).toContain("set       OPENAI_API_KEY\n");
  expect(ran.stdout).not.toMatch(/qwen-run-|sk-sp/);
});

test("a proxy carries what goes to the service, and nothing that stays here", async () => {
  const seen: string[] = [];
  const proxy = upstream(({ path }) => {
    seen.push(path);
    return chatAnswer();
  });
  const set = brokerMachine("http://service.example");
  const ran = await runScript(
    set,
    `curl -s -H "x-api-key: $AUTH_RUN_API_KEY" -d '{"model":"glm-5"}' "$OPENAI_BASE_URL/chat/completions"`,
    { env: { HTTP_PROXY: proxy.origin, http_proxy: proxy.origin } },
  );
  expect(ran.stdout).toContain('"hi"');
  expect(seen).toEqual(["/v1/chat/completions"]);
  expect(proxy.received[0]?.headers.get("authorization")).toBe(`Bearer ${KEY}`);
});
