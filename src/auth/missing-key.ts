import type { Resolution } from "../models/resolution.ts";
import { describeSource } from "../source.ts";

/** What the configuration has is for the endpoint that the flag took the place of. */
export function keyForFlag(
  { envKeys }: Extract<Resolution["key"], { kind: "missing" }>,
  { endpoint, replaced }: Resolution,
): string {
  const ways = ["`--openai-api-key`", ...envKeys].join(" nor ");
  const isGiven = envKeys.length === 0 ? `${ways} is not given` : `neither ${ways} is given`;
  return `no key for ${endpoint?.value}: ${isGiven}, and the configured one is for ${replaced}`;
}

/** Why there is no key, in one clause. */
export function missingKey({
  envKeys,
  unresolved,
  hiddenIn,
  hiddenBy,
  unused,
  unusedVariable,
  unfilled,
  unlisted,
}: Extract<Resolution["key"], { kind: "missing" }>): string {
  if (unfilled !== undefined) {
    return `the header "${unfilled}" authenticates, and a variable that it names is not set`;
  }
  if (envKeys.length === 0) {
    const isSet = unusedVariable === undefined ? "" : `: ${unusedVariable} is set and not used`;
    return `the entry names no \`envKey\`, and no standard variable belongs to its endpoint${isSet}`;
  }
  const stored =
    unused === undefined
      ? ""
      : `; the key of ${describeSource(unused)} is for entries without an \`envKey\``;
  const asked =
    unlisted === undefined
      ? ""
      : `; no entry is called "${unlisted.value}", which ${describeSource(unlisted.source)} asks for`;
  if (unresolved.length > 0) {
    const value = `"${unresolved.join('", "')}"`;
    return `${envKeys.join(" or ")} is ${value}, and that variable is not set${stored}${asked}`;
  }
  const missing = `no key: ${envKeys.join(" or ")} is not set${stored}${asked}`;
  if (hiddenIn.length === 0) {
    return missing;
  }
  const first = hiddenBy === undefined ? "" : `: ${hiddenBy}`;
  return `${missing}; ${hiddenIn.join(", ")} sets it, but another .env was found first${first}`;
}
