import { realpathSync } from "node:fs";
import { join } from "node:path";
import { providerOf } from "../../auth/providers/catalogue.ts";
import { PROVIDERS } from "../../auth/providers/providers.ts";
import { ToolError, UsageError } from "../../errors.ts";
import { absoluteEntries } from "../../lib/child-environment.ts";
import { hostOf } from "../../lib/endpoint-url.ts";
import { findProgram } from "../../lib/files/find-program.ts";
import type { Configured } from "../../models/resolution.ts";
import type { Runtime } from "../../runtime.ts";
import type { Mount } from "../mount.ts";
import { findRecipe, type ToolCall } from "./find-recipe.ts";
import type { Recipe } from "./recipe.ts";
import { recipeNamed } from "./recipes.ts";

type Machine = Pick<Runtime, "env" | "cwd" | "platform" | "processes">;

export type ChosenTool = ToolCall & {
  /** As it was typed. */
  readonly name: string;
  /** The file that is run. */
  readonly path: string;
  /** It is this very program: where the one lies that may have been meant. */
  readonly other?: string;
};

/**
 * The program that a word names, and how it is told where to go.
 * @throws UsageError when there is no word, ToolError when it is no program
 */
export function chooseTool(
  machine: Machine,
  argv: readonly string[],
  recipeName: string | undefined,
): ChosenTool {
  const [name] = argv;
  if (name === undefined || name === "") {
    throw new UsageError("Cannot run a tool: none is named", {
      code: "missing-input",
      hint: "name a program, such as `qwen auth run -- claude`",
    });
  }
  const { env, cwd, platform } = machine;
  const found = findProgram(name, { cwd, path: env.PATH, platform });
  if (found.kind !== "program") {
    const isThere = found.kind === "unfit";
    const why = isThere ? `${found.path}: ${found.reason}` : "there is no such program";
    throw new ToolError(`Cannot run \`${name}\`: ${why}`, {
      isThere,
      hint: isThere ? "name a program that may be executed" : "install it, or name its path",
    });
  }
  const call = findRecipe(argv, found.realPath);
  const recipe = recipeName === undefined ? undefined : recipeNamed(recipeName);
  const isOurs = found.realPath === realPath(machine.processes.executable);
  return {
    name,
    path: found.path,
    recipe: recipe ?? (isOurs ? (recipeNamed("qwen") ?? call.recipe) : call.recipe),
    insertAt: call.insertAt,
    ...(isOurs ? { other: otherQwen(machine, found.realPath) } : {}),
  };
}

/** Qwen Code under its own name, further down `PATH`; else how it is run without being installed. */
function otherQwen({ env, cwd, platform }: Machine, ours: string): string {
  const paths = absoluteEntries(env.PATH)
    .split(":")
    .map((entry) => findProgram(join(entry, "qwen"), { cwd, path: undefined, platform }))
    .flatMap((found) => (found.kind === "program" && found.realPath !== ours ? [found.path] : []));
  return paths[0] ?? "npx @qwen-code/qwen-code";
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

type Service = Pick<Configured, "protocol" | "endpoint">;

const NAMES = {
  anthropic: "Anthropic-compatible endpoint",
  openai: "OpenAI-compatible endpoint",
  gemini: "Gemini endpoint",
  responses: "Responses API",
} as const;

/**
 * Refuses a tool that cannot talk to the service (`spec/broker.md` §7), before anything starts.
 * @throws UsageError when the service speaks nothing that the tool speaks
 */
export function throwIfUnfit(
  { name, needs }: Recipe,
  mounts: readonly Mount[],
  { protocol, endpoint }: Service,
): void {
  const isSpoken = (need: Recipe["needs"][number]): boolean =>
    need === "responses"
      ? mounts.some((mount) => mount.name === "openai" && mount.responses !== "none")
      : mounts.some((mount) => mount.name === need);
  const [first] = needs;
  if (first === undefined || needs.some(isSpoken)) {
    return;
  }
  const provider = providerOf(endpoint.value, protocol.value)?.provider;
  const label = provider?.label ?? hostOf(endpoint.value);
  throw new UsageError(`Cannot run ${name} with ${label}: it has no ${NAMES[first]}`, {
    code: "no-such-protocol",
    hint: hintFor(first),
  });
}

function hintFor(need: Recipe["needs"][number]): string {
  const others = `run \`qwen auth switch\` to a model of ${idsWith(need).join(", ")}`;
  switch (need) {
    case "responses":
      return `${others}; or use codex 0.80.0 with \`--recipe generic\`, which speaks Chat`;
    case "anthropic":
      return `${others}; for an endpoint of your own add \`--anthropic-base-url URL\``;
    default:
      return others;
  }
}

/** Providers that speak something. */
function idsWith(need: Recipe["needs"][number]): string[] {
  return PROVIDERS.filter(({ protocol, endpoints }) => {
    switch (need) {
      case "responses":
        return endpoints.some(({ responses }) => responses !== undefined);
      case "anthropic":
        return (
          protocol === "anthropic" || endpoints.some(({ anthropic }) => anthropic !== undefined)
        );
      default:
        return protocol === need;
    }
  }).map(({ id }) => id);
}
