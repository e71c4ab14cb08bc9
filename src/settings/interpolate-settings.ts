import { formatJsonPath, isJsonObject, type JsonObject } from "../lib/json/json-object.ts";
import { type Source, type Sourced, secretOrigin } from "../source.ts";

/** What interpolation asks for: a variable's value and whose it is. */
export type InterpolationLookup = (name: string) => Sourced<string> | undefined;

export type InterpolatedLayer = {
  readonly value: JsonObject;
  /** Paths (`a.b[0]`) of strings of which a part came from the project, with what filled them. */
  readonly projectPaths: ReadonlyMap<string, readonly Source[]>;
  /** Paths of strings of which a part is a variable of the user's. */
  readonly userPaths: ReadonlySet<string>;
  /** Paths of strings that have more than replaced variables: text of the file's own. */
  readonly ownPaths: ReadonlySet<string>;
};

/** `$NAME` or `${NAME}` in a text. */
type Reference = { readonly start: number; readonly end: number; readonly name: string };

const PLAIN_NAME = /\w+/y;

/**
 * The references of a text, in order. No pattern for `${NAME}`: it would look for the end of the
 * text at every opening brace, which a text of braces makes quadratic.
 */
function* findReferences(text: string): Generator<Reference> {
  let brace = 0;
  for (let start = text.indexOf("$"); start !== -1; ) {
    const begin = start + 1;
    let end = begin;
    if (text[begin] === "{") {
      brace = brace > begin || brace === -1 ? brace : text.indexOf("}", begin + 1);
      if (brace > begin + 1) {
        end = brace + 1;
        yield { start, end, name: text.slice(begin + 1, brace) };
      }
    } else {
      PLAIN_NAME.lastIndex = begin;
      const name = PLAIN_NAME.exec(text)?.[0] ?? "";
      end = begin + name.length;
      if (name !== "") {
        yield { start, end, name };
      }
    }
    start = text.indexOf("$", end);
  }
}

/** The name of a variable that a text still refers to, as nothing has filled it. */
export function unfilledName(text: string): string | undefined {
  if (!text.includes("$")) {
    return undefined;
  }
  const [reference] = findReferences(text);
  return reference?.name;
}

/** A text that is nothing but a reference, or has one in braces: what else has a `$` may mean it. */
const MEANT = /^\$[A-Za-z_]\w*$|\$\{[^{}]+\}/;

/** The first reference at any depth of a value that was meant as one and that nothing has filled. */
export function unfilledReference(value: unknown): string | undefined {
  if (typeof value === "string") {
    return value.includes("$") ? MEANT.exec(value)?.[0] : undefined;
  }
  if (typeof value !== "object" || value === null) {
    return undefined;
  }
  for (const inner of Object.values(value)) {
    const found = unfilledReference(inner);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** A place in a document, spelt out only where something is to be told of it. */
type Place =
  | { readonly parent: Place; readonly key: string | number; readonly depth: number }
  | undefined;

function placeIn(parent: Place, key: string | number): Place {
  return { parent, key, depth: (parent?.depth ?? 0) + 1 };
}

/**
 * Replaces `$NAME` and `${NAME}` in every string value; an unknown variable stays as it is
 * written. Keys are never touched, nothing is expanded twice (`spec/settings-and-env.md`). What
 * refers to nothing is not copied: settings may have thousands of models.
 */
export function interpolateSettings(
  value: JsonObject,
  lookup: InterpolationLookup,
): InterpolatedLayer {
  const projectPaths = new Map<string, Source[]>();
  const paths = { user: new Set<string>(), own: new Set<string>() };
  const visit = (item: unknown, place: Place): unknown => {
    if (!refers(item, place?.depth)) {
      return item;
    }
    if (typeof item === "string") {
      return expand(item, pathOf(place));
    }
    if (Array.isArray(item)) {
      return item.map((child, key) => visit(child, placeIn(place, key)));
    }
    return isJsonObject(item) ? visitObject(item, place) : item;
  };
  const visitObject = (object: JsonObject, parent: Place): JsonObject =>
    Object.fromEntries(
      Object.entries(object).map(([key, child]) => [key, visit(child, placeIn(parent, key))]),
    );
  const expand = (text: string, path: string): string => {
    let expanded = "";
    let position = 0;
    for (const { start, end, name } of findReferences(text)) {
      const variable = lookup(name);
      if (variable?.source.origin === "project") {
        fill(projectPaths, path, variable.source);
      }
      if (variable !== undefined && secretOrigin(variable) === "user") {
        paths.user.add(path);
      }
      if (start > position) {
        paths.own.add(path);
      }
      expanded += text.slice(position, start) + (variable?.value ?? text.slice(start, end));
      position = end;
    }
    if (position < text.length) {
      paths.own.add(path);
    }
    return expanded + text.slice(position);
  };
  return {
    value: visitObject(value, undefined),
    projectPaths,
    userPaths: paths.user,
    ownPaths: paths.own,
  };
}

function fill(paths: Map<string, Source[]>, path: string, source: Source): void {
  const sources = paths.get(path);
  if (sources === undefined) {
    paths.set(path, [source]);
  } else {
    sources.push(source);
  }
}

function pathOf(place: Place): string {
  const path: (string | number)[] = [];
  for (let at = place; at !== undefined; at = at.parent) {
    path.unshift(at.key);
  }
  return formatJsonPath(path);
}

/** Entries of models lie in the third level; whatever is deeper is looked at once, not per level. */
const DEEPEST_LOOK = 4;

/** Whether there may be a string with a `$` in it; of thousands of models JSON tells it fastest. */
function refers(value: unknown, depth = 0): boolean {
  if (typeof value === "string") {
    return value.includes("$");
  }
  return typeof value === "object" && (depth > DEEPEST_LOOK || JSON.stringify(value).includes("$"));
}

/** The variable names that a document refers to, each once. */
export function referencedNames(document: JsonObject): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (item: unknown, depth: number): void => {
    if (typeof item === "string") {
      for (const { name } of findReferences(item)) {
        names.add(name);
      }
    } else if (refers(item, depth)) {
      for (const child of Object.values(Object(item))) {
        visit(child, depth + 1);
      }
    }
  };
  // One by one: the key of `$version` refers to nothing.
  for (const item of Object.values(document)) {
    visit(item, 1);
  }
  return names;
}
