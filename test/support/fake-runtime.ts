import { UsageError } from "../../src/errors.ts";
import { jsonLine, jsonText } from "../../src/lib/visible-text.ts";
import type { Answer, Choice, Group, Runtime } from "../../src/runtime.ts";
import { type ScriptedKeys, scriptedTerminal } from "./scripted-terminal.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

type Settings = {
  readonly env?: Readonly<Record<string, string>>;
  readonly home?: string;
  /** The home by default. */
  readonly cwd?: string;
  readonly stdin?: string;
  /** What is a terminal: nothing by default. */
  readonly terminals?: readonly ("stdin" | "stdout" | "stderr")[];
  /** Answers of the prompts, in order. */
  readonly answers?: readonly Answer<string>[];
  readonly gitExitCode?: number | undefined;
  /** What is typed in a session. */
  readonly keys?: ScriptedKeys;
};

export type FakeRuntime = Runtime & {
  /** What was written so far. */
  readonly written: { stdout: string; stderr: string };
  readonly secrets: string[];
  readonly asked: string[];
  /** Every question as a whole, but for what checks its answer, each time. */
  readonly questions: object[];
  /** What was said of answers that were not taken; the next one is taken then. */
  readonly complaints: string[];
  /** The rows of the questions with rows, each time. */
  readonly rows: (readonly Choice<string>[])[];
  /** What `pick` offered, each time. */
  readonly picks: { readonly groups: readonly Group<string>[]; readonly initial?: string }[];
};

/** A `Runtime` over a real temporary home, with streams that remember. */
export function fakeRuntime(settings: Settings = {}): FakeRuntime {
  const home = settings.home ?? temporaryDirectory();
  const written = { stdout: "", stderr: "" };
  const secrets: string[] = [];
  const asked: string[] = [];
  const questions: object[] = [];
  const complaints: string[] = [];
  const rows: FakeRuntime["rows"] = [];
  const picks: FakeRuntime["picks"] = [];
  const answers = [...(settings.answers ?? [])];
  const keyboard = scriptedTerminal(settings.keys ?? []);
  const isTerminal = (stream: "stdin" | "stdout" | "stderr") => async () =>
    settings.terminals?.includes(stream) ?? false;
  const output = (stream: "stdout" | "stderr") => ({
    isAscii: false,
    isTerminal: isTerminal(stream),
    columns: async () => ((await isTerminal(stream)()) ? 80 : undefined),
    inWords: async (text: string) => text,
    write: async (text: string) => {
      written[stream] += text;
      keyboard.onWrite(text);
    },
    writeExact: async (text: string) => {
      written[stream] += text;
      keyboard.onWrite(text);
    },
    writeAnswer: async (text: string) => {
      written[stream] += text;
      keyboard.onWrite(text);
      return true;
    },
    writeJson: async (document: unknown, reveal?: { placeholder: string; secret: string }) => {
      const text = jsonText(document);
      written[stream] +=
        reveal === undefined ? text : text.replaceAll(reveal.placeholder, () => reveal.secret);
    },
    writeJsonLines: async (documents: readonly unknown[]) => {
      written[stream] += documents.map(jsonLine).join("");
      return true;
    },
    writeSecret: async (text: string, reveal?: { placeholder: string; secret: string }) => {
      written[stream] +=
        reveal === undefined ? text : text.replaceAll(reveal.placeholder, () => reveal.secret);
    },
  });
  const answer = (message: string): Answer<string> => {
    asked.push(message);
    return answers.shift() ?? { kind: "cancelled" };
  };
  /** As a terminal does: what is not valid stays in the field. */
  const typed = (message: string, validate: (text: string) => string | undefined) => {
    for (;;) {
      const given = answer(message);
      const complaint = given.kind === "value" ? validate(given.value) : undefined;
      if (complaint === undefined) {
        return given;
      }
      complaints.push(complaint);
    }
  };
  const chosen = <Value extends string>(choices: readonly Choice<Value>[], message: string) => {
    rows.push(choices);
    return choose(choices, answer(message));
  };
  return {
    written,
    secrets,
    asked,
    questions,
    complaints,
    rows,
    picks,
    env: {
      QWEN_CODE_SYSTEM_SETTINGS_PATH: `${home}/system/settings.json`,
      QWEN_OFFLINE: "1",
      ...settings.env,
    },
    cwd: settings.cwd ?? home,
    home,
    platform: "linux",
    arch: "x64",
    uid: process.geteuid?.(),
    version: "1.2.3",
    build: undefined,
    stdin: {
      isTerminal: isTerminal("stdin"),
      readAll: async ({ maxBytes }) => {
        const text = settings.stdin ?? "";
        if (text.length > maxBytes) {
          throw new UsageError("too long");
        }
        return text;
      },
      readIfAny: async () => settings.stdin ?? "",
    },
    stdout: output("stdout"),
    stderr: output("stderr"),
    prompter: {
      select: async (question) => {
        questions.push(question);
        return chosen(question.choices, question.message);
      },
      search: async (question) => {
        questions.push(question);
        return chosen(question.choices, question.message);
      },
      pick: async ({ message, ...offered }) => {
        questions.push({ message, ...offered });
        picks.push(offered);
        return choose(
          offered.groups.flatMap(({ choices }) => choices),
          answer(message),
        );
      },
      searchMany: async (question) => {
        questions.push(question);
        const given = chosen(question.choices, question.message);
        return given.kind === "value" ? { kind: "value", value: [given.value] } : given;
      },
      text: async ({ validate, ...question }) => {
        questions.push(question);
        const { message, fallback } = question;
        const given = typed(message, validate);
        return given.kind === "value" && given.value === ""
          ? { kind: "value", value: fallback ?? "" }
          : given;
      },
      password: async ({ validate, ...question }) => {
        questions.push(question);
        return typed(question.message, validate);
      },
      confirm: async (question) => {
        questions.push(question);
        const given = answer(question.message);
        return given.kind === "value" ? { kind: "value", value: given.value === "yes" } : given;
      },
    },
    terminal: keyboard.terminal,
    onInterrupt: () => () => undefined,
    addSecret: (secret) => {
      secrets.push(secret);
    },
    keepAsIs: () => undefined,
    holdsSecret: (text) => secrets.some((secret) => text.includes(secret)),
    redact: (text) => secrets.reduce((shown, secret) => shown.replaceAll(secret, "***"), text),
    run: async () => ({ exitCode: settings.gitExitCode }),
    openBrowser: () => false,
    capture: async () => ({ kind: "not-started", reason: "no program runs here" }),
    processes: {
      runTool: async () => ({ kind: "not-started", code: "ENOENT" }),
      endBy: async () => 1,
      untilStopped: async () => "SIGINT",
      makePrivate: async () => undefined,
      executable: "/usr/bin/qwen",
    },
    keyring: {
      get: async () => undefined,
      set: async () => undefined,
      delete: async () => false,
    },
    heldKeys: new Map(),
    atEnd: new Map(),
    sleep: Bun.sleep,
    fetch: (url, options) => fetch(url, options),
    now: Date.now,
    random: () => 0,
  };
}

function choose<Value extends string>(
  choices: readonly Choice<Value>[],
  given: Answer<string>,
): Answer<Value> {
  if (given.kind !== "value") {
    return given;
  }
  const chosen = choices.find(({ value }) => value === given.value);
  return chosen === undefined ? { kind: "cancelled" } : { kind: "value", value: chosen.value };
}
