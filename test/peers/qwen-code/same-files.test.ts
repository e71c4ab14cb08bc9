import { describe, expect, setDefaultTimeout } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { testUnless } from "../../support/needs.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { installedRelease } from "../../support/qwen-code-release.ts";
import { run } from "../../support/shell.ts";

setDefaultTimeout(60_000);

const KEY = "sk-sp-0123456789abcdef0123456789a289";

/** What the two releases that have `auth status` print for the Coding Plan. */
const RELEASES = [
  {
    version: "0.15.6",
    says: {
      china: [
        "✓ Authentication Method: Alibaba Cloud Coding Plan",
        "Region: 中国 (China) - 阿里云百炼",
        "Current Model: qwen3.5-plus",
        "Status: API key configured",
      ],
      global: [
        "✓ Authentication Method: Alibaba Cloud Coding Plan",
        "Region: Global - Alibaba Cloud",
        "Current Model: qwen3.5-plus",
        "Status: API key configured",
      ],
    },
  },
  {
    version: "0.15.10",
    says: {
      china: [
        "✓ Authentication Method: Coding Plan",
        "Current Model: qwen3.5-plus",
        "Status: API key configured",
      ],
      global: [
        "✓ Authentication Method: Coding Plan",
        "Current Model: qwen3.5-plus",
        "Status: API key configured",
      ],
    },
  },
] as const;

describe.each(RELEASES)("Qwen Code $version", ({ version, says }) => {
  const release = installedRelease(version);
  const releaseTest = testUnless("reason" in release ? release.reason : undefined);
  const program = "program" in release ? release.program : "";

  releaseTest.each(["china", "global"] as const)(
    "accepts what `qwen auth coding-plan --region %s` wrote",
    async (region) => {
      const at = machine();
      await login(at, region);
      const theirs = await authStatus(at, program);
      expect(theirs.exitCode).toBe(0);
      for (const line of says[region]) {
        expect(theirs.stdout).toContain(line);
      }
      expect(theirs.stdout).not.toContain("Config Version");
    },
  );

  releaseTest.each(["china", "global"] as const)(
    "leaves a file that our status still calls configured (%s)",
    async (region) => {
      const at = machine();
      await login(at, region);
      await authStatus(at, program);
      const status = await qwen(at, ["auth", "status", "--json"]);
      expect({ exitCode: status.exitCode, ...JSON.parse(status.stdout) }).toMatchObject({
        exitCode: 0,
        state: "configured",
        method: "coding-plan",
        region,
        model: { id: "qwen3.5-plus" },
        key: { masked: "sk-sp-…a289" },
      });
      await login(at, region);
      const { env } = JSON.parse(readFileSync(at.settings, "utf8"));
      expect(env).toEqual({ BAILIAN_CODING_PLAN_API_KEY: KEY });
    },
  );

  const local = "http://127.0.0.1:9/v1";
  const apiKeys: readonly (readonly [says: string, ...args: string[]])[] = [
    ["ModelStudio Standard API Key|Standard API Key", "--provider", "modelstudio", "-r", "cn"],
    ["OpenAI-compatible Provider|DeepSeek API Key", "--provider", "deepseek"],
    ["OpenRouter", "--provider", "openrouter"],
    ["OpenAI-compatible Provider", "-u", local, "-m", "m"],
    ["OpenAI-compatible Provider", "-u", local, "-m", "m", "--no-key"],
    ["anthropic", "-u", local, "-m", "c", "--protocol", "anthropic"],
  ];

  releaseTest.each(apiKeys)(
    "accepts as %s what `qwen auth api-key %s %s` wrote",
    async (...row) => {
      const [says, ...args] = row;
      const at = machine();
      const key = args.includes("--no-key") ? [] : ["--key-stdin"];
      const ours = await qwen(at, ["auth", "api-key", ...args, ...key], { stdin: KEY });
      expect(ours.exitCode).toBe(0);
      const theirs = await authStatus(at, program);
      expect(theirs.stdout).toMatch(new RegExp(`✓ Authentication Method: .*(?:${says})`));
      expect(theirs.stdout).not.toContain("Incomplete");
      expect((await qwen(at, ["auth", "status"])).exitCode).toBe(0);
    },
  );

  releaseTest(
    "rewrites a file without `$version`, which our status still calls configured",
    async () => {
      const at = machine();
      at.write(".qwen/settings.json", '{\n  // mine\n  "ui": { "theme": "Dark" }\n}\n');
      await login(at, "china");
      const before = readFileSync(at.settings, "utf8");
      const theirs = await authStatus(at, program);
      for (const line of says.china) {
        expect(theirs.stdout).toContain(line);
      }
      expect(readFileSync(at.settings, "utf8")).not.toBe(before);
      expect((await qwen(at, ["auth", "status"])).exitCode).toBe(0);
      await login(at, "global");
      expect((await qwen(at, ["auth", "status"])).stdout).toContain("global");
    },
  );

  releaseTest(
    "accepts a file that it wrote itself and that we updated to the other region",
    async () => {
      const at = machine();
      const fixture = `qwen-code-${version}-coding-plan-china.json`;
      at.write(
        ".qwen/settings.json",
        readFileSync(join(import.meta.dir, "..", "..", "fixtures", "settings", fixture), "utf8"),
      );
      await login(at, "global");
      const theirs = await authStatus(at, program);
      for (const line of says.global) {
        expect(theirs.stdout).toContain(line);
      }
      expect(theirs.stdout).not.toContain("Config Version");
    },
  );
});

async function login(at: Machine, region: string): Promise<void> {
  const args = ["auth", "coding-plan", "--region", region, "--key-stdin"];
  const { exitCode } = await qwen(at, args, { stdin: KEY });
  expect(exitCode).toBe(0);
}

/** Runs the release's own `auth status` in the machine's home. */
function authStatus(at: Machine, program: string) {
  return run(at, ["node", program, "auth", "status"], {
    env: { PATH: `${at.env.PATH}:${nodeDirectory()}`, NO_COLOR: "1" },
  });
}

/** Where `node` is: the machine's own PATH may not have it. */
function nodeDirectory(): string {
  return join(Bun.which("node") ?? "", "..");
}
