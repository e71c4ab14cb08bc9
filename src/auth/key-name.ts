import type { ResolvedKey } from "../models/connection.ts";
import { describeSource } from "./describe-source.ts";

/** How a message calls the key: `the key of shell variable X`; `undefined`: none is sent. */
export function keyNameOf(key: ResolvedKey): string | undefined {
  return key.kind === "present" ? `the key of ${describeSource(key.source)}` : undefined;
}
