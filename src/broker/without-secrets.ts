import { createHider } from "../secrets/spellings.ts";

/**
 * What a service said without what of the request no tool may read (`spec/broker.md` §3, rule 8).
 * Letters of JSON may be escaped: it is looked through as it is read.
 */
export function withoutSecrets(said: string, secrets: readonly string[]): string {
  const { hide } = createHider(secrets);
  const read = asRead(said);
  const hidden = hide(read);
  return hidden === read ? hide(said) : hidden;
}

function asRead(said: string): string {
  try {
    return JSON.stringify(JSON.parse(said));
  } catch {
    return said;
  }
}
