import { RECIPE_NAMES } from "../../broker/tools/recipes.ts";
import { UsageError } from "../../errors.ts";
import { BROKER_FLAGS, type BrokerValues, toBrokerValues } from "../../flags/broker-flags.ts";
import { type Argument, type Flags, type FlagValues, listOf, textOf } from "../../flags/flag.ts";

/** The flags of `auth run`, all before the tool (`spec/broker.md` §1). */
export const RUN_FLAGS: Flags = {
  ...BROKER_FLAGS,
  recipe: {
    type: "string",
    valueHint: "NAME",
    description: "How to tell a tool of another name",
    offer: RECIPE_NAMES,
  },
  keep: {
    type: "string",
    isList: true,
    valueHint: "NAME",
    description: "Leave this variable to the tool; repeatable",
  },
  summary: { type: "boolean", description: "Say at the end what was sent" },
  "no-summary": { type: "boolean", description: "Say nothing at the end" },
  "no-broker": { type: "boolean", description: "Give the tool the key itself" },
  "dry-run": { type: "boolean", description: "Print what would be set, and start nothing" },
};

/** The program is all that stands behind the flags, with or without `--`. */
export const RUN_ARGUMENT: Argument = {
  type: "positional",
  name: "TOOL",
  description: "The program, with its arguments",
  offer: ["claude", "codex", "opencode", "qwen", "gemini"],
  isProgram: true,
};

export type RunValues = BrokerValues & {
  readonly recipe: string | undefined;
  readonly kept: readonly string[];
  /** `undefined`: where somebody sees it. */
  readonly summary: boolean | undefined;
  readonly isDirect: boolean;
  readonly isDry: boolean;
};

/** @throws UsageError for values that cannot be, or contradict each other */
export function toRunValues(values: FlagValues): RunValues {
  const recipe = textOf(values, "recipe");
  if (recipe !== undefined && !RECIPE_NAMES.includes(recipe)) {
    throw new UsageError(`Cannot use the recipe "${recipe}": it is unknown`, {
      code: "invalid-value",
      hint: `choose one of ${RECIPE_NAMES.join(", ")}`,
      suggest: { word: recipe, from: RECIPE_NAMES },
    });
  }
  if (values.summary === true && values["no-summary"] === true) {
    throw new UsageError("Cannot use `--summary` with `--no-summary`", {
      hint: "leave one of them out",
    });
  }
  return {
    ...toBrokerValues(values),
    recipe,
    kept: listOf(values, "keep") ?? [],
    summary: values.summary === true ? true : values["no-summary"] === true ? false : undefined,
    isDirect: values["no-broker"] === true,
    isDry: values["dry-run"] === true,
  };
}
