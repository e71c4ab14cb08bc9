import type { Choice } from "../../src/runtime.ts";

/** What questions may have, whichever they are. */
type Asked = {
  readonly message?: string;
  readonly remark?: string;
  readonly fallback?: string;
  readonly choices?: readonly Choice<string>[];
  readonly yes?: string;
  readonly no?: string;
};

/** Rows of a list that are shown. */
const MOST_ROWS = 6;

/** A question of `fakeRuntime` as one reads it; of a long list, its first row. */
export function questionText(question: object): string {
  const { message = "", remark, fallback, choices = [], yes, no }: Asked = question;
  const rows = choices.map(({ value, label, description }) => {
    const told = description === undefined ? "" : ` - ${description}`;
    return `  ${value}: ${label}${told}`;
  });
  return [
    message,
    ...(remark === undefined ? [] : [`  (${remark})`]),
    ...(fallback === undefined ? [] : [`  = ${fallback}`]),
    ...(rows.length > MOST_ROWS ? [...rows.slice(0, 1), "  …"] : rows),
    ...(yes === undefined ? [] : [`  ${yes} / ${no}`]),
  ].join("\n");
}
