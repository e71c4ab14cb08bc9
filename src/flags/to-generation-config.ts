import { UsageError } from "../errors.ts";
import { tooDeepAt } from "../lib/json/json-depth.ts";
import { isJsonObject, type JsonObject } from "../lib/json/json-object.ts";
import { headersFault } from "../models/custom-headers.ts";
import { generationFault } from "../models/entries/generation-fault.ts";
import { type FlagValues, listOf, textOf } from "./flag.ts";

/**
 * The `generationConfig` that the flags of gateways make (`spec/settings-and-env.md`); `undefined`: none was
 * given.
 * @throws UsageError when a value cannot be used; what may be a credential is not repeated
 */
export function toGenerationConfig(values: FlagValues): JsonObject | undefined {
  const headers = toHeaders(listOf(values, "header") ?? []);
  const timeout = countOf(values, "timeout");
  const contextWindow = countOf(values, "context-window");
  const body = toBody(textOf(values, "extra-body"));
  const config = {
    ...(timeout === undefined ? {} : { timeout: timeout * 1000 }),
    ...(contextWindow === undefined ? {} : { contextWindowSize: contextWindow }),
    ...(headers === undefined ? {} : { customHeaders: headers }),
    ...(body === undefined ? {} : { extra_body: body }),
  };
  const fault = generationFault(config);
  if (fault !== undefined) {
    const { flag, hint = fault.hint } = FLAGS[fault.field] ?? { flag: fault.field };
    throw new UsageError(`Cannot use the value of \`--${flag}\`: ${fault.why}`, {
      code: "invalid-value",
      hint,
    });
  }
  return Object.keys(config).length === 0 ? undefined : config;
}

/** What each field is called here, and what to do about a value that is wrong. */
const FLAGS: Readonly<Record<string, { readonly flag: string; readonly hint?: string }>> = {
  timeout: { flag: "timeout", hint: "write seconds, such as `--timeout 300`" },
  contextWindowSize: { flag: "context-window" },
  customHeaders: { flag: "header" },
  extra_body: { flag: "extra-body" },
};

function toHeaders(texts: readonly string[]): JsonObject | undefined {
  const headers = texts.map((text): readonly [name: string, value: string] => {
    const equals = text.indexOf("=");
    if (equals < 1) {
      throw noHeader("it has no name and value", "write `--header NAME=VALUE`");
    }
    const value = text.slice(equals + 1).trim();
    if (value === "") {
      throw noHeader(NO_VALUE.why, NO_VALUE.hint);
    }
    return [text.slice(0, equals), value];
  });
  // Here, since an object holds no name twice.
  const fault = headersFault(headers);
  if (fault !== undefined) {
    throw noHeader(fault.why, fault.hint);
  }
  return headers.length === 0 ? undefined : Object.fromEntries(headers);
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
  return body;
}

function noBody(why: string, hint: string): UsageError {
  return new UsageError(`Cannot use the value of \`--extra-body\`: ${why}`, {
    code: "invalid-value",
    hint,
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
