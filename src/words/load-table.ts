import type { Table } from "./lexicon.ts";

/** `build.ts` says so: the tables lie in the binary, compressed, and not among its sources. */
declare const QWEN_PACKED: true | undefined;

/** The words of a language, by what `build/pack-words.ts` calls them. */
export async function loadTable(name: "zh-cn"): Promise<Table> {
  if (typeof QWEN_PACKED === "undefined") {
    return (await import("./zh-cn.ts")).ZH_CN;
  }
  const files = Bun.embeddedFiles;
  const found = files.find((file) => "name" in file && String(file.name).startsWith(name));
  if (found === undefined) {
    return {};
  }
  const packed = new Uint8Array(await found.arrayBuffer());
  return JSON.parse(new TextDecoder().decode(Bun.zstdDecompressSync(packed)));
}
