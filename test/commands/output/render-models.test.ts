import { expect, test } from "bun:test";
import type { ModelRow } from "../../../src/auth/describe-models.ts";
import { renderEndpoints, renderModels } from "../../../src/commands/output/render-models.ts";
import { PLAIN } from "../../../src/terminal/style.ts";

const PLAN = "https://plan.example/v1";

function row(id: string, more: Partial<ModelRow> = {}): ModelRow {
  const own = { id, name: id, baseUrl: PLAN, protocol: "openai" };
  return { ...own, keyPresent: true, active: false, ...more };
}

const MODELS: readonly ModelRow[] = [
  row("glm-5", { name: "[Plan] glm-5", contextWindow: 202_752, active: true }),
  row("c", { protocol: "anthropic", keyPresent: false }),
  row("通义", { name: "[Plan] 通义" }),
  row("e\u001b[31m", { baseUrl: "" }),
];

test("renderModels() says all of a model on its line, by protocol", () => {
  expect(renderModels(MODELS, PLAIN)).toBe(
    [
      "openai",
      "* glm-5      Plan  https://plan.example/v1  203k tokens",
      "  通义       Plan  https://plan.example/v1",
      "  e\\x1b[31m  ",
      "",
      "anthropic",
      "  c          https://plan.example/v1  no key",
      "",
    ].join("\n"),
  );
});

test("renderEndpoints() says once what the models of an endpoint share", () => {
  expect(renderEndpoints(MODELS, PLAIN)).toBe(
    [
      "https://plan.example/v1  openai",
      "Plan",
      "* glm-5      203k tokens",
      "  通义",
      "",
      "https://plan.example/v1  anthropic",
      "  c          no key",
      "",
      "no endpoint  openai",
      "  e\\x1b[31m",
      "",
    ].join("\n"),
  );
});

test("renderEndpoints() names each model where the names differ", () => {
  const models = [row("a", { name: "One" }), row("b", { name: "Two" }), row("c")];
  expect(renderEndpoints(models, PLAIN)).toBe(
    "https://plan.example/v1  openai\n  a  One\n  b  Two\n  c\n",
  );
});
