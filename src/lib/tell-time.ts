const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/**
 * A time as a person counts it, with the clock of this machine behind it: `in 5 h 58 min (14:05)`,
 * `12 min ago (09:30)`, `in 3 days (2026-12-03)`.
 * @param at and now, milliseconds since the epoch
 */
export function tellTime(at: number, now: number): string {
  const minutes = Math.round(Math.abs(at - now) / MINUTE_MS);
  const date = new Date(at);
  const two = (part: number): string => String(part).padStart(2, "0");
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const behind = minutes < DAY_MINUTES ? clock : day;
  return at >= now ? `in ${amount(minutes)} (${behind})` : `${amount(minutes)} ago (${behind})`;
}

function amount(minutes: number): string {
  if (minutes === 0) {
    return "less than a minute";
  }
  if (minutes < 60) {
    return `${minutes} min`;
  }
  if (minutes < DAY_MINUTES) {
    const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
    return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
  }
  const days = Math.round(minutes / DAY_MINUTES);
  return days === 1 ? "1 day" : `${days} days`;
}
