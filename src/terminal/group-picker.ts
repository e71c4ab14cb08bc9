import type { Readable } from "node:stream";
import { styleText } from "node:util";
import { AutocompletePrompt } from "@clack/core";
import { limitOptions, S_BAR, S_BAR_END, symbol } from "@clack/prompts";
import type { Group } from "../runtime.ts";
import type { Translate } from "../words/translate.ts";
import { framed, roomWithin } from "./hang-label.ts";
import { drawRow } from "./list-prompt.ts";

type Row = {
  readonly value: string;
  readonly label: string;
  /** A heading: shown, never chosen. */
  readonly disabled: boolean;
};

type PickerOptions = {
  readonly message: string;
  readonly groups: readonly Group<string>[];
  readonly initial: string | undefined;
  readonly maxItems: number;
  readonly isMatch: (typed: string, line: string) => boolean;
  /** For what is said here; what is asked comes in words already. */
  readonly words: Translate;
  readonly input: Readable;
  readonly output: NodeJS.WriteStream;
  readonly signal: AbortSignal;
};

/**
 * A list under headings in which what is typed searches, which clack's own prompts cannot draw: a
 * heading stays as long as something below it fits. An empty one is not shown.
 */
export function createGroupPicker(options: PickerOptions): AutocompletePrompt<Row> {
  const { message, groups, initial, maxItems, isMatch, words, input, output, signal } = options;
  const fits = (typed: string, { value, disabled }: Row): boolean =>
    groups.some(({ heading, choices }) => {
      const found = choices.filter((choice) => isMatch(typed, `${heading} ${lineOf(choice)}`));
      return disabled
        ? value === headingValue(heading) && found.length > 0
        : found.some((choice) => choice.value === value);
    });
  return new AutocompletePrompt<Row>({
    options: groups.flatMap(toRows),
    initialValue: [initial ?? groups[0]?.choices[0]?.value ?? ""],
    filter: fits,
    validate: (value) => (value === undefined ? words("Nothing matches.") : undefined),
    signal,
    input,
    output,
    render() {
      return frame(this, { message, output, maxItems, words });
    },
  });
}

type Choice = Group<string>["choices"][number];

function toRows({ heading, choices }: Group<string>): Row[] {
  return [
    ...(heading === "" ? [] : [{ value: headingValue(heading), label: heading, disabled: true }]),
    ...choices.map((choice) => ({
      value: choice.value,
      label: lineOf(choice),
      disabled: false,
    })),
  ];
}

function headingValue(heading: string): string {
  return `heading ${heading}`;
}

function lineOf({ label, description }: Choice): string {
  return description === undefined ? label : `${label}  ${description}`;
}

/** What of a prompt is drawn. */
type Drawn = Pick<
  AutocompletePrompt<Row>,
  | "state"
  | "options"
  | "filteredOptions"
  | "selectedValues"
  | "cursor"
  | "isNavigating"
  | "userInput"
  | "userInputWithCursor"
>;

type Frame = Pick<PickerOptions, "message" | "output" | "maxItems" | "words">;

function frame(picker: Drawn, { message, output, maxItems, words }: Frame): string {
  const gray = styleText("gray", S_BAR);
  const head = [gray, `${symbol(picker.state)}  ${message}`];
  const chosen = picker.options.find(({ value }) => value === picker.selectedValues[0]);
  if (picker.state === "submit" || picker.state === "cancel") {
    const answer = picker.state === "submit" ? (chosen?.label ?? "") : "";
    return [...head, `${gray}  ${styleText("dim", answer)}`].join("\n");
  }
  const bar = styleText("cyan", S_BAR);
  const search = picker.isNavigating ? picker.userInput : picker.userInputWithCursor;
  const found = picker.filteredOptions.some(({ disabled }) => !disabled);
  const keys = words("(type to search, ↑ ↓ move, Enter selects, Esc leaves)");
  const footer = [
    ...framed(keys, roomWithin(output)).map((row) => `${bar}  ${styleText("dim", row)}`),
    styleText("cyan", S_BAR_END),
  ];
  const rows = limitOptions({
    cursor: picker.cursor,
    options: picker.filteredOptions,
    columnPadding: 3,
    rowPadding: head.length + 1 + footer.length,
    maxItems,
    output,
    style: ({ label, disabled }, isActive) =>
      disabled ? styleText("bold", label) : drawRow(label, isActive, output.columns || 80),
  });
  return [
    ...head,
    `${bar}  ${styleText("dim", words("Search:"))} ${search}`,
    ...(found ? rows : [styleText("yellow", words("Nothing matches."))]).map(
      (row) => `${bar}  ${row}`,
    ),
    ...footer,
  ].join("\n");
}
