import { describe, expect, test } from "bun:test";
import { findRecipe } from "../../../src/broker/tools/find-recipe.ts";

describe("findRecipe()", () => {
  test.each([
    [["claude"], undefined, "claude", 1],
    [["/opt/bin/claude", "-p", "x"], undefined, "claude", 1],
    [["claude.exe"], undefined, "claude", 1],
    [["C:\\x\\codex.cmd"], undefined, "codex", 1],
    [["cc"], "/usr/lib/node_modules/@anthropic-ai/claude-code/bin/claude", "claude", 1],
    [["codex", "exec"], "/x/codex.js", "codex", 1],
    [["npx", "@anthropic-ai/claude-code"], "/x/npx-cli.js", "claude", 2],
    [["npx", "-y", "@qwen-code/qwen-code@0.24.4", "-p", "x"], undefined, "qwen", 3],
    [["npx", "-p", "@openai/codex", "codex", "exec"], undefined, "codex", 4],
    [["npx", "--", "opencode-ai@1"], undefined, "opencode", 3],
    [["bunx", "@google/gemini-cli"], undefined, "gemini", 2],
    [["pnpm", "dlx", "@openai/codex", "exec"], undefined, "codex", 3],
    [["npm", "exec", "@openai/codex", "--", "exec"], undefined, "codex", 3],
    [["bun", "x", "opencode-ai"], undefined, "opencode", 3],
    [["npm", "install", "@openai/codex"], undefined, "generic", 1],
    [["npx", "claude"], undefined, "claude", 2],
    [["npx"], undefined, "generic", 1],
    [["npx", "-p"], undefined, "generic", 1],
    [["python", "claude"], undefined, "generic", 1],
    [["my-claude"], undefined, "generic", 1],
    [["claude-code"], undefined, "generic", 1],
    [["constructor"], "/x/toString", "generic", 1],
  ] as const)("%j at %s is %s", (argv, realName, name, insertAt) => {
    const found = findRecipe(argv, realName);
    expect([found.recipe.name, found.insertAt]).toEqual([name, insertAt]);
  });
});
