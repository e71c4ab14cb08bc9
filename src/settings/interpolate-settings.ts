import { isJsonObject, type JsonObject } from "../lib/json-object.ts";
import { type Sourced, secretOrigin } from "../source.ts";
import { formatJsonPath } from "./schema.ts";

/** What interpolation asks for: a variable's value and whose it is. */
export type InterpolationLookup = (name: string) => Sourced<string> | undefined;

export type Interpolated = {
  readonly value: JsonObject;
  /** Paths (`a.b[0]`) of strings of which a part came from the project. */
  readonly projectPaths: ReadonlySet<string>;
  /** Paths of strings of which a part is a variable of the user's. */
  readonly userPaths: ReadonlySet<string>;
  /** Paths of strings that have more than replaced variables: text of the file's own. */
  readonly ownPaths: ReadonlySet<string>;
};

const REFERENCE = /\$(?:(\w+)|\{([^}]+)\})/g;

/**
 * Replaces `$NAME` and `${NAME}` in every string value; an unknown variable stays as it is
 * written. Keys are never touched, nothing is expanded twice (`spec/settings-and-env.md`).
 */
export function interpolateSettings(value: JsonObject, lookup: InterpolationLookup): Interpolated {
  const paths = { project: new Set<string>(), user: new Set<string>(), own: new Set<string>() };
  const visit = (item: unknown, path: readonly (string | number)[]): unknown => {
    if (typeof item === "string") {
      return item.includes("$") ? expand(item, path) : item;
    }
    if (Array.isArray(item)) {
      return item.map((child, index) => visit(child, [...path, index]));
    }
    return isJsonObject(item) ? visitObject(item, path) : item;
  };
  const visitObject = (object: JsonObject, path: readonly (string | number)[]): JsonObject =>
    Object.fromEntries(
      Object.entries(object).map(([key, child]) => [key, visit(child, [...path, key])]),
    );
  const expand = (text: string, path: readonly (string | number)[]): string => {
    if (text.replace(REFERENCE, "") !== "") {
      paths.own.add(formatJsonPath(path));
    }
    return text.replace(REFERENCE, (reference, plain?: string, braced?: string) => {
      const variable = lookup(plain ?? braced ?? "");
      if (variable !== undefined) {
        paths[variable.source.origin].add(formatJsonPath(path));
        paths[secretOrigin(variable)].add(formatJsonPath(path));
      }
      return variable?.value ?? reference;
    });
  };
  return {
    value: visitObject(value, []),
    projectPaths: paths.project,
    userPaths: paths.user,
    ownPaths: paths.own,
  };
}

/** The variable names that a document refers to. */
export function referencedNames(value: unknown): string[] {
  if (typeof value === "string") {
    return value.includes("$")
      ? [...value.matchAll(REFERENCE)].map(([, plain, braced]) => plain ?? braced ?? "")
      : [];
  }
  if (Array.isArray(value)) {
    return value.flatMap(referencedNames);
  }
  return isJsonObject(value) ? Object.values(value).flatMap(referencedNames) : [];
}
