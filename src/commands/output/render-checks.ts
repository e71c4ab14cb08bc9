import type { Check } from "../../doctor/check.ts";
import { visibleText } from "../../lib/visible-text.ts";
import type { Style } from "../../terminal/style.ts";

/**
 * `qwen doctor` for people: a line for each check, first what failed, what to do below it, and a
 * verdict.
 */
export function renderChecks(checks: readonly Check[], style: Style): string {
  const width = Math.max(...checks.map(({ id }) => id.length));
  const failed = checks.filter(({ status }) => status === "failed");
  const others = checks.filter(({ status }) => status !== "failed");
  const lines = [...failed, ...others].flatMap((check) => renderCheck(check, width, style));
  return `${[...lines, "", renderVerdict(checks, style)].join("\n")}\n`;
}

function renderCheck(
  { id, status, summary, detail = [], remedy }: Check,
  width: number,
  style: Style,
): string[] {
  const indent = " ".repeat(width + 4);
  return [
    `${markOf(status, style)} ${style.dim(id.padEnd(width))}  ${visibleText(summary)}`,
    ...detail.map((line) => `${indent}${style.dim(visibleText(line))}`),
    ...(remedy === undefined ? [] : [`${indent}${style.cyan("→")} ${visibleText(remedy)}`]),
  ];
}

function markOf(status: Check["status"], style: Style): string {
  switch (status) {
    case "ok":
      return style.green("✓");
    case "warning":
      return style.yellow("⚠");
    case "failed":
      return style.red("✗");
    case "skipped":
      return style.dim("–");
  }
}

function renderVerdict(checks: readonly Check[], style: Style): string {
  const count = (status: Check["status"]): number =>
    checks.filter((check) => check.status === status).length;
  const [failed, warnings] = [count("failed"), count("warning")];
  const parts = [
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(warnings === 0 ? [] : [`${warnings} ${warnings === 1 ? "warning" : "warnings"}`]),
  ];
  return style.bold(parts.length === 0 ? "All is well" : parts.join(", "));
}
