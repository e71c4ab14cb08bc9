import { describe, expect, test } from "bun:test";
import { type JsonObject, valueAt } from "../../src/lib/json/json-object.ts";
import { editJsonc } from "../../src/lib/json/jsonc-edit.ts";
import { listedNames, nameListEdits } from "../../src/settings/name-lists.ts";

const listed = (names: unknown): JsonObject => ({ security: { auth: { keyring: names } } });

describe("listedNames()", () => {
  test.each([
    [listed(["A_KEY", "B_KEY"]), ["A_KEY", "B_KEY"]],
    [listed([]), []],
    [listed("A_KEY"), []],
    [{}, []],
  ])("finds in %j %j", (settings, expected) => {
    expect(listedNames(settings, "keyring")).toEqual(expected);
  });
});

describe("nameListEdits()", () => {
  type Change = Parameters<typeof nameListEdits>[2];
  const cases: readonly (readonly [JsonObject, Change, names: readonly string[] | undefined])[] = [
    [{}, { added: ["A"], removed: [] }, ["A"]],
    [{}, { removed: ["A"] }, undefined],
    [listed([]), { added: ["A"], removed: [] }, ["A"]],
    [listed(["A"]), { added: ["B"], removed: [] }, ["A", "B"]],
    [listed(["A", "B"]), { added: ["A"], removed: [] }, ["A", "B"]],
    [listed(["A", "B", "C"]), { removed: ["A", "C"] }, ["B"]],
    [listed(["A", "B", "A"]), { added: ["C"], removed: ["A"] }, ["B", "C"]],
    [listed(["A"]), { added: ["B"], removed: ["A"] }, ["B"]],
    [listed(["A"]), { removed: ["A"] }, undefined],
    [{}, { added: ["A", "B", "A"], removed: [] }, ["A", "B"]],
    [listed(["A"]), { added: ["B", "A", "C"], removed: [] }, ["A", "B", "C"]],
  ];

  test.each(cases)("changes %j by %j", (current, change, expected) => {
    const edited = editJsonc(JSON.stringify(current), nameListEdits(current, "keyring", change));
    expect(valueAt(JSON.parse(edited), ["security", "auth", "keyring"])).toEqual(expected);
  });

  test("keeps comments of the list, and touches nothing when all is there", () => {
    const text = '{"security": {"auth": {"keyring": [\n  "A", // mine\n  "B"\n]}}}';
    const current = listed(["A", "B"]);
    expect(nameListEdits(current, "keyring", { added: ["B"], removed: ["C"] })).toEqual([]);
    const edited = editJsonc(
      text,
      nameListEdits(current, "keyring", { added: ["C"], removed: ["B"] }),
    );
    expect(edited).toContain('"A", // mine');
  });

  test("changes the list that it is asked for, and no other", () => {
    const current = listed(["A"]);
    const edits = nameListEdits(current, "envFile", { added: ["A"], removed: [] });
    const edited = JSON.parse(editJsonc(JSON.stringify(current), edits));
    expect(edited).toEqual({ security: { auth: { keyring: ["A"], envFile: ["A"] } } });
  });
});
