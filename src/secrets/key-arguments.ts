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

/** What a flag whose table calls it secret holds: the end of the argument at `index`. */
export type PlacedSecret = {
  readonly index: number;
  readonly text: string;
  /** All of it, or the user and password of a URL. */
  readonly kind: "whole" | "user";
};

const HIDDEN = "***";

/**
 * Finds the keys among the arguments of a command: those of flags that take one, and what looks like
 * one. Everything that may not show one asks here: the messages of every command, and the list of
 * arguments that the system shows of a process.
 */
export function keyArguments(
  argv: readonly string[],
  secrets: readonly PlacedSecret[],
): KeyArguments {
  if (secrets.length === 0 && !argv.some((argument) => argument.length >= SHORTEST)) {
    return { keys: [], suspects: [], masked: argv };
  }
  const keys: string[] = [];
  const suspects: string[] = [];
  const masked = argv.map((argument, index) => {
    const secret = secrets.find((each) => each.index === index);
    const start = argument.length - (secret?.text.length ?? argument.length);
    if (secret?.kind === "whole") {
      keys.push(secret.text);
      return argument.slice(0, start) + HIDDEN;
    }
    const found = suspectsIn(argument);
    suspects.push(...found);
    const [head, text] = [argument.slice(0, start), argument.slice(start)].map((part) =>
      found.reduce((rest, suspect) => rest.replaceAll(suspect, HIDDEN), part),
    );
    return `${head}${text?.replace(secret === undefined ? URL_USER : PROXY_USER, `$1${HIDDEN}@`)}`;
  });
  return { keys, suspects, masked };
}

/** Shorter arguments hold nothing like a key. */
const SHORTEST = 16;

/** As in `http://user:password@proxy`. */
const URL_USER = /(:\/\/)[^\s/\\?#"']*@/g;

/** The same of a proxy, which may have no scheme: `user:password@proxy`. */
const PROXY_USER = /^((?:\w+:\/\/)?)[^\s/\\?#"']*@/;

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
