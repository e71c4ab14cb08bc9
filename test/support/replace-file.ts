import { replaceFile } from "./replace-in.ts";

/**
 * `replace-file.ts <path> <text> <octal umask>`: replaces the file once and prints
 * the code of the error, or `done`.
 */
const [path = "", text = "", umask = ""] = process.argv.slice(2);
process.umask(Number.parseInt(umask, 8));
try {
  replaceFile(path, text);
  console.log("done");
} catch (error) {
  console.log(error instanceof Error && "code" in error ? error.code : error);
}
