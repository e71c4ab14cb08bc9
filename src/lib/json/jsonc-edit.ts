import { closeGap } from "./close-gap.ts";
import {
  commentsIn,
  contentOf,
  detectStyle,
  endOfComments,
  hasLineEnd,
  indentBefore,
  indexOfItem,
  isSpread,
  itemValue,
  type JsoncContainer,
  type JsoncItem,
  type JsoncStyle,
  lineIndent,
  openItem,
  readDocument,
  splitLine,
} from "./jsonc.ts";

/** Keys of objects and indices of arrays, from the root to a value. */
export type JsonPath = readonly (string | number)[];

/** One change of a document. */
export type JsoncEdit =
  /** Replaces or adds a value, with the objects that lead to it; `undefined` removes. */
  | { readonly kind: "set"; readonly path: JsonPath; readonly value: unknown }
  /** Does nothing if there is nothing at `path`. */
  | { readonly kind: "remove"; readonly path: JsonPath }
  /** Puts `value` into an array, before the item at the path's last index or at the end. */
  | { readonly kind: "insert"; readonly path: JsonPath; readonly value: unknown };

/**
 * Applies edits to the text of a document, each to the result of the one before. Comments, order,
 * indentation, line ends and the final newline stay; only comments inside a value that is removed
 * or replaced go with it. New text is indented as the document is, and on one line where the
 * container around it is.
 *
 * @throws {Error} a bug of the caller: the text does not parse, a `set` or `insert` leads nowhere.
 */
export function editJsonc(text: string, edits: readonly JsoncEdit[]): string {
  const document = readDocument(text);
  if (document === undefined) {
    throw new Error("Cannot edit the document: it does not parse");
  }
  const style = detectStyle(text, document);
  for (const edit of edits) {
    applyEdit(document, { ...edit, style });
  }
  return contentOf(document);
}

type Styled<Edit> = Edit & { readonly style: JsoncStyle };
type NewValue = Styled<{ readonly path: JsonPath; readonly value: unknown }>;

function applyEdit(document: JsoncContainer, edit: Styled<JsoncEdit>): void {
  if (edit.kind === "insert") {
    insertValue(document, edit);
  } else if (edit.kind === "set" && edit.value !== undefined) {
    setValue(document, edit);
  } else {
    removeValue(document, edit);
  }
}

function setValue(document: JsoncContainer, { path, value, style }: NewValue): void {
  const { place, index, rest } = locate(document, path);
  const item = place.container.items[index];
  if (item !== undefined && rest.length === 0) {
    if (!Bun.deepEquals(itemValue(item), JSON.parse(JSON.stringify(value)))) {
      item.value = layOut(place, { index, value, ...style });
    }
    return;
  }
  if (item !== undefined && place.container !== document && itemValue(item) === null) {
    item.value = layOut(place, { index, value: {}, ...style });
    setValue(document, { path, value, style });
    return;
  }
  const [key, ...inner] = rest;
  const isPossible = item === undefined && place.container.kind === "object";
  if (!isPossible || typeof key !== "string" || inner.some((name) => typeof name === "number")) {
    throw new Error(`Cannot set ${JSON.stringify(path)}: there is no object to hold it`);
  }
  const wrapped = inner.reduceRight<unknown>((held, name) => ({ [name]: held }), value);
  addItem(place, { index: place.container.items.length, key, value: wrapped, ...style });
}

function insertValue(document: JsoncContainer, { path, value, style }: NewValue): void {
  const parent = locate(document, path.slice(0, -1));
  const place = parent.rest.length === 0 ? enter(parent.place, parent.index) : undefined;
  const index = path.at(-1);
  if (place?.container.kind !== "array" || typeof index !== "number") {
    throw new Error(`Cannot insert ${JSON.stringify(path)}: there is no array to hold it`);
  }
  if (!Number.isInteger(index) || index < 0 || index > place.container.items.length) {
    throw new Error(`Cannot insert ${JSON.stringify(path)}: there is no such index`);
  }
  addItem(place, { index, value, ...style });
}

function removeValue(document: JsoncContainer, { path, style }: Omit<NewValue, "value">): void {
  if (path.length === 0) {
    throw new Error("Cannot remove []: a document has a value");
  }
  const { place, rest, index: found } = locate(document, path);
  const { items } = place.container;
  const key = items[found]?.key;
  for (let index = items.length - 1; index >= 0 && rest.length === 0; index -= 1) {
    // Of equal keys all go, or an older value would be in force again.
    if (index === found || (key !== undefined && items[index]?.key === key)) {
      removeItem(place.container, { index, ...style });
    }
  }
}

/** A container, and what its surroundings say about text that is put into it. */
interface Place {
  readonly container: JsoncContainer;
  /** Of the line on which the container starts. */
  readonly indent: string;
  /** Whether the container, and what goes into it, stands on one line. */
  readonly isOneLine: boolean;
}

interface Target {
  readonly place: Place;
  /** -1 if the container lacks the item; with a `rest` the item is neither object nor array. */
  readonly index: number;
  /** The part of the path that is missing. */
  readonly rest: JsonPath;
}

