import type { Readable } from "node:stream";
import { styleText } from "node:util";
import type { AutocompletePrompt } from "@clack/core";
import { limitOptions, S_BAR, S_BAR_END, symbol } from "@clack/prompts";
import type { Translate } from "../words/translate.ts";
import { framed, roomWithin } from "./hang-label.ts";

/** A row of a list in which what is typed searches. */
export type PickerRow = {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
  /** A heading: shown, never chosen. */
  readonly disabled: boolean;
};

/** What of a prompt is drawn. */
type PickerState = Pick<
  AutocompletePrompt<PickerRow>,
  "state" | "filteredOptions" | "cursor" | "isNavigating" | "userInput" | "userInputWithCursor"
>;

/** What every such list is given, whatever of it can be chosen. */
export type PickerPorts = {
  readonly message: string;
  readonly maxItems: number;
  /** Whether a row is found by what is typed. */
  readonly isMatch: (typed: string, line: string) => boolean;
  /** For what is said here; what is asked comes in words already. */
  readonly words: Translate;
  readonly input: Readable;
  readonly output: NodeJS.WriteStream;
};

type Look = Pick<PickerPorts, "message" | "maxItems" | "words" | "output"> & {
  /** What keys do, below the list, and only which where there is little room. */
  readonly keys: { readonly whole: string; readonly short: string };
  readonly row: (row: PickerRow, isActive: boolean) => string;
  /** Beside the marked row, where its own sign does not tell it. */
  readonly pointer?: string;
  /** What stands between a label and what is said of it; two blanks, unless it is a sentence. */
  readonly joint?: string | undefined;
  /** What was chosen. */
  readonly answer: readonly PickerRow[];
};

/** Rows of an answer that are left on the screen. */
const MOST_LEFT = 3;

/** The frame of such a list. */
export function drawPicker(picker: PickerState, look: Look): string {
  const { message, output, words, maxItems, row, pointer = " " } = look;
  const gray = styleText("gray", S_BAR);
  const bar = styleText("cyan", S_BAR);
  const width = roomWithin(output);
  const isOver = picker.state === "submit" || picker.state === "cancel";
  const [title = "", ...more] = framed(message, width);
  const head = [
    gray,
    `${symbol(picker.state)}  ${title}`,
    ...more.map((line) => `${isOver ? gray : bar}  ${line}`),
  ];
  if (isOver) {
    const answer =
      picker.state === "submit"
        ? look.answer.map((each) => lineOf(each, look.joint)).join(", ")
        : "";
    const left = framed(answer, width).slice(0, MOST_LEFT);
    return [...head, ...left.map((line) => `${gray}  ${styleText("dim", line)}`)].join("\n");
  }
  const { options, footer } = fitted(picker, look, head.length + 1);
  const rows = limitOptions({
    cursor: picker.cursor,
    options: [...options],
    columnPadding: 2,
    rowPadding: head.length + 1 + footer.length + 1,
    maxItems,
    output,
    style: (each, isActive) => {
      const drawn = each.disabled ? styleText("bold", each.label) : row(each, isActive);
      const [first = "", ...others] = drawn.split("\n");
      return [(isActive ? pointer : " ") + first, ...others.map((line) => ` ${line}`)].join("\n");
    },
  });
  const found = options.some(({ disabled }) => !disabled);
  const search = picker.isNavigating ? picker.userInput : picker.userInputWithCursor;
  return [
    ...head,
    `${bar}  ${styleText("dim", words("Search:"))} ${search}`,
    ...(found ? rows : [` ${styleText("yellow", words("Nothing matches."))}`]).map(
      (each) => `${bar} ${isCut(each) ? " " : ""}${each}`,
    ),
    ...footer.map((each) => `${bar}  ${styleText("dim", each)}`),
    styleText("cyan", S_BAR_END),
  ].join("\n");
}

/** What stands for rows that there is no room for. */
function isCut(row: string): boolean {
  return Bun.stripANSI(row) === "...";
}

export function lineOf(
  { label, description }: Pick<PickerRow, "label" | "description">,
  joint = "  ",
): string {
  return description === undefined ? label : label + joint + description;
}

/** Choices that a screen shows at least, before less is said of each. */
const FEW = 5;

/** Rows of what is said of the marked choice where there is no room for all. */
const MOST_SAID = 3;

/**
 * The rows of the list and those below it, as there is room: where only a few choices could be seen
 * with all that is said of them, that is said of the marked one alone, and of the keys only which.
 */
function fitted(
  { filteredOptions, cursor }: PickerState,
  { output, words, keys, joint }: Look,
  above: number,
): { readonly options: readonly PickerRow[]; readonly footer: readonly string[] } {
  const width = roomWithin(output);
  const told = framed(words(keys.whole), width);
  const whole = filteredOptions.map((row) => ({ ...row, label: lineOf(row, joint) }));
  const tallest = whole.reduce(
    (most, { label }) => Math.max(most, framed(label, width - 2).length),
    1,
  );
  const room = (output.rows || 24) - above - told.length - 1;
  if (tallest * Math.min(FEW, whole.length) <= room) {
    return { options: whole, footer: told };
  }
  const shown = told.length > 2 ? framed(words(keys.short), width) : told;
  const said = room < FEW ? undefined : filteredOptions[cursor]?.description;
  const below = said === undefined ? [] : framed(said, width).slice(0, MOST_SAID);
  return { options: filteredOptions, footer: [...below, ...shown] };
}
