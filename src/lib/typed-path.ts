import { join, resolve } from "node:path";
import type { Runtime } from "../runtime.ts";

/** The path that a person typed where no shell reads it: `~/` is home, else from the directory. */
export function typedPath(path: string, { cwd, home }: Pick<Runtime, "cwd" | "home">): string {
  return path.startsWith("~/") ? join(home, path.slice(2)) : resolve(cwd, path);
}
