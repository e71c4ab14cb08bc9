import { describe, expect, test } from "bun:test";
import { type JsonObject, valueAt } from "../../src/lib/json-object.ts";
import { editJsonc } from "../../src/lib/jsonc-edit.ts";
import { keyringNameEdits, keyringNames } from "../../src/settings/keyring-names.ts";

const listed = (names: unknown): JsonObject => ({ security: { auth: { keyring: names } } });

describe("keyringNames()", () => {
  test.each([
    [listed(["A_KEY", "B_KEY"]), ["A_KEY", "B_KEY"]],
    [listed([]), []],
    [listed("A_KEY"), []],
    [{}, []],
  ])("finds in %j %j", (settings, expected) => {
    expect(keyringNames(settings)).toEqual(expected);
  });
});

describe("keyringNameEdits()", () => {
  type Change = Parameters<typeof keyringNameEdits>[1];
  const cases: readonly (readonly [JsonObject, Change, names: readonly string[] | undefined])[] = [
    [{}, { added: "A", removed: [] }, ["A"]],
    [{}, { removed: ["A"] }, undefined],
    [listed([]), { added: "A", removed: [] }, ["A"]],
    [listed(["A"]), { added: "B", removed: [] }, ["A", "B"]],
    [listed(["A", "B"]), { added: "A", removed: [] }, ["A", "B"]],
    [listed(["A", "B", "C"]), { removed: ["A", "C"] }, ["B"]],
    [listed(["A", "B", "A"]), { added: "C", removed: ["A"] }, ["B", "C"]],
    [listed(["A"]), { added: "B", removed: ["A"] }, ["B"]],
    [listed(["A"]), { removed: ["A"] }, undefined],
  ];

  test.each(cases)("changes %j by %j", (current, change, expected) => {
    const edited = editJsonc(JSON.stringify(current), keyringNameEdits(current, change));
    expect(valueAt(JSON.parse(edited), ["security", "auth", "keyring"])).toEqual(expected);
  });

  test("keeps comments of the list, and touches nothing when all is there", () => {
    const text = '{"security": {"auth": {"keyring": [\n  "A", // mine\n  "B"\n]}}}';
    const current = listed(["A", "B"]);
    expect(keyringNameEdits(current, { added: "B", removed: ["C"] })).toEqual([]);
    const edited = editJsonc(text, keyringNameEdits(current, { added: "C", removed: ["B"] }));
    expect(edited).toContain('"A", // mine');
  });
});
