import { isJsonObject, type JsonObject } from "../../lib/json/json-object.ts";
import { unkeptField } from "../../settings/merge-settings.ts";
import { type Fault, headersFault } from "../custom-headers.ts";
import { readReasoning } from "../read-reasoning.ts";
import { toCount, toCounts, toFlag, toObject } from "./generation-values.ts";

/** A day: a longer wait was meant to be in another unit. */
const LONGEST_TIMEOUT_MS = 86_400_000;

type Judge = (value: unknown) => Fault | undefined;

/** What is understood of each field, by the functions that read it for a request. */
const JUDGES: Readonly<Record<string, Judge>> = {
  timeout: limitFault,
  streamIdleTimeoutMs: limitFault,
  maxRetries: countFault,
  retryInitialDelayMs: countFault,
  retryMaxDelayMs: countFault,
  retryErrorCodes: unless((value) => toCounts(value) !== undefined, "it is no list of numbers"),
  contextWindowSize: unless(
    (value) => Number.isSafeInteger(value) && Number(value) > 0,
    "it is no whole number above 0",
  ),
  customHeaders: (value) =>
    isJsonObject(value)
      ? headersFault(Object.entries(value))
      : { why: "it is no object of names and texts", hint: WRITE_ANEW },
  extra_body: bodyFault,
  samplingParams: bodyFault,
  reasoning: unless(isReasoning, "it is not understood"),
  thinkingMandatory: unless((value) => toFlag(value) !== undefined, "it is neither true nor false"),
};

/**
 * Why `generationConfig` cannot be written to settings, whoever brings it: the flags of a login or
 * an import. What no part of this program reads is not judged; `null` is absent.
 */
export function generationFault(
  config: JsonObject,
): (Fault & { readonly field: string }) | undefined {
  for (const [field, value] of Object.entries(config)) {
    const judge = Object.hasOwn(JUDGES, field) ? JUDGES[field] : undefined;
    const fault = value === null ? undefined : (judge?.(value) ?? inexactFault(value));
    if (fault !== undefined) {
      return { field, ...fault };
    }
  }
  return undefined;
}

const WRITE_ANEW = "correct that field, or leave it out";

function unless(isRight: (value: unknown) => boolean, why: string): Judge {
  return (value) => (isRight(value) ? undefined : { why, hint: WRITE_ANEW });
}

function countFault(value: unknown): Fault | undefined {
  return toCount(value) === undefined
    ? { why: "it is no number from 0 on", hint: WRITE_ANEW }
    : undefined;
}

function limitFault(value: unknown): Fault | undefined {
  const isLong = (toCount(value) ?? 0) > LONGEST_TIMEOUT_MS;
  return isLong ? { why: "it is more than a day", hint: WRITE_ANEW } : countFault(value);
}

function bodyFault(body: unknown): Fault | undefined {
  if (toObject(body) === undefined) {
    return { why: "it is no JSON object", hint: WRITE_ANEW };
  }
  const unkept = unkeptField(body);
  return unkept === undefined
    ? inexactFault(body)
    : { why: `no settings keep a field named \`${unkept}\``, hint: "leave that field out" };
}

/** Why JSON gives back another value than was written. */
export function inexactFault(value: unknown): Fault | undefined {
  return isExact(value)
    ? undefined
    : {
        why: "it holds a number that cannot be kept exactly",
        hint: "write that number as a text",
      };
}

/** Whether every number is one that JSON gives back as it was written: no `1e999`, no 20 digits. */
function isExact(value: unknown): boolean {
  if (typeof value === "number") {
    return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
  }
  return typeof value !== "object" || value === null || Object.values(value).every(isExact);
}

function isReasoning(value: unknown): boolean {
  const reasoning = { value, source: { kind: "settings", origin: "user" } } as const;
  return readReasoning({ reasoning, effort: undefined, isMandatory: false }).warnings.length === 0;
}
