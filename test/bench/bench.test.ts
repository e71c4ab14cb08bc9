import { expect, setDefaultTimeout } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { missingPrograms, testUnless } from "../support/needs.ts";

setDefaultTimeout(600_000);

const ROOT = join(import.meta.dir, "..", "..");
const noBuild = existsSync(join(ROOT, "dist", "qwen"))
  ? undefined
  : "dist/qwen is missing: build first";

const CASES: readonly (readonly [
  file: string,
  args: readonly string[],
  rows: readonly string[],
])[] = [
  ["startup.ts", ["1"], ["--version", "auth status --json", "auth --help", "--key-stdin"]],
  ["stream.ts", ["1", "1"], ["first byte", "MB/s", "peak memory", "p99", "Markdown"]],
  ["broker.ts", ["1", "1"], ["one event", "MB/s", "memory", "auth run"]],
  ["scale.ts", ["1"], ["5,000 models", "1 MB", "60 directories", "100,000 files"]],
];

// How long anything takes is not looked at: only that the measurements can be made.
testUnless(noBuild ?? missingPrograms("curl")).each(CASES)(
  "bench/%s runs once and prints its table",
  async (file, args, rows) => {
    const child = Bun.spawn([process.execPath, join(ROOT, "bench", file), ...args], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    expect(stderr).toBe("");
    expect(await child.exited).toBe(0);
    for (const row of rows) {
      expect(stdout).toContain(row);
    }
    expect(stdout).not.toContain("NaN");
  },
);
