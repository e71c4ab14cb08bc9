import { describe, expect, test } from "bun:test";
import { entryIdentity } from "../../../src/models/entries/model-entries.ts";
import { configuration, PATHS, settings } from "../configuration.ts";

const USER = PATHS.user;

/** The entries of user settings, less their functions. */
function read(userSettings: Readonly<Record<string, unknown>>) {
  const { entries, unfit, warnings } = configuration({ settings: { user: userSettings } }).models;
  return { entries: entries.map(({ sourceOf, ...fields }) => fields), unfit, warnings };
}

function ids(userSettings: Readonly<Record<string, unknown>>): string[] {
  return read(userSettings).entries.map(({ protocol, id }) => `${protocol} ${id}`);
}

describe("modelEntries() reads", () => {
  test("nothing where nothing is configured", () => {
    for (const value of [{}, { modelProviders: {} }, { modelProviders: { openai: [] } }]) {
      expect(read(value)).toEqual({ entries: [], unfit: [], warnings: [] });
    }
  });

  test("the fields of an entry, where an empty one counts as absent", () => {
    const openai = [
      {
        id: "m",
        name: "M",
        envKey: "A",
        baseUrl: "https://a",
        anthropicBaseUrl: "https://a/anthropic",
        wireApi: "chat-completions",
        extra: 1,
        generationConfig: { contextWindowSize: 1000 },
      },
      { id: "n", envKey: "", baseUrl: "" },
    ];
    expect(read({ modelProviders: { openai } })).toEqual({
      entries: [
        {
          protocol: "openai",
          id: "m",
          name: "M",
          envKey: "A",
          baseUrl: "https://a",
          anthropicBaseUrl: "https://a/anthropic",
          contextWindowSize: 1000,
          isDelisted: false,
          generationConfig: { contextWindowSize: 1000 },
        },
        {
          protocol: "openai",
          id: "n",
          name: undefined,
          envKey: undefined,
          baseUrl: undefined,
          anthropicBaseUrl: undefined,
          contextWindowSize: undefined,
          isDelisted: false,
          generationConfig: undefined,
        },
      ],
      unfit: [],
      warnings: [],
    });
  });

  test("the three protocols in their order, each in file order", () => {
    const modelProviders = {
      gemini: [{ id: "g" }],
      openai: [{ id: "o2" }, { id: "o1" }],
      anthropic: [{ id: "a" }],
    };
    expect(ids({ modelProviders })).toEqual(["openai o2", "openai o1", "anthropic a", "gemini g"]);
  });

  test("the objects of version 5", () => {
    const openai = { protocol: "openai", models: [{ id: "m" }] };
    expect(ids({ $version: 5, modelProviders: { openai } })).toEqual(["openai m"]);
  });

  test("another key that `providerProtocol` maps to a protocol", () => {
    const settingsOf = { modelProviders: { openrouter: [{ id: "m" }] } };
    expect(ids({ ...settingsOf, providerProtocol: { openrouter: "openai" } })).toEqual([
      "openai m",
    ]);
    expect(ids({ ...settingsOf, providerProtocol: { openrouter: "telnet" } })).toEqual([]);
  });

  test("the array of the highest scope that has one, and its own sources", () => {
    const { entries } = configuration({
      settings: {
        user: { modelProviders: { openai: [{ id: "a" }, { id: "b" }], gemini: [{ id: "g" }] } },
        project: { modelProviders: { openai: [{ id: "c", baseUrl: "https://c" }] } },
      },
    }).models;
    expect(entries.map(({ id, sourceOf }) => [id, sourceOf("baseUrl")])).toEqual([
      ["c", settings("project", "modelProviders.openai[0].baseUrl")],
      ["g", settings("user", "modelProviders.gemini[0].baseUrl")],
    ]);
  });

  test("where a field, or the entry, stands in the objects of version 5", () => {
    const openai = { models: [{ id: "m" }] };
    const [entry] = configuration({ settings: { user: { modelProviders: { openai } } } }).models
      .entries;
    expect(entry?.sourceOf("id")).toEqual(settings("user", "modelProviders.openai.models[0].id"));
    expect(entry?.sourceOf()).toEqual(settings("user", "modelProviders.openai.models[0]"));
  });

  test("which fields are the project's by interpolation", () => {
    const [entry] = configuration({
      settings: { user: { modelProviders: { openai: [{ id: "m", baseUrl: "https://evil" }] } } },
      projectPaths: ["modelProviders.openai[0].baseUrl"],
    }).models.entries;
    expect(entry?.sourceOf("baseUrl").origin).toBe("project");
    expect(entry?.sourceOf("id").origin).toBe("user");
  });
});

