import { replaceFile } from "../../src/lib/atomic-file.ts";

/**
 * `replace-file.ts <path> <text> <octal mode> <octal umask>`: replaces the file once and prints
 * the code of the error, or `done`.
 */
const [path = "", text = "", mode = "", umask = ""] = process.argv.slice(2);
process.umask(Number.parseInt(umask, 8));
try {
  replaceFile(path, text, { mode: Number.parseInt(mode, 8) });
  console.log("done");
} catch (error) {
  console.log(error instanceof Error && "code" in error ? error.code : error);
}
