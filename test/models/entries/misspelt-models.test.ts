import { describe, expect, test } from "bun:test";
import { throwIfFaulty, throwIfIgnored } from "../../../src/models/entries/misspelt-models.ts";
import type { Resolution } from "../../../src/models/resolution.ts";
import { configuration, settings } from "../configuration.ts";

const HINT = "correct the file with an editor; it was left as it is";

describe("throwIfFaulty()", () => {
  const entryOf = (entry: object) =>
    configuration({ settings: { user: { modelProviders: { openai: [{ id: "m", ...entry }] } } } })
      .models.entries[0];
  const flags = { baseUrl: "https://b.example/v1", apiKey: "sk-1" };

  test("minds no entry that is right, and none at all", () => {
    expect(() => {
      throwIfFaulty(undefined, {});
      throwIfFaulty(entryOf({ baseUrl: "https://a.example/v1" }), {});
    }).not.toThrow();
  });

  test.each<[string, object, "baseUrl" | "apiKey"]>([
    ["an endpoint", { url: "https://a.example/v1" }, "baseUrl"],
    ["a variable", { env: "A_KEY" }, "apiKey"],
  ])("refuses the entry that misspells %s, unless a flag has it", (_what, entry, flag) => {
    const faulty = entryOf(entry);
    const other = flag === "baseUrl" ? "apiKey" : "baseUrl";
    const expected = expect.objectContaining({
      message: `Cannot use the model "m": ${faulty?.fault?.complaint}`,
      code: "settings-invalid",
      hint: HINT,
      exitCode: 3,
    });
    expect(() => throwIfFaulty(faulty, {})).toThrow(expected);
    expect(() => throwIfFaulty(faulty, { [other]: flags[other] })).toThrow(expected);
    expect(() => throwIfFaulty(faulty, { [flag]: flags[flag] })).not.toThrow();
  });
});

describe("throwIfIgnored()", () => {
  const source = settings("user", "x");
  const from = <Value>(value: Value, kind: "settings" | "default" = "settings") => ({
    value,
    source: { ...source, kind },
    shadowed: [],
  });
  const connected: Resolution = {
    state: "incomplete",
    protocol: from("openai" as const),
    model: undefined,
    endpoint: undefined,
    key: { kind: "missing", envKeys: [], unresolved: [], hiddenIn: [] },
    selectedBy: undefined,
    isQwenOauth: false,
    entry: undefined,
    replaced: undefined,
    pairing: { kind: "allowed" },
    projectSource: undefined,
    trustFolder: undefined,
    isLegacyPlan: false,
    warnings: [],
    problem: undefined,
    unread: [],
  };
  const keyless = { kind: "keyless", envKey: undefined } as const;
  const known = (modelProviders: object) =>
    configuration({ settings: { user: { modelProviders } } });
  const broken = known({ openai: "m" });

  test.each<[string, ReturnType<typeof known>, Partial<Resolution>]>([
    ["nothing connected", broken, {}],
    ["a key and no endpoint", broken, { key: keyless }],
    ["a key and the public endpoint", broken, { key: keyless, endpoint: from("u", "default") }],
    ["a named endpoint and no key", broken, { endpoint: from("u") }],
    ["a group of no protocol", known({ mine: [{ id: "m" }] }), {}],
    ["no protocol at all", known({ mine: [{ id: "m" }] }), { protocol: undefined }],
    ["entries of another protocol", known({ openai: "m", gemini: [{ id: "g" }] }), {}],
  ])("throws for models that do not count, with %s", (_what, configured, more) => {
    const [ignored] = configured.models.ignored;
    expect(() => throwIfIgnored(configured, { ...connected, ...more } as Resolution)).toThrow(
      expect.objectContaining({
        message: `Cannot tell which model to use: ${ignored?.complaint}`,
        code: "settings-invalid",
        hint: ignored?.hint,
        exitCode: 3,
      }),
    );
  });

  const entry = known({ openai: [{ id: "m" }] }).models.entries[0];
  test.each<[string, ReturnType<typeof known>, Partial<Resolution>]>([
    ["all of them count", known({ openai: [{ id: "m" }] }), {}],
    ["they are of another protocol", known({ gemini: "m" }), {}],
    ["there is an entry", broken, { entry }],
    ["a named endpoint and a key do without", broken, { endpoint: from("u"), key: keyless }],
    ["others of the protocol count", known({ mine: [{ id: "m" }], openai: [{ id: "n" }] }), {}],
  ])("minds nothing where %s", (_what, configured, more) => {
    const resolution = { ...connected, ...more } as Resolution;
    expect(() => throwIfIgnored(configured, resolution)).not.toThrow();
  });
});
