import type { Processes } from "./processes.ts";

/** The process environment, read-only: loading a `.env` returns a new value. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What stands for a key until everything else is redacted, and the key, escaped as it must be. */
export type Reveal = { readonly placeholder: string; readonly secret: string };

/** A stream that data or talk goes to. Everything written passes the redactor first. */
export type Output = {
  /**
   * Writes all of `text`, for people: home is `~` in it (`lib/shorten-home`), and it is in their
   * words, but for `data`. A reader that has gone away is no error, a full disk is one.
   */
  readonly write: (text: string, of?: "data") => Promise<void>;
  /** A text in the words in which `write` shows it, for what is drawn with `writeExact`. */
  readonly inWords: (text: string) => Promise<string>;
  /** The same with home as it is: lines of data, and screens whose cells are counted. */
  readonly writeExact: (text: string) => Promise<void>;
  /**
   * Like `write`, with keys as they are: only for `auth token`, `auth env` and
   * `status --show-token` (`spec/cli.md`, "Masking"). With `reveal` the text is redacted as always,
   * and only then `placeholder` becomes `secret`.
   */
  readonly writeSecret: (text: string, reveal?: Reveal) => Promise<void>;
  /**
   * Writes one JSON document, indented. Its texts are redacted before it becomes one, so that it is
   * JSON whatever a secret holds; keys and words that scripts compare stay as they are.
   */
  readonly writeJson: (document: unknown, reveal?: Reveal) => Promise<void>;
  /** Writes a part of an answer: only secrets are hidden. `false`: nobody reads any more. */
  readonly writeAnswer: (text: string) => Promise<boolean>;
  /** Writes JSON documents, a line each; with `isAnswer` redacted as an answer is. */
  readonly writeJsonLines: (
    documents: readonly unknown[],
    options: { readonly isAnswer: boolean },
  ) => Promise<boolean>;
  /** `--ascii`: on a terminal all that is drawn is drawn with ASCII. */
  readonly isAscii: boolean;
  readonly isTerminal: () => Promise<boolean>;
  /** Cells of a row of the terminal that it goes to; `undefined` where it goes to none. */
  readonly columns: () => Promise<number | undefined>;
};

type InputLimits = { readonly maxBytes: number; readonly timeoutMs: number };

export type Input = {
  /**
   * Reads to the end of the stream.
   * Rejects with a `UsageError` when more than `maxBytes` come or the end does not come within
   * `timeoutMs`; an absent or closed stream is empty.
   */
  readonly readAll: (limits: InputLimits) => Promise<string>;
  /**
   * The same where nothing may be meant to come: `undefined` when neither a byte nor the end comes
   * within `firstByteMs`.
   */
  readonly readIfAny: (
    limits: InputLimits & { readonly firstByteMs: number },
  ) => Promise<string | undefined>;
  readonly isTerminal: () => Promise<boolean>;
};

export type Choice<Value extends string> = {
  readonly value: Value;
  readonly label: string;
  /** Stands behind the label, on every row. */
  readonly description?: string;
};

/** Choices under a heading, which itself is none. */
export type Group<Value extends string> = {
  readonly heading: string;
  readonly choices: readonly Choice<Value>[];
};

/** What a prompt answers: a value, one step back (Esc), or leave (Ctrl+C). */
export type Answer<Value> =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "back" }
  | { readonly kind: "cancelled" };

type Selection<Value extends string> = {
  readonly message: string;
  readonly choices: readonly Choice<Value>[];
  /** The row that is chosen at first; otherwise the topmost. */
  readonly initial?: Value;
};

/**
 * Prompts, drawn on stderr. Ask `canPrompt` first: a prompt needs two terminals. Text of files and
 * servers goes through `visibleText` before it comes here.
 */
