import { readBounded } from "../lib/files/read-bounded.ts";

const LARGEST_KEY_FILE_KIB = 64;

/** Reads a file that holds one key, as `readBounded` does; at most 64 KiB. The text is trimmed. */
export function readKeyFile(path: string): ReturnType<typeof readBounded> {
  const file = readBounded(path, { maxKib: LARGEST_KEY_FILE_KIB });
  return file.kind === "text" ? { kind: "text", text: file.text.trim() } : file;
}
