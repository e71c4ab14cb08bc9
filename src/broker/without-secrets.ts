import { createHider } from "../secrets/spellings.ts";

/**
 * Takes out of what a service says what of the request no tool may read (`spec/broker.md` §3, rule
 * 8): of errors, and of headers, whose names come in lower case. Letters may be escaped as JSON does
 * it, also where the JSON is cut off, or be two bytes each: it is looked through as it is read.
 */
export function createAnswerFilter(secrets: readonly string[]): (said: string) => string {
  const { hide } = createHider(secrets.flatMap((secret) => [secret, secret.toLowerCase()]));
  return (said) => {
    for (const read of [asJson(said), said, unescaped(said), said.replaceAll("\0", "")]) {
      const hidden = hide(read);
      if (hidden !== read) {
        return hidden;
      }
    }
    return said;
  };
}

function asJson(said: string): string {
  try {
    return JSON.stringify(JSON.parse(said));
  } catch {
    return said;
  }
}

function unescaped(said: string): string {
  return said.replace(/\\u([\da-f]{4})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}
