import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ZH_CN } from "../src/words/zh-cn.ts";

/**
 * Writes the tables of words as they lie in a binary, where a table in its source would be there
 * twice, as text and as bytecode: a file for each language, which `src/words/load-table.ts` reads.
 */
export function packWords(directory: string): readonly string[] {
  const path = join(directory, "zh-cn.zst");
  writeFileSync(path, Bun.zstdCompressSync(JSON.stringify(ZH_CN), { level: 22 }));
  return [path];
}
