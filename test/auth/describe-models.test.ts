import { expect, test } from "bun:test";
import { describeModels } from "../../src/auth/describe-models.ts";
import { CATALOGUE } from "../../src/auth/providers/catalogue.ts";
import { resolveConnection } from "../../src/models/resolve-connection.ts";
import { configuration, variableSource } from "../models/configuration.ts";

const HERE = "https://a.example/v1";

test("describeModels() has every entry, its endpoint, and whether its key is there", () => {
  const known = configuration({
    settings: {
      user: {
        model: { name: "b" },
        modelProviders: {
          openai: [
            { id: "a", name: "A", baseUrl: `${HERE}/`, envKey: "A_KEY" },
            {
              id: "b",
              baseUrl: HERE,
              envKey: "A_KEY",
              delisted: true,
              generationConfig: { contextWindowSize: 1000 },
            },
            { id: "b", baseUrl: "https://b.example/v1", envKey: "NO_KEY" },
            { id: "c", baseUrl: HERE, envKey: "BAD_KEY" },
            { id: "d", baseUrl: "no url", envKey: "A_KEY" },
          ],
          gemini: [{ id: "g" }],
        },
      },
    },
    variables: { A_KEY: "sk-0123456789", BAD_KEY: "sk 1\nsk 2" },
  });
  const resolution = resolveConnection(known, {}, CATALOGUE);
  const row = { protocol: "openai", baseUrl: HERE, keyPresent: true, active: false };
  expect(describeModels(known, resolution)).toEqual([
    { ...row, id: "a", name: "A" },
    { ...row, id: "b", name: "b", contextWindow: 1000, active: true, delisted: true },
    { ...row, id: "b", name: "b", baseUrl: "https://b.example/v1", keyPresent: false },
    { ...row, id: "c", name: "c", keyPresent: false },
    { ...row, id: "d", name: "d", baseUrl: "", keyPresent: false },
    {
      protocol: "gemini",
      id: "g",
      name: "g",
      baseUrl: "https://generativelanguage.googleapis.com",
      keyPresent: false,
      active: false,
    },
  ]);
});

test("describeModels() marks the model that is asked at the endpoint of an entry, not the entry", () => {
  const openai = [{ id: "a", baseUrl: HERE, envKey: "A_KEY" }];
  const known = configuration({
    settings: { user: { modelProviders: { openai } } },
    variables: { A_KEY: "sk-0123456789" },
  });
  const resolution = resolveConnection(known, { model: "other" }, CATALOGUE);
  expect(resolution.entry?.id).toBe("a");
  expect(describeModels(known, resolution).map(({ id, active }) => [id, active])).toEqual([
    ["a", false],
    ["other", true],
  ]);
});

test("describeModels() has the model of Qwen OAuth where its tokens are in force", () => {
  const known = configuration();
  const resolution = resolveConnection(known, { authType: "qwen-oauth" }, CATALOGUE);
  expect(describeModels(known, resolution)).toEqual([]);
  const sourced = (value: string) => ({ value, source: variableSource("x"), shadowed: [] });
  const oauth = {
    path: "/f",
    expiresAt: 1,
    isExpired: false,
    isRefreshDue: false,
    warnings: [],
  };
  const model = sourced("coder-model");
  const protocol = { ...sourced("openai"), value: "openai" as const };
  const row = {
    protocol: "openai",
    id: "coder-model",
    name: "coder-model (Qwen OAuth)",
    keyPresent: true,
    active: true,
  };
  const logged = { ...resolution, oauth, protocol, model, endpoint: sourced(HERE) };
  expect(describeModels(known, logged as typeof resolution)).toEqual([{ ...row, baseUrl: HERE }]);
  const nowhere = { ...resolution, oauth, protocol, model, endpoint: undefined };
  expect(describeModels(known, nowhere as typeof resolution)).toEqual([{ ...row, baseUrl: "" }]);
  const modelless = { ...resolution, oauth, protocol, model: undefined };
  expect(describeModels(known, modelless as typeof resolution)).toEqual([]);
});
