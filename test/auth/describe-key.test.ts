import { describe, expect, test } from "bun:test";
import { describeKey, keyNameOf } from "../../src/auth/describe-key.ts";
import { CATALOGUE } from "../../src/auth/providers/catalogue.ts";
import type { ResolvedKey } from "../../src/models/resolution.ts";
import { resolveConnection } from "../../src/models/resolve-connection.ts";
import { configuration, variableSource } from "../models/configuration.ts";

const SOURCE = variableSource("A_KEY");
const KEY = { source: SOURCE, shadowed: [], envKey: "A_KEY", scheme: "key" } as const;

test.each<[ResolvedKey, ReturnType<typeof keyNameOf>]>([
  [{ ...KEY, kind: "present", value: "sk-1" }, "the key of shell variable A_KEY"],
  [{ kind: "keyless", envKey: undefined }, undefined],
  [{ kind: "keyless", envKey: "A_KEY" }, undefined],
  [{ kind: "keyless", envKey: "A_KEY", isUnset: true }, { unset: "A_KEY" }],
  [{ kind: "keyless", envKey: undefined, isUnset: true }, undefined],
  [{ kind: "keyless", envKey: "A_KEY", header: "X-Key" }, 'the header "X-Key"'],
  [
    {
      ...KEY,
      kind: "deferred",
      places: [{ kind: "keyring", item: "A_KEY", source: SOURCE }] as never,
    },
    undefined,
  ],
  [{ kind: "missing", envKeys: ["A_KEY"], unresolved: [], hiddenIn: [] }, undefined],
  [{ ...KEY, kind: "unusable", reason: "no" }, undefined],
])("keyNameOf(%j) is %j", (key, name) => {
  expect(keyNameOf(key)).toEqual(name as never);
});

describe("describeKey() of", () => {
  const LOCAL = "http://127.0.0.1:8000/v1";
  const of = (entry: object, variables = {}) =>
    describeKey(
      resolveConnection(
        configuration({
          settings: { user: { modelProviders: { openai: [{ id: "m", ...entry }] } } },
          variables,
        }),
        {},
        CATALOGUE,
      ),
    );

  test("a key calls it by its source, and advises nothing of its own", () => {
    expect(of({ baseUrl: LOCAL, envKey: "A_KEY" }, { A_KEY: "sk-0123456789" })).toEqual({
      keyName: "the key of shell variable A_KEY",
    });
  });

  test.each<[string, object, object, unknown, string]>([
    [
      "an entry that names no variable",
      { baseUrl: LOCAL },
      {},
      undefined,
      "name the variable of its key in the entry's `envKey`, or run `qwen auth api-key`",
    ],
    [
      "a variable that is not set",
      { baseUrl: LOCAL, envKey: "A_KEY" },
      {},
      { unset: "A_KEY" },
      "run `export A_KEY=YOUR_KEY`",
    ],
    [
      "a variable that says that none is wanted",
      { baseUrl: LOCAL, envKey: "A_KEY" },
      { A_KEY: "not-needed" },
      undefined,
      "put the key into `A_KEY` in place of `not-needed`, or run `qwen auth api-key`",
    ],
    [
      "a header in its place",
      { baseUrl: LOCAL, generationConfig: { customHeaders: { Authorization: "Bearer x" } } },
      {},
      'the header "Authorization"',
      'correct the header "Authorization" in `customHeaders`',
    ],
  ])("%s", (_what, entry, variables, keyName, rejected) => {
    expect(of(entry, variables)).toEqual({ keyName, hints: { rejected } } as never);
  });

  test.each([
    ["openai", "OPENAI_BASE_URL", "OPENAI_MODEL", "OPENAI_API_KEY"],
    ["anthropic", "ANTHROPIC_BASE_URL", "ANTHROPIC_MODEL", "ANTHROPIC_API_KEY"],
  ])("variables alone of %s names that protocol's", (authType, url, model, key) => {
    const known = configuration({ variables: { [url]: LOCAL, [model]: "m" } });
    const resolution = resolveConnection(known, { authType }, CATALOGUE);
    expect(describeKey(resolution)).toEqual({
      keyName: undefined,
      hints: { rejected: `run \`export ${key}=YOUR_KEY\`` },
    });
  });

  test("Qwen OAuth says that it has ended, and what to do instead", () => {
    const known = configuration();
    const resolution = resolveConnection(known, { authType: "qwen-oauth" }, CATALOGUE);
    const instead = "run `qwen auth coding-plan` or `qwen auth api-key`";
    expect(describeKey(resolution)).toEqual({
      keyName: "the token of Qwen OAuth, whose free tier was discontinued on 2026-04-15",
      hints: { rejected: instead, quota: instead },
    });
  });
});
