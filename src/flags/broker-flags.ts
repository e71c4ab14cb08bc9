import { UsageError } from "../errors.ts";
import { ANTHROPIC_BASE_URL, toAnthropicBaseUrl } from "./anthropic-base-url.ts";
import { CONNECTION_FLAGS } from "./connection-flags.ts";
import { type Flags, type FlagValues, textOf } from "./flag.ts";

/** What `auth run` and `auth serve` have in common (`spec/broker.md` §1). */
export const BROKER_FLAGS: Flags = {
  ...CONNECTION_FLAGS,
  "anthropic-base-url": ANTHROPIC_BASE_URL,
  "allow-any-model": {
    type: "boolean",
    description: "Pass every model on that a tool asks for",
  },
  "strict-model": {
    type: "boolean",
    description: "Refuse other models than those of the endpoint",
  },
  "max-requests": {
    type: "string",
    valueHint: "N",
    description: "Refuse what comes after so many requests",
  },
  "max-tokens": {
    type: "string",
    valueHint: "N",
    description: "Refuse what comes after so many tokens",
  },
  log: {
    type: "string",
    valueHint: "FILE",
    description: "Append a line of JSON for each request",
    offer: "files",
  },
};

export type BrokerValues = {
  readonly anthropicBaseUrl: string | undefined;
  readonly modelRule: "replace" | "refuse" | "pass";
  readonly budget: { readonly requests: number | undefined; readonly tokens: number | undefined };
  readonly log: string | undefined;
};

/** @throws UsageError for values that cannot be, or contradict each other */
export function toBrokerValues(values: FlagValues): BrokerValues {
  const log = textOf(values, "log") || undefined;
  if (log === "-") {
    throw new UsageError("Cannot write the log to `-`: the streams are those of the tool", {
      code: "invalid-value",
      hint: "name a file with `--log FILE`",
    });
  }
  return {
    anthropicBaseUrl: toAnthropicBaseUrl(values),
    modelRule: toModelRule(values),
    budget: { requests: toCount(values, "max-requests"), tokens: toCount(values, "max-tokens") },
    log,
  };
}

function toModelRule(values: FlagValues): BrokerValues["modelRule"] {
  const [isOpen, isStrict] = [values["allow-any-model"] === true, values["strict-model"] === true];
  if (isOpen && isStrict) {
    throw new UsageError("Cannot use `--allow-any-model` with `--strict-model`", {
      hint: "leave one of them out",
    });
  }
  return isOpen ? "pass" : isStrict ? "refuse" : "replace";
}

function toCount(values: FlagValues, name: string): number | undefined {
  const text = textOf(values, name);
  if (text === undefined) {
    return undefined;
  }
  if (!/^[1-9]\d{0,14}$/.test(text)) {
    throw new UsageError(`Cannot use \`--${name}\`: it is no number from 1 on`, {
      code: "invalid-value",
      hint: `write \`--${name} 100\``,
    });
  }
  return Number(text);
}
