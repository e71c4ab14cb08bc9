import { describe, expect, test } from "bun:test";
import { CATALOGUE } from "../../../src/auth/providers/catalogue.ts";
import {
  generationFields,
  withoutModelFields,
  withoutSentFields,
} from "../../../src/models/entries/generation-fields.ts";
import type { Complete } from "../../../src/models/resolution.ts";
import type { Source } from "../../../src/source.ts";
import { configuration, PATHS, settings, variableSource } from "../configuration.ts";

const HERE = "https://a.example/v1";
const VENDOR = "https://dashscope.aliyuncs.com/compatible-mode/v1";

type Files = NonNullable<NonNullable<Parameters<typeof configuration>[0]>["settings"]>;
type Options = {
  readonly settings?: Files;
  readonly trusted?: readonly string[];
  readonly endpoint?: string;
  readonly endpointOf?: Source;
  readonly more?: Partial<Complete>;
};

/** Fields as they are read, without an entry unless the settings have one. */
function read(options: Options, ...names: readonly string[]) {
  const { endpoint = HERE, endpointOf = settings("user", "x"), more } = options;
  const known = configuration({
    settings: options.settings ?? {},
    trusted: options.trusted ?? [],
  });
  const source = settings("user", "x");
  const connection: Complete = {
    protocol: { value: "openai", source, shadowed: [] },
    model: { value: "m", source, shadowed: [] },
    endpoint: { value: endpoint, source: endpointOf, shadowed: [] },
    key: {
      kind: "present",
      value: "sk-1",
      source: variableSource("A_KEY"),
      shadowed: [],
      envKey: "A_KEY",
      scheme: "key",
    },
    selectedBy: undefined,
    isQwenOauth: false,
    entry: known.models.entries[0],
    replaced: undefined,
    pairing: { kind: "allowed" },
    projectSource: undefined,
    trustFolder: undefined,
    isLegacyPlan: false,
    warnings: [],
    ...more,
  };
  const { read: readField, warnings } = generationFields(known, connection, CATALOGUE);
  const found = names.map(readField);
  return {
    values: found.map((field) => field?.value),
    warnings,
    sources: found.map((field) => field?.source),
  };
}

function sourceOf(options: Options, name: string): Source | undefined {
  return read(options, name).sources[0];
}

/** What is read, and what is said of it. */
function fields(options: Options, ...names: readonly string[]) {
  const { values, warnings } = read(options, ...names);
  return { values, warnings };
}

const model = (generationConfig: object) => ({ model: { generationConfig } });
const entry = (generationConfig: object) => ({
  modelProviders: {
    openai: [{ id: "m", baseUrl: HERE, envKey: "A_KEY", generationConfig }],
  },
});
const leftOut = (name: string, file: keyof typeof PATHS, why: string) =>
  `\`model.generationConfig.${name}\` of \`${PATHS[file]}\` is left out: ${why}`;
const YOURS = "it is the project's, the key is yours, and the folder is not trusted";

