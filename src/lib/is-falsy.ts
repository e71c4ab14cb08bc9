/** What says "no", or nothing, in a variable that switches something on. */
const FALSY = ["", "0", "false", "no", "off"];

/** Whether a variable such as `CI` is not set, or set to "no", in any letter case. */
export function isFalsy(value: string | undefined): boolean {
  return value === undefined || FALSY.includes(value.trim().toLowerCase());
}
