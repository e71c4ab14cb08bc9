import type { Owner } from "../../src/lib/files/atomic-file.ts";
import { inspectFile } from "../../src/lib/files/inspect-file.ts";
import { reserveWrite } from "../../src/lib/files/reserve-write.ts";

type Options = { readonly owner?: Owner; readonly before?: () => void };

/** Replaces the file at a real path by way of a temporary one; what a person should know of it. */
export function replaceFile(
  realPath: string,
  text: string,
  { owner, before = () => undefined }: Options = {},
): readonly string[] {
  const target = {
    path: realPath,
    realPath,
    facts: inspectFile(realPath),
    way: "replace",
  } as const;
  return reserveWrite(target, { size: 0, owner }).commit(text, before);
}
