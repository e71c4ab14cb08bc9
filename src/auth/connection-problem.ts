import { AuthError, ConfigError, type ErrorCode, type QwenError } from "../errors.ts";
import { shellWord } from "../lib/shell.ts";
import { KEYLESS, STANDARD } from "../models/protocol.ts";
import type { Configured, Resolution, Unfinished } from "../models/resolution.ts";
import { describeSource, type Source } from "../source.ts";
import { describeMethod } from "./describe-method.ts";
import { keyForFlag, missingKey } from "./missing-key.ts";
import { ALTERNATIVES, DISCONTINUED } from "./oauth/discontinued.ts";
import { CODING_PLAN } from "./providers/alibaba-providers.ts";
import { setUpCommand } from "./providers/find-provider.ts";

/**
 * Why nothing can be sent, as the failure of whoever wanted to: exit 4, or what makes the
 * configuration unusable. `undefined` when a request can be made. Decided from the resolution
 * alone, so that every command says the same as `qwen auth status`.
 * @param doing what failed, as it follows "Cannot": `print the key`
 */
export function connectionProblem(resolution: Unfinished, doing: string): QwenError;
export function connectionProblem(resolution: Resolution, doing: string): QwenError | undefined;
export function connectionProblem(resolution: Resolution, doing: string): QwenError | undefined {
  if (resolution.state === "configured") {
    return undefined;
  }
  const problem = problemOf(resolution, doing);
  const { distrusted = [] } = resolution;
  return distrusted.length === 0 ? problem : withUnread(problem, distrusted);
}

/** What was not read may be what is missed. */
function withUnread(problem: ConfigError | AuthError, lines: readonly string[]): QwenError {
  const Problem = problem instanceof ConfigError ? ConfigError : AuthError;
  const { message, code, hint, suggest } = problem;
  const more = suggest === undefined ? {} : { suggest };
  return new Problem([message, ...lines].join("; "), { code, hint, cause: problem, ...more });
}

function problemOf(resolution: Unfinished, doing: string): ConfigError | AuthError {
  const { state, problem, pairing, key, isQwenOauth, protocol, trustFolder, unread } = resolution;
  if (problem !== undefined) {
    return problem;
  }
  const message = `Cannot ${doing}: ${reasonOf(resolution)}`;
  if (pairing.kind === "withheld") {
    return new AuthError(message, {
      code: "key-withheld",
      hint:
        `add \`--trust\` if you trust this folder${forGood(trustFolder)}, ` +
        "or `--no-project` to leave its files out",
    });
  }
  const isOverruling = isQwenOauth && resolution.oauth === undefined && unread.length > 0;
  if (isOverruling) {
    const way = "add `--auth-type openai`, or run `qwen auth logout --provider qwen-oauth`";
    return new AuthError(message, { code: "not-configured", hint: way });
  }
  const hint = isQwenOauth ? ALTERNATIVES : `run \`${nextCommand(resolution)}\``;
  if (state === "none" || isQwenOauth || protocol === undefined) {
    return new AuthError(message, { code: "not-configured", hint });
  }
  if (key.kind === "unusable") {
    return new AuthError(message, { code: "invalid-key", hint: repairHint(key, hint) });
  }
  return key.kind === "missing"
    ? new AuthError(message, { code: "key-missing", hint: missingHint(key, resolution, hint) })
    : new AuthError(message, {
        code: "model-missing",
        hint: "name one with `--model ID`; `qwen models --remote` lists them",
      });
}

function missingHint(
  {
    envKeys,
    isOwnHidden,
    unusedVariable,
    unfilled,
    unlisted,
  }: Extract<Resolution["key"], { kind: "missing" }>,
  { replaced, entry }: Resolution,
  hint: string,
): string {
  if (replaced !== undefined) {
    return "add `--openai-api-key` with the key of that endpoint";
  }
  if (isOwnHidden === true) {
    return "add `--no-project` to have your own .env read";
  }
  if (unfilled !== undefined) {
    return `set the variable that "${unfilled}" names in \`customHeaders\``;
  }
  if (unusedVariable !== undefined) {
    return `name \`${unusedVariable}\` in the entry's \`envKey\` if it is for that endpoint, or ${hint}`;
  }
  if (unlisted !== undefined) {
    return "name a configured model with `--model`; `qwen models` lists them";
  }
  return envKeys.length === 0 && entry?.generationConfig?.customHeaders !== undefined
    ? `${hint}, or name an \`envKey\` with the value \`${KEYLESS}\` if the headers authenticate`
    : hint;
}

/**
 * A resolution with which a request can be made.
 * @param doing as in `connectionProblem`, which is thrown for any other
 */
export function configuredOrThrow(resolution: Resolution, doing: string): Configured {
  if (resolution.state !== "configured") {
    throw connectionProblem(resolution, doing);
  }
  return resolution;
}

/**
 * Why the key cannot be handed out though a request could be made: a token that has expired is
 * refreshed by whoever asks a model, and by nobody else.
 */
export function expiredTokenProblem({ oauth }: Resolution, doing: string): AuthError | undefined {
  return oauth?.isExpired === true
    ? new AuthError(`Cannot ${doing}: the token of Qwen OAuth has expired`, {
        code: "oauth-expired",
        hint: "run `qwen auth qwen-oauth --force` to refresh it",
      })
    : undefined;
}

type Unusable = Extract<Resolution["key"], { readonly kind: "unusable" }>;

