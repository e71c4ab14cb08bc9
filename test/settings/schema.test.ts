import { describe, expect, test } from "bun:test";
import { describeMismatch, findMismatch } from "../../src/lib/json/shape.ts";
import { SETTINGS } from "../../src/settings/schema.ts";

function complaintAbout(value: unknown): string | undefined {
  const mismatch = findMismatch(value, SETTINGS);
  return mismatch && describeMismatch(mismatch);
}

test("SETTINGS lets unknown keys be, at any depth", () => {
  const settings = {
    $version: 4,
    ui: { theme: "Dark" },
    env: { A: "1", B: 2 },
    model: { name: "m", baseUrl: "u", generationConfig: { timeout: 1 }, other: 1 },
    modelProviders: { openai: [{ id: 5 }], odd: "x" },
    providerProtocol: { odd: "openai" },
    security: { auth: { selectedType: "openai", other: 2 }, other: 3 },
    apiKeyHelper: { A: "pass show a" },
    codingPlan: { region: "china", version: "x" },
    advanced: { excludedEnvVars: ["A"], other: 4 },
  };
  expect(complaintAbout(settings)).toBeUndefined();
  expect(complaintAbout({})).toBeUndefined();
});

describe("SETTINGS has a complaint", () => {
  const cases: readonly (readonly [value: unknown, complaint: string])[] = [
    [[], "expected an object"],
    [{ env: "x" }, "env: expected an object"],
    [{ env: ["x"] }, "env: expected an object"],
    [{ modelProviders: 5 }, "modelProviders: expected an object"],
    [{ modelProviders: [{ id: "m" }] }, "modelProviders: expected an object"],
    [{ model: "m" }, "model: expected an object"],
    [{ model: { name: 5 } }, "model.name: expected a string"],
    [{ model: { generationConfig: [] } }, "model.generationConfig: expected an object"],
    [{ security: { auth: null } }, "security.auth: expected an object"],
    [{ security: { auth: { apiKey: 1 } } }, "security.auth.apiKey: expected a string"],
    [{ apiKeyHelper: null }, "apiKeyHelper: expected a command, or an object of them"],
    [{ apiKeyHelper: { A: 1 } }, "apiKeyHelper: expected a command, or an object of them"],
  ];
  for (const [value, complaint] of cases) {
    test(`${complaint}, of ${JSON.stringify(value)}`, () => {
      expect(complaintAbout(value)).toBe(complaint);
    });
  }

  test("without repeating a value", () => {
    const complaint = JSON.stringify(
      findMismatch({ security: { auth: { apiKey: ["sk-1"] } } }, SETTINGS),
    );
    expect(complaint).not.toContain("sk-1");
  });
});
