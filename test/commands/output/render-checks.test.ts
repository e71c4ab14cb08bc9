import { expect, test } from "bun:test";
import {
  renderChecks,
  renderFindings,
  renderGroups,
} from "../../../src/commands/output/render-checks.ts";
import type { Check } from "../../../src/doctor/check.ts";
import { PLAIN, type Style } from "../../../src/terminal/style.ts";

const CHECKS: readonly Check[] = [
  { id: "version", status: "ok", summary: "qwen 1.2.3" },
  { id: "dotenv", status: "warning", summary: "a\u001b[31m", detail: ["b\u202e"], remedy: "c\n" },
  { id: "trust", status: "failed", summary: "d" },
  { id: "network", status: "skipped", summary: "e" },
];

test("renderChecks() shows a line for each check, first what failed, and a verdict", () => {
  expect(renderChecks(CHECKS, PLAIN)).toBe(
    [
      "✗ trust    d",
      "✓ version  qwen 1.2.3",
      "⚠ dotenv   a\\x1b[31m",
      "           b\\u202e",
      "           → c\\n",
      "– network  e",
      "",
      "1 failed, 1 warning",
      "",
    ].join("\n"),
  );
});

test("renderChecks() is content when all is well", () => {
  expect(renderChecks(CHECKS.slice(0, 1), PLAIN)).toEndWith("\n\nAll is well\n");
});

test("renderChecks() gives every mark its colour", () => {
  const tag = (name: string) => (text: string) => `<${name}>${text}`;
  const style: Style = {
    ...PLAIN,
    bold: tag("bold"),
    dim: tag("dim"),
    red: tag("red"),
    green: tag("green"),
    yellow: tag("yellow"),
    cyan: tag("cyan"),
  };
  const marks = renderChecks(CHECKS, style).match(/^<\w+>[✓⚠✗–]/gm);
  expect(marks).toEqual(["<red>✗", "<green>✓", "<yellow>⚠", "<dim>–"]);
});

const none = () => false;

test("renderFindings() begins with what failed and what to do, and counts the rest", () => {
  expect(renderFindings(CHECKS, { style: PLAIN, isShown: none })).toBe(
    [
      "✗ d (trust)",
      "",
      "⚠ a\\x1b[31m (dotenv)",
      "  b\\u202e",
      "  → c\\n",
      "",
      "1 failed, 1 warning",
      "2 other checks passed or do not apply: qwen doctor --all",
      "",
    ].join("\n"),
  );
});

test("renderFindings() says that a model can be asked, and shows what was asked for", () => {
  const checks: readonly Check[] = [
    { id: "version", status: "ok", summary: "qwen 1.2.3" },
    { id: "connection", status: "ok", summary: "m at x.example can be asked" },
    { id: "network.dns", status: "ok", summary: "x.example is 192.0.2.1" },
  ];
  const verdict = "✓ All is well: m at x.example can be asked";
  expect(renderFindings(checks, { style: PLAIN, isShown: none })).toBe(
    `${verdict}\n\n3 checks passed or do not apply: qwen doctor --all\n`,
  );
  const isShown = ({ id }: Check) => id.startsWith("network");
  expect(renderFindings(checks, { style: PLAIN, isShown })).toBe(
    [
      "✓ network.dns  x.example is 192.0.2.1",
      "",
      verdict,
      "2 other checks passed or do not apply: qwen doctor --all",
      "",
    ].join("\n"),
  );
});

test("renderGroups() shows every check under what it is about", () => {
  expect(renderGroups(CHECKS, PLAIN)).toBe(
    [
      "Files",
      "⚠ dotenv   a\\x1b[31m",
      "           b\\u202e",
      "           → c\\n",
      "✗ trust    d",
      "",
      "Connection",
      "",
      "Network",
      "– network  e",
      "",
      "Machine",
      "✓ version  qwen 1.2.3",
      "",
      "1 failed, 1 warning",
      "",
    ].join("\n"),
  );
});
