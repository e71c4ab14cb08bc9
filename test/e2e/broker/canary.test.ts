import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { found } from "../../support/canary.ts";
import { filesHolding } from "../../support/files-holding.ts";
import { QWEN } from "../../support/qwen.ts";
import { brokerMachine, KEY, runScript, upstream } from "./broker-machine.ts";

describe("the key", () => {
  test("is in no environment, argument, file or output of what runs, and the service gets it", async () => {
    const service = upstream();
    const set = brokerMachine(service.origin);
    const runtime = join(set.home, "runtime");
    mkdirSync(runtime, { mode: 0o700 });
    const script = [
      'env > "$OUT/child"',
      'sh -c "env" > "$OUT/grandchild"',
      'cat /proc/$$/cmdline /proc/$PPID/cmdline > "$OUT/argv"',
      `curl -s -H "Authorization: Bearer $AUTH_RUN_API_KEY" -d '{"model":"glm-5"}' "$OPENAI_BASE_URL/chat/completions"`,
      `grep -rl ${KEY.slice(8, 24)} "$XDG_RUNTIME_DIR" > "$OUT/holding"; true`,
    ].join("\n");
    const out = set.write("out/.keep", "");
    const ran = await runScript(set, script, {
      flags: ["--summary", "--log", "../run.log"],
      env: {
        OUT: join(out, ".."),
        XDG_RUNTIME_DIR: runtime,
        OTHER: `Bearer ${KEY}`,
        LENT_KEY: KEY,
      },
    });
    expect(ran.exitCode).toBe(0);
    expect(service.received[0]?.headers.get("authorization")).toBe(`Bearer ${KEY}`);
    const texts = ["child", "grandchild", "argv", "holding"].map((name) =>
      readFileSync(join(out, "..", name), "utf8"),
    );
    const log = readFileSync(join(set.home, "run.log"), "utf8");
    for (const text of [...texts, log, ran.stdout, ran.stderr]) {
      expect(found(text, KEY)).toEqual([]);
    }
    expect(texts[0]).toContain("QWEN_RUN=1");
    expect(filesHolding(set.home, KEY)).toEqual([join(set.home, ".qwen", "settings.json")]);
    expect(readdirSync(runtime)).toEqual([]);
  });

  test("a token is worth nothing to the service, and is told to nobody", async () => {
    const service = upstream();
    const set = brokerMachine(service.origin);
    const ran = await runScript(set, "true", {
      flags: ["--summary", "--debug", "--log", "../run.log"],
    });
    const log = readFileSync(join(set.home, "run.log"), "utf8");
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout + ran.stderr + log).not.toContain("qwen-run-");
  });

  test("is printed to nothing that runs inside", async () => {
    const set = brokerMachine(upstream().origin);
    for (const words of [
      "auth token",
      "auth env",
      "auth status --show-token",
      "auth token --json",
    ]) {
      const ran = await runScript(set, `qwen ${words}`, {
        env: { PATH: `${dirname(QWEN)}:${set.env.PATH}` },
      });
      expect([words, ran.exitCode]).toEqual([words, 4]);
      expect(found(ran.stdout + ran.stderr, KEY)).toEqual([]);
      expect(ran.stdout + ran.stderr).toContain("qwen auth run");
    }
  });

  test("an error that repeats the key does not reach the tool with it", async () => {
    const service = upstream(({ headers }) =>
      Response.json(
        { error: { message: `bad key: ${headers.get("authorization")}` } },
        { status: 401 },
      ),
    );
    const ran = await runScript(
      brokerMachine(service.origin),
      `curl -si -H "x-api-key: $AUTH_RUN_API_KEY" -d '{}' "$OPENAI_BASE_URL/chat/completions"`,
      { flags: ["--summary"] },
    );
    expect(ran.stdout).toContain("bad key: Bearer ***");
    expect(ran.stdout).toContain("401 Unauthorized");
    expect(ran.stdout.toLowerCase()).toContain("x-should-retry: false");
    expect(found(ran.stdout + ran.stderr, KEY)).toEqual([]);
    expect(ran.stderr).toContain("sk-sp-…NARY");
    expect(service.received).toHaveLength(1);
  });
});
