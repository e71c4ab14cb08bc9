import type { Ran } from "../../support/qwen.ts";

/** `RANDOM_SEEDS=100 bun test …` searches longer. */
const SEEDS = Number(process.env.RANDOM_SEEDS ?? 1);

export const KEY = "sk-0123456789abcdef0123";
/** Nobody listens there. */
export const DEAD = "http://127.0.0.1:9";

/** What does harm where it is printed as it is. */
export const ESCAPES =
  "\u001b[31m\u001b]0;title\u0007\u009b1m\u202eevil\u2066\u200b\u007f\u0000\r\b";

type Random = () => number;

/** Numbers from 0 to 1, the same ones for a seed. */
export function randomFrom(seed: number): Random {
  let state = seed * 2_654_435_769;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    const more = mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((more ^ mixed ^ (more >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const upTo = (random: Random, limit: number) => Math.floor(random() * limit);

/** Ways of spoiling the bytes of a file. */
export const SPOILS: Readonly<Record<string, (sound: Buffer, random: Random) => Buffer>> = {
  "random bytes": (_sound, random) =>
    Buffer.from(Array.from({ length: upTo(random, 400) }, () => upTo(random, 256))),
  "changed bytes": (sound, random) => {
    const bytes = Buffer.from(sound);
    for (let count = 0; count < 3; count += 1) {
      bytes[upTo(random, bytes.length)] = upTo(random, 256);
    }
    return bytes;
  },
  "escapes and a cut": (sound, random) => {
    const at = upTo(random, sound.length);
    const until = random() < 0.5 ? sound.length : at + upTo(random, sound.length - at);
    return Buffer.concat([sound.subarray(0, at), Buffer.from(ESCAPES), sound.subarray(at, until)]);
  },
  "a text with escapes": (sound, random) => {
    const texts = [...sound.toString().matchAll(/[A-Za-z]{3,}/g)];
    const { index = 0 } = texts[upTo(random, texts.length)] ?? {};
    const escaped = JSON.stringify(ESCAPES).slice(1, -1);
    return Buffer.from(
      `${sound.toString().slice(0, index + 1)}${escaped}${sound.toString().slice(index + 1)}`,
    );
  },
};

const DANGEROUS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be printed
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/;

/** What is wrong with what a command printed; the key itself comes out as it is. */
export function faultsOf(
  args: readonly string[],
  { exitCode, stdout, stderr }: Ran,
): readonly string[] {
  const isVerbatim = ["token", "env"].includes(args[1] ?? "");
  const shown = isVerbatim ? stderr : stdout + stderr;
  return [
    ...([0, 1, 2, 3, 4, 5].includes(exitCode) ? [] : [`ended with ${exitCode}`]),
    ...(/Unexpected failure|Bun v1|TypeError/.test(shown) ? [`a bug: ${shown}`] : []),
    ...(!args.includes("--debug") && / {4}at /.test(shown) ? [`a stack: ${shown}`] : []),
    ...(DANGEROUS.test(shown) ? [`raw: ${JSON.stringify(shown)}`] : []),
  ];
}

/** What the numbers begin with, for each round. */
export const seeds = Array.from({ length: SEEDS }, (_, seed) => seed);
