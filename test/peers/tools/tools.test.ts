import { describe, expect } from "bun:test";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brokerMachine, KEY, upstream } from "../../e2e/broker/broker-machine.ts";
import { toolService, WORD } from "../../e2e/broker/tool-service.ts";
import { found } from "../../support/canary.ts";
import { filesHolding } from "../../support/files-holding.ts";
import { testUnless } from "../../support/needs.ts";
import { type Machine, qwen } from "../../support/qwen.ts";
import { installedTool, type ToolName } from "../../support/tool-release.ts";

/** A key of somebody else's, in the tool's own home. */
const FOREIGN_KEY = "foreign-0123456789abcdefFOREIGN";
const TOOL_TIMEOUT_MS = 120_000;

type Tried = {
  readonly name: ToolName;
  readonly argv: readonly string[];
  readonly flags: (origin: string) => readonly string[];
  /** Sets its own home up for another service with another key. */
  readonly foreign: (set: Machine, origin: string) => void;
};

/** The newer release is told by a flag where to go, the older one by the entry. */
const claude = (name: ToolName): Tried => ({
  name,
  argv: ["-p", "say pong"],
  flags: (origin) => (name === "claude" ? ["--anthropic-base-url", origin] : []),
  foreign: (set, origin) => {
    set.write(".claude/settings.json", {
      env: { ANTHROPIC_BASE_URL: origin, ANTHROPIC_AUTH_TOKEN: FOREIGN_KEY },
      apiKeyHelper: `echo ${FOREIGN_KEY}`,
      model: "claude-opus-4-1",
    });
  },
});

const qwenCode = (name: ToolName): Tried => ({
  name,
  argv: ["-p", "say pong"],
  flags: () => [],
  foreign: (set, origin) => {
    set.write(".qwen/.env", `OPENAI_API_KEY=${FOREIGN_KEY}\nOPENAI_BASE_URL=${origin}/v1\n`);
  },
});

const TOOLS: readonly Tried[] = [
  claude("claude"),
  claude("claude 2.1.197"),
  {
    name: "codex",
    argv: ["exec", "--skip-git-repo-check", "say pong"],
    flags: () => [],
    foreign: (set, origin) => {
      set.write(".codex/auth.json", { OPENAI_API_KEY: FOREIGN_KEY });
      set.write(
        ".codex/config.toml",
        `model = "gpt-5"\nmodel_provider = "other"\n[model_providers.other]\nname = "other"\nbase_url = "${origin}/v1"\nwire_api = "responses"\nexperimental_bearer_token = "${FOREIGN_KEY}"\n`,
      );
    },
  },
  {
    name: "opencode",
    argv: ["run", "say pong"],
    flags: () => [],
    foreign: (set, origin) => {
      set.write(".config/opencode/opencode.json", {
        model: "other/m",
        provider: {
          other: {
            npm: "@ai-sdk/openai-compatible",
            options: { baseURL: `${origin}/v1`, apiKey: FOREIGN_KEY },
            models: { m: {} },
          },
        },
      });
    },
  },
  qwenCode("Qwen Code"),
  qwenCode("Qwen Code 0.15.6"),
  {
    name: "gemini",
    argv: ["-p", "say pong"],
    flags: () => ["--auth-type", "gemini"],
    foreign: (set, origin) => {
      set.write(".gemini/settings.json", {
        security: { auth: { selectedType: "gemini-api-key" } },
      });
      set.write(
        ".gemini/.env",
        `GEMINI_API_KEY=${FOREIGN_KEY}\nGOOGLE_GEMINI_BASE_URL=${origin}\n`,
      );
    },
  },
];

function machineFor(name: ToolName, origin: string): Machine {
  const set = brokerMachine(origin);
  if (name !== "claude" && name !== "gemini") {
    const path = join(set.home, ".qwen", "settings.json");
    const settings = JSON.parse(readFileSync(path, "utf8"));
    for (const entry of settings.modelProviders.openai) {
      entry.anthropicBaseUrl = origin;
    }
    set.write(".qwen/settings.json", settings);
  }
  if (name === "gemini") {
    set.write(".qwen/settings.json", {
      modelProviders: { gemini: [{ id: "glm-5", baseUrl: origin, envKey: "LENT_KEY" }] },
      env: { LENT_KEY: KEY },
      model: { name: "glm-5" },
      security: { auth: { selectedType: "gemini" } },
    });
  }
  return set;
}

describe("a real tool", () => {
  for (const { name, argv, flags, foreign } of TOOLS) {
    const tool = installedTool(name);
    const reason = "reason" in tool ? tool.reason : undefined;
    const program = "program" in tool ? tool.program : "";
    for (const home of ["fresh", "foreign"] as const) {
      testUnless(reason)(
        `${name} in a ${home} home goes through the broker, and nowhere else`,
        async () => {
          const [service, other] = [toolService(), upstream()];
          const set = machineFor(name, service.origin);
          if (home === "foreign") {
            foreign(set, other.origin);
          }
          const ran = await qwen(
            set,
            ["auth", "run", "--summary", ...flags(service.origin), "--", program, ...argv],
            { env: { PATH: `${dirname(program)}:${set.env.PATH}` } },
          );
          expect([ran.exitCode, ran.stdout.includes(WORD)]).toEqual([0, true]);
          expect(other.received).toEqual([]);
          expect(service.received.length).toBeGreaterThan(0);
          for (const { headers, body, path } of service.received) {
            const sent = [...headers].map(([header, value]) => `${header}: ${value}`).join("\n");
            expect(sent + path + body).not.toContain(FOREIGN_KEY);
            expect(sent + path + body).not.toContain("qwen-run-");
            expect(sent).toContain(KEY);
            expect(`${path} ${JSON.parse(body).model}`).toContain("glm-5");
          }
          expect(found(ran.stdout + ran.stderr, KEY)).toEqual([]);
          // Older releases of Qwen Code keep a copy of the settings that they rewrite.
          const holding = filesHolding(set.home, KEY).map((path) => path.replace(/\.orig$/, ""));
          expect([...new Set(holding)]).toEqual([join(set.home, ".qwen", "settings.json")]);
          expect(ran.stderr).toMatch(
            /qwen: \d requests? to 127\.0\.0\.1:\d+ \(glm-5\): \d+ tokens in/,
          );
        },
        TOOL_TIMEOUT_MS,
      );
    }
  }
});
