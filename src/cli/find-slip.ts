import { slipDistance } from "../lib/closest.ts";

/** Words that people say to a model and that are one or two letters from a command. */
const SAID: ReadonlySet<string> = new Set(
  (
    "hi hey hello halo hell held heal heap heaps hemp herp kelp test tests text thanks thank " +
    "why what who when where how yes no ok okay please sure joke story code bye " +
    "last lost lift lint lit lust least listen mist modal modem motel motels medal moral novel modern modest " +
    "thrust trusty truest truth trout crust crusts burst tourist statue statues state states static stature " +
    "stitch swatch snitch sketch swiss layout lookout logic loin logical losing loving living " +
    "taken tokyo toke confirm confirmed confine confide confused settling sitting sittings seating " +
    "cat char chap chart charts cheat chant chats coat season seasons senses vision visions " +
    "compete competed complex completed complexion compassion cheek chick chuck alloy " +
    "provide provided provides signing singing updated updates upgraded author oath aunt"
  ).split(" "),
);

/**
 * The name that a bare word is a slip of: one letter away, a swap of neighbours counted as one, or
 * two for words of six letters and more; with the same first letter, and no word that people say to
 * a model (`spec/cli.md`, "Errors"). `undefined`: it is a question.
 */
export function findSlip(word: string, names: readonly string[]): string | undefined {
  const lowered = word.toLowerCase();
  if (!/^[a-z][a-z-]*$/.test(lowered) || SAID.has(lowered)) {
    return undefined;
  }
  // Three letters and fewer are one away from too many words.
  const limit = lowered.length < 4 ? 0 : lowered.length < 6 ? 1 : 2;
  const near = names
    .filter((name) => name[0] === lowered[0] && Math.abs(name.length - lowered.length) <= limit)
    .map((name) => ({ name, distance: slipDistance(lowered, name) }))
    .filter(({ distance }) => distance <= limit)
    .sort((left, right) => left.distance - right.distance);
  return near[0]?.name;
}
