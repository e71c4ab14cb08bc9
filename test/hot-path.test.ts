import { describe, expect } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { testUnless } from "./support/needs.ts";

const ROOT = join(import.meta.dir, "..");
const METAFILE = join(ROOT, "dist", "metafile.json");
const noBuild = existsSync(METAFILE) ? undefined : "dist/metafile.json is missing: build first";

type Output = {
  readonly entryPoint?: string;
  readonly inputs: Readonly<Record<string, object>>;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
};

/** The sources that are loaded when `entries` are, as the bundler put them into chunks. */
function loadedWith(...entries: readonly string[]): string[] {
  const outputs: Readonly<Record<string, Output>> = JSON.parse(
    readFileSync(METAFILE, "utf8"),
  ).outputs;
  const chunks = new Set<string>();
  const load = (name: string): void => {
    const output = outputs[name];
    if (output === undefined || chunks.has(name)) {
      return;
    }
    chunks.add(name);
    for (const { path } of output.imports.filter(({ kind }) => kind === "import-statement")) {
      load(path);
    }
  };
  for (const entry of entries) {
    const found = Object.keys(outputs).find((name) => outputs[name]?.entryPoint === entry);
    expect(found, `a chunk of ${entry}`).toBeDefined();
    load(found ?? "");
  }
  return [...chunks].flatMap((name) => Object.keys(outputs[name]?.inputs ?? {})).sort();
}

/** The modules of Bun that sources import, each of which takes time to load. */
function builtinsOf(sources: readonly string[]): string[] {
  const texts = sources
    .filter((path) => path.startsWith("src/"))
    .map((path) => readFileSync(join(ROOT, path), "utf8"));
  const names = texts.flatMap((text) =>
    [...text.matchAll(/^import (?!type).* from "node:([^"]+)";$/gm)].map(([, name]) => name ?? ""),
  );
  return [...new Set(names)].sort();
}

const packagesOf = (sources: readonly string[]): string[] => [
  ...new Set(
    sources.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
  ),
];

const roomsOf = (sources: readonly string[]): string[] => [
  ...new Set(sources.flatMap((path) => /^src\/([^/]+)\//.exec(path)?.[1] ?? [])),
];

describe("a start-up loads no more than it needs:", () => {
  const test = testUnless(noBuild);

  test("`--version` loads nothing", () => {
    const sources = loadedWith("src/main.ts").filter((path) => path.startsWith("src/"));
    expect(sources).toEqual(["src/cli/version-flags.ts", "src/errors.ts", "src/main.ts"]);
  });

  test.each([
    ["auth status", "src/commands/auth/status.ts"],
    ["auth token", "src/commands/auth/token.ts"],
  ])("`%s` loads no package, no chat and no protocol client", (_, entry) => {
    const sources = loadedWith("src/main.ts", "src/start.ts", entry);
    expect(builtinsOf(sources)).toEqual(["fs", "path"]);
    expect(packagesOf(sources)).toEqual([]);
    expect(roomsOf(sources)).not.toContain("protocols");
    expect(roomsOf(sources)).not.toContain("chat");
  });

  test("a terminal wants colour and lines that fit, and nothing else", () => {
    const sources = loadedWith(
      "src/main.ts",
      "src/start.ts",
      "src/commands/auth/status.ts",
      "src/terminal/color-style.ts",
      "src/terminal/wrap-text.ts",
    );
    expect(builtinsOf(sources)).toEqual(["fs", "path"]);
    expect(packagesOf(sources)).toEqual(["picocolors"]);
  });

  test("`--help` reads no settings", () => {
    const sources = loadedWith(
      "src/main.ts",
      "src/start.ts",
      "src/cli/print-help.ts",
      "src/cli/commands.ts",
      "src/cli/parse-arguments.ts",
    );
    expect(builtinsOf(sources)).toEqual([]);
    expect(packagesOf(sources)).toEqual([]);
    expect(roomsOf(sources)).not.toContain("settings");
  });

  test.each([
    ["auth coding-plan", "src/commands/auth/coding-plan.ts"],
    ["auth api-key", "src/commands/auth/api-key.ts"],
  ])("`%s` loads no package and no protocol client", (_, entry) => {
    const sources = loadedWith("src/main.ts", "src/start.ts", entry);
    expect(packagesOf(sources)).toEqual([]);
    expect(roomsOf(sources)).not.toContain("protocols");
  });
});
