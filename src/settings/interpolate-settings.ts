import { formatJsonPath, isJsonObject, type JsonObject } from "../lib/json-object.ts";
import { type Source, type Sourced, secretOrigin } from "../source.ts";

/** What interpolation asks for: a variable's value and whose it is. */
export type InterpolationLookup = (name: string) => Sourced<string> | undefined;

export type Interpolated = {
  readonly value: JsonObject;
  /** Paths (`a.b[0]`) of strings of which a part came from the project, with what filled them. */
  readonly projectPaths: ReadonlyMap<string, readonly Source[]>;
  /** Paths of strings of which a part is a variable of the user's. */
  readonly userPaths: ReadonlySet<string>;
  /** Paths of strings that have more than replaced variables: text of the file's own. */
  readonly ownPaths: ReadonlySet<string>;
};

const REFERENCE = /\$(?:(\w+)|\{([^}]+)\})/g;

/** A place in a document, spelt out only where something is to be told of it. */
type Place = { readonly parent: Place; readonly key: string | number } | undefined;

/**
 * Replaces `$NAME` and `${NAME}` in every string value; an unknown variable stays as it is
 * written. Keys are never touched, nothing is expanded twice (`spec/settings-and-env.md`). What
 * refers to nothing is not copied: settings may have thousands of models.
 */
export function interpolateSettings(value: JsonObject, lookup: InterpolationLookup): Interpolated {
  const projectPaths = new Map<string, readonly Source[]>();
  const paths = { user: new Set<string>(), own: new Set<string>() };
  const visit = (item: unknown, place: Place): unknown => {
    if (!refers(item)) {
      return item;
    }
    if (typeof item === "string") {
      return expand(item, pathOf(place));
    }
    if (Array.isArray(item)) {
      return item.map((child, key) => visit(child, { parent: place, key }));
    }
    return isJsonObject(item) ? visitObject(item, place) : item;
  };
  const visitObject = (object: JsonObject, parent: Place): JsonObject =>
    Object.fromEntries(
      Object.entries(object).map(([key, child]) => [key, visit(child, { parent, key })]),
    );
  const expand = (text: string, path: string): string => {
    if (text.replace(REFERENCE, "") !== "") {
      paths.own.add(path);
    }
    return text.replace(REFERENCE, (reference, plain?: string, braced?: string) => {
      const variable = lookup(plain ?? braced ?? "");
      if (variable?.source.origin === "project") {
        projectPaths.set(path, [...(projectPaths.get(path) ?? []), variable.source]);
      }
      if (variable !== undefined && secretOrigin(variable) === "user") {
        paths.user.add(path);
      }
      return variable?.value ?? reference;
    });
  };
  return {
    value: visitObject(value, undefined),
    projectPaths,
    userPaths: paths.user,
    ownPaths: paths.own,
  };
}

function pathOf(place: Place): string {
  const path: (string | number)[] = [];
  for (let at = place; at !== undefined; at = at.parent) {
    path.unshift(at.key);
  }
  return formatJsonPath(path);
}

/** Whether there may be a string with a `$` in it; of thousands of models JSON tells it fastest. */
function refers(value: unknown): boolean {
  return typeof value === "string"
    ? value.includes("$")
    : typeof value === "object" && JSON.stringify(value).includes("$");
}

/** The variable names that a document refers to, each once. */
export function referencedNames(document: JsonObject): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (item: unknown): void => {
    if (typeof item === "string") {
      for (const [, plain, braced] of item.includes("$") ? item.matchAll(REFERENCE) : []) {
        names.add(plain ?? braced ?? "");
      }
    } else if (refers(item)) {
      Object.values(Object(item)).forEach(visit);
    }
  };
  // One by one: the key of `$version` refers to nothing.
  Object.values(document).forEach(visit);
  return names;
}
