import { connectionProblem, nextCommand, reasonOf } from "../../auth/connection-problem.ts";
import type { AuthStatus } from "../../auth/describe-auth.ts";
import { describeKey } from "../../auth/describe-key.ts";
import type { AuthMethod } from "../../auth/describe-method.ts";
import { DISCONTINUED } from "../../auth/oauth/discontinued.ts";
import { PROVIDERS } from "../../auth/providers/providers.ts";
import { rejectedHint } from "../../auth/verify/failure-hints.ts";
import type { VerifiedField } from "../../auth/verify/verification.ts";
import { shellWord } from "../../lib/shell.ts";
import { shellHints } from "../../lib/shell-hints.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { isProtocol, PROTOCOL_NAMES } from "../../models/protocol.ts";
import type { Resolution } from "../../models/resolution.ts";
import type { Source } from "../../source.ts";
import { describeSource } from "../../source.ts";
import type { Style } from "../../terminal/style.ts";

type Row = readonly [label: string, value: string];

type Page = {
  readonly style: Style;
  /** What the hints are written for. */
  readonly platform: string;
};

/** `qwen auth status` for people: heading, verdict, rows, and what to run when it would not work. */
export function renderStatus(
  status: AuthStatus,
  resolution: Resolution,
  { style, platform }: Page,
): string {
  return shellHints(renderLines(status, resolution, style).join("\n"), platform);
}

function renderLines(status: AuthStatus, resolution: Resolution, style: Style): string[] {
  const rows = [...connectionRows(status, resolution), ...fileRows(status)];
  const width = Math.max(...rows.map(([label]) => label.length));
  return [
    style.bold("Authentication status"),
    "",
    verdict(status, resolution, style),
    "",
    ...rows.map(([label, value]) => `  ${style.dim(label.padEnd(width))}  ${visibleText(value)}`),
    ...status.warnings.map((text) => `  ${style.yellow("warning:")} ${visibleText(text)}`),
    ...nextSteps(status, resolution),
    "",
  ];
}

