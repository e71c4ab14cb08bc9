import { type Content, readContent, unreadable, withOpenFile } from "../lib/files/open-file.ts";
import type { PrivateFile } from "../lib/files/private-file.ts";

/** The largest copy that is searched, in bytes: that of a settings file. */
const LARGEST_COPY = 8 * 1024 * 1024;

/** What stands in a file to be searched, opened once; `undefined` where there is no file. */
export function readToScrub(path: string): Content | undefined {
  return withOpenFile(path, (found) => {
    switch (found.kind) {
      case "file":
        return readContent(found, LARGEST_COPY);
      case "closed":
      case "inaccessible":
        return unreadable(found.error);
      default:
        return undefined;
    }
  });
}

/**
 * A file that is not ours to understand, such as a copy of settings that an older release left,
 * without any of the secrets; everything else in it stays. `undefined` when none stands there.
 */
export function scrubbedFile(path: string, secrets: readonly string[]): PrivateFile | undefined {
  const read = () => {
    const content = readToScrub(path);
    return content?.kind === "text" ? content.text : "";
  };
  const text = read();
  return scrubSecrets(text, secrets) === text
    ? undefined
    : {
        path,
        read,
        rewrite: (current) => (current === undefined ? undefined : scrubSecrets(current, secrets)),
      };
}

/** Shorter ones would be found in the middle of words. */
const SHORTEST_SECRET = 8;

/** `text` without any of the secrets, plain or as JSON escapes them. */
export function scrubSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
    .sort((left, right) => right.length - left.length)
    .reduce((rest, spelling) => rest.replaceAll(spelling, ""), text);
}
