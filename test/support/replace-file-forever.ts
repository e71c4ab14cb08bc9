import { replaceFile } from "./replace-in.ts";

/**
 * `replace-file-forever.ts <path> <size>`: replaces the file by `size` bytes of `a`, then of `b`,
 * and so on until it is killed. Prints `ready` after the first time.
 */
const [path = "", size = ""] = process.argv.slice(2);
const texts = ["a", "b"].map((letter) => letter.repeat(Number(size)));
for (let round = 0; ; round += 1) {
  replaceFile(path, texts[round % 2] ?? "");
  if (round === 0) {
    console.log("ready");
  }
}
