import { readKeyFile } from "../env/read-key-file.ts";
import { ConfigError, UsageError } from "../errors.ts";
import type { KeyInput } from "../flags/key-flags.ts";
import { filled } from "../lib/filled.ts";
import { loadConfiguration } from "../models/load-configuration.ts";
import type { Answer, Runtime } from "../runtime.ts";
import { type ParsedKey, parseKey } from "../secrets/parse-key.ts";
import { whyNotAsked } from "./can-prompt.ts";

const LARGEST_KEY_FILE = 64 * 1024;
const STDIN_TIMEOUT_MS = 120_000;

/**
 * Reads the key, or asks for it.
 * @throws UsageError when it is missing without a terminal, or is no key
 * @throws ConfigError when its file cannot be read
 */
export async function readKey(
  runtime: Runtime,
  input: KeyInput | undefined,
  options: { readonly prompt: string; readonly canPrompt: boolean; readonly noInput: boolean },
): Promise<Answer<string>> {
  const read = await keyReader(runtime, input);
  return read === undefined ? askForKey(runtime, options) : { kind: "value", value: await read() };
}

/**
 * What reads the key from where the command line says, at its first call; `undefined` when it is
 * asked for. The reader throws as `readKey` does.
 */
export async function keyReader(
  runtime: Runtime,
  input: KeyInput | undefined,
): Promise<(() => Promise<string>) | undefined> {
  if (input === undefined || (await isStdinTerminal(runtime, input))) {
    return undefined;
  }
  let key: Promise<string> | undefined;
  const read = async (): Promise<string> => {
    const from = describeInput(input);
    const { key: text, notes } = checked(await readInput(runtime, input), from);
    runtime.addSecret(text);
    await sayNotes(runtime, notes, `the key from ${from}`);
    return text;
  };
  return () => {
    key ??= read();
    return key;
  };
}

/**
 * Asks for the key on the terminal; with `ifEmpty` an empty answer means that.
 * @throws UsageError when there is no terminal
 */
export async function askForKey(
  runtime: Pick<Runtime, "prompter" | "addSecret" | "env" | "stderr">,
  options: {
    readonly prompt: string;
    readonly canPrompt: boolean;
    readonly noInput: boolean;
    readonly ifEmpty?: string;
  },
): Promise<Answer<string>> {
  const { prompt, canPrompt, ifEmpty } = options;
  const { prompter, addSecret, env } = runtime;
  if (!canPrompt) {
    throw new UsageError(
      `Cannot set up the key: none was given and ${whyNotAsked({ env }, options)}`,
      {
        code: "missing-input",
        hint: "give the key with `--key-stdin`, `--key-file PATH` or `--key-env NAME`",
      },
    );
  }
  const answer = await prompter.password({
    message: prompt,
    validate: (value) =>
      value.trim() === "" && ifEmpty !== undefined ? undefined : complaint(parseKey(value)),
  });
  if (answer.kind !== "value") {
    return answer;
  }
  if (answer.value.trim() === "" && ifEmpty !== undefined) {
    return { kind: "value", value: ifEmpty };
  }
  const { key, notes } = checked(answer.value, "the prompt");
  addSecret(key);
  await sayNotes(runtime, notes, "the key");
  return { kind: "value", value: key };
}

async function sayNotes(
  { stderr }: Pick<Runtime, "stderr">,
  notes: readonly string[],
  subject: string,
): Promise<void> {
  for (const note of notes) {
    await stderr.write(`warning: ${subject}: ${note}\n`);
  }
}

/** `--key-stdin` on a terminal is a hidden prompt. */
async function isStdinTerminal({ stdin }: Runtime, input: KeyInput): Promise<boolean> {
  return input.kind === "stdin" && (await stdin.isTerminal());
}

async function readInput(runtime: Runtime, input: KeyInput): Promise<string> {
  switch (input.kind) {
    case "flag":
      await runtime.stderr.write(
        "warning: `--key` is visible in the process list and in shell history; use `--key-stdin`\n",
      );
      return input.key;
    case "variable":
      return readVariable(runtime, input.name);
    case "file":
      return readFile(input.path);
    case "stdin":
      return runtime.stdin.readAll({ maxBytes: LARGEST_KEY_FILE, timeoutMs: STDIN_TIMEOUT_MS });
  }
}

/**
 * Of the shell, else of files of the user's own, as `status` names them. A project's `.env` is no
 * place to take a key from that is kept: its owner could read what is asked with it.
 */
async function readVariable(runtime: Runtime, name: string): Promise<string> {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new UsageError("Cannot read `--key-env`: its value is not the name of a variable", {
      code: "invalid-value",
      hint: "write `--key-env MY_API_KEY`; a key itself goes to `--key-stdin`",
    });
  }
  const value = filled(runtime.env[name]) ?? (await storedVariable(runtime, name));
  if (value === undefined) {
    throw new UsageError(`Cannot take the key from \`${name}\`: the variable is not set`, {
      code: "missing-input",
      hint: `set \`${name}\`, or use \`--key-stdin\``,
    });
  }
  return value;
}

async function storedVariable(runtime: Runtime, name: string): Promise<string | undefined> {
  const { variable } = await loadConfiguration(runtime, {
    trust: false,
    noProject: true,
    names: [name],
  });
  return variable(name)?.value;
}

function readFile(path: string): string {
  const file = readKeyFile(path);
  if (file.kind === "unreadable") {
    throw new ConfigError(`Cannot read the key from \`${path}\`: ${file.reason}`, {
      code: "key-file-unreadable",
      hint: "name a file that you can read, or use `--key-stdin`",
      cause: file.cause,
    });
  }
  return file.text;
}

type Key = Extract<ParsedKey, { readonly kind: "key" }>;

function checked(text: string, from: string): Key {
  const parsed = parseKey(text);
  if (parsed.kind === "invalid") {
    throw new UsageError(`Cannot use the key from ${from}: ${parsed.reason}`, {
      code: "invalid-key",
      hint: "give the key alone, on one line",
    });
  }
  return parsed;
}

function complaint(parsed: ParsedKey): string | undefined {
  return parsed.kind === "invalid" ? `This is no key: ${parsed.reason}.` : undefined;
}

function describeInput(input: KeyInput): string {
  switch (input.kind) {
    case "stdin":
      return "standard input";
    case "file":
      return `\`${input.path}\``;
    case "variable":
      return `\`${input.name}\``;
    case "flag":
      return "`--key`";
  }
}
