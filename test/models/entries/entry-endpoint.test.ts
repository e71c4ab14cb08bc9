import { expect, test } from "bun:test";
import { entryEndpoint, entryTwin } from "../../../src/models/entries/entry-endpoint.ts";

const HOME = "https://home.example/v1";

test.each<[object, string]>([
  [{ baseUrl: "https://A.example/v1/" }, "https://a.example/v1"],
  [{ baseUrl: "" }, HOME],
  [{ baseUrl: 5 }, HOME],
  [{}, HOME],
])("entryEndpoint() of %j is %s", (entry, endpoint) => {
  expect(entryEndpoint("openai", entry, `${HOME}/`)).toBe(endpoint);
});

test("entryEndpoint() is the protocol's public one where nothing says otherwise", () => {
  expect((["openai", "anthropic", "gemini"] as const).map((it) => entryEndpoint(it, {}))).toEqual([
    "https://api.openai.com/v1",
    "https://api.anthropic.com",
    "https://generativelanguage.googleapis.com",
  ]);
});

test("entryTwin() is the same for two entries of one id, endpoint and variable alone", () => {
  const one = { id: "m", baseUrl: "https://a.example/v1", envKey: "A_KEY" };
  const twin = entryTwin("openai", one);
  expect(twin).toBe('["m","https://a.example/v1","A_KEY"]');
  expect(entryTwin("openai", { ...one, baseUrl: "https://a.example/v1/" })).toBe(twin);
  for (const other of [{ id: "n" }, { baseUrl: "https://b.example/v1" }, { envKey: "B_KEY" }]) {
    expect(entryTwin("openai", { ...one, ...other })).not.toBe(twin);
  }
});
