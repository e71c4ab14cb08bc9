import { describe, expect, test } from "bun:test";
import { isAtSelected, selectedEntry } from "../../../src/auth/transfer/selected-entry.ts";
import type { JsonObject } from "../../../src/lib/json/json-object.ts";

const A = { protocol: "openai", entry: { id: "m", baseUrl: "https://a.example/v1" } } as const;
const G = { protocol: "gemini", entry: { id: "g" } } as const;
const OPENAI_OWN = { protocol: "openai", entry: { id: "o" } } as const;

describe("isAtSelected()", () => {
  const filled = { protocol: "openai", entry: { id: "m", baseUrl: `\${A_URL}` } } as const;
  test.each([
    [[A], "openai", undefined, true],
    [[], "openai", "", true],
    [[A], "openai", "https://a.example/v1", true],
    [[G, A], "openai", "https://a.example/v1/", true],
    [[A], "openai", "https://b.example/v1", false],
    [[A], "gemini", "https://a.example/v1", false],
    [[OPENAI_OWN], "openai", "https://api.openai.com/v1", true],
    [[G], "gemini", "https://api.openai.com/v1", false],
    [[filled], "openai", "https://b.example/v1", true],
    [[A], "openai", `\${A_URL}`, true],
    [[G], "openai", `\${A_URL}`, false],
  ] as const)("of %j for %s at %p is %p", (entries, selectedType, baseUrl, expected) => {
    expect(isAtSelected<JsonObject>(entries, { selectedType, baseUrl })).toBe(expected);
  });
});

describe("selectedEntry()", () => {
  const same = { protocol: "anthropic", entry: { id: "m", baseUrl: "https://b.example" } } as const;
  test.each([
    [[A, same], undefined, undefined],
    [[A, same], { selectedType: "openai", model: "m" }, A.entry],
    [[A, same], { selectedType: "anthropic", model: "m" }, same.entry],
    [[A, same], { selectedType: "gemini", model: "m" }, undefined],
    [[A, G], { selectedType: "gemini", model: "m" }, undefined],
    [[A, G], { selectedType: "gemini", model: "g" }, G.entry],
  ] as const)("of %j for %j is %j", (entries, selection, entry) => {
    expect<unknown>(selectedEntry<JsonObject>(entries, selection)).toBe(entry);
  });
});