describe("modelEntries() warns of", () => {
  const cases: readonly (readonly [name: string, providers: object, warning: string])[] = [
    [
      "a key that is no protocol",
      { openrouter: [{ id: "m" }] },
      `\`modelProviders.openrouter\` in \`${USER}\` was ignored: \`openrouter\` is no protocol, ` +
        "and `providerProtocol` does not map it to one",
    ],
    [
      "a value that is no array",
      { openai: "gpt" },
      `\`modelProviders.openai\` in \`${USER}\` was ignored: expected an array`,
    ],
    [
      "an object without models",
      { openai: { protocol: "openai" } },
      `\`modelProviders.openai\` in \`${USER}\` was ignored: expected an array`,
    ],
  ];
  for (const [name, modelProviders, warning] of cases) {
    test(name, () => {
      expect(read({ modelProviders })).toEqual({ entries: [], unfit: [], warnings: [warning] });
    });
  }

  test("a true duplicate, once, trailing slash aside", () => {
    const same = { id: "m", baseUrl: "https://a/v1" };
    const openai = [same, same, { ...same, baseUrl: "https://a/v1/" }];
    const { entries, warnings } = read({ modelProviders: { openai } });
    expect(entries).toHaveLength(3);
    expect(warnings).toEqual(["`m` stands twice in `modelProviders` with the same base URL"]);
  });

  const twice = "`m` stands twice in `modelProviders` with the same base URL";
  const second = "; `--model m@B_KEY` uses the second";
  test.each<[string | undefined, string | undefined, string]>([
    ["A_KEY", "A_KEY", twice],
    ["A_KEY", "B_KEY", `${twice}${second}`],
    [undefined, "B_KEY", `${twice}${second}`],
    ["A_KEY", undefined, twice],
    [undefined, undefined, twice],
  ])("a duplicate with the variables %j and %j", (first, other, warning) => {
    const openai = [
      { id: "m", envKey: first },
      { id: "m", envKey: other },
    ];
    expect(read({ modelProviders: { openai } }).warnings).toEqual([warning]);
  });

  test("each duplicate once, by the first of its kind", () => {
    const ids = ["m", "n", "m", "n", "m"].map((id) => ({ id, envKey: "A_KEY" }));
    expect(read({ modelProviders: { openai: ids } }).warnings).toEqual([
      twice,
      twice.replace("`m`", "`n`"),
    ]);
  });

  test("no equal ids with different base URLs or protocols", () => {
    const modelProviders = {
      openai: [{ id: "m", baseUrl: "https://a" }, { id: "m", baseUrl: "https://b" }, { id: "m" }],
      anthropic: [{ id: "m" }],
    };
    expect(read({ modelProviders }).warnings).toEqual([]);
  });
});

