import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { qwenPty } from "../../support/pty.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { renderScreen } from "../../support/screen.ts";

setDefaultTimeout(60_000);

const KEY = "sk-sp-0123456789abcdef0123456789aba289";
const PLAN = "https://coding-intl.dashscope.aliyuncs.com/v1";

async function withPlan(): Promise<Machine> {
  const at = machine();
  const args = ["auth", "coding-plan", "--region", "global", "--models", "qwen3.5-plus,glm-5"];
  expect((await qwen(at, [...args, "--key-stdin"], { stdin: KEY })).exitCode).toBe(0);
  return at;
}

/** Another endpoint in the folder's `.env`, one with a name of its own, and a shell that decides. */
function crowded(): Machine {
  const at = machine();
  const local = { baseUrl: "http://localhost:8803/v1", envKey: "LOCAL_KEY" };
  at.write(".qwen/settings.json", {
    modelProviders: {
      openai: [
        { id: "m-1", ...local },
        { id: "通义千问", name: "平台组", ...local },
        { id: "far", baseUrl: "https://far.example/v1", envKey: "FAR_KEY" },
      ],
    },
    security: { auth: { selectedType: "openai" } },
    model: { name: "m-1" },
  });
  at.write(".qwen/.env", "LOCAL_KEY=sk-0123456789abcdef0123456789ab\n");
  return at;
}

async function screenOf(at: Machine, args: readonly string[], cols: number, exitCode = 0) {
  const pty = qwenPty(at, args, { cols, env: { NO_COLOR: "1" } });
  expect(await pty.exitCode()).toBe(exitCode);
  return (await renderScreen(pty.raw(), { cols, rows: 60 })).split("\n");
}

describe("qwen auth status on a screen", () => {
  test("shows sources in a column of their own at 80 columns", async () => {
    expect(await screenOf(await withPlan(), ["auth", "status"], 80)).toEqual([
      "✓ Alibaba Cloud Coding Plan (global) is configured",
      "",
      `  Model     qwen3.5-plus                                   ~/.qwen/settings.json`,
      `  Base URL  ${PLAN}  ~/.qwen/settings.json`,
      `  Protocol  openai                                         ~/.qwen/settings.json`,
      `  API key   sk-sp-…a289                                    ~/.qwen/settings.json`,
      "  Verified  no; `qwen auth status --verify` asks the service",
      "  Settings  ~/.qwen/settings.json (user)",
      "  .env      no file",
    ]);
  });

  test("says the one source once at 60 columns", async () => {
    expect(await screenOf(await withPlan(), ["auth", "status"], 60)).toEqual([
      "✓ Alibaba Cloud Coding Plan (global) is configured",
      "",
      "  Model     qwen3.5-plus",
      `  Base URL  ${PLAN}`,
      "  Protocol  openai",
      "  API key   sk-sp-…a289",
      "            all from ~/.qwen/settings.json",
      "  Verified  no; `qwen auth status --verify` asks the service",
      "  Settings  ~/.qwen/settings.json (user)",
      "  .env      no file",
    ]);
  });

  test("fits 40 columns and 15 rows, with a source below each value where they differ", async () => {
    const lines = await screenOf(crowded(), ["auth", "status"], 40);
    expect(lines).toEqual([
      "✓ API key for a custom OpenAI-compatible",
      "  endpoint is configured",
      "",
      "  Model     m-1",
      "            ~/.qwen/settings.json",
      "  Base URL  http://localhost:8803/v1",
      "            ~/.qwen/settings.json",
      "  Protocol  openai",
      "            ~/.qwen/settings.json",
      "  API key   sk-…89ab",
      "            ~/.qwen/.env (LOCAL_KEY)",
      "  Verified  no;",
      "            `qwen auth status --verify`",
      "            asks the service",
      "  Settings  ~/.qwen/settings.json (user)",
      "  .env      ~/.qwen/.env",
    ]);
  });

  test("ends with what to run where nothing is configured", async () => {
    expect(await screenOf(machine(), ["auth", "status"], 80, 4)).toEqual([
      "⚠ No authentication method is configured",
      "",
      "  Settings  no file",
      "  .env      no file",
      "",
      "Run one of:",
      "  qwen auth              to choose from a menu",
      "  qwen auth coding-plan  for Alibaba Cloud Coding Plan",
      "  qwen auth api-key      for a key of any other provider, or a server of your",
      "                         own",
    ]);
  });

  test("keeps every place inside of a file for whoever reads a pipe, and the key that is asked for", async () => {
    const at = await withPlan();
    const { stdout } = await qwen(at, ["auth", "status"]);
    expect(stdout).toStartWith(
      "Authentication status\n\n✓ Alibaba Cloud Coding Plan is configured\n",
    );
    expect(stdout).toContain("from ~/.qwen/settings.json (env.BAILIAN_CODING_PLAN_API_KEY)\n");
    const shown = await screenOf(at, ["auth", "status", "--show-token"], 200);
    expect(shown.join("\n")).toContain(`  API key   ${KEY}  from ~/.qwen/settings.json`);
  });
});

