import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingPrograms } from "./needs.ts";

/** Outside of `node_modules`: together they take more than a gigabyte. */
const CACHE = process.env.QWEN_TEST_TOOLS ?? join(tmpdir(), "qwen-test-tools");
const INSTALL_TIMEOUT_MS = 300_000;

/** The tools that recipes were written for, each in the release that they were tried with. */
export const TOOLS = {
  claude: ["@anthropic-ai/claude-code@2.1.332", "claude"],
  "claude 2.1.197": ["@anthropic-ai/claude-code@2.1.197", "claude"],
  codex: ["@openai/codex@0.171.0", "codex"],
  opencode: ["opencode-ai@1.18.33", "opencode"],
  "Qwen Code": ["@qwen-code/qwen-code@0.24.4", "qwen"],
  "Qwen Code 0.15.6": ["@qwen-code/qwen-code@0.15.6", "qwen"],
  gemini: ["@google/gemini-cli@0.61.0", "gemini"],
} as const;

export type ToolName = keyof typeof TOOLS;

/**
 * The program of a tool, installed once and used again by every later run; or why there is none.
 * Nothing is installed unless `QWEN_TEST_TOOLS` names a directory for it, as `.ci/run` does.
 */
export function installedTool(name: ToolName): { program: string } | { reason: string } {
  const missing = missingPrograms("npm", "node");
  if (missing !== undefined) {
    return { reason: missing };
  }
  const [specifier, command] = TOOLS[name];
  const directory = join(CACHE, specifier.replace(/[/@]/g, "-"));
  const program = join(directory, "node_modules", ".bin", command);
  if (existsSync(program)) {
    return { program };
  }
  if (process.env.QWEN_TEST_TOOLS === undefined) {
    return { reason: `${specifier} is not installed; QWEN_TEST_TOOLS=DIRECTORY installs it there` };
  }
  const staged = `${directory}.${process.pid}`;
  mkdirSync(staged, { recursive: true });
  writeFileSync(join(staged, "package.json"), '{"private":true}');
  const npm = Bun.spawnSync(["npm", "install", "--no-audit", "--no-fund", specifier], {
    cwd: staged,
    stdio: ["ignore", "ignore", "ignore"],
    timeout: INSTALL_TIMEOUT_MS,
  });
  if (npm.exitCode === 0 && !existsSync(directory)) {
    renameSync(staged, directory);
  }
  rmSync(staged, { recursive: true, force: true });
  return existsSync(program) ? { program } : { reason: `npm could not install ${specifier}` };
}