describe("modelEntries() sets aside, and reads the others,", () => {
  const cases: readonly (readonly [name: string, item: unknown, id: string | undefined, string])[] =
    [
      ["an entry without an id", { name: "x" }, undefined, ".id: expected a string"],
      ["an id of another type", { id: 5 }, undefined, ".id: expected a string"],
      ["an empty id", { id: "" }, undefined, ".id: expected a name that is not empty"],
      ["an entry that is text", "gpt", undefined, ": expected an object"],
      ["an entry that is null", null, undefined, ": expected an object"],
      ["an entry that is an array", ["gpt"], undefined, ": expected an object"],
      ["an envKey of another type", { id: "x", envKey: 1 }, "x", ".envKey: expected a string"],
      ["a baseUrl of another type", { id: "x", baseUrl: {} }, "x", ".baseUrl: expected a string"],
      [
        "a generationConfig of another type",
        { id: "x", generationConfig: "x" },
        "x",
        ".generationConfig: expected an object",
      ],
    ];
  for (const [name, item, id, complaint] of cases) {
    test(name, () => {
      const openai = [{ id: "first" }, item, { id: "last" }];
      const { entries, unfit, warnings } = read({ modelProviders: { openai } });
      expect(entries.map((entry) => entry.id)).toEqual(["first", "last"]);
      const full = `\`${USER}\`: modelProviders.openai[1]${complaint}`;
      expect(unfit).toMatchObject([{ kind: "broken", protocol: "openai", complaint: full }]);
      expect(unfit.map((entry) => entry.id)).toEqual([id]);
      expect(warnings).toEqual([full]);
    });
  }
});

describe("modelEntries() leaves out, for they answer no chat,", () => {
  const NO_API = 'wants `wireApi` "responses", which is not supported here';
  const cases: readonly (readonly [providers: object, path: string, why: string])[] = [
    ...["imageOnly", "voiceOnly", "realtimeOnly"].map(
      (field) =>
        [
          { openai: [{ id: "x", [field]: true }] },
          "openai[0]",
          `answers no chat: it is \`${field}\``,
        ] as const,
    ),
    [{ openai: [{ id: "x", wireApi: "responses" }] }, "openai[0]", NO_API],
    [{ "openai-responses": [{ id: "x" }] }, "openai-responses[0]", NO_API],
    [{ "openai-responses": { models: [{ id: "x" }] } }, "openai-responses.models[0]", NO_API],
  ];
  test.each(cases)("%j", (modelProviders, path, why) => {
    const complaint = `\`modelProviders.${path}\` in \`${USER}\` ${why}`;
    expect(read({ modelProviders })).toEqual({
      entries: [],
      unfit: [
        {
          ...{ kind: "no-chat", protocol: "openai", id: "x", complaint },
          ...{ name: undefined, baseUrl: undefined, envKey: undefined },
        },
      ],
      warnings: [],
    });
  });

  test("but none that says it speaks chat completions, or is for something only sometimes", () => {
    const modelProviders = {
      openai: [
        { id: "a", imageOnly: false },
        { id: "b", visionOnly: true },
      ],
      "openai-responses": [{ id: "c", wireApi: "chat-completions" }],
    };
    expect(ids({ modelProviders })).toEqual(["openai a", "openai b", "openai c"]);
  });
});

