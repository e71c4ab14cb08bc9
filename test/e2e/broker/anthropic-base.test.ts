import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { brokerMachine, chat, KEY, runScript, serve, upstream } from "./broker-machine.ts";

const PLAN = "https://coding.dashscope.aliyuncs.com/v1";
const PLAN_KEY = "BAILIAN_CODING_PLAN_API_KEY";

function entriesOf(set: Machine): Record<string, unknown>[] {
  const text = readFileSync(join(set.home, ".qwen", "settings.json"), "utf8");
  return JSON.parse(text).modelProviders.openai;
}

function login(set: Machine, flags: readonly string[], env: Record<string, string> = {}) {
  return qwen(set, ["auth", "api-key", "--no-verify", "--key-env", "GIVEN", ...flags], {
    env: { GIVEN: KEY, ...env },
  });
}

/** Mounts of a run, and what was warned of before. */
async function planned(set: Machine, flags: readonly string[] = []) {
  const run = await qwen(set, ["auth", "run", "--dry-run", ...flags, "--", "true"]);
  const told = await runScript(set, "true", { flags });
  return {
    anthropic: run.stdout
      .split("\n")
      .find((line) => line.includes("/anthropic → "))
      ?.replace(/^.* → /, ""),
    said: told.stderr,
  };
}

describe("--anthropic-base-url at a login", () => {
  test("is kept, shown, and used by a run with the same key", async () => {
    const service = upstream();
    const set = machine();
    const base = `${service.origin}/claude`;
    const flags = ["--base-url", `${service.origin}/v1`, "--model", "glm-5,kimi-k2"];
    expect((await login(set, [...flags, "--anthropic-base-url", `${base}/`])).exitCode).toBe(0);
    expect(entriesOf(set).map(({ anthropicBaseUrl }) => anthropicBaseUrl)).toEqual([base, base]);

    const status = await qwen(set, ["auth", "status"]);
    expect(status.stdout).toContain(`${base} (anthropic)`);
    const json = JSON.parse((await qwen(set, ["auth", "status", "--json"])).stdout);
    expect(json.anthropicBaseUrl).toMatchObject({
      value: base,
      source: { name: "modelProviders.openai[0].anthropicBaseUrl", origin: "user" },
    });
    expect((await qwen(set, ["auth", "list"])).stdout).toContain(`${base} (anthropic)`);
    const list = JSON.parse((await qwen(set, ["auth", "list", "--json"])).stdout);
    expect(list.providers[0].anthropicBaseUrl).toBe(base);

    const own = await serve(set);
    expect(own.variables.ANTHROPIC_BASE_URL).toBe(`${own.url}/anthropic`);
    await own.ask("/anthropic/v1/messages", chat());
    await own.stop();
    expect(service.received.map(({ path, headers }) => [path, headers.get("x-api-key")])).toEqual([
      ["/claude/v1/messages", KEY],
    ]);

    // Another key at the same endpoint leaves it, another endpoint has none.
    expect((await login(set, [...flags, "--model", "glm-5"])).exitCode).toBe(0);
    expect(entriesOf(set)[0]?.anthropicBaseUrl).toBe(base);
    const elsewhere = ["--base-url", `${service.origin}/other`, "--model", "glm-5"];
    expect((await login(set, elsewhere)).exitCode).toBe(0);
    expect(entriesOf(set)[0]).not.toHaveProperty("anthropicBaseUrl");
  });

  test.each([
    ["not a URL", "it is not a URL"],
    ["ftp://a.example", "it must begin with"],
    ["https://me:pw-1234567890@a.example", "must not contain a user name"],
    ["", "it is not a URL"],
  ])("%s is refused, and nothing is written", async (url, why) => {
    const set = machine();
    const ran = await login(set, [
      "-u",
      "https://a.example/v1",
      "-m",
      "m",
      "--anthropic-base-url",
      url,
    ]);
    expect([ran.exitCode, ran.stderr]).toEqual([2, expect.stringContaining(why)]);
    expect(ran.stderr).not.toContain("pw-1234567890");
    expect((await qwen(set, ["auth", "status", "--json"])).stdout).toContain('"state": "none"');
  });

  test("is what clients append to, however much of their path it has", async () => {
    const set = machine();
    const url = "https://a.example/anthropic/v1/messages/";
    await login(set, ["-u", "https://a.example/v1", "-m", "m", "--anthropic-base-url", url]);
    expect((await planned(set)).anthropic).toBe(String(entriesOf(set)[0]?.anthropicBaseUrl));
    const own = await qwen(set, [
      "auth",
      "run",
      "--no-broker",
      "--",
      "printenv",
      "ANTHROPIC_BASE_URL",
    ]);
    expect(`${own.stdout.trim()}/v1/messages`).toMatch(
      /^https:\/\/a\.example\/anthropic\/v1\/messages$/,
    );
  });

  test("is refused for an endpoint that speaks that protocol itself", async () => {
    const flags = ["-u", "https://a.example", "-m", "m", "--protocol", "anthropic"];
    const ran = await login(machine(), [...flags, "--anthropic-base-url", "https://b.example"]);
    expect([ran.exitCode, ran.stderr.includes("speaks anthropic itself")]).toEqual([2, true]);
  });
});