describe("generationFields() reads", () => {
  test.each<[string, Options, readonly string[], readonly unknown[]]>([
    ["nothing of nothing", {}, ["timeout", "extra_body"], [undefined, undefined]],
    [
      "what stands there, as it is",
      { settings: { user: model({ timeout: 5, extra_body: { a: 1 }, reasoning: false }) } },
      ["timeout", "extra_body", "reasoning", "none"],
      [5, { a: 1 }, false, undefined],
    ],
    [
      "objects merged over scopes",
      {
        settings: {
          user: model({ extra_body: { a: 1, b: { c: 1 } } }),
          system: model({ extra_body: { b: { d: 2 } } }),
        },
      },
      ["extra_body"],
      [{ a: 1, b: { c: 1, d: 2 } }],
    ],
    [
      "what is no object in place of what is below",
      {
        settings: {
          "system-defaults": model({ extra_body: { a: 1 }, timeout: 1 }),
          user: model({ extra_body: "x", timeout: 2 }),
          system: model({ extra_body: { b: 2 } }),
        },
      },
      ["extra_body", "timeout"],
      [{ b: 2 }, 2],
    ],
    [
      "an empty text as nothing",
      { settings: { user: model({ timeout: 5 }), system: model({ timeout: "" }) } },
      ["timeout"],
      [5],
    ],
    [
      "an entry's own, and of the general ones limits alone",
      {
        settings: {
          user: { ...entry({ extra_body: { a: 1 } }), ...model({ timeout: 5, maxRetries: 1 }) },
        },
      },
      ["extra_body", "timeout", "maxRetries"],
      [{ a: 1 }, 5, 1],
    ],
    [
      "an entry's own before the general one",
      { settings: { user: { ...entry({ timeout: 1 }), ...model({ timeout: 5 }) } } },
      ["timeout"],
      [1],
    ],
    [
      "for another model of an entry's endpoint what is not for its model",
      {
        settings: {
          user: entry({ timeout: 1, customHeaders: { A: "a" }, extra_body: {}, reasoning: false }),
        },
        more: { model: { value: "other", source: settings("user", "x"), shadowed: [] } },
      },
      ["timeout", "customHeaders", "extra_body", "reasoning"],
      [1, { A: "a" }, undefined, undefined],
    ],
    [
      "a project's limits",
      { settings: { project: model({ timeout: 1, maxRetries: 0 }) } },
      ["timeout", "maxRetries"],
      [1, 0],
    ],
    [
      "no limit that another scope hides, and says nothing of it",
      { settings: { project: model({ timeout: 0 }), system: model({ timeout: 5 }) } },
      ["timeout"],
      [5],
    ],
    [
      "a user's limit that is taken away",
      { settings: { user: model({ timeout: 0 }) } },
      ["timeout"],
      [0],
    ],
    [
      "all of a trusted project's",
      {
        settings: { project: model({ customHeaders: { A: "a" }, extra_body: { a: 1 } }) },
        trusted: ["/repo"],
      },
      ["customHeaders", "extra_body"],
      [{ A: "a" }, { a: 1 }],
    ],
    [
      "a project's bodies at a vendor's",
      { settings: { project: model({ extra_body: { a: 1 } }) }, endpoint: VENDOR },
      ["extra_body"],
      [{ a: 1 }],
    ],
    [
      "a project's at the project's endpoint with the project's key",
      {
        settings: { project: model({ customHeaders: { A: "a" } }) },
        endpointOf: variableSource("OPENAI_BASE_URL", "project"),
        more: { key: { kind: "keyless", envKey: undefined } },
      },
      ["customHeaders"],
      [{ A: "a" }],
    ],
  ])("%s", (_what, options, names, values) => {
    expect(fields(options, ...names)).toEqual({ values: [...values], warnings: [] });
  });
});

test("generationFields() tells the highest place of what is merged, and of an entry its own", () => {
  const generationConfig = { extra_body: { a: 1 } };
  const files = { user: model(generationConfig), system: model({ extra_body: { b: 2 } }) };
  expect(sourceOf({ settings: files }, "extra_body")).toEqual(
    settings("system", "model.generationConfig.extra_body"),
  );
  expect(sourceOf({ settings: { user: entry(generationConfig) } }, "extra_body")).toEqual(
    settings("user", "modelProviders.openai[0].generationConfig.extra_body"),
  );
});

