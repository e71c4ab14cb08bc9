import { tooDeepAt } from "./json-depth.ts";
import type { ParsedJsonc } from "./jsonc.ts";

/**
 * Parses a file's text as `parseJsonc` does, whose parser is loaded only for a text that is not
 * plain JSON: most files are, and `auth status` must start at once.
 */
export async function loadJsonc(text: string): Promise<ParsedJsonc> {
  const tooDeep = tooDeepAt(text);
  if (tooDeep !== undefined) {
    const { positionIn } = await import("./jsonc.ts");
    return { kind: "error", message: "the nesting is too deep", ...positionIn(text, tooDeep) };
  }
  try {
    return { kind: "value", value: JSON.parse(text.replace(/^\ufeff/, "")) };
  } catch {
    const { parseJsonc } = await import("./jsonc.ts");
    return parseJsonc(text);
  }
}

/**
 * The text that an edit starts from: `fresh` where there is none. A file that was only made to be
 * mounted has nothing to lose either, and the comments in it stay.
 */
export async function editableText(text: string | undefined, fresh: string): Promise<string> {
  if (text === undefined || text === "") {
    return fresh;
  }
  const parsed = await loadJsonc(text);
  const isEmpty = parsed.kind === "error" && parsed.isEmpty === true;
  return isEmpty ? [text.trimEnd(), fresh].filter((part) => part !== "").join("\n") : text;
}