function locate(document: JsoncContainer, path: JsonPath): Target {
  let place: Place = { container: document, indent: "", isOneLine: false };
  let index = 0;
  for (const [depth, segment] of path.entries()) {
    const inner = enter(place, index);
    place = inner ?? place;
    index = inner === undefined ? index : indexOfItem(inner.container, segment);
    if (inner === undefined || index === -1) {
      return { place, index, rest: path.slice(depth) };
    }
  }
  return { place, index, rest: [] };
}

function enter({ container, indent, isOneLine }: Place, index: number): Place | undefined {
  const item = container.items[index];
  const inner = item && openItem(item);
  return (
    inner && {
      container: inner,
      indent: indentBefore(container, index) ?? indent,
      isOneLine: (isOneLine || inner.items.length > 0) && !hasLineEnd(inner),
    }
  );
}

/** Every comment stays that is not in the item's value. */
function removeItem(
  container: JsoncContainer,
  { index, lineEnd }: JsoncStyle & { readonly index: number },
): void {
  const [item] = container.items.splice(index, 1);
  if (item === undefined) {
    return;
  }
  const previous = container.items[index - 1];
  const next = container.items[index];
  const [restOfLine, after] = splitLine(next?.lead ?? container.tail);
  const comments = commentsIn(`${item.separator}${item.gap}${restOfLine}`);
  const isLast = next === undefined;
  let trivia = closeGap({ before: item.lead, comments, after, isLast, lineEnd });
  if (previous !== undefined && isLast && !item.hasComma) {
    if (previous.gap !== "") {
      trivia = closeGap({ before: previous.gap, comments: [], after: trivia, isLast, lineEnd });
    }
    previous.gap = "";
    previous.hasComma = false;
  }
  if (next !== undefined) {
    next.lead = trivia;
  } else {
    container.tail = previous === undefined && trivia.trim() === "" ? "" : trivia;
  }
}

interface NewItem extends JsoncStyle {
  readonly index: number;
  readonly key?: string;
  readonly value: unknown;
}

function addItem(place: Place, { index, key, value, ...style }: NewItem): void {
  const { items } = place.container;
  const item: JsoncItem = {
    lead: "",
    key,
    name: key === undefined ? "" : JSON.stringify(key),
    separator: key === undefined ? "" : ": ",
    value: "",
    gap: "",
    hasComma: index < items.length,
  };
  const next = items[index];
  const last = items.at(-1);
  if (next !== undefined) {
    leadBefore(next, { item, ...style });
  } else if (last !== undefined) {
    leadAfter(last, { item, ...place, ...style });
  } else {
    leadAlone({ item, ...place, ...style });
  }
  items.splice(index, 0, item);
  item.value = layOut(place, { index, value, ...style });
}

interface Lead extends Place, JsoncStyle {
  readonly item: JsoncItem;
}

/** Comments above `next` stay with it; one on the line of what stands before stays there. */
function leadBefore(next: JsoncItem, { item, lineEnd }: Omit<Lead, keyof Place>): void {
  const indent = lineIndent(next.lead);
  if (indent === undefined) {
    item.lead = /^[ \t]*/.exec(next.lead)?.[0] ?? "";
    next.lead = (item.lead || " ") + next.lead.slice(item.lead.length);
    return;
  }
  const [restOfLine, lead] = splitLine(next.lead);
  item.lead = restOfLine + lineEnd + indent;
  next.lead = lead;
}

/** A comment on the line of `last` stays there, those below stay below. */
function leadAfter(last: JsoncItem, { item, container, indent, unit, lineEnd }: Lead): void {
  const [restOfLine, tail] = splitLine(container.tail, endOfComments(container.tail));
  if (isSpread(container)) {
    const column = indentBefore(container, container.items.length - 1) ?? indent + unit;
    item.lead = restOfLine + lineEnd + column;
  } else if (last.hasComma) {
    item.lead = `${restOfLine} `;
  } else {
    last.gap = restOfLine;
    item.lead = " ";
  }
  item.hasComma = last.hasComma;
  last.hasComma = true;
  container.tail = tail;
}

function leadAlone({ item, container, indent, isOneLine, unit, lineEnd }: Lead): void {
  const comments = container.tail.slice(0, endOfComments(container.tail));
  const tail = container.tail.slice(comments.length);
  if (isOneLine) {
    const padding = container.kind === "object" ? " " : "";
    item.lead = comments === "" ? padding : `${comments} `;
    container.tail = comments === "" ? padding : tail;
    return;
  }
  item.lead = comments + lineEnd + (lineIndent(comments) ?? indent + unit);
  container.tail = /(\r?\n|\r)[ \t]*$/.exec(tail)?.[0] ?? lineEnd + indent;
}

/** The text of a value at an index of a container. */
function layOut(place: Place, { index, value, unit, lineEnd }: NewItem): string {
  // Line ends and tabs stand between the tokens only: in strings they are escaped.
  const json = JSON.stringify(value, null, "\t");
  if (place.isOneLine) {
    return json.replace(/(?<=\[)\n\t*|\n\t*(?=\])/g, "").replace(/\n\t*/g, " ");
  }
  const indent = indentBefore(place.container, index) ?? place.indent;
  return json.replace(/\n(\t*)/g, (_, tabs: string) => lineEnd + indent + unit.repeat(tabs.length));
}
