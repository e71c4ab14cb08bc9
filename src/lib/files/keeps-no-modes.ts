/** Said of every file and directory there in the same words, so that it is said once. */
export function keepsNoModes(directory: string): string {
  return `others may read what is in \`${directory}\`: its file system does not keep file modes`;
}