export type Prompter = {
  /** A line below the rows says which keys there are; arrows wrap. */
  readonly select: <Value extends string>(question: Selection<Value>) => Promise<Answer<Value>>;
  /** One of many: what is typed filters them. */
  readonly search: <Value extends string>(question: Selection<Value>) => Promise<Answer<Value>>;
  /** One of many in groups, with their headings. */
  readonly pick: <Value extends string>(question: {
    readonly message: string;
    readonly groups: readonly Group<Value>[];
    readonly initial?: Value;
  }) => Promise<Answer<Value>>;
  /** Several of many, at least one, in the order in which they were chosen. */
  readonly searchMany: <Value extends string>(
    question: Omit<Selection<Value>, "initial"> & { readonly initial: readonly Value[] },
  ) => Promise<Answer<readonly Value[]>>;
  /** A visible text; `fallback` answers an empty line. The empty field has `remark`, in words. */
  readonly text: (question: {
    readonly message: string;
    readonly remark?: string;
    readonly fallback?: string;
    readonly validate: (value: string) => string | undefined;
  }) => Promise<Answer<string>>;
  /** A hidden text, `*` for each character; `validate` returns the complaint, if any. Further lines of the message are notes. */
  readonly password: (question: {
    readonly message: string;
    readonly validate: (value: string) => string | undefined;
  }) => Promise<Answer<string>>;
  readonly confirm: (question: {
    readonly message: string;
    readonly yes: string;
    readonly no: string;
    /** The answer that is marked first; otherwise yes. */
    readonly initial?: boolean;
  }) => Promise<Answer<boolean>>;
};

/** What a person did at the keyboard. */
export type Key =
  /** Typed text, without line breaks. */
  | { readonly kind: "text"; readonly text: string }
  /** Bracketed paste; line breaks are `\n`. */
  | { readonly kind: "paste"; readonly text: string }
  /** Any other key by its name: `enter`, `up`, `ctrl-c`, `alt-b`, `ctrl-left`. */
  | { readonly kind: "key"; readonly name: string };

export type KeyListener = {
  readonly onKey: (key: Key) => void;
  /** The screen may look different: another width, or back from the shell. */
  readonly onRedraw: () => void;
  /** The keyboard is gone. */
  readonly onEnd: () => void;
};

/** The terminal of a session: keys instead of lines. */
export type Terminal = {
  /** Cells of the screen. */
  readonly size: () => { readonly columns: number; readonly rows: number };
  /**
   * Takes every key until `close`, which leaves the terminal as it was found. So does a signal that
   * ends the process, and Ctrl+Z before it stops it.
   */
  readonly open: (listener: KeyListener) => Promise<{ readonly close: () => Promise<void> }>;
};

/** What a request carries; a stream, which cannot be sent twice, not together with `isStream`. */
export type RequestBody = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;

/** How a request is made; names and meanings are those of Bun's `fetch`. */
export type FetchOptions = {
  readonly method: "GET" | "POST";
  readonly headers: Headers;
  readonly body?: RequestBody;
  readonly signal: AbortSignal;
  readonly redirect: "manual";
  readonly timeout: false;
  readonly verbose: false;
  /** Bun would write to standard error what it cannot decompress. */
  readonly decompress: false;
  readonly tls: {
    readonly rejectUnauthorized: true;
    /** PEM; `undefined`: those that Bun knows. */
    readonly ca?: string[];
    /** Of this machine, for servers that want to know it; PEM. */
    readonly cert?: string;
    readonly key?: string;
  };
  /** A URL, with credentials. */
  readonly proxy?: string;
  /** An answer that arrives in pieces, none of which may be lost (`http/fetch-stream.ts`). */
  readonly isStream?: boolean;
};

/** The one way to the network. */
type Fetch = (url: string, options: FetchOptions) => Promise<Response>;

/** Where a binary comes from. */
export type BuildStamp = {
  /** A full hash, or `unknown`. */
  readonly commit: string;
  /** As in the names of the release archives: `linux-x64-musl`. */
  readonly target: string;
  /** `owner/name`, or empty while the project has no public home. */
  readonly repository: string;
};

