import { looksLikeKey } from "./looks-like-key.ts";

/** What of a command line is, or may be, a key. */
export type KeyArguments = {
  /** Values of flags that take a key: shown nowhere from the first line of output on. */
  readonly keys: readonly string[];
  /** What could be a key wherever it was typed: no message of ours repeats it. */
  readonly suspects: readonly string[];
  /** The arguments without any of these. */
  readonly masked: readonly string[];
};

/** Flags whose value is a key. */
const KEY_FLAGS = ["--key", "-k", "--api-key", "--openai-api-key"];

const HIDDEN = "***";

/**
 * Finds the keys among the arguments of a command. Everything that may not show one asks here: the
 * messages of every command, and the list of arguments that the system shows of a process.
 */
export function keyArguments(argv: readonly string[]): KeyArguments {
  if (argv.every((argument) => argument.length < SHORTEST && !argument.startsWith("-"))) {
    return { keys: [], suspects: [], masked: argv };
  }
  const keys: string[] = [];
  const suspects: string[] = [];
  const masked = argv.map((argument, index) => {
    const key = KEY_FLAGS.includes(argv[index - 1] ?? "") ? argument : attachedKey(argument);
    if (key !== undefined && key !== "") {
      keys.push(key);
      return argument.slice(0, argument.length - key.length) + HIDDEN;
    }
    const found = suspectsIn(argument);
    suspects.push(...found);
    const rest = found.reduce((text, part) => text.replaceAll(part, HIDDEN), argument);
    const isProxy = argv[index - 1] === "--proxy" || rest.startsWith("--proxy=");
    return rest.includes("@")
      ? rest.replace(isProxy ? PROXY_USER : URL_USER, `$1${HIDDEN}@`)
      : rest;
  });
  return { keys, suspects, masked };
}

/** The key of `--key=KEY`, `-kKEY` and `-k=KEY`. */
function attachedKey(argument: string): string | undefined {
  for (const flag of KEY_FLAGS) {
    if (argument.startsWith(`${flag}=`)) {
      return argument.slice(flag.length + 1);
    }
    if (flag.length === 2 && argument.startsWith(flag) && argument.length > flag.length) {
      return argument.slice(flag.length);
    }
  }
  return undefined;
}

/** Shorter arguments hold nothing like a key. */
const SHORTEST = 16;

/** As in `http://user:password@proxy`. */
const URL_USER = /(:\/\/)[^\s/\\?#"']*@/g;

/** The same of a proxy, which may have no scheme: `user:password@proxy`. */
const PROXY_USER = /^((?:--proxy=)?(?:\w+:\/\/)?)[^\s/\\?#"']*@/;

/**
 * The words of an argument that may be a key: in a flag, behind `=`, in a list. Where it names a
 * place, a part of the path is one only if it begins as known keys do, and the host never is:
 * accounts and stores have names that look as random. A question to the model is many words, and
 * is nowhere repeated.
 */
function suspectsIn(argument: string): string[] {
  if (argument.length < SHORTEST || /\s/.test(argument)) {
    return [];
  }
  const word = argument.replace(/^-+/, "");
  const isPlace = /^(?:[^=]*=)?(?:[./~]|\w+:\/\/)/.test(word);
  const attached = /^-\w/.test(argument) ? [word.slice(1)] : [];
  const parts = [word, ...attached, ...word.replace(/:\/\/[^/?#]*/, "/").split(/[^\w-]+/)];
  return parts.filter((part) => looksLikeKey(part) && (!isPlace || KNOWN_KEY.test(part)));
}

const KNOWN_KEY = /^(?:sk-|AIza)/;