function verdict(status: AuthStatus, resolution: Resolution, style: Style): string {
  const mark = style.yellow("⚠");
  if (status.verified.state === "rejected") {
    return `${mark} ${methodName(status)} is configured, but ${rejection(resolution)}`;
  }
  if (status.verified.modelListed === false) {
    return `${mark} ${methodName(status)} is configured, but the service does not offer the model`;
  }
  if (status.oauth !== undefined && status.loggedIn) {
    return `${mark} ${methodName(status)} is configured, but ${DISCONTINUED}`;
  }
  if (status.loggedIn) {
    return `${style.green("✓")} ${methodName(status)} is configured`;
  }
  if (status.state === "none") {
    return `${mark} No authentication method is configured`;
  }
  const name = status.method === "none" ? "Authentication" : methodName(status);
  return `${mark} ${name} is incomplete: ${visibleText(reasonOf(resolution))}`;
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

/** Where nothing speaks a protocol yet, the row of the method says what selected it. */
function methodOf(status: AuthStatus): string {
  const { protocol, protocolSource } = status;
  return withSource(methodName(status), protocol === undefined ? protocolSource : undefined);
}

function withSource(text: string, source: Source | undefined): string {
  return source === undefined ? text : `${text}  from ${describeSource(source)}`;
}

function connectionRows(status: AuthStatus, resolution: Resolution): Row[] {
  const { region, protocol, protocolSource, baseUrl, model } = status;
  const rows: (Row | undefined)[] = [
    status.method === "none" ? undefined : ["Method", methodOf(status)],
    region === undefined ? undefined : ["Region", region],
    protocol === undefined ? undefined : ["Protocol", withSource(protocol, protocolSource)],
    baseUrl && ["Base URL", `${baseUrl.value}  from ${describeSource(baseUrl.source)}`],
    model && ["Model", `${model.id}  from ${describeSource(model.source)}`],
    keyRow(status, resolution),
    status.account === undefined || status.key.source?.kind === "account"
      ? undefined
      : ["", `account ${status.account}`],
    expiryRow(status, resolution),
    ...status.key.shadowed.map((source): Row => ["", `hides ${describeSource(source)}`]),
    status.trust.required
      ? ["Trust", `${status.trust.folder} is ${status.trust.trusted ? "trusted" : "not trusted"}`]
      : undefined,
    verifiedRow(status),
  ];
  return rows.filter((row) => row !== undefined);
}

function verifiedRow({ loggedIn, verified }: AuthStatus): Row | undefined {
  return loggedIn || verified.state !== "unchecked"
    ? ["Verified", verifiedText(verified)]
    : undefined;
}

/** What asking the service told, for people. */
export function verifiedText({ state, detail, modelListed }: VerifiedField): string {
  switch (state) {
    case "unchecked":
      return "no (not checked against the service; `qwen auth status --verify` does)";
    case "ok":
      return modelListed === false ? `the key, but not the model: ${detail}` : `yes: ${detail}`;
    case "rejected":
    case "unreachable":
    case "unverifiable":
      return `no, ${state}: ${detail}`;
  }
}

/** What stands for a key that lies in the keyring, or that a helper has. */
export const NOT_FETCHED = "(not fetched)";

function keyRow({ key }: AuthStatus, resolution: Resolution): Row | undefined {
  if (key.present && key.source !== undefined) {
    const shown = key.value ?? key.masked ?? NOT_FETCHED;
    return ["API key", `${shown}  from ${describeSource(key.source)}`];
  }
  if (resolution.key.kind === "unusable") {
    return ["API key", `unusable  from ${describeSource(resolution.key.source)}`];
  }
  if (resolution.key.kind === "keyless") {
    return ["API key", keylessText(resolution.key)];
  }
  return key.envKey === undefined ? undefined : ["API key", `missing (${key.envKey})`];
}

function keylessText({
  envKey,
  isUnset,
  header,
}: Extract<Resolution["key"], { kind: "keyless" }>): string {
  if (header !== undefined) {
    return `none; the header "${header}" authenticates`;
  }
  return isUnset === true ? `none (${envKey} is not set)` : "none needed";
}

function expiryRow({ oauth }: AuthStatus, resolution: Resolution): Row | undefined {
  if (oauth?.path === undefined) {
    return undefined;
  }
  const verb = resolution.oauth?.isExpired === true ? "expired" : "expires";
  const due = oauth.refreshDue === true ? ", refreshed at the next request" : "";
  return ["Token", `${verb} ${oauth.expiresAt ?? "at a time that is none"}${due}`];
}

function fileRows({ settings, dotenv }: AuthStatus): Row[] {
  const read = settings.filter(({ exists }) => exists);
  return [
    ...(read.length === 0
      ? [["Settings", "no file"] as const]
      : read.map(({ path, scope }): Row => ["Settings", `${path} (${scope})`])),
    [".env", dotenv.path ?? "no file"],
    ...dotenv.shadowed.map((path): Row => ["", `not read: ${path}`]),
  ];
}

/** The exact command to run next. */
function nextSteps(status: AuthStatus, resolution: Resolution): string[] {
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
  return status.state === "none"
    ? [
        "",
        "Run one of:",
        "  qwen auth              to choose from a menu",
        "  qwen auth coding-plan  for Alibaba Cloud Coding Plan",
        "  qwen auth api-key      for a key of any other provider, or a server of your own",
      ]
    : ["", wayOut(resolution)];
}

/** Where only the model is missing, the command names both ways to give one. */
function wayOut(resolution: Resolution): string {
  const command = nextCommand(resolution);
  const { code, hint } = connectionProblem(resolution, "ask a model") ?? {};
  const isCommand = hint === undefined || hint === `run \`${command}\``;
  return isCommand || code === "model-missing" ? `Run: ${command}` : `hint: ${hint}`;
}
