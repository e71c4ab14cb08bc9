import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BUN_LIBRARIES } from "./bun-libraries.ts";
import type { Package } from "./packages.ts";
import { BUN_VERSION } from "./project.ts";

/** The text of `THIRD_PARTY_LICENSES`: whose work is in a binary, and under which terms. */
export function renderLicences(packages: readonly Package[]): string {
  const sections = packages.map(
    ({ name, version, license, licenseText }) =>
      `${heading(`${name} ${version} (${license})`)}\n${licenseText}\n`,
  );
  return `${INTRODUCTION}\n${sections.join("\n")}\n${renderBun()}`;
}

const INTRODUCTION = `The binary \`qwen\` contains the work of others under their own licences: the npm packages that follow,
and Bun, the runtime, with the libraries that are linked into it.
`;

function heading(title: string): string {
  return `${title}\n${"=".repeat(title.length)}\n`;
}

function renderBun(): string {
  const libraries = BUN_LIBRARIES.map(
    ({ name, license, home }) => `  ${name}: ${license ?? "several licences"}, ${home}`,
  );
  const lgpl = readFileSync(join(import.meta.dir, "licenses", "LGPL-2.1.txt"), "utf8");
  return `${heading(`Bun ${BUN_VERSION} (MIT)`)}
Sources and notice: https://github.com/oven-sh/bun/tree/bun-v${BUN_VERSION}

These libraries are linked into it:

${libraries.join("\n")}

JavaScriptCore, with the parts of WebKit that belong to it, and TinyCC may be changed and linked
again: the sources of qwen, of Bun and of its WebKit are public, and \`bun build.ts\` of qwen takes any
Bun of the pinned version that you build. Their licence:

${lgpl}`;
}
