import type { ParsedJsonc } from "./jsonc.ts";

/**
 * Parses a file's text as `parseJsonc` does, whose parser is loaded only for a text that is not
 * plain JSON: most files are, and `auth status` must start at once.
 */
export async function loadJsonc(text: string): Promise<ParsedJsonc> {
  try {
    return { kind: "value", value: JSON.parse(text.replace(/^\ufeff/, "")) };
  } catch {
    const { parseJsonc } = await import("./jsonc.ts");
    return parseJsonc(text);
  }
}
