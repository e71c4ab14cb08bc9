import { expect, test } from "bun:test";
import { shellHints } from "../../src/lib/shell-hints.ts";

test.each([
  ["run `export A_KEY=YOUR_KEY`", "run `$env:A_KEY = 'YOUR_KEY'`"],
  [
    "Run: export OPENAI_MODEL=MODEL_ID  # or add --model MODEL_ID",
    "Run: $env:OPENAI_MODEL = 'MODEL_ID'  # or add --model MODEL_ID",
  ],
  ["`export A=1` or `export B=2`", "`$env:A = '1'` or `$env:B = '2'`"],
  ["run `qwen auth export --output f`", "run `qwen auth export --output f`"],
])("shellHints() makes of %j %j on Windows alone", (text, expected) => {
  expect(shellHints(text, "win32")).toBe(expected);
  expect(shellHints(text, "linux")).toBe(text);
  expect(shellHints(text, "darwin")).toBe(text);
});
