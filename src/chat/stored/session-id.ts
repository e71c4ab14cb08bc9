/** `20261129T201500-k3x9qa`: when a conversation began, and six letters that tell it from others. */
const ID = /^\d{8}T\d{6}-[a-z0-9]{6}$/;

const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

export function isSessionId(text: string): boolean {
  return ID.test(text);
}

/** @param now milliseconds since the epoch @param random 0 ≤ x < 1 */
export function createSessionId(now: number, random: () => number): string {
  const time = new Date(now).toISOString().replace(/[-:]/g, "").slice(0, 15);
  const letters = Array.from({ length: 6 }, () => LETTERS[Math.floor(random() * LETTERS.length)]);
  return `${time}-${letters.join("")}`;
}
