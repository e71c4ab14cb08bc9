import { basename, dirname } from "node:path";
import type { Source } from "../source.ts";
import type { Configuration } from "./load-configuration.ts";

/** The directory whose files supply a value of project origin; its trust is the one that counts. */
export function projectFolder(
  { dotenv }: Pick<Configuration, "dotenv">,
  source: Source,
): string | undefined {
  if (source.origin === "user") {
    return undefined;
  }
  const isOwnFile = source.kind === "settings" && source.scope === "project";
  const path = isOwnFile || source.kind === "dotenv" ? source.path : dotenv.path;
  if (path === undefined) {
    return undefined;
  }
  const directory = dirname(path);
  return basename(directory) === ".qwen" ? dirname(directory) : directory;
}

/** Whether a value is the project's and the directory that holds its file is not trusted. */
export function isUntrusted(configuration: Configuration, source: Source): boolean {
  if (source.origin === "user") {
    return false;
  }
  const folder = projectFolder(configuration, source);
  return folder === undefined || !configuration.isTrusted(folder);
}
