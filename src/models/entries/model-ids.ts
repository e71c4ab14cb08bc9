/** Why these cannot be model ids, as a clause. */
export function modelIdsComplaint(ids: readonly string[]): string | undefined {
  if (ids.length === 0) {
    return "it names no model";
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be in an id
  const wrong = ids.find((id) => /[\s\u0000-\u001f\u007f-\u009f]/.test(id));
  return wrong === undefined ? undefined : `the id "${wrong}" contains white space`;
}
