/** How long a conversation is and may be, in tokens; what the service does not tell is absent. */
export type TokenCounts = { readonly count?: number; readonly limit: number };

const NUMBER = String.raw`\d[\d,]*`;

/** How services tell it; the wording of each is its own. */
const SHAPES: readonly RegExp[] = [
  // OpenAI, vLLM and those who copied them
  /maximum context length is (?<limit>NUMBER) tokens.{0,40}?(?:requested|resulted in) (?<count>NUMBER)/i,
  // Anthropic
  /prompt is too long: (?<count>NUMBER) tokens > (?<limit>NUMBER)/i,
  // Gemini
  /input token count \(?(?<count>NUMBER)\)? exceeds the maximum number of tokens allowed \(?(?<limit>NUMBER)/i,
  // xAI
  /maximum prompt length is (?<limit>NUMBER).{0,60}?contains (?<count>NUMBER)/i,
  // OpenAI's newer models
  /limit of (?<limit>NUMBER) tokens.{0,40}?resulted in (?<count>NUMBER)/i,
  // llama.cpp
  /request \((?<count>NUMBER) tokens\) exceeds the available context size \((?<limit>NUMBER)/i,
  // DashScope
  /range of input length should be \[\d+, ?(?<limit>NUMBER)\]/i,
  /maximum context length is (?<limit>NUMBER)/i,
];

/** The counts in what a service says of a conversation that is too long. */
export function tokenCounts(words: string): TokenCounts | undefined {
  for (const shape of SHAPES) {
    const pattern = new RegExp(shape.source.replaceAll("NUMBER", NUMBER), "i");
    const { count, limit } = pattern.exec(words)?.groups ?? {};
    if (limit !== undefined) {
      return {
        limit: toNumber(limit),
        ...(count === undefined ? {} : { count: toNumber(count) }),
      };
    }
  }
  return undefined;
}

function toNumber(digits: string): number {
  return Number(digits.replaceAll(",", ""));
}
