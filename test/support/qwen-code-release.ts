import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingPrograms } from "./needs.ts";

const CACHE = join(tmpdir(), "qwen-code-releases");
const INSTALL_TIMEOUT_MS = 300_000;

/**
 * The start file of a release of Qwen Code, installed once below the system's temporary directory
 * and used again by every later run; or why there is none.
 */
export function installedRelease(version: string): { program: string } | { reason: string } {
  const missing = missingPrograms("npm", "node");
  if (missing !== undefined) {
    return { reason: missing };
  }
  const directory = join(CACHE, version);
  const program = join(directory, "node_modules", "@qwen-code", "qwen-code", "cli.js");
  if (existsSync(program)) {
    return { program };
  }
  const staged = `${directory}.${process.pid}`;
  mkdirSync(staged, { recursive: true });
  writeFileSync(join(staged, "package.json"), '{"private":true}');
  const flags = ["--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"];
  const npm = Bun.spawnSync(["npm", "install", ...flags, `@qwen-code/qwen-code@${version}`], {
    cwd: staged,
    stdio: ["ignore", "ignore", "ignore"],
    timeout: INSTALL_TIMEOUT_MS,
  });
  if (npm.exitCode === 0 && !existsSync(directory)) {
    renameSync(staged, directory);
  }
  rmSync(staged, { recursive: true, force: true });
  return existsSync(program)
    ? { program }
    : { reason: `npm could not install @qwen-code/qwen-code@${version}` };
}
