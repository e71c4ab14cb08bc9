/** Deeper documents are nobody's settings, and would end whoever walks them level by level. */
const DEEPEST = 256;

/**
 * Where a document of JSON, with or without comments, opens the first bracket that is too deep;
 * `undefined`: none is. One pass, which does not care whether the rest is valid.
 */
export function tooDeepAt(text: string): number | undefined {
  if (!hasMany(text)) {
    return undefined;
  }
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '"':
        at = endOfString(text, at);
        break;
      case "/":
        at = endOfComment(text, at);
        break;
      case "{":
      case "[":
        depth += 1;
        if (depth > DEEPEST) {
          return at;
        }
        break;
      case "}":
      case "]":
        depth -= 1;
        break;
      default:
        break;
    }
  }
  return undefined;
}

/** Whether there are as many opening brackets as it takes; most documents have few. */
function hasMany(text: string): boolean {
  return text.split("{", DEEPEST + 2).length + text.split("[", DEEPEST + 2).length > DEEPEST + 2;
}

/** Of its closing quote, or of the end of the text. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") {
      at += 1;
    } else if (text[at] === '"') {
      return at;
    }
  }
  return text.length;
}

/** Of the last character of a comment; `start` itself where none begins. */
function endOfComment(text: string, start: number): number {
  const next = text[start + 1];
  if (next !== "/" && next !== "*") {
    return start;
  }
  const end = text.indexOf(next === "/" ? "\n" : "*/", start + 2);
  return end === -1 ? text.length : end + (next === "/" ? 0 : 1);
}
