import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { Glob } from "bun";

/** What each file imports, by paths from the root. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** The imports of every file of `src` and `test` below a root. */
export function readImports(root: string): Imports {
  const files = ["src", "test"].flatMap((folder) =>
    [...new Glob("**/*.ts").scanSync(join(root, folder))].map((file) => join(folder, file)),
  );
  return new Map(files.map((file) => [file, importsOf(root, file)]));
}

function importsOf(root: string, file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/(?:from |import |import\()\s*"(\.[^"\n]+)"/g)].map(([, target = ""]) =>
    normalize(join(dirname(file), target)),
  );
}

/**
 * The tests within the process that reach a file: the file's own, which may only go through others,
 * then those that need the fewest steps. What notices a change soonest comes first.
 */
export function relatedTests(imports: Imports, file: string): readonly string[] {
  const seen = new Set([file]);
  const found: string[] = [];
  for (let edge = [file]; edge.length > 0; ) {
    edge = [...imports]
      .filter(([from, to]) => !seen.has(from) && to.some((target) => edge.includes(target)))
      .map(([from]) => from);
    for (const each of edge) {
      seen.add(each);
    }
    found.push(...edge.filter(isUnitTest).sort());
  }
  // One that starts a process of its own names the file in a text, which is no import.
  const own = [...imports.keys()].filter((test) => test === ownTest(file));
  return [...own, ...found.filter((test) => !own.includes(test))];
}

/** Where tests mirror `src`. */
function ownTest(file: string): string {
  return file.replace(/^src\//, "test/").replace(/\.ts$/, ".test.ts");
}

/** Without those that take minutes, and time what they try. */
function isUnitTest(file: string): boolean {
  return (
    file.endsWith(".test.ts") &&
    !/^test\/(?:(?:e2e|peers|install|build|release|mutation)\/|linear-time\.)/.test(file)
  );
}

/** The folders of `test/e2e` that try what a room does; one that is not here, all of them. */
const BINARY_TESTS: Readonly<Record<string, readonly string[]>> = {
  auth: ["auth", "oauth"],
  broker: ["broker"],
  chat: ["chat"],
  cli: ["cli"],
  commands: ["auth", "chat", "cli"],
  connect: ["network", "chat", "auth"],
  doctor: ["doctor"],
  env: ["settings", "auth"],
  flags: ["cli", "auth"],
  http: ["network", "chat"],
  lib: ["files", "settings", "auth"],
  models: ["settings", "auth"],
  prompts: ["auth", "chat"],
  protocols: ["chat", "network"],
  secrets: ["secrets", "auth"],
  settings: ["settings", "auth"],
  terminal: ["chat", "auth"],
  trust: ["trust"],
};

/** The tests of the compiled binary that should notice a change in a room, those first that fit. */
export function binaryTests(room: string): readonly string[] {
  return BINARY_TESTS[room]?.map((folder) => `test/e2e/${folder}`) ?? ["test/e2e"];
}