/** Where the person put what is no key, there it is corrected; what a login wrote, by a login. */
function repairHint({ source: { kind, name, path } }: Unusable, hint: string): string {
  if (kind === "settings" && hint.includes("qwen auth")) {
    return hint;
  }
  return path === undefined ? `correct \`${name}\`` : `correct \`${name}\` in \`${path}\``;
}

type Keyless = Extract<Resolution["key"], { readonly kind: "keyless" }>;

/** Why there is no key to hand out though a request can be made without one. */
export function keylessProblem(
  { envKey, isUnset, header }: Keyless,
  { doing, endpoint }: { readonly doing: string; readonly endpoint: string },
): AuthError {
  if (header !== undefined) {
    const why = `the entry authenticates by its header "${header}"`;
    return new AuthError(`Cannot ${doing}: ${why}`, { code: "key-missing" });
  }
  return isUnset === true && envKey !== undefined
    ? new AuthError(`Cannot ${doing}: ${envKey} is not set`, {
        code: "key-missing",
        hint: `run \`export ${envKey}=YOUR_KEY\``,
      })
    : new AuthError(`Cannot ${doing}: ${endpoint} wants none`, { code: "key-missing" });
}

/** Why a set-up cannot be used, for programs: the words are those that a person reads. */
export type ProblemField = {
  /** Of the error that a question would end with. */
  readonly code: ErrorCode;
  readonly reason: string;
  /** One imperative line. */
  readonly hint?: string;
};

/** The field of `--json` that says why no request can be made; nothing where one can. */
export function describeProblem(resolution: Resolution): { readonly problem?: ProblemField } {
  const problem = connectionProblem(resolution, "ask a model");
  if (problem === undefined) {
    return {};
  }
  const { code, hint } = problem;
  const reason = reasonOf(resolution);
  return { problem: { code, reason, ...(hint === undefined ? {} : { hint }) } };
}

/** The folder by its name: the file that is to be trusted may stand above the working directory. */
function forGood(folder: string | undefined): string {
  return folder === undefined ? "" : ` (\`qwen trust ${shellWord(folder)}\` for good)`;
}

/** Why nothing can be sent, in one clause. */
export function reasonOf(resolution: Resolution): string {
  const { state, key, model, pairing, problem, endpoint, projectSource, replaced } = resolution;
  if (problem !== undefined) {
    return problem.message;
  }
  if (resolution.isQwenOauth) {
    return oauthReason(resolution);
  }
  if (state === "none") {
    return ["nothing is configured", ...unreadOf(resolution)].join("; ");
  }
  const hasKey = key.kind === "present" || key.kind === "deferred";
  if (pairing.kind === "withheld" && projectSource !== undefined && hasKey) {
    const [from, by] = [describeSource(key.source), describeSource(projectSource)];
    return `the key of ${from} is withheld from ${endpoint?.value}, as ${by} says where it goes`;
  }
  if (resolution.protocol === undefined) {
    return "several protocols have models and none is selected";
  }
  if (key.kind === "missing") {
    return replaced === undefined ? missingKey(key) : keyForFlag(key, resolution);
  }
  if (key.kind === "unusable") {
    return `the key of ${describeSource(key.source)} cannot be sent: ${key.reason}`;
  }
  return model === undefined ? noModel(resolution.protocol.source) : "a request could not be made";
}

/** A flag that means one protocol leaves a model of another out of account. */
function noModel({ kind, name }: Source): string {
  return kind === "flag" && name?.startsWith("--openai-") === true
    ? `no model is chosen for openai, which \`${name}\` means`
    : "no model is chosen";
}

function oauthReason(resolution: Resolution): string {
  const { oauth, selectedBy } = resolution;
  const what = oauth === undefined ? "has no stored tokens" : "has only a token that has expired";
  const by = selectedBy === undefined ? "" : ` (selected by ${describeSource(selectedBy)})`;
  return [`Qwen OAuth${by} ${what}, and ${DISCONTINUED}`, ...unreadOf(resolution)].join("; ");
}

/** What somebody has set to no effect may be what they think is in force. */
function unreadOf(resolution: Resolution): readonly string[] {
  return resolution.state === "configured" ? [] : resolution.unread.slice(0, 3);
}

/** The exact command that repairs what is missing. */
export function nextCommand(resolution: Resolution): string {
  const { method, provider, region } = describeMethod(resolution);
  const { key, state, isQwenOauth, protocol, model, endpoint } = resolution;
  const endpointOf = region === undefined ? {} : { endpoint: { region } };
  if (method === "coding-plan") {
    return setUpCommand({ provider: CODING_PLAN, ...endpointOf });
  }
  if (state === "none" || isQwenOauth) {
    return "qwen auth";
  }
  if (protocol === undefined) {
    return "qwen auth switch";
  }
  if (key.kind !== "missing" && key.kind !== "unusable") {
    const [variable] = STANDARD[protocol.value].models;
    return model === undefined
      ? `export ${variable}=MODEL_ID  # or add --model MODEL_ID`
      : "qwen auth";
  }
  if (endpoint === undefined) {
    return "qwen auth api-key";
  }
  const [envKey] = key.kind === "missing" ? key.envKeys : [key.envKey];
  const hasItsKey = envKey !== undefined && method !== "api-key" && provider !== undefined;
  if (hasItsKey) {
    return setUpCommand({ provider: { id: provider }, ...endpointOf });
  }
  return envKey === undefined ? "qwen auth api-key" : `export ${envKey}=YOUR_KEY`;
}
