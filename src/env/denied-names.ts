const DENIED = new Set(["PATH", "HOME", "SHELL", "BASH_ENV", "ENV", "PROMPT_COMMAND"]);
const DENIED_PREFIXES = ["BUN_", "NODE_", "LD_", "DYLD_", "GIT_", "QWEN_"];
const ALLOWED = "QWEN_MODEL";
const ALLOWED_PREFIX = "QWEN_CUSTOM_API_KEY_";

/**
 * Whether a variable is one that changes what programs do (loaders, shells, this program itself).
 * Such a one is never taken from a file and never accepted as an `envKey`
 * (`spec/settings-and-env.md`). Upper and lower case are the same, as they are on Windows.
 */
export function isDeniedName(name: string): boolean {
  const upper = name.toUpperCase();
  if (upper === ALLOWED || upper.startsWith(ALLOWED_PREFIX)) {
    return false;
  }
  return DENIED.has(upper) || DENIED_PREFIXES.some((prefix) => upper.startsWith(prefix));
}
