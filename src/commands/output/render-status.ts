import { connectionProblem, nextCommand, reasonOf } from "../../auth/connection-problem.ts";
import type { AuthStatus } from "../../auth/describe-auth.ts";
import { describeKey } from "../../auth/describe-key.ts";
import type { AuthMethod } from "../../auth/describe-method.ts";
import { DISCONTINUED } from "../../auth/oauth/discontinued.ts";
import { PROVIDERS } from "../../auth/providers/providers.ts";
import { rejectedHint } from "../../auth/verify/failure-hints.ts";
import { shellWord } from "../../lib/shell.ts";
import { shellHints } from "../../lib/shell-hints.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { isProtocol, PROTOCOL_NAMES } from "../../models/protocol.ts";
import type { Resolution } from "../../models/resolution.ts";
import type { Style } from "../../terminal/style.ts";
import { layOutRows, type Screen } from "./lay-out-rows.ts";
import { connectionRows, fileRows } from "./status-rows.ts";

type Page = {
  readonly style: Style;
  /** `undefined`: what may be read by a script, which gets every path inside of a file. */
  readonly screen: Screen | undefined;
  /** What the hints are written for. */
  readonly platform: string;
  readonly isInSession: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
};

/** `qwen auth status` for people: heading, verdict, rows, and what to run when it would not work. */
export function renderStatus(status: AuthStatus, resolution: Resolution, page: Page): string {
  return shellHints(renderLines(status, resolution, page).join("\n"), page.platform);
}

function renderLines(status: AuthStatus, resolution: Resolution, page: Page): string[] {
  const { style, screen, now } = page;
  const rows = [
    ...connectionRows(status, resolution, {
      method: methodName(status),
      isShort: screen !== undefined,
      now,
    }),
    ...fileRows(status),
  ];
  return [
    ...(screen === undefined ? [style.bold("Authentication status"), ""] : []),
    verdict(status, resolution, { style, name: shownName(status, { style, screen }) }),
    "",
    ...layOutRows(rows, { style, screen, indent: 2 }),
    ...status.warnings.map((text) => `  ${style.yellow("warning:")} ${visibleText(text)}`),
    ...nextSteps(status, resolution, page),
    "",
  ];
}

/** A screen has no row for the region. */
function shownName(status: AuthStatus, { style, screen }: Pick<Page, "style" | "screen">): string {
  const name = methodName(status);
  if (screen === undefined) {
    return name;
  }
  return style.bold(status.region === undefined ? name : `${name} (${visibleText(status.region)})`);
}

function verdict(
  status: AuthStatus,
  resolution: Resolution,
  { style, name }: { readonly style: Style; readonly name: string },
): string {
  const mark = style.yellow("⚠");
  if (status.verified.state === "rejected") {
    return `${mark} ${name} is configured, but ${rejection(resolution)}`;
  }
  if (status.verified.modelListed === false) {
    return `${mark} ${name} is configured, but the service does not offer the model`;
  }
  if (status.oauth !== undefined && status.loggedIn) {
    return `${mark} ${name} is configured, but ${DISCONTINUED}`;
  }
  if (status.loggedIn) {
    return `${style.green("✓")} ${name} is configured`;
  }
  if (status.state === "none") {
    return `${mark} No authentication method is configured`;
  }
  const what = status.method === "none" ? "Authentication" : name;
  return `${mark} ${what} is incomplete: ${visibleText(reasonOf(resolution))}`;
}

function rejection({ key }: Resolution): string {
  if (key.kind !== "keyless") {
    return "the key is not accepted";
  }
  return key.header === undefined
    ? "the service wants a key"
    : `the header "${visibleText(key.header)}" is not accepted`;
}

const METHOD_NAMES: Readonly<Record<Exclude<AuthMethod, "api-key">, string>> = {
  "coding-plan": "Alibaba Cloud Coding Plan",
  "token-plan": "Alibaba Cloud Token Plan",
  "standard-api-key": "Alibaba Cloud ModelStudio Standard API Key",
  "qwen-oauth": "Qwen OAuth",
  none: "None",
};

function methodName({ method, provider, name, protocol }: AuthStatus): string {
  if (method !== "api-key") {
    return METHOD_NAMES[method];
  }
  if (provider === undefined) {
    return "API key";
  }
  const label = PROVIDERS.find(({ id }) => id === provider)?.label ?? name;
  const kind = protocol !== undefined && isProtocol(protocol) ? PROTOCOL_NAMES[protocol] : "custom";
  return `API key for ${label ?? `a custom ${kind} endpoint`}`;
}

/** The exact command to run next. */
function nextSteps(
  status: AuthStatus,
  resolution: Resolution,
  { isInSession }: Pick<Page, "isInSession">,
): string[] {
  const isRejected = status.verified.state === "rejected";
  if (status.oauth !== undefined && (status.loggedIn || isRejected)) {
    return ["", "To go on without it: qwen auth coding-plan, or qwen auth api-key"];
  }
  if (status.verified.modelListed === false) {
    return ["", "hint: run `qwen models --remote` to see which ones there are"];
  }
  if (status.loggedIn) {
    return [];
  }
  if (isRejected) {
    const { hints } = describeKey(resolution);
    return ["", `hint: ${hints?.rejected ?? rejectedHint(status.baseUrl?.value ?? "")}`];
  }
  if (resolution.problem !== undefined) {
    return resolution.problem.hint === undefined ? [] : ["", `hint: ${resolution.problem.hint}`];
  }
  if (resolution.pairing.kind === "withheld") {
    return [
      "",
      "If you trust this folder:      qwen auth status --trust",
      `To trust it for good:          qwen trust ${visibleText(shellWord(status.trust.folder))}`,
      "To use your own settings only: qwen auth status --no-project",
    ];
  }
  if (status.state !== "none") {
    return ["", wayOut(resolution)];
  }
  return isInSession
    ? ["", "Type /auth to choose from a menu"]
    : [
        "",
        "Run one of:",
        "  qwen auth              to choose from a menu",
        "  qwen auth coding-plan  for Alibaba Cloud Coding Plan",
        "  qwen auth api-key      for a key of any other provider, or a server of your own",
      ];
}

/** Where only the model is missing, the command names both ways to give one. */
function wayOut(resolution: Resolution): string {
  const command = nextCommand(resolution);
  const { code, hint } = connectionProblem(resolution, "ask a model") ?? {};
  const isCommand = hint === undefined || hint === `run \`${command}\``;
  return isCommand || code === "model-missing" ? `Run: ${command}` : `hint: ${hint}`;
}
