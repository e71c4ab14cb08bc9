/** What asks for the version. A file of its own: `main.ts` loads nothing else to answer. */
export const VERSION_FLAGS: readonly string[] = ["--version", "-V", "-v"];
