import { visibleText } from "../../lib/visible-text.ts";
import { unfilledName } from "../../settings/interpolate-settings.ts";

/** Why these cannot be model ids, as a clause. */
export function modelIdsComplaint(ids: readonly string[]): string | undefined {
  if (ids.length === 0) {
    return "it names no model";
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be in an id
  const wrong = ids.find((id) => /[\s\u0000-\u001f\u007f-\u009f]/.test(id));
  if (wrong !== undefined) {
    return `the id "${wrong}" contains white space`;
  }
  // Two ids that look alike are two models, and only one of them is the one that is meant.
  const hidden = ids.find((id) => visibleText(id) !== id || !id.isWellFormed());
  return hidden === undefined ? undefined : `the id "${hidden}" has characters that nobody sees`;
}

/** Characters of an id: no service comes near. */
const LONGEST_ID = 256;

/**
 * Whether an id that a server lists can stand in settings. A list is that server's word alone: an
 * id that refers to a variable would be filled with its value and sent back
 * (`spec/trust-and-secrets.md`).
 */
export function isConfigurableId(id: string): boolean {
  return (
    id.length <= LONGEST_ID &&
    modelIdsComplaint([id]) === undefined &&
    unfilledName(id) === undefined
  );
}
