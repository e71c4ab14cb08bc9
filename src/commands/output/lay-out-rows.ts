import { shortenHome } from "../../lib/shorten-home.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { describePlace, describeSource, type Source } from "../../source.ts";
import type { Style } from "../../terminal/style.ts";

/** A value with its name and, where it has one, its source. */
export type Row = {
  readonly label: string;
  readonly value: string;
  readonly source?: Source | undefined;
};

/** The screen that a person looks at; what is no terminal has none. */
export type Screen = {
  readonly columns: number;
  /** Paths below it are shown with `~`. */
  readonly home: string;
};

type Layout = {
  readonly style: Style;
  readonly screen: Screen | undefined;
  /** Cells before each label. */
  readonly indent: number;
  /** Cells that labels take at least. */
  readonly labelWidth?: number;
};

/**
 * Rows of label, value and source. Lines that scripts may read have each source behind its value;
 * on a screen the sources are dim and stand below each other, in a column of their own where there
 * is room for one, else below the values, and once for all where they are the same
 * (`spec/on-a-terminal.md`, "Width").
 */
export function layOutRows(
  rows: readonly Row[],
  { style, screen, indent, labelWidth = 0 }: Layout,
): string[] {
  const width = Math.max(labelWidth, ...rows.map(({ label }) => label.length));
  const margin = " ".repeat(indent);
  const begin = (label: string): string => `${margin}${style.dim(label.padEnd(width))}  `;
  if (screen === undefined) {
    return rows.map(({ label, value, source }) => {
      const from = source === undefined ? "" : `  from ${describeSource(source)}`;
      return `${begin(label)}${visibleText(`${value}${from}`)}`;
    });
  }
  const shown = rows.map(({ label, value, source }) => ({
    label,
    value: shortenHome(visibleText(value), screen.home),
    place: source && shortenHome(visibleText(describePlace(source)), screen.home),
  }));
  const sourced = shown.filter(({ place }) => place !== undefined);
  const widest = Math.max(...sourced.map(({ value }) => Bun.stringWidth(value)));
  const room = screen.columns - indent - width - 2 - widest - 2;
  if (sourced.every(({ place = "" }) => Bun.stringWidth(place) <= room)) {
    return shown.map(({ label, value, place }) =>
      place === undefined
        ? `${begin(label)}${value}`
        : `${begin(label)}${value}${" ".repeat(widest - Bun.stringWidth(value))}  ${style.dim(place)}`,
    );
  }
  const places = new Set(sourced.map(({ place }) => place));
  const [common] = places.size === 1 && sourced.length > 1 ? places : [];
  return shown.flatMap(({ label, value, place }) => [
    `${begin(label)}${value}`,
    ...(place === undefined
      ? []
      : place === common
        ? sourced.at(-1)?.label === label
          ? [`${begin("")}${style.dim(`all from ${common}`)}`]
          : []
        : [`${begin("")}${style.dim(place)}`]),
  ]);
}
