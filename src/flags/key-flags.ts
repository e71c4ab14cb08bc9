import { UsageError } from "../errors.ts";
import { type Flags, type FlagValues, textOf } from "./flag.ts";

/** Where an auth command takes the key from; `undefined`: ask on the terminal. */
export type KeyInput =
  | { readonly kind: "stdin"; readonly flag: string }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "flag"; readonly key: string };

/** The key inputs that all auth commands share (`spec/cli.md`, "Key inputs"). */
export const KEY_FLAGS: Flags = {
  "key-stdin": {
    type: "boolean",
    alias: ["with-token"],
    description: "Read the key from standard input",
  },
  "key-file": {
    type: "string",
    valueHint: "PATH",
    description: "Read the key from a file (- is stdin)",
    offer: "files",
  },
  "key-env": { type: "string", valueHint: "NAME", description: "Take the key from this variable" },
  key: {
    type: "string",
    alias: ["k", "api-key"],
    valueHint: "KEY",
    description: "The key itself; visible in the process list",
    secret: "whole",
  },
};

/**
 * Finds the one key input on the command line.
 * @throws UsageError when there are two, or an empty one
 */
export function toKeyInput(values: FlagValues): KeyInput | undefined {
  const path = textOf(values, "key-file");
  const name = textOf(values, "key-env");
  const key = textOf(values, "key");
  const given: (readonly [flag: string, input: KeyInput] | undefined)[] = [
    values["key-stdin"] === true
      ? ["--key-stdin", { kind: "stdin", flag: "--key-stdin" }]
      : undefined,
    path === undefined ? undefined : ["--key-file", fileInput(path)],
    name === undefined ? undefined : ["--key-env", { kind: "variable", name }],
    key === undefined ? undefined : ["--key", { kind: "flag", key }],
  ];
  const [first, second] = given.filter((input) => input !== undefined);
  if (first !== undefined && second !== undefined) {
    throw new UsageError(`Cannot take the key from both \`${first[0]}\` and \`${second[0]}\``, {
      code: "invalid-value",
      hint: "give one of the two",
    });
  }
  return first?.[1];
}

function fileInput(path: string): KeyInput {
  return path === "-" ? { kind: "stdin", flag: "--key-file -" } : { kind: "file", path };
}
