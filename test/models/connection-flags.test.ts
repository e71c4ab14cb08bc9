import { describe, expect, test } from "bun:test";
import { flagSource, requestedModel } from "../../src/models/connection-flags.ts";
import { configuration, settings } from "./configuration.ts";

const named = (name: string) => configuration({ settings: { user: { model: { name } } } });
const CONFIGURED = settings("user", "model.name");

test("flagSource() is the person's own", () => {
  expect(flagSource("--model")).toEqual({ kind: "flag", name: "--model", origin: "user" });
});

describe("requestedModel() is", () => {
  test("none where nobody names one", () => {
    expect(requestedModel(configuration(), {})).toBeUndefined();
  });

  test.each([
    ["m", "m"],
    ["$runtime|openai|m", "m"],
    ["$runtime||m|n", "m|n"],
    ["x$runtime|openai|m", "x$runtime|openai|m"],
    ["$runtime|openai", "$runtime|openai"],
  ])("for %j in settings and as a flag %j", (written, value) => {
    expect(requestedModel(named(written), {})).toEqual({
      value,
      source: CONFIGURED,
      shadowed: [],
    });
    expect(requestedModel(configuration(), { model: written })).toEqual({
      value,
      source: flagSource("--model"),
      shadowed: [],
    });
  });

  test("the flag before every setting, which it hides", () => {
    const both = configuration({
      settings: { user: { model: { name: "a" } }, project: { model: { name: "b" } } },
    });
    expect(requestedModel(both, { model: "c" })).toEqual({
      value: "c",
      source: flagSource("--model"),
      shadowed: [settings("project", "model.name"), CONFIGURED],
    });
  });
});
