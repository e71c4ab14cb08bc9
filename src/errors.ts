/** Exit codes of `qwen` (`spec/cli.md`, "Exit codes"). */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  config: 3,
  auth: 4,
  unreachable: 5,
  /** As `env`, `nice` and `sudo` have it, for a program that was to be run. */
  notExecutable: 126,
  notFound: 127,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each of them means, for `qwen help exit-codes`. */
export const EXIT_MEANINGS: readonly (readonly [code: ExitCode | "any", meaning: string])[] = [
  [EXIT.ok, "Done"],
  [EXIT.failed, "Another failure: unknown model, quota, full disk, a doctor's check"],
  [EXIT.usage, "Usage: unknown flag, bad value, missing input without a terminal"],
  [EXIT.config, "A settings, .env, key, token, trust or certificate file cannot be used"],
  [EXIT.auth, "Not authenticated: nothing configured, key missing, rejected or withheld"],
  [EXIT.unreachable, "The service cannot be reached, or answers 5xx or 429; the answer was cut"],
  [EXIT.notExecutable, "`auth run`: the program cannot be executed"],
  [EXIT.notFound, "`auth run`: there is no such program"],
  [EXIT.interrupted, "Interrupted (Ctrl+C); nothing was written"],
  ["any", "`auth run`: that of the program"],
];

/** Stable error codes, printed by `--json`. A code may be added, none changes its meaning. */
export type ErrorCode =
  | "failed"
  | "output-failed"
  | "write-failed"
  | "usage"
  | "unknown-command"
  | "unknown-flag"
  | "missing-value"
  | "missing-input"
  | "invalid-value"
  | "invalid-key"
  | "config"
  | "settings-invalid"
  | "settings-unreadable"
  | "settings-unsafe"
  | "dotenv-unreadable"
  | "key-file-unreadable"
  | "trust-file-invalid"
  | "accounts-invalid"
  | "oauth-file-invalid"
  | "unknown-model"
  | "unknown-auth-type"
  | "unsupported"
  | "auth"
  | "enforced-type"
  | "not-configured"
  | "model-missing"
  | "endpoint-missing"
  | "key-missing"
  | "account-unknown"
  | "key-withheld"
  | "key-rejected"
  | "oauth-refused"
  | "oauth-denied"
  | "oauth-expired"
  | "key-helper-failed"
  | "keyring-unavailable"
  | "not-allowed"
  | "quota-exceeded"
  | "quota"
  | "rate-limited"
  | "server-error"
  | "bad-request"
  | "not-found"
  | "not-an-api"
  | "redirected"
  | "prompt-blocked"
  | "prompt-too-long"
  | "session-unusable"
  | "unreachable"
  | "tls-failed"
  | "proxy-failed"
  | "timeout"
  | "stream-cut"
  | "malformed-answer"
  | "inside-run"
  | "nested-run"
  | "tool-not-found"
  | "tool-not-executable"
  | "no-such-protocol"
  | "cannot-listen"
  | "ca-file-unreadable"
  | "client-cert-unreadable"
  | "cancelled";

type Details = {
  readonly code?: ErrorCode;
  /** One imperative line that says what to do next. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  /** What was typed and what is known: the report adds a "did you mean" when one is near. */
  readonly suggest?: Suggestion;
};

export type Suggestion = { readonly word: string; readonly from: readonly string[] };

/**
 * A failure that a person must read. The message is one line, `Cannot <do> <what>: <why>`,
 * without a full stop. Anything else that is thrown is a bug (DESIGN.md, "Errors").
 */
export class QwenError extends Error {
  override readonly name: string = "QwenError";
  readonly exitCode: ExitCode = EXIT.failed;
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly suggest: Suggestion | undefined;

  constructor(message: string, { code = "failed", hint, cause, suggest }: Details = {}) {
    super(message, { cause });
    this.code = code;
    this.hint = hint;
    this.suggest = suggest;
  }
}

/** The command line is wrong: unknown flag, bad value, missing input without a terminal. */
export class UsageError extends QwenError {
  override readonly name = "UsageError";
  override readonly exitCode = EXIT.usage;

  constructor(message: string, details: Details = {}) {
    super(message, { code: "usage", ...details });
  }
}

/** A settings, `.env`, key or trust file cannot be used as it is. */
export class ConfigError extends QwenError {
  override readonly name = "ConfigError";
  override readonly exitCode = EXIT.config;

  constructor(message: string, details: Details = {}) {
    super(message, { code: "config", ...details });
  }
}

/** Nothing is configured, or the key is missing, rejected or withheld. */
export class AuthError extends QwenError {
  override readonly name = "AuthError";
  override readonly exitCode = EXIT.auth;

  constructor(message: string, details: Details = {}) {
    super(message, { code: "auth", ...details });
  }
}

/** The service could not be reached, or is not well; never a word about the key. */
export class UnreachableError extends QwenError {
  override readonly name = "UnreachableError";
  override readonly exitCode = EXIT.unreachable;

  constructor(message: string, details: Details = {}) {
    super(message, { code: "unreachable", ...details });
  }
}

/** A program that was to be run is not there, or is none. */
export class ToolError extends QwenError {
  override readonly name = "ToolError";
  override readonly exitCode: ExitCode;

  constructor(
    message: string,
    { isThere, ...details }: Omit<Details, "code"> & { readonly isThere: boolean },
  ) {
    super(message, { code: isThere ? "tool-not-executable" : "tool-not-found", ...details });
    this.exitCode = isThere ? EXIT.notExecutable : EXIT.notFound;
  }
}

/** The person pressed Ctrl+C or left a prompt; nothing was written. */
export class CancelledError extends QwenError {
  override readonly name = "CancelledError";
  override readonly exitCode = EXIT.interrupted;

  constructor(message = "Cancelled", details: Details = {}) {
    super(message, { code: "cancelled", ...details });
  }
}

/** What a person reads of something thrown that is no `QwenError`, and how to report it. */
export function describeBug(
  error: unknown,
  {
    version,
    build,
  }: {
    readonly version: string;
    readonly build:
      | { readonly target: string; readonly commit: string; readonly repository: string }
      | undefined;
  },
): string {
  const what = error instanceof Error ? error.message : String(error);
  const built = build && ` (${build.target}, ${build.commit})`;
  const place = build?.repository && ` at https://github.com/${build.repository}/issues`;
  return `Unexpected failure in qwen ${version}${built ?? ""}: ${what} (a bug: report it${place ?? ""} with the output of --debug)`;
}
