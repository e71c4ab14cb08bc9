import type { Recipe } from "./recipe.ts";
import { GENERIC, RECIPES } from "./recipes.ts";

export type ToolCall = {
  readonly recipe: Recipe;
  /** Where arguments of the recipe are put in: behind the program, or the package that is run. */
  readonly insertAt: number;
};

/** Programs that run a package, and the words before its name. */
const RUNNERS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  npx: [[]],
  bunx: [[]],
  pnpx: [[]],
  pnpm: [["dlx"], ["exec"]],
  npm: [["exec"], ["x"]],
  yarn: [["dlx"]],
  bun: [["x"]],
};

/** Flags of these that take the next word. */
const WITH_VALUE = new Set(["-p", "--package", "-c", "--call", "-w", "--workspace"]);

/**
 * Which tool a command line starts: by the file name of the program, as it was typed and with links
 * followed, or by the package that a runner is told to run (`spec/broker.md` §1).
 * @param realName the name of the file that the program is; `undefined`: not found
 */
export function findRecipe(argv: readonly string[], realName: string | undefined): ToolCall {
  const typed = programName(argv[0] ?? "");
  const byName = [typed, ...(realName === undefined ? [] : [programName(realName)])]
    .map((name) => RECIPES.find(({ programs }) => programs.includes(name)))
    .find((found) => found !== undefined);
  if (byName !== undefined) {
    return { recipe: byName, insertAt: 1 };
  }
  const at = packageAt(argv, typed);
  const name = at === undefined ? undefined : packageName(argv[at] ?? "");
  const byPackage = RECIPES.find(
    ({ packages, programs }) =>
      name !== undefined && (packages.includes(name) || programs.includes(name)),
  );
  return byPackage === undefined || at === undefined
    ? { recipe: GENERIC, insertAt: 1 }
    : { recipe: byPackage, insertAt: at + 1 };
}

function programName(path: string): string {
  const file = path.split(/[/\\]/).at(-1) ?? "";
  return file.replace(/\.(?:exe|cmd)$/i, "");
}

/** The word that names the package; behind it stand its own arguments. */
function packageAt(argv: readonly string[], runner: string): number | undefined {
  const ways = Object.hasOwn(RUNNERS, runner) ? RUNNERS[runner] : undefined;
  const way = ways?.find((words) => words.every((word, index) => argv[index + 1] === word));
  if (way === undefined) {
    return undefined;
  }
  let at = 1 + way.length;
  while (argv[at]?.startsWith("-") === true && argv[at] !== "--") {
    at += WITH_VALUE.has(argv[at] ?? "") ? 2 : 1;
  }
  return argv[at] === "--" ? at + 1 : at;
}

/** `@scope/name@version` without its version. */
function packageName(word: string): string {
  const end = word.indexOf("@", 1);
  return end === -1 ? word : word.slice(0, end);
}
