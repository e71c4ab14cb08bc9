import type { Protocol } from "../../models/protocol.ts";

export const CUSTOM_ENV_KEY_PREFIX = "QWEN_CUSTOM_API_KEY_";

const HASH_DIGITS = 12;

/**
 * The variable that holds the key of an endpoint which the catalogue does not know, as Qwen Code
 * makes it (`spec/providers.md`): protocol and URL in capitals, and the first twelve hexadecimal
 * digits of the SHA-256 of both, so that two endpoints never share a key.
 */
export function customEnvKey(protocol: Protocol, baseUrl: string): string {
  const url = baseUrl.replace(/\/+$/, "");
  const readable = url
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  const hash = new Bun.CryptoHasher("sha256").update(`${protocol}\0${url}`).digest("hex");
  const digits = hash.slice(0, HASH_DIGITS).toUpperCase();
  return `${CUSTOM_ENV_KEY_PREFIX}${protocol.toUpperCase()}_${readable}_${digits}`;
}
