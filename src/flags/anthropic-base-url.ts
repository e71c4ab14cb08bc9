import { UsageError } from "../errors.ts";
import { parseEndpoint } from "../lib/endpoint-url.ts";
import { type Flag, type FlagValues, textOf } from "./flag.ts";

/** For an endpoint of one's own; those of the catalogue have theirs. */
export const ANTHROPIC_BASE_URL: Flag = {
  type: "string",
  valueHint: "URL",
  description: "Where your endpoint speaks Anthropic's protocol",
};

/**
 * The value of that flag in its one form.
 * @throws UsageError when it is no URL; the text, which may hold a password, is not repeated
 */
export function toAnthropicBaseUrl(values: FlagValues): string | undefined {
  const text = textOf(values, "anthropic-base-url");
  if (text === undefined) {
    return undefined;
  }
  const parsed = parseEndpoint(text);
  if (parsed.kind === "invalid") {
    throw new UsageError(`Cannot use \`--anthropic-base-url\`: ${parsed.reason}`, {
      code: "invalid-value",
      hint: "name what clients append `/v1/messages` to, such as https://api.example.com/anthropic",
    });
  }
  return parsed.href;
}
