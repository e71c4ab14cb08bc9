import { describe, expect, test } from "bun:test";
import { findModel } from "../../src/auth/find-model.ts";
import { namedTargets } from "../../src/auth/login/logout-target.ts";
import { CATALOGUE } from "../../src/auth/providers/catalogue.ts";
import { resolveConnection } from "../../src/models/resolve-connection.ts";
import { configuration } from "../models/configuration.ts";

const KNOWN = configuration({
  settings: {
    user: {
      modelProviders: {
        openai: [
          { id: "a", baseUrl: "https://one.example/v1", envKey: "K1" },
          { id: "b", name: "[Team] b", baseUrl: "https://two.example:8443/v1", envKey: "K2" },
          { id: "c", baseUrl: "https://two.example:8443/v2/", envKey: "K3" },
          {
            id: "d",
            name: "[DeepSeek] d",
            baseUrl: "https://api.deepseek.com",
            envKey: "DEEPSEEK_API_KEY",
          },
        ],
      },
    },
  },
});

const RESOLUTION = resolveConnection(KNOWN, {}, CATALOGUE);

function found(word: string): unknown {
  const model = findModel(KNOWN, RESOLUTION, word);
  return model.kind === "entry"
    ? model.entry.id
    : model.kind === "ambiguous"
      ? model.choices
      : model.kind;
}

/** The endpoints, or the provider, that `auth logout --provider` would take for the word. */
function targets(word: string): unknown {
  return namedTargets(KNOWN, word).map(({ target }) =>
    target.kind === "custom"
      ? target.baseUrl
      : target.kind === "provider"
        ? target.provider.id
        : target.kind,
  );
}

describe("an endpoint is named by", () => {
  const ONE = "https://one.example/v1";
  const TWO = "https://two.example:8443/v1";
  const THREE = "https://two.example:8443/v2/";
  type Case = readonly [word: string, model: unknown, targets: readonly string[]];
  const cases: readonly Case[] = [
    ["one.example", "a", [ONE]],
    ["one.example/v1", "a", [ONE]],
    ["https://one.example/v1", "a", [ONE]],
    ["https://one.example/v1/", "a", [ONE]],
    ["https://one.example", "unknown", []],
    ["one.example/v2", "unknown", []],
    ["two.example", "unknown", []],
    ["two.example:8443", ["two.example:8443/v1", "two.example:8443/v2"], [TWO, THREE]],
    ["two.example:8443/v2", "c", [THREE]],
    ["https://two.example:8443/v1", "b", [TWO]],
    ["Team", "b", [TWO]],
    ["team", "b", [TWO]],
    ["deepseek", "d", ["deepseek"]],
    ["DeepSeek", "d", ["deepseek"]],
    ["api.deepseek.com", "d", ["deepseek"]],
    ["nothing", "unknown", []],
  ];
  test.each(cases)("%s", (word, model, named) => {
    expect(found(word)).toEqual(model);
    expect(targets(word)).toEqual(named);
  });
});
