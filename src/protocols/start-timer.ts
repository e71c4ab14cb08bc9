/** Milliseconds; a timer takes what is longer for at once. */
const LONGEST = 2 ** 31 - 1;

/** Calls `action` after so many milliseconds; 0: never. End it with `clearTimeout`. */
export function startTimer(milliseconds: number, action: () => void): Timer | undefined {
  return milliseconds === 0 ? undefined : setTimeout(action, Math.min(milliseconds, LONGEST));
}
