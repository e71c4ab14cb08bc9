/**
 * A value without the white space, line ends and BOM around it, which files, shells and secret
 * stores leave there; `undefined` for one that is blank (`spec/cli.md`, "Key inputs").
 */
export function filled(text: string | undefined): string | undefined {
  return text?.trim() || undefined;
}
