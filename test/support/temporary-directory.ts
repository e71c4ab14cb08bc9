import { afterAll } from "bun:test";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Makes an empty directory (0700) and returns its real path. It is removed after the test, or
 * after the file or `describe` when it was asked for outside a test. Not for `beforeAll`: Bun
 * would remove it as soon as that hook returns.
 */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(realpathSync(tmpdir()), "qwen-test-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
