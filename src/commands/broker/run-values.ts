import { RECIPE_NAMES } from "../../broker/tools/recipes.ts";
import { UsageError } from "../../errors.ts";
import { type BrokerValues, toBrokerValues } from "../../flags/broker-flags.ts";
import { type FlagValues, listOf, textOf } from "../../flags/flag.ts";

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