type RunOptions = { readonly cwd: string; readonly timeoutMs: number };

export type CaptureOptions = RunOptions & {
  /** The most that is taken of standard output; more of standard error is let go. */
  readonly maxBytes: number;
  readonly env?: Env;
};

/** What became of a program. */
export type Captured =
  | {
      readonly kind: "ended";
      /** `undefined`: a signal ended it. */
      readonly exitCode: number | undefined;
      readonly stdout: string;
      readonly stderr: string;
    }
  | { readonly kind: "not-started"; readonly reason: string }
  | { readonly kind: "timeout" }
  /** It printed more than is taken, and was ended. */
  | { readonly kind: "too-much" };

type KeyringItem = { readonly service: string; readonly name: string };

/** The keyring of the operating system. Every call may fail, or not answer for long. */
type Keyring = {
  readonly get: (item: KeyringItem) => Promise<string | undefined>;
  readonly set: (item: KeyringItem, secret: string) => Promise<void>;
  /** `false`: there was no such item. */
  readonly delete: (item: KeyringItem) => Promise<boolean>;
};

/** A key that a helper gave. */
type HeldKey = { readonly key: Promise<string>; readonly since: number };
/** Tells what is done, a line each; the lines are made only where somebody reads them. */
export type Trace = (lines: () => readonly string[]) => void;

/** Everything a command may touch; `src/start.ts` builds the real one (DESIGN.md, "One Runtime"). */
export type Runtime = {
  readonly env: Env;
  readonly cwd: string;
  readonly home: string;
  readonly platform: string;
  /** `x64`, `arm64` */
  readonly arch: string;
  /** The effective user id; `undefined` where the system has none. */
  readonly uid: number | undefined;
  readonly version: string;
  /** `undefined` when the sources run. */
  readonly build: BuildStamp | undefined;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly prompter: Prompter;
  readonly terminal: Terminal;
  /**
   * Calls `action` at SIGINT, which Ctrl+C is while nobody takes keys, until the returned function
   * is called; otherwise that ends the process.
   */
  readonly onInterrupt: (action: () => void) => () => void;
  /** Makes a value known to the redactor: from then on no output shows it. */
  readonly addSecret: (value: string) => void;
  /** A text that is data, such as the id of a model: it stays as it is though it begins like home. */
  readonly keepAsIs: (text: string) => void;
  /** Whether a known secret stands in a text, however it is written. */
  readonly holdsSecret: (text: string) => boolean;
  /** A text as output would show it: what is kept of a conversation holds no key. */
  readonly redact: (text: string) => string;
  /**
   * Runs a program to its end, without a shell, with an environment free of keys and no input.
   * `exitCode` is `undefined` when it could not be started or did not end in time.
   */
  readonly run: (
    argv: readonly string[],
    options: RunOptions,
  ) => Promise<{ readonly exitCode: number | undefined }>;
  /**
   * Shows a page in the person's browser, which is not waited for; `false` when there is none.
   * Without a shell, and with an environment free of keys.
   */
  readonly openBrowser: (url: string) => boolean;
  /** The same, and takes what the program prints; it may reach the agents of the session. */
  readonly capture: (argv: readonly string[], options: CaptureOptions) => Promise<Captured>;
  readonly processes: Processes;
  readonly keyring: Keyring;
  /** What key helpers gave, by command; it dies with the process. */
  readonly heldKeys: Map<string, HeldKey>;
  /** Left to do at the end, by name; the last one counts, and what it answers is told on stderr. */
  readonly atEnd: Map<string, () => Promise<string | undefined>>;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Knows no proxy of its own: `proxy` says which, and nothing else does. */
  readonly fetch: Fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** 0 ≤ x < 1; not for secrets. */
  readonly random: () => number;
  /** Only with `--debug`. Not for values of secrets: those are masked before. */
  readonly trace?: Trace | undefined;
};

/** When to use colour, as `--color` says. */
export type ColorChoice = "auto" | "always" | "never";
