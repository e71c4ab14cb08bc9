/** The text of a workflow with a part of one job put differently. */
export function changedJob(text: string, job: string, part: string, replacement: string): string {
  const start = text.indexOf(`\n  ${job}:\n`);
  const next = text.slice(start + 1).search(/\n {2}[\w-]+:\n/);
  const end = next < 0 ? text.length : start + 1 + next;
  const body = text.slice(start, end);
  if (start < 0 || !body.includes(part)) {
    throw new Error(`${job} has no ${part}`);
  }
  return text.slice(0, start) + body.replace(part, () => replacement) + text.slice(end);
}
