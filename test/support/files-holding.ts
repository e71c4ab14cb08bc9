import { lstatSync, readFileSync } from "node:fs";
import { pathsBelow } from "./snapshot.ts";

/** The files below a directory in which `text` stands. */
export function filesHolding(directory: string, text: string): string[] {
  return pathsBelow(directory)
    .filter((path) => lstatSync(path).isFile())
    .filter((path) => readFileSync(path, "latin1").includes(text));
}
