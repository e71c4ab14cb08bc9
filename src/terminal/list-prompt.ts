import type { Readable } from "node:stream";
import { styleText } from "node:util";
import { SelectPrompt } from "@clack/core";
import {
  limitOptions,
  S_BAR,
  S_BAR_END,
  S_RADIO_ACTIVE,
  S_RADIO_INACTIVE,
  symbol,
} from "@clack/prompts";
import type { Choice } from "../runtime.ts";
import { framed, hangLabel, roomWithin } from "./hang-label.ts";

type ListOptions = {
  readonly message: string;
  readonly choices: readonly Choice<string>[];
  readonly initial: string | undefined;
  /** What keys do, below the list. */
  readonly footer: string;
  readonly input: Readable;
  readonly output: NodeJS.WriteStream;
};

/**
 * A list to choose from. Clack's own takes a third of a narrow screen for its margin, and then shows
 * only some of the rows.
 */
export function createList(options: ListOptions): SelectPrompt<Choice<string>> {
  const { message, choices, initial, footer, input, output } = options;
  return new SelectPrompt<Choice<string>>({
    options: [...choices],
    ...(initial === undefined ? {} : { initialValue: initial }),
    input,
    output,
    render() {
      return frame(this, { message, footer, output });
    },
  });
}

type ListState = Pick<SelectPrompt<Choice<string>>, "state" | "options" | "cursor">;

type Frame = Pick<ListOptions, "message" | "footer" | "output">;

function frame({ state, options, cursor }: ListState, { message, footer, output }: Frame): string {
  const gray = styleText("gray", S_BAR);
  const room = roomWithin(output);
  const [title = "", ...more] = framed(message, room);
  const head = [gray, `${symbol(state)}  ${styleText("bold", title)}`];
  const bar = styleText("cyan", S_BAR);
  const isOver = state === "submit" || state === "cancel";
  head.push(...more.map((row) => `${isOver ? gray : bar}  ${row}`));
  const marked = options[cursor];
  if (isOver) {
    const style = state === "submit" ? "dim" : (["strikethrough", "dim"] as const);
    const rows = marked === undefined ? [] : framed(lineOf(marked), room);
    const left = rows.map((row) => `${gray}  ${styleText(style, row)}`);
    return [...head, ...left, ...(state === "cancel" ? [gray] : [])].join("\n");
  }
  const foot = framed(footer, room).map((row) => `${bar}  ${styleText("dim", row)}`);
  const around = head.length + foot.length + 2;
  const whole = options.map(lineOf);
  const fits = rowsOf(whole, output) + around <= (output.rows || 24);
  const rows = limitOptions({
    cursor,
    options: fits ? whole : options.map(({ label }) => label),
    columnPadding: output.columns - room,
    rowPadding: around + (fits ? 0 : 2),
    output,
    style: (label, isActive) => drawRow(label, { isActive, columns: output.columns || 80 }),
  });
  const below = fits || marked?.description === undefined ? [] : framed(marked.description, room);
  return [
    ...head,
    ...rows.map((row) => `${bar}  ${row}`),
    ...below.slice(0, 2).map((row) => `${bar}  ${styleText("dim", row)}`),
    ...foot,
    `${styleText("cyan", S_BAR_END)}\n`,
  ].join("\n");
}

function lineOf({ label, description }: Choice<string>): string {
  return description === undefined ? label : `${label} - ${description}`;
}

function rowsOf(labels: readonly string[], { columns = 80 }: NodeJS.WriteStream): number {
  return labels.reduce((sum, label) => sum + hangLabel(label, columns).split("\n").length, 0);
}

type RowLook = {
  readonly isActive: boolean;
  readonly columns: number;
  /** In place of the one of a list of which one row is chosen. */
  readonly sign?: string;
};

/** A row with its sign, emphasised where it is the marked one. */
export function drawRow(label: string, { isActive, columns, sign }: RowLook): string {
  const radio = isActive ? styleText("green", S_RADIO_ACTIVE) : styleText("dim", S_RADIO_INACTIVE);
  const paint = (row: string): string => styleText(isActive ? "bold" : "dim", row);
  const [first = "", ...others] = hangLabel(label, columns).split("\n");
  return [`${sign ?? radio} ${paint(first)}`, ...others.map(paint)].join("\n");
}
