import { isDeniedName } from "../../env/denied-names.ts";
import { PROTOCOLS, STANDARD } from "../protocol.ts";

/** Variables that a protocol reads for something else. */
const OTHER_STANDARD_NAMES = PROTOCOLS.flatMap((protocol) => [
  ...STANDARD[protocol].baseUrls,
  ...STANDARD[protocol].models,
]);

/** Whether a variable may be the one of a key, where a person or a file chooses its name. */
export function canHoldKey(name: string): boolean {
  return (
    /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) &&
    !isDeniedName(name) &&
    !OTHER_STANDARD_NAMES.includes(name)
  );
}
