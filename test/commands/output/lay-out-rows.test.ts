import { describe, expect, test } from "bun:test";
import { layOutRows, type Row } from "../../../src/commands/output/lay-out-rows.ts";
import type { Source } from "../../../src/source.ts";
import { PLAIN } from "../../../src/terminal/style.ts";

const HOME = "/home/someone";

function settings(name: string): Source {
  return { kind: "settings", name, path: `${HOME}/.qwen/settings.json`, origin: "user" };
}

const ROWS: readonly Row[] = [
  { label: "Model", value: "通义千问", source: settings("model.name") },
  { label: "Base URL", value: "https://plan.example/v1", source: settings("x[0].baseUrl") },
  { label: "Verified", value: "no" },
];

const SHELL: Source = { kind: "env", name: "A_KEY", origin: "user" };

const layOut = (rows: readonly Row[], columns?: number) =>
  layOutRows(rows, {
    style: PLAIN,
    screen: columns === undefined ? undefined : { columns, home: HOME },
    indent: 2,
  });

describe("layOutRows()", () => {
  test("puts each source behind its value where a script may read", () => {
    expect(layOut(ROWS)).toEqual([
      "  Model     通义千问  from /home/someone/.qwen/settings.json (model.name)",
      "  Base URL  https://plan.example/v1  from /home/someone/.qwen/settings.json (x[0].baseUrl)",
      "  Verified  no",
    ]);
  });

  test("puts sources below each other where there is room", () => {
    expect(layOut(ROWS, 58)).toEqual([
      "  Model     通义千问                 ~/.qwen/settings.json",
      "  Base URL  https://plan.example/v1  ~/.qwen/settings.json",
      "  Verified  no",
    ]);
  });

  test("says the same source once where there is none", () => {
    expect(layOut(ROWS, 57)).toEqual([
      "  Model     通义千问",
      "  Base URL  https://plan.example/v1",
      "            all from ~/.qwen/settings.json",
      "  Verified  no",
    ]);
  });

  test("puts different ones below their values", () => {
    const key: Row = { label: "API key", value: "sk-…cdef", source: SHELL };
    expect(layOut([...ROWS, key], 40)).toEqual([
      "  Model     通义千问",
      "            ~/.qwen/settings.json",
      "  Base URL  https://plan.example/v1",
      "            ~/.qwen/settings.json",
      "  Verified  no",
      "  API key   sk-…cdef",
      "            shell variable A_KEY",
    ]);
  });

  test("has no column where there is no source, and shows no control character", () => {
    expect(layOut([{ label: "A", value: "b\u001b[31m" }], 10)).toEqual(["  A  b\\x1b[31m"]);
  });

  test("leaves what a source that is alone cannot say of others", () => {
    expect(layOut([{ label: "Key", value: "x".repeat(30), source: SHELL }], 40)).toEqual([
      `  Key  ${"x".repeat(30)}`,
      "       shell variable A_KEY",
    ]);
  });
});