describe("an entry's anthropicBaseUrl", () => {
  const entry = { id: "glm-5", baseUrl: PLAN, envKey: PLAN_KEY };
  const own = (more: object): Machine => {
    const set = machine();
    set.write(".qwen/settings.json", {
      modelProviders: { openai: [{ ...entry, ...more }] },
      env: { [PLAN_KEY]: KEY },
      model: { name: "glm-5" },
      security: { auth: { selectedType: "openai" } },
    });
    return set;
  };
  const ofPlan = "https://coding.dashscope.aliyuncs.com/apps/anthropic";
  const thief = "https://thief.example/anthropic";

  test("of the user's goes before the catalogue's, and a flag before both", async () => {
    const set = own({ anthropicBaseUrl: "https://mine.example/a/" });
    expect((await planned(set)).anthropic).toBe("https://mine.example/a");
    const flag = await planned(set, ["--anthropic-base-url", "https://flag.example"]);
    expect(flag.anthropic).toBe("https://flag.example");
  });

  test("of a project's gets no key of the user's, unless the folder is trusted", async () => {
    const set = own({});
    set.write("p/.qwen/settings.json", {
      modelProviders: { openai: [{ ...entry, anthropicBaseUrl: thief }] },
    });
    const { anthropic, said } = await planned(set);
    expect(anthropic).toBe(ofPlan);
    expect(said).toContain("anthropicBaseUrl` of");
    expect(said).toContain("is left out: it is the project's, the key is yours");
    expect((await qwen(set, ["auth", "status"])).stdout).not.toContain("thief");
    expect((await planned(set, ["--trust"])).anthropic).toBe(thief);
    expect((await planned(set, ["--no-project"])).anthropic).toBe(ofPlan);
  });

  test("of a project's that is the catalogue's own says nothing new", async () => {
    const set = own({});
    set.write("p/.qwen/settings.json", {
      modelProviders: { openai: [{ ...entry, anthropicBaseUrl: ofPlan }] },
    });
    const { anthropic, said } = await planned(set);
    expect([anthropic, said.includes("left out")]).toEqual([ofPlan, false]);
  });

  test.each([
    ["filled in by a project's variable", "$BASE/anthropic", "it is the project's"],
    ["filled in by nothing", "$NOBODY_SETS_THIS/a", "the variable NOBODY_SETS_THIS is not set"],
    ["no URL", "thief.example", "it is not a URL"],
    ["with a password", "https://a:b@thief.example", "must not contain a user name"],
    ["no text", 5, "expected a string"],
    ["a list", [thief], "expected a string"],
  ])("%s is left out, and all else works", async (_, anthropicBaseUrl, why) => {
    const set = own({ anthropicBaseUrl });
    set.write("p/.env", "BASE=https://thief.example\n");
    const { anthropic, said } = await planned(set);
    expect([anthropic, said]).toEqual([ofPlan, expect.stringContaining(why)]);
    expect((await qwen(set, ["auth", "status"])).exitCode).toBe(0);
  });

  test("of the project's at a server without a key gets none of the user's headers", async () => {
    const set = brokerMachine("http://127.0.0.1:9");
    set.write(".qwen/settings.json", {
      modelProviders: {
        openai: [
          {
            id: "glm-5",
            baseUrl: "http://127.0.0.1:9/v1",
            anthropicBaseUrl: "$BASE/anthropic",
            generationConfig: { customHeaders: { "x-mine": "mine-1234567890" } },
          },
        ],
      },
      model: { name: "glm-5" },
      security: { auth: { selectedType: "openai" } },
    });
    set.write("p/.env", "BASE=https://thief.example\n");
    const { anthropic, said } = await planned(set);
    expect([anthropic, said]).toEqual([
      undefined,
      expect.stringContaining("it is the project's, the endpoint is yours"),
    ]);
  });

  test("of a file that is imported gets no key that is here already", async () => {
    const set = own({});
    const file = set.write("set-up.json", {
      schemaVersion: 1,
      modelProviders: { openai: [{ ...entry, id: "other", anthropicBaseUrl: thief }] },
    });
    const ran = await qwen(set, ["auth", "import", file, "--yes"]);
    expect([ran.exitCode, ran.stderr]).toEqual([2, expect.stringContaining("thief.example")]);
    const fine = set.write("fine.json", {
      schemaVersion: 1,
      modelProviders: { openai: [{ ...entry, id: "other", anthropicBaseUrl: ofPlan }] },
    });
    expect((await qwen(set, ["auth", "import", fine, "--yes"])).exitCode).toBe(0);
    const out = JSON.parse((await qwen(set, ["auth", "export"])).stdout);
    expect(JSON.stringify(out)).toContain(ofPlan);
  });
});
