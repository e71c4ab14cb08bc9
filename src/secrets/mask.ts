/** Prefixes that say whose key it is and are no secret, longest first. */
export const KNOWN_PREFIXES = [
  "sk-proj-",
  "sk-ant-",
  "sk-sp-",
  "sk-or-",
  "sk-",
  "AIza",
  "xai-",
  "gsk_",
  "fw_",
  "ms-",
] as const;

const SHORTEST_TO_SHOW = 20;

/**
 * Makes a key recognisable without giving it away: known prefix and last four characters of a key
 * of 20 characters or more (`sk-sp-…a289`), `***` for a shorter one. The length is never shown
 * (`spec/cli.md`, "Masking").
 */
export function maskKey(key: string): string {
  if (key.length < SHORTEST_TO_SHOW) {
    return "***";
  }
  const prefix = KNOWN_PREFIXES.find((known) => key.startsWith(known)) ?? "";
  return `${prefix}…${key.slice(-4)}`;
}
