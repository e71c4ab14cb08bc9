/**
 * Commands in a text for people as PowerShell takes them, on Windows: `export NAME=VALUE` sets
 * nothing there (`spec/cli.md`).
 */
export function shellHints(text: string, platform: string): string {
  return platform === "win32"
    ? text.replace(/\bexport ([A-Za-z_]\w*)=([^\s`]*)/g, "$env:$1 = '$2'")
    : text;
}
