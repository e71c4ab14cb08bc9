/** Chinese and Latin letters stand apart, also where a place meets what is around it. */
const MEETS = /(?<=\p{Script=Han})(?=[\w`~$/])|(?<=[\w`/])(?=\p{Script=Han})/u;

/** Chinese letters and signs do not, whatever stands in the place. */
const APART = /(?<=[\p{Script=Han}，。；：？！（）“”、]) (?=[\p{Script=Han}，。；：？！（）“”、])/u;

/** Texts behind each other, with a space where one belongs and none where not. */
export function joinWords(parts: readonly string[]): string {
  return parts.reduce((before, part) => {
    if (APART.test(before.slice(-2) + part.slice(0, 1))) {
      return before.slice(0, -1) + part;
    }
    if (APART.test(before.slice(-1) + part.slice(0, 2))) {
      return before + part.slice(1);
    }
    return MEETS.test(before.slice(-1) + part.slice(0, 1)) ? `${before} ${part}` : before + part;
  }, "");
}
