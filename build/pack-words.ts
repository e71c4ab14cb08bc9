import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./project.ts";

/** The same wherever the binary goes and the checkout lies: the paths are part of the binary. */
const DIRECTORY = join("node_modules", ".cache", "qwen");

/**
 * Writes the tables of words as they lie in a binary, where a table in its source would be there
 * twice, as text and as bytecode: a file for each language, which `src/words/load-table.ts` reads.
 * The paths are relative to the checkout. The files stay: several builds can go on at once.
 */
export async function packWords(): Promise<readonly string[]> {
  const { ZH_CN } = await import("../src/words/zh-cn.ts");
  const path = join(DIRECTORY, "zh-cn.zst");
  const whole = join(ROOT, path);
  const written = `${whole}.${process.pid}`;
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(written, Bun.zstdCompressSync(JSON.stringify(ZH_CN), { level: 22 }));
  renameSync(written, whole);
  return [path];
}
