import { UsageError } from "../errors.ts";
import { tooDeepAt } from "../lib/json/json-depth.ts";
import { isJsonObject, type JsonObject } from "../lib/json/json-object.ts";
import { headerFault } from "../models/custom-headers.ts";
import { unkeptField } from "../settings/merge-settings.ts";
import { type FlagValues, listOf, textOf } from "./flag.ts";

/** A day: more was meant to be milliseconds. */
const LONGEST_TIMEOUT = 86_400;

/**
 * The `generationConfig` that the flags of gateways make (`spec/settings-and-env.md`); `undefined`: none was
 * given.
 * @throws UsageError when a value cannot be used; what may be a credential is not repeated
 */
export function toGenerationConfig(values: FlagValues): JsonObject | undefined {
  const headers = toHeaders(listOf(values, "header") ?? []);
  const timeout = countOf(values, "timeout");
  if (timeout !== undefined && timeout > LONGEST_TIMEOUT) {
    throw new UsageError("Cannot use the value of `--timeout`: it is more than a day", {
      code: "invalid-value",
      hint: "write seconds, such as `--timeout 300`",
    });
  }
  const contextWindow = countOf(values, "context-window");
  const body = toBody(textOf(values, "extra-body"));
  const config = {
    ...(timeout === undefined ? {} : { timeout: timeout * 1000 }),
    ...(contextWindow === undefined ? {} : { contextWindowSize: contextWindow }),
    ...(headers === undefined ? {} : { customHeaders: headers }),
    ...(body === undefined ? {} : { extra_body: body }),
  };
  return Object.keys(config).length === 0 ? undefined : config;
}

function toHeaders(texts: readonly string[]): JsonObject | undefined {
  const headers = new Map<string, readonly [name: string, value: string]>();
  for (const text of texts) {
    const equals = text.indexOf("=");
    if (equals < 1) {
      throw noHeader("it has no name and value", "write `--header NAME=VALUE`");
    }
    const [name, value] = [text.slice(0, equals), text.slice(equals + 1).trim()];
    const fault = value === "" ? NO_VALUE : headerFault(name, value);
    if (fault !== undefined) {
      throw noHeader(fault.why, fault.hint);
    }
    if (headers.has(name.toLowerCase())) {
      throw noHeader(`"${name}" is given twice`, "give each header once");
    }
    headers.set(name.toLowerCase(), [name, value]);
  }
  return headers.size === 0 ? undefined : Object.fromEntries(headers.values());
}

const NO_VALUE = { why: "its value is empty", hint: "write `--header NAME=VALUE`" };

function noHeader(why: string, hint: string): UsageError {
  return new UsageError(`Cannot use the value of \`--header\`: ${why}`, {
    code: "invalid-value",
    hint,
  });
}

const EXAMPLES = { timeout: "--timeout 300", "context-window": "--context-window 131072" };

function countOf(values: FlagValues, name: keyof typeof EXAMPLES): number | undefined {
  const text = textOf(values, name)?.trim();
  if (text !== undefined && !/^[1-9]\d{0,14}$/.test(text)) {
    throw new UsageError(`Cannot use the value of \`--${name}\`: it is no whole number above 0`, {
      code: "invalid-value",
      hint: `write it like \`${EXAMPLES[name]}\``,
    });
  }
  return text === undefined ? undefined : Number(text);
}

/** The levels around a body: settings, protocols, protocol, list, entry, configuration. */
const AROUND = "[".repeat(6);

function toBody(text: string | undefined): JsonObject | undefined {
  if (text === undefined) {
    return undefined;
  }
  if (tooDeepAt(`${AROUND}${text}`) !== undefined) {
    throw noBody("the nesting is too deep", "give fields that are less deep");
  }
  const body = parsed(text);
  if (!isJsonObject(body) || Object.keys(body).length === 0) {
    throw noBody(
      "it is no JSON object",
      `write it like \`--extra-body '{"enable_thinking": true}'\``,
    );
  }
  const unkept = unkeptField(body);
  if (unkept !== undefined) {
    throw noBody(`no settings keep a field named \`${unkept}\``, "leave that field out");
  }
  if (!isExact(body)) {
    throw noBody("it holds a number that cannot be kept exactly", "write that number as a text");
  }
  return body;
}

function noBody(why: string, hint: string): UsageError {
  return new UsageError(`Cannot use the value of \`--extra-body\`: ${why}`, {
    code: "invalid-value",
    hint,
  });
}

/** Whether every number is one that JSON gives back as it was written: no `1e999`, no 20 digits. */
function isExact(value: unknown): boolean {
  if (typeof value === "number") {
    return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
  }
  return typeof value !== "object" || value === null || Object.values(value).every(isExact);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
