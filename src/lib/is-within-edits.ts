/**
 * Whether at most `limit` edits lead from one word to the other. For a limit of one or two, and for
 * where a table of distances would have to be loaded first.
 */
export function isWithinEdits(left: string, right: string, limit: number): boolean {
  if (Math.abs(left.length - right.length) > limit) {
    return false;
  }
  let at = 0;
  while (at < left.length && left[at] === right[at]) {
    at += 1;
  }
  if (at === left.length && at === right.length) {
    return true;
  }
  if (limit === 0) {
    return false;
  }
  const [here, there] = [left.slice(at), right.slice(at)];
  return (
    isWithinEdits(here.slice(1), there.slice(1), limit - 1) ||
    isWithinEdits(here.slice(1), there, limit - 1) ||
    isWithinEdits(here, there.slice(1), limit - 1)
  );
}
