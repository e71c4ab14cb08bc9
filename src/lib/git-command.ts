/** A command of git that runs nothing that a repository configures. */
export function gitCommand(...args: readonly string[]): readonly string[] {
  return ["git", "-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null", ...args];
}
