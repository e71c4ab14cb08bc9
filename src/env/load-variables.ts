import { ConfigError } from "../errors.ts";
import { inspectFile } from "../lib/files/inspect-file.ts";
import { filled } from "../lib/filled.ts";
import type { Env } from "../runtime.ts";
import type { Source, Sourced } from "../source.ts";
import { isDeniedName } from "./denied-names.ts";
import type { LoadedDotenv } from "./load-dotenv.ts";
import { readKeyFile } from "./read-key-file.ts";

type LoadOptions = {
  readonly env: Env;
  readonly dotenv: Pick<LoadedDotenv, "variables" | "logins">;
  /** The variables for which `NAME_FILE` is honoured. */
  readonly names: readonly string[];
};

export type EnvVariables = {
  /**
   * The value of a variable from the shell, `NAME_FILE` or the `.env`; nothing for a name that is
   * in `failures`, so that no lower source stands in for a file that cannot be read.
   */
  readonly lookup: (name: string) => Sourced<string> | undefined;
  /** Variables whose `NAME_FILE` cannot be read; an error only for whoever needs them. */
  readonly failures: ReadonlyMap<string, ConfigError>;
};

type FoundValue = { readonly value: string; readonly source: Source };

/**
 * Puts the sources of variables in order: shell `NAME` > shell `NAME_FILE` > the one `.env` >
 * what the settings list as logins of the user's `.env` (`spec/settings-and-env.md`, "Order for one
 * variable"). White space around a value is dropped, and a blank one counts as not set. A file is
 * opened only where the shell has no value.
 */
export function loadVariables({ env, dotenv, names }: LoadOptions): EnvVariables {
  const contents = new Map<string, string>();
  const failures = new Map<string, ConfigError>();
  const filePaths = keyFilePaths(env, names);
  for (const [name, path] of filePaths) {
    if (shellValue(env, name) !== undefined) {
      continue;
    }
    const file = readKeyFile(path);
    if (file.kind === "text") {
      contents.set(name, file.text);
    } else {
      failures.set(name, keyFileError(name, path, file));
    }
  }

  const { variables, logins } = dotenv;
  // Most of the names that are asked for stand nowhere.
  const isNamed = (name: string): boolean =>
    Object.hasOwn(env, name) ||
    filePaths.has(name) ||
    variables.has(name) ||
    logins?.has(name) === true;
  const lookup = (name: string): Sourced<string> | undefined => {
    if (!isNamed(name) || failures.has(name)) {
      return undefined;
    }
    const [first, ...rest] = [
      fromShell(name, shellValue(env, name)),
      fromFile(name, filePaths.get(name), contents.get(name)),
      fromDotenv(variables.get(name)),
      fromDotenv(logins?.get(name)),
    ].filter((found) => found !== undefined);
    return first && { ...first, shadowed: rest.map(({ source }) => source) };
  };
  return { lookup, failures };
}

/** `NAME` → path for every `NAME_FILE` in the shell; a denied name is never taken from a file. */
function keyFilePaths(env: Env, names: readonly string[]): Map<string, string> {
  const paths = new Map<string, string>();
  for (const name of names) {
    const path = shellValue(env, `${name}_FILE`);
    if (path !== undefined && !isDeniedName(name)) {
      paths.set(name, path);
    }
  }
  return paths;
}

function shellValue(env: Env, name: string): string | undefined {
  // `constructor` is no variable, though every object has one.
  return Object.hasOwn(env, name) ? filled(env[name]) : undefined;
}

function fromShell(name: string, value: string | undefined): FoundValue | undefined {
  return value === undefined ? undefined : { value, source: { kind: "env", name, origin: "user" } };
}

function fromDotenv(found: FoundValue | undefined): FoundValue | undefined {
  const value = filled(found?.value);
  return found === undefined || value === undefined ? undefined : { ...found, value };
}

/** A file that was not opened is taken to hold something if it is a file and not empty. */
function fromFile(
  name: string,
  path: string | undefined,
  content: string | undefined,
): FoundValue | undefined {
  if (path === undefined) {
    return undefined;
  }
  const holdsSomething = content === undefined ? isFilledFile(path) : content !== "";
  const source: Source = { kind: "file", name: `${name}_FILE`, path, origin: "user" };
  return holdsSomething ? { value: content ?? "", source } : undefined;
}

function isFilledFile(path: string): boolean {
  const facts = inspectFile(path);
  return facts.kind === "file" && facts.size > 0;
}

function keyFileError(
  name: string,
  path: string,
  { reason, cause }: { readonly reason: string; readonly cause?: unknown },
): ConfigError {
  const variable = `${name}_FILE`;
  return new ConfigError(`Cannot read \`${path}\`, which \`${variable}\` names: ${reason}`, {
    code: "key-file-unreadable",
    hint: `correct or unset \`${variable}\``,
    cause,
  });
}
