import type { Check } from "../../doctor/check.ts";
import { visibleText } from "../../lib/visible-text.ts";
import type { Style } from "../../terminal/style.ts";

/**
 * `qwen doctor` for scripts and reports: a line for each check, first what failed, what to do below
 * it, and a verdict.
 */
export function renderChecks(checks: readonly Check[], style: Style): string {
  const failed = checks.filter(({ status }) => status === "failed");
  const others = checks.filter(({ status }) => status !== "failed");
  const lines = renderList([...failed, ...others], style);
  return `${[...lines, "", style.bold(countsOf(checks) ?? "All is well")].join("\n")}\n`;
}

/** What a check is about, by the first part of its id; the last group has all others. */
const GROUPS: readonly (readonly [heading: string, first: readonly string[]])[] = [
  ["Files", ["home", "settings", "dotenv", "trust", "variables", "leftovers"]],
  ["Connection", ["connection", "configuration"]],
  ["Network", ["proxy", "certificates", "network", "broker"]],
  ["Machine", []],
];

/** The same for a person who wants to see everything: by what it is about. */
export function renderGroups(checks: readonly Check[], style: Style): string {
  const heads = GROUPS.flatMap(([, first]) => first);
  const width = widthOf(checks);
  const groups = GROUPS.map(([heading, first]) => {
    const own = checks.filter(({ id }) => {
      const head = id.split(".", 1)[0] ?? id;
      return first.length === 0 ? !heads.includes(head) : first.includes(head);
    });
    return [style.bold(heading), ...renderList(own, style, width), ""];
  });
  return `${[...groups.flat(), ...renderVerdict(checks, style)].join("\n")}\n`;
}

/**
 * The same for a person: what failed and what to do about it, else that all is well; of the rest
 * that there is one. `isShown` says what is told though all is well with it.
 */
export function renderFindings(
  checks: readonly Check[],
  { style, isShown }: { readonly style: Style; readonly isShown: (check: Check) => boolean },
): string {
  const found = (status: Check["status"]): readonly Check[] =>
    checks.filter((check) => check.status === status);
  const problems = [...found("failed"), ...found("warning")];
  const asked = checks.filter((check) => !problems.includes(check) && isShown(check));
  const rest = checks.length - problems.length - asked.length;
  const isQuiet = problems.length === 0 && asked.length === 0;
  return `${[
    ...problems.flatMap((problem) => [...renderFinding(problem, style), ""]),
    ...(asked.length === 0 ? [] : [...renderList(asked, style), ""]),
    ...renderVerdict(checks, style),
    ...(isQuiet ? [""] : []),
    style.dim(`${rest} ${isQuiet ? "" : "other "}checks passed or do not apply: qwen doctor --all`),
  ].join("\n")}\n`;
}

function renderFinding(
  { id, status, summary, detail = [], remedy }: Check,
  style: Style,
): string[] {
  return [
    `${markOf(status, style)} ${style.bold(visibleText(summary))} ${style.dim(`(${id})`)}`,
    ...detail.map((line) => `  ${style.dim(visibleText(line))}`),
    ...(remedy === undefined ? [] : [`  ${style.cyan("→")} ${visibleText(remedy)}`]),
  ];
}

/** How many checks have something to say; or that a question can be asked. */
function renderVerdict(checks: readonly Check[], style: Style): string[] {
  const counts = countsOf(checks);
  if (counts !== undefined) {
    const paint = checks.some(({ status }) => status === "failed") ? style.red : style.yellow;
    return [style.bold(paint(counts))];
  }
  const connection = checks.find(({ id, status }) => id === "connection" && status === "ok");
  const what = connection === undefined ? "" : `: ${visibleText(connection.summary)}`;
  return [`${style.green("✓")} ${style.bold("All is well")}${what}`];
}

function renderList(
  checks: readonly Check[],
  style: Style,
  width: number = widthOf(checks),
): string[] {
  const indent = " ".repeat(width + 4);
  return checks.flatMap(({ id, status, summary, detail = [], remedy }) => [
    `${markOf(status, style)} ${style.dim(id.padEnd(width))}  ${visibleText(summary)}`,
    ...detail.map((line) => `${indent}${style.dim(visibleText(line))}`),
    ...(remedy === undefined ? [] : [`${indent}${style.cyan("→")} ${visibleText(remedy)}`]),
  ]);
}

function widthOf(checks: readonly Check[]): number {
  return Math.max(...checks.map(({ id }) => id.length));
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

/** `1 failed, 2 warnings`; `undefined` where there is neither. */
function countsOf(checks: readonly Check[]): string | undefined {
  const count = (status: Check["status"]): number =>
    checks.filter((check) => check.status === status).length;
  const [failed, warnings] = [count("failed"), count("warning")];
  const parts = [
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(warnings === 0 ? [] : [`${warnings} ${warnings === 1 ? "warning" : "warnings"}`]),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
}
