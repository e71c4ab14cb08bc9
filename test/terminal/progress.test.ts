import { describe, expect, test } from "bun:test";
import { oneRow, withProgress } from "../../src/terminal/progress.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";

const OPTIONS = { text: "Asking", quiet: false };
const SHOWN = oneRow("Asking …");
const GONE = "\r\u001b[2K";

describe("withProgress()", () => {
  const cases: readonly (readonly [
    name: string,
    terminals: readonly "stderr"[],
    quiet: boolean,
    during: string,
  ])[] = [
    ["says on a terminal what is waited for", ["stderr"], false, SHOWN],
    ["says nothing elsewhere", [], false, ""],
    ["says nothing when it must be quiet", ["stderr"], true, ""],
  ];
  test.each(cases)("%s", async (_name, terminals, quiet, during) => {
    const { stderr, written } = fakeRuntime({ terminals });
    const seen = await withProgress(stderr, { ...OPTIONS, quiet }, async () => written.stderr);
    expect(seen).toBe(during);
    expect(written.stderr).toBe(during === "" ? "" : SHOWN + GONE);
  });

  test("takes it away when the work fails", async () => {
    const { stderr, written } = fakeRuntime({ terminals: ["stderr"] });
    const failure = new Error("no");
    const work = withProgress(stderr, OPTIONS, () => Promise.reject(failure));
    await expect(work).rejects.toBe(failure);
    expect(written.stderr).toBe(SHOWN + GONE);
  });
});