describe("modelEntries() says of an entry that it uses", () => {
  const at = (field: string): string => `\`modelProviders.openai[0]${field}\` in \`${USER}\``;
  const unread = (field: string, meant: string): string =>
    `${at(`.${field}`)} is not read: did you mean \`${meant}\`?`;
  const cases: readonly (readonly [fields: object, warning: string, decides?: string])[] = [
    [{ name: 5 }, `${at(".name")} is ignored: expected a string`],
    [{ description: { en: "x" } }, `${at(".description")} is ignored: expected a string`],
    [{ baseURL: "https://a" }, unread("baseURL", "baseUrl"), "baseUrl"],
    [{ base_url: "https://a" }, unread("base_url", "baseUrl"), "baseUrl"],
    [{ url: "https://a" }, unread("url", "baseUrl"), "baseUrl"],
    [{ baseUlr: "https://a" }, unread("baseUlr", "baseUrl"), "baseUrl"],
    [{ baseUrl: "https://b", baseURL: "https://a" }, unread("baseURL", "baseUrl")],
    [{ envkey: "A" }, unread("envkey", "envKey"), "envKey"],
    [{ envKey: "A", env_key: "B" }, unread("env_key", "envKey")],
    [{ headers: {} }, unread("headers", "generationConfig.customHeaders")],
    [{ extraBody: {} }, unread("extraBody", "generationConfig.extra_body")],
    [{ timeout: 5 }, unread("timeout", "generationConfig.timeout")],
    [
      { generationConfig: { samplingparams: {} } },
      unread("generationConfig.samplingparams", "samplingParams"),
    ],
    [
      { envKey: "sk-0123456789abcdef" },
      `${at(".envKey")} holds a key; it wants the name of a variable`,
      "envKey",
    ],
    ...["apiKey", "api_key", "apikey", "key"].map(
      (field) =>
        [
          { [field]: "sk-0123456789abcdef" },
          `${at(`.${field}`)} is not read: write the key to \`env.NAME\` and NAME to \`envKey\`, or run \`qwen auth api-key\``,
        ] as const,
    ),
  ];
  test.each(cases)("%j", (...[fields, warning, decides]) => {
    const { entries, warnings } = read({ modelProviders: { openai: [{ id: "m", ...fields }] } });
    expect(warnings).toEqual([warning]);
    expect(entries.map(({ fault }) => fault)).toEqual([
      decides === undefined
        ? undefined
        : { complaint: warning, decides: decides === "baseUrl" ? "baseUrl" : "envKey" },
    ]);
  });

  test.each([
    { capabilities: {}, fastOnly: true, visionOnly: true, supportsImageGeneration: true },
    { note: "x", _comment: "x", provider: "x", region: "x", tags: [] },
    { generationConfig: { modalities: {}, schemaCompliance: "x", splitToolMedia: true } },
    { envKey: "QWEN_CUSTOM_API_KEY_OPENAI_HTTP_127_0_0_1_8000_V1" },
  ])("nothing where it is %j", (fields) => {
    expect(read({ modelProviders: { openai: [{ id: "m", ...fields }] } }).warnings).toEqual([]);
  });
});

describe("modelEntries() tells of models that do not count", () => {
  const cases: readonly (readonly [
    settings: object,
    protocol: string | undefined,
    says: string,
  ])[] = [
    [{ modelProviders: { openai: { id: "m" } } }, "openai", "expected an array"],
    [{ modelProviders: { openrouter: [] } }, undefined, "`openrouter` is no protocol"],
    [{ modelproviders: { openai: [] } }, undefined, "did you mean `modelProviders`?"],
    [{ model_providers: {} }, undefined, "did you mean `modelProviders`?"],
    [{ providers: {} }, undefined, "did you mean `modelProviders`?"],
  ];
  test.each(cases)("%j", (user, protocol, says) => {
    const { ignored, warnings } = configuration({ settings: { user: { ...user } } }).models;
    expect(ignored.map((group) => [group.protocol, group.complaint.includes(says)])).toEqual([
      [protocol === "openai" ? "openai" : undefined, true],
    ]);
    expect(warnings).toEqual(ignored.map(({ complaint }) => complaint));
  });

  test("an empty list that hides those of a lower scope", () => {
    const { ignored } = configuration({
      settings: {
        user: { modelProviders: { openai: [{ id: "m" }] } },
        project: { modelProviders: { openai: [] } },
      },
    }).models;
    expect(ignored).toEqual([
      {
        protocol: "openai",
        complaint: `\`modelProviders.openai\` in \`${PATHS.project}\` is empty, and hides the models of \`${USER}\``,
        hint: "add `--no-project` to leave the project's files out",
      },
    ]);
  });
});

test("modelEntries() lets `providerProtocol` map a protocol's own name", () => {
  const modelProviders = { openai: [{ id: "m" }] };
  expect(ids({ modelProviders, providerProtocol: { openai: "anthropic" } })).toEqual([
    "anthropic m",
  ]);
});

test("entryIdentity() is the id and the base URL, trailing slashes aside", () => {
  const identity = entryIdentity({ id: "m", baseUrl: "https://a/v1" });
  expect(entryIdentity({ id: "m", baseUrl: "https://a/v1//" })).toBe(identity);
  expect(entryIdentity({ id: "n", baseUrl: "https://a/v1" })).not.toBe(identity);
  expect(entryIdentity({ id: "m", baseUrl: undefined })).not.toBe(identity);
});
