import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BUN_LIBRARIES, BUN_POLYFILLS, type Library } from "./bun-libraries.ts";
import type { Package } from "./packages.ts";
import { BUN_VERSION, REPOSITORY, ROOT } from "./project.ts";

/** Where the text of each licence is; SQLite's asks for none. */
const TEXTS: Readonly<Record<string, string>> = {
  "Apache-2.0": join(ROOT, "LICENSE"),
  "BSD-2-Clause": text("BSD-2-Clause"),
  "BSD-3-Clause": text("BSD-3-Clause"),
  IJG: text("IJG"),
  "LGPL-2.1-or-later": text("LGPL-2.1"),
  "LLVM-exception": text("LLVM-exception"),
  MIT: text("MIT"),
  "Unicode-3.0": text("ICU"),
  Zlib: text("Zlib"),
};

function text(name: string): string {
  return join(import.meta.dir, "licenses", `${name}.txt`);
}

/**
 * The text of `THIRD_PARTY_LICENSES`: whose work is in a binary, and under which terms. Throws
 * when the text of a licence is not there.
 */
export function renderLicences(packages: readonly Package[]): string {
  const sections = packages.map(
    ({ name, version, license, licenseText }) =>
      `${heading(`${name} ${version} (${license})`)}\n${licenseText}\n`,
  );
  return `${INTRODUCTION}\n${sections.join("\n")}\n${renderBun()}`;
}

/** The identifiers of an SPDX expression that have a text. */
export function licencesIn({ license }: Pick<Library, "license">): string[] {
  return license.split(/ AND | WITH /).filter((id) => id !== "blessing");
}

const INTRODUCTION = `The binary \`qwen\` contains the work of others under their own licences: the npm packages that follow,
and Bun, the runtime, with the libraries that are linked into it.
`;

function heading(title: string): string {
  return `${title}\n${"=".repeat(title.length)}\n`;
}

function renderBun(): string {
  const notices = BUN_LIBRARIES.map(renderNotice).join("\n");
  const used = new Set(["MIT", ...BUN_LIBRARIES.flatMap(licencesIn)]);
  const texts = [...used].sort().map((id) => {
    const path = TEXTS[id];
    if (path === undefined) {
      throw new Error(`there is no text of the licence ${id}`);
    }
    return `${heading(`Text of ${id}`)}\n${readFileSync(path, "utf8").trimEnd()}\n`;
  });
  return `${heading(`Bun ${BUN_VERSION} (MIT)`)}
Copyright (c) 2022 BUN
Sources and notice: https://github.com/oven-sh/bun/tree/bun-v${BUN_VERSION}

It embeds these npm packages under the MIT licence: ${BUN_POLYFILLS.join(", ")}.

These libraries are linked into it. The texts of the licences that they name follow, once each.

${notices}
JavaScriptCore, with the parts of WebKit that belong to it, and TinyCC may be changed and linked
again: the sources of Bun and of its WebKit are public, and ${sources()}
\`bun build.ts\` of qwen takes any Bun of the pinned version that you build.

${texts.join("\n")}`;
}

function sources(): string {
  return REPOSITORY === ""
    ? "those of qwen come with it on request:"
    : `those of qwen are at https://github.com/${REPOSITORY}:`;
}

function renderNotice({ name, version, revision, license, copyright, home }: Library): string {
  const what = [name, version ?? revision].filter((part) => part !== undefined).join(" ");
  return [`${what} (${license}), ${home}`, ...copyright.map((line) => `  ${line}`), ""].join("\n");
}
