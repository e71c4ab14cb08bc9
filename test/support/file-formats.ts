type Format = { readonly name: string; readonly write: (text: string) => string };

/** How editors and people leave a file; the text is that of two spaces and line feeds. */
export const FILE_FORMATS: readonly Format[] = [
  { name: "as a login wrote it", write: (text) => text },
  {
    name: "with trailing commas",
    write: (text) => text.replace(/([\]}"\w])\n(\s*[\]}])/g, "$1,\n$2"),
  },
  { name: "with CRLF", write: (text) => text.replaceAll("\n", "\r\n") },
  {
    name: "with tabs",
    write: (text) => text.replace(/^( {2})+/gm, (blanks) => "\t".repeat(blanks.length / 2)),
  },
  { name: "with a BOM and no last line end", write: (text) => `\ufeff${text.trimEnd()}` },
  {
    name: "with a BOM, CRLF, tabs and trailing commas",
    write: (text) =>
      `\ufeff${text
        .replace(/([\]}"\w])\n(\s*[\]}])/g, "$1,\n$2")
        .replace(/^( {2})+/gm, (blanks) => "\t".repeat(blanks.length / 2))
        .replaceAll("\n", "\r\n")}`,
  },
];