describe("generationFields() leaves out", () => {
  test.each<[string, Options, readonly string[], readonly unknown[], readonly string[]]>([
    [
      "what is for one model or endpoint where there is an entry",
      {
        settings: {
          user: { ...entry({}), ...model({ extra_body: {}, reasoning: false, timeout: 1 }) },
          system: model({ customHeaders: {}, reasoning: false }),
        },
      },
      ["extra_body", "reasoning", "customHeaders", "timeout"],
      [undefined, undefined, undefined, 1],
      [
        `\`extra_body\` of \`model.generationConfig\` in \`${PATHS.user}\` are left out: they serve models without an entry`,
        `\`reasoning\`, \`customHeaders\` of \`model.generationConfig\` in \`${PATHS.system}\` are left out: they serve models without an entry`,
      ],
    ],
    [
      "the same at an endpoint of the command line",
      {
        settings: { user: model({ samplingParams: { top_p: 1 } }) },
        more: { replaced: "https://b.example/v1" },
      },
      ["samplingParams"],
      [undefined],
      [
        `\`samplingParams\` of \`model.generationConfig\` in \`${PATHS.user}\` are left out: they are not for the endpoint of the command line`,
      ],
    ],
    [
      "a project's wish to wait for ever",
      { settings: { project: model({ timeout: 0, streamIdleTimeoutMs: 0 }) }, trusted: ["/repo"] },
      ["timeout", "streamIdleTimeoutMs"],
      [undefined, undefined],
      ["timeout", "streamIdleTimeoutMs"].map((name) =>
        leftOut(name, "project", "a project cannot take the limit away"),
      ),
    ],
    [
      "what a project would add to a request with the user's key",
      { settings: { project: model({ customHeaders: { A: "a" }, extra_body: {} }) } },
      ["customHeaders", "extra_body"],
      [undefined, undefined],
      ["customHeaders", "extra_body"].map((name) => leftOut(name, "project", YOURS)),
    ],
    [
      "a project's headers at a vendor's",
      { settings: { project: model({ customHeaders: { A: "a" } }) }, endpoint: VENDOR },
      ["customHeaders"],
      [undefined],
      [leftOut("customHeaders", "project", YOURS)],
    ],
    [
      "a project's at a server of the user's without a key",
      {
        settings: { project: model({ samplingParams: {} }) },
        more: { key: { kind: "keyless", envKey: undefined } },
      },
      ["samplingParams"],
      [undefined],
      [
        leftOut(
          "samplingParams",
          "project",
          "it is the project's, the endpoint is yours, and the folder is not trusted",
        ),
      ],
    ],
    [
      "the project's part alone of what is merged",
      {
        settings: {
          user: model({ extra_body: { a: 1 } }),
          project: model({ extra_body: { b: 2 } }),
        },
      },
      ["extra_body"],
      [{ a: 1 }],
      [leftOut("extra_body", "project", YOURS)],
    ],
    [
      "the user's at an endpoint of a project's",
      {
        settings: { user: model({ customHeaders: { A: "a" }, extra_body: {}, timeout: 1 }) },
        endpointOf: settings("project", "modelProviders.openai[0].baseUrl"),
      },
      ["customHeaders", "extra_body", "timeout"],
      [undefined, undefined, 1],
      ["customHeaders", "extra_body"].map((name) =>
        leftOut(name, "user", "the endpoint is the project's, and its folder is not trusted"),
      ),
    ],
  ])("%s", (_what, options, names, values, warnings) => {
    const found = fields(options, ...names);
    expect(found).toEqual({ values: [...values], warnings: [...warnings] });
  });
});

describe("generationFields() with the key of an account for another endpoint", () => {
  const config = { customHeaders: { A: "a" }, extra_body: { b: 1 }, timeout: 1 };
  const left = (name: string) =>
    `\`modelProviders.openai[0].generationConfig.${name}\` of \`${PATHS.user}\` is left out: the account belongs to another endpoint`;

  test("leaves behind what is sent", () => {
    const options = { settings: { user: entry(config) }, more: { replaced: HERE } };
    expect(fields(options, "customHeaders", "extra_body", "timeout")).toEqual({
      values: [undefined, undefined, 1],
      warnings: ["customHeaders", "extra_body"].map(left),
    });
  });

  test("keeps the bodies where both endpoints are of one provider", () => {
    const own = CATALOGUE.knownPairs().filter(({ envKey }) => envKey === "DASHSCOPE_API_KEY");
    const [here, there] = own.map(({ baseUrl }) => baseUrl);
    const openai = [
      { id: "m", baseUrl: here, envKey: "DASHSCOPE_API_KEY", generationConfig: config },
    ];
    const options = {
      settings: { user: { modelProviders: { openai } } },
      endpoint: there ?? "",
      more: { replaced: here },
    };
    expect(there).toBeDefined();
    expect(fields(options, "customHeaders", "extra_body")).toEqual({
      values: [undefined, { b: 1 }],
      warnings: [left("customHeaders")],
    });
    // One of them elsewhere is enough.
    expect(fields({ ...options, endpoint: HERE }, "extra_body").warnings).toEqual([
      left("extra_body"),
    ]);
  });
});

test("what follows an entry elsewhere is less than what stays at its endpoint", () => {
  const config = {
    timeout: 1,
    contextWindowSize: 2,
    samplingParams: {},
    extra_body: {},
    reasoning: false,
    thinkingMandatory: true,
    customHeaders: {},
  };
  expect(withoutModelFields(config)).toEqual({
    timeout: 1,
    contextWindowSize: 2,
    customHeaders: {},
  });
  expect(withoutSentFields(config)).toEqual({
    timeout: 1,
    contextWindowSize: 2,
    reasoning: false,
    thinkingMandatory: true,
  });
  expect([withoutModelFields(), withoutSentFields()]).toEqual([{}, {}]);
});
