import { readContent, withOpenFile } from "./open-file.ts";

/** The text of a file, or, for people, why it has none. */
type WholeText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "unreadable"; readonly reason: string };

/** A text file of somebody's choice, of at most `largest` bytes. */
export function readText(path: string, largest: number): WholeText {
  const content = withOpenFile(path, (found): WholeText => {
    switch (found.kind) {
      case "file":
        return readContent(found, largest);
      case "missing":
        return { kind: "unreadable", reason: "there is no such file" };
      case "other":
        return { kind: "unreadable", reason: `it is ${found.description}` };
      default:
        return { kind: "unreadable", reason: "it cannot be read" };
    }
  });
  return content.kind === "text" && !isWholeText(content.text)
    ? { kind: "unreadable", reason: "it is no text in UTF-8" }
    : content;
}

/** Whether a text was UTF-8 before it was decoded, and nothing of it was lost. */
export function isWholeText(text: string): boolean {
  return !/[\0\ufffd]/.test(text);
}
