import { AutocompletePrompt } from "@clack/core";
import type { Group } from "../runtime.ts";
import { drawPicker, lineOf, type PickerPorts, type PickerRow } from "./draw-picker.ts";
import { drawRow } from "./list-prompt.ts";

type GroupOptions = PickerPorts & {
  readonly groups: readonly Group<string>[];
  readonly initial: string | undefined;
  readonly joint?: string | undefined;
};

const KEYS = {
  whole: "(type to search, ↑ ↓ move, Enter selects, Esc leaves)",
  short: "(↑ ↓ Enter Esc)",
} as const;

/**
 * A list under headings in which what is typed searches, which clack's own prompts cannot draw: a
 * heading stays as long as something below it fits. An empty one is not shown.
 */
export function createGroupPicker(options: GroupOptions): AutocompletePrompt<PickerRow> {
  const { message, groups, initial, maxItems, isMatch, words, input, output } = options;
  const fits = (typed: string, { value, disabled }: PickerRow): boolean =>
    groups.some(({ heading, choices }) => {
      const found = choices.filter((choice) => isMatch(typed, `${heading} ${lineOf(choice)}`));
      return disabled
        ? value === headingValue(heading) && found.length > 0
        : found.some((choice) => choice.value === value);
    });
  return new AutocompletePrompt<PickerRow>({
    options: groups.flatMap(toRows),
    initialValue: [initial ?? groups[0]?.choices[0]?.value ?? ""],
    filter: fits,
    validate: (value) => (value === undefined ? words("Nothing matches.") : undefined),
    input,
    output,
    render() {
      return drawPicker(this, {
        ...{ message, output, maxItems, words, keys: KEYS, joint: options.joint },
        row: ({ label }, isActive) => drawRow(label, { isActive, columns: output.columns || 80 }),
        answer: this.options.filter(({ value }) => value === this.selectedValues[0]),
      });
    },
  });
}

function toRows({ heading, choices }: Group<string>): PickerRow[] {
  return [
    ...(heading === "" || choices.length === 0
      ? []
      : [{ value: headingValue(heading), label: heading, disabled: true }]),
    ...choices.map((choice) => ({ ...choice, disabled: false })),
  ];
}

function headingValue(heading: string): string {
  return `heading ${heading}`;
}
