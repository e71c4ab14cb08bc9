import { expect, test } from "bun:test";
import { applyOauth } from "../../../src/auth/oauth/apply-oauth.ts";
import { editJsonc } from "../../../src/lib/json/jsonc-edit.ts";

test.each([
  ["{}", { security: { auth: { selectedType: "qwen-oauth" } } }],
  [
    '{"model": {"name": "m", "baseUrl": "https://a.example", "generationConfig": {}}, "ui": 1}',
    {
      model: { generationConfig: {} },
      ui: 1,
      security: { auth: { selectedType: "qwen-oauth" } },
    },
  ],
  [
    '{"security": {"auth": {"selectedType": "openai", "mine": 1}}, "modelProviders": {"openai": [{"id": "a"}]}}',
    {
      security: { auth: { selectedType: "qwen-oauth", mine: 1 } },
      modelProviders: { openai: [{ id: "a" }] },
    },
  ],
])("applyOauth() selects Qwen OAuth and no model, and leaves the rest: %s", (text, expected) => {
  expect(JSON.parse(editJsonc(text, applyOauth()))).toEqual(expected as never);
});
