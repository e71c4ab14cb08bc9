const DENIED = new Set([
  "PATH",
  "HOME",
  "SHELL",
  "BASH_ENV",
  "ENV",
  "PROMPT_COMMAND",
  // Files of keys that git and this program read by these names.
  "GIT_SSL_KEY",
  "QWEN_CLIENT_KEY",
]);
const DENIED_PREFIXES = ["BUN_", "LD_", "DYLD_"];
/** Of these only what is named like a key is nothing but a value. */
const KEYS_ONLY_PREFIXES = ["NODE_", "GIT_", "QWEN_"];
const KEY_ENDINGS = ["_API_KEY", "_KEY", "_TOKEN"];
const ALLOWED = "QWEN_MODEL";
const ALLOWED_PREFIX = "QWEN_CUSTOM_API_KEY_";

/**
 * Whether a variable is one that changes what programs do (loaders, shells, this program itself).
 * Such a one is never taken from a file and never accepted as an `envKey`
 * (`spec/settings-and-env.md`). `QWEN_API_KEY` or `GIT_TOKEN` is a key like others. Upper and lower
 * case are the same, as they are on Windows.
 */
export function isDeniedName(name: string): boolean {
  const upper = name.toUpperCase();
  if (upper === ALLOWED || upper.startsWith(ALLOWED_PREFIX)) {
    return false;
  }
  const startsWith = (prefix: string): boolean => upper.startsWith(prefix);
  return (
    DENIED.has(upper) ||
    DENIED_PREFIXES.some(startsWith) ||
    (KEYS_ONLY_PREFIXES.some(startsWith) && !KEY_ENDINGS.some((ending) => upper.endsWith(ending)))
  );
}
