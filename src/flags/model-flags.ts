import { UsageError } from "../errors.ts";

/**
 * The ids that a flag names, each once.
 * @throws UsageError when it names none, or one with white space or control characters
 */
export function checkedModels(
  ids: readonly string[] | undefined,
  flag: string,
): readonly string[] | undefined {
  const reason = ids === undefined ? undefined : modelIdsComplaint(ids);
  if (reason !== undefined) {
    throw new UsageError(`Cannot use \`${flag}\`: ${reason}`, {
      code: "invalid-value",
      hint: `write ids as the service spells them, such as \`${flag} qwen3.5-plus,glm-5\``,
    });
  }
  return ids && [...new Set(ids)];
}

/** Why these cannot be model ids, as a clause. */
export function modelIdsComplaint(ids: readonly string[]): string | undefined {
  if (ids.length === 0) {
    return "it names no model";
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be in an id
  const wrong = ids.find((id) => /[\s\u0000-\u001f\u007f-\u009f]/.test(id));
  return wrong === undefined ? undefined : `the id "${wrong}" contains white space`;
}
