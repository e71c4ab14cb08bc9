import { styleText } from "node:util";
import { AutocompletePrompt } from "@clack/core";
import { S_CHECKBOX_INACTIVE, S_CHECKBOX_SELECTED } from "@clack/prompts";
import type { Choice } from "../runtime.ts";
import { drawPicker, lineOf, type PickerPorts, type PickerRow } from "./draw-picker.ts";
import { drawRow } from "./list-prompt.ts";

type ManyOptions = PickerPorts & {
  readonly choices: readonly Choice<string>[];
  readonly initial: readonly string[];
};

const KEYS = {
  whole: "(type to search, ↑ ↓ move, Tab ticks, Enter takes the ticked ones, or the marked one)",
  short: "(↑ ↓ Tab Enter Esc)",
} as const;

/** A list of which several rows can be chosen; see `chosenOf` for which are. */
export function createManyPicker(options: ManyOptions): AutocompletePrompt<PickerRow> {
  const { message, choices, initial, maxItems, isMatch, words, input, output } = options;
  const picker: AutocompletePrompt<PickerRow> = new AutocompletePrompt<PickerRow>({
    options: choices.map((choice) => ({ ...choice, disabled: false })),
    multiple: true,
    initialValue: [...initial],
    filter: (typed, row) => isMatch(typed, `${lineOf(row)} ${row.value}`),
    validate: () => (chosenOf(picker).length === 0 ? words("Nothing matches.") : undefined),
    input,
    output,
    render() {
      const ticked = chosenOf(this);
      return drawPicker(this, {
        ...{ message, output, maxItems, words, keys: KEYS, pointer: "›" },
        row: ({ label, value }, isActive) => {
          const sign = this.selectedValues.includes(value)
            ? styleText("green", S_CHECKBOX_SELECTED)
            : styleText(isActive ? "cyan" : "dim", S_CHECKBOX_INACTIVE);
          return drawRow(label, { isActive, columns: output.columns || 80, sign });
        },
        answer: ticked.flatMap((value) => this.options.find((row) => row.value === value) ?? []),
      });
    },
  });
  return picker;
}

/** What is ticked, in the order in which it was; where nothing is, the marked row. */
export function chosenOf({
  selectedValues,
  focusedValue,
}: Pick<AutocompletePrompt<PickerRow>, "selectedValues" | "focusedValue">): readonly string[] {
  return selectedValues.length > 0 || focusedValue === undefined ? selectedValues : [focusedValue];
}