describe("qwen auth list on a screen", () => {
  test("has the source of each key behind it", async () => {
    expect(await screenOf(crowded(), ["auth", "list"], 80)).toEqual([
      "* localhost:8803  Custom OpenAI-compatible endpoint",
      "    Base URL  http://localhost:8803/v1 (openai)",
      "    Key       sk-…89ab  ~/.qwen/.env (LOCAL_KEY)",
      "    Models    m-1, 通义千问",
      "",
      "  far.example  Custom OpenAI-compatible endpoint",
      "    Base URL  https://far.example/v1 (openai)",
      "    Key       missing (FAR_KEY)",
      "    Problem   no key: FAR_KEY is not set",
      "    Models    far",
    ]);
  });
});

describe("qwen models on a screen", () => {
  test.each([80, 60, 40])("is by endpoint at %i columns", async (cols) => {
    expect(await screenOf(crowded(), ["models"], cols)).toEqual([
      "http://localhost:8803/v1  openai",
      "* m-1",
      "  通义千问  平台组",
      "",
      "https://far.example/v1  openai",
      "  far       no key",
    ]);
  });
});

describe("qwen doctor on a screen", () => {
  test("says that all is well in one line, and where the rest is", async () => {
    const [verdict, , rest] = await screenOf(await withPlan(), ["doctor"], 80);
    expect(verdict).toBe(
      "✓ All is well: qwen3.5-plus at coding-intl.dashscope.aliyuncs.com can be asked",
    );
    expect(rest).toMatch(/^\d+ checks passed or do not apply: qwen doctor --all$/);
  });

  test("begins with what failed and what to do", async () => {
    const lines = await screenOf(machine(), ["doctor"], 80, 1);
    expect(lines.slice(0, 4)).toEqual([
      "✗ Cannot ask a model: nothing is configured (connection)",
      "  → run `qwen auth`",
      "",
      "1 failed",
    ]);
    expect(lines[4]).toMatch(/^\d+ other checks passed or do not apply: qwen doctor --all$/);
    expect(lines).toHaveLength(5);
  });

  test("shows every check with --all, as many as a pipe gets", async () => {
    const at = crowded();
    const lines = await screenOf(at, ["doctor", "--all"], 120);
    const headings = lines.filter((line) => /^[A-Z]/.test(line));
    expect(headings).toEqual(["Files", "Connection", "Network", "Machine"]);
    const idsOf = (text: string) => text.match(/(?<=^[✓⚠✗–] )[a-z][\w.-]*(?= {2})/gm)?.sort();
    const { stdout } = await qwen(at, ["doctor"]);
    expect(idsOf(lines.join("\n"))).toEqual(idsOf(stdout));
  });
});
