export const SHELLS = ["sh", "fish", "pwsh"] as const;

export type Shell = (typeof SHELLS)[number];

/** One line that sets and exports a variable, whatever characters its value has. */
export function exportLine(shell: Shell, name: string, value: string): string {
  switch (shell) {
    case "sh":
      return `export ${name}=${quoteForSh(value)}`;
    case "fish":
      return `set -gx ${name} '${value.replace(/[\\']/g, "\\$&")}'`;
    case "pwsh":
      // PowerShell takes typographic quotes for straight ones.
      return `$env:${name} = '${value.replace(/['‘’‚‛]/g, "$&$&")}'`;
  }
}

/**
 * Single quotes, with quotes and backslashes outside of them: fish, which knows escapes inside
 * quotes, reads this as POSIX shells do.
 */
function quoteForSh(value: string): string {
  return `'${value.replace(/[\\']/g, "'\\$&'")}'`;
}

/** A path as a word of a command that can be pasted into a shell, quoted only where it must be. */
export function shellWord(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
