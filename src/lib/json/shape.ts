import { formatJsonPath, isJsonObject } from "./json-object.ts";

/**
 * What a value of a file has to look like. An object names the fields that matter, all of them
 * optional; others may be there, so that `{}` is any object. `{ "*": shape }` is an object whose
 * every value has that shape, `[shape]` an array of it. A function says what it expected instead
 * (`undefined`: nothing), and is asked about a missing field too.
 *
 * A schema library would say the same in as many lines. Loading one takes more time than reading
 * the settings; so it checks only what comes over the network.
 */
export type Shape =
  | "string"
  | readonly [Shape]
  | ObjectShape
  | ((value: unknown) => string | undefined);

type ObjectShape = { readonly [field: string]: Shape };

/** The first thing that is wrong with a value, and where in it. */
export type Mismatch = { readonly path: readonly (string | number)[]; readonly expected: string };

/** `model.name: expected a string` */
export function describeMismatch({ path, expected }: Mismatch): string {
  return path.length === 0 ? expected : `${formatJsonPath(path)}: ${expected}`;
}

/** Compares a value with a shape; `undefined`: it fits. */
export function findMismatch(value: unknown, shape: Shape): Mismatch | undefined {
  if (shape === "string") {
    return typeof value === "string" ? undefined : { path: [], expected: "expected a string" };
  }
  if (typeof shape === "function") {
    const expected = shape(value);
    return expected === undefined ? undefined : { path: [], expected };
  }
  return isArrayShape(shape) ? itemMismatch(value, shape) : fieldMismatch(value, shape);
}

function itemMismatch(value: unknown, [shape]: readonly [Shape]): Mismatch | undefined {
  if (!Array.isArray(value)) {
    return { path: [], expected: "expected an array" };
  }
  for (let index = 0; index < value.length; index += 1) {
    const mismatch = findMismatch(value[index], shape);
    if (mismatch !== undefined) {
      return { ...mismatch, path: [index, ...mismatch.path] };
    }
  }
  return undefined;
}

function fieldMismatch(value: unknown, shape: ObjectShape): Mismatch | undefined {
  if (!isJsonObject(value)) {
    return { path: [], expected: "expected an object" };
  }
  const every = shape["*"];
  for (const field in every === undefined ? shape : value) {
    const inner = every ?? shape[field];
    const found = value[field];
    // What nearly all are, told without a call: there may be thousands of entries.
    const isMissing = found === undefined && typeof inner !== "function";
    if (inner === undefined || isMissing || (inner === "string" && typeof found === "string")) {
      continue;
    }
    const mismatch = findMismatch(found, inner);
    if (mismatch !== undefined) {
      return { ...mismatch, path: [field, ...mismatch.path] };
    }
  }
  return undefined;
}

function isArrayShape(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}
