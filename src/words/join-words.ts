/** Chinese and Latin letters stand apart, also where a place meets what is around it. */
const MEETS = /(?<=\p{Script=Han})(?=[\w`~$/])|(?<=[\w`/])(?=\p{Script=Han})/u;

/** Chinese letters and signs do not, whatever stands in the place. */
const APART = /(?<=[\p{Script=Han}，。；：？！（）“”、]) (?=[\p{Script=Han}，。；：？！（）“”、])/u;

/** Texts behind each other, styled or not, with a space where one belongs and none where not. */
export function joinWords(parts: readonly string[]): string {
  return parts.reduce((before, part) => {
    const [end, begin] = [Bun.stripANSI(before).slice(-2), Bun.stripANSI(part).slice(0, 2)];
    if (before.endsWith(" ") && APART.test(end + begin.slice(0, 1))) {
      return before.slice(0, -1) + part;
    }
    if (part.startsWith(" ") && APART.test(end.slice(-1) + begin)) {
      return before + part.slice(1);
    }
    return MEETS.test(end.slice(-1) + begin.slice(0, 1)) ? `${before} ${part}` : before + part;
  }, "");
}
