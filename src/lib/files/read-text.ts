import { readContent } from "./open-file.ts";
import { REPLACED, type RealFile, withRealFile } from "./real-file.ts";

/** The text of a file, or, for people, why it has none. */
type WholeText =
  | { readonly kind: "text"; readonly text: string; readonly realPath: string }
  | { readonly kind: "unreadable"; readonly reason: string };

/**
 * A text file of somebody's choice, of at most `largest` bytes, opened once.
 * @param objection why the file that was opened is not read
 */
export function readText(
  path: string,
  largest: number,
  objection: (file: RealFile) => string | undefined = () => undefined,
): WholeText {
  const content = withRealFile(path, (found): WholeText => {
    switch (found.kind) {
      case "file": {
        const reason = objection(found);
        const read = reason === undefined ? readContent(found, largest) : undefined;
        return read?.kind === "text"
          ? { ...read, realPath: found.realPath }
          : { kind: "unreadable", reason: reason ?? read?.reason ?? REPLACED };
      }
      case "missing":
        return { kind: "unreadable", reason: "there is no such file" };
      case "other":
        return { kind: "unreadable", reason: `it is ${found.description}` };
      default:
        return { kind: "unreadable", reason: "it cannot be read" };
    }
  });
  if (content === undefined) {
    return { kind: "unreadable", reason: REPLACED };
  }
  return content.kind === "text" && !isWholeText(content.text)
    ? { kind: "unreadable", reason: "it is no text in UTF-8" }
    : content;
}

/** Whether a text was UTF-8 before it was decoded, and nothing of it was lost. */
export function isWholeText(text: string): boolean {
  return !/[\0\ufffd]/.test(text);
}
