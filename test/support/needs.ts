import { test } from "bun:test";

const told = new Set<string>();

/** `test`, or `test.skip` and one printed line when `reason` says why the tests cannot run here. */
export function testUnless(reason: string | undefined): typeof test {
  if (reason === undefined) {
    return test;
  }
  if (!told.has(reason)) {
    told.add(reason);
    console.warn(`skipped: ${reason}`);
  }
  return test.skip as typeof test;
}

/** Why a test that needs these programs cannot run here. */
export function missingPrograms(...programs: readonly string[]): string | undefined {
  const missing = programs.filter((program) => Bun.which(program) === null);
  return missing.length === 0 ? undefined : `${missing.join(" and ")} not found on PATH`;
}
