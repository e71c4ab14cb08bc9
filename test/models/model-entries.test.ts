import { describe, expect, test } from "bun:test";
import { entryIdentity } from "../../src/models/model-entries.ts";
import { configuration, PATHS, settings } from "./configuration.ts";

const USER = PATHS.user;

/** The entries of user settings, less their functions. */
function read(userSettings: Readonly<Record<string, unknown>>) {
  const { entries, broken, warnings } = configuration({ settings: { user: userSettings } }).models;
  return { entries: entries.map(({ sourceOf, ...fields }) => fields), broken, warnings };
}

function ids(userSettings: Readonly<Record<string, unknown>>): string[] {
  return read(userSettings).entries.map(({ protocol, id }) => `${protocol} ${id}`);
}

describe("modelEntries() reads", () => {
  test("nothing where nothing is configured", () => {
    for (const value of [{}, { modelProviders: {} }, { modelProviders: { openai: [] } }]) {
      expect(read(value)).toEqual({ entries: [], broken: [], warnings: [] });
    }
  });

  test("the fields of an entry, where an empty one counts as absent", () => {
    const openai = [
      {
        id: "m",
        name: "M",
        envKey: "A",
        baseUrl: "https://a",
        wireApi: "chat",
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
          contextWindowSize: 1000,
          wireApi: "chat",
          generationConfig: { contextWindowSize: 1000 },
        },
        {
          protocol: "openai",
          id: "n",
          name: undefined,
          envKey: undefined,
          baseUrl: undefined,
          contextWindowSize: undefined,
          wireApi: undefined,
          generationConfig: undefined,
        },
      ],
      broken: [],
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
      expect(read({ modelProviders })).toEqual({ entries: [], broken: [], warnings: [warning] });
    });
  }

  test("a true duplicate, once, trailing slash aside", () => {
    const same = { id: "m", baseUrl: "https://a/v1" };
    const openai = [same, same, { ...same, baseUrl: "https://a/v1/" }];
    const { entries, warnings } = read({ modelProviders: { openai } });
    expect(entries).toHaveLength(3);
    expect(warnings).toEqual(["`m` stands twice in `modelProviders` with the same base URL"]);
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
      ["an empty id", { id: "" }, "", ".id: expected a name that is not empty"],
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
      const { entries, broken, warnings } = read({ modelProviders: { openai } });
      expect(entries.map((entry) => entry.id)).toEqual(["first", "last"]);
      const full = `\`${USER}\`: modelProviders.openai[1]${complaint}`;
      expect(broken).toEqual([{ protocol: "openai", id, complaint: full }]);
      expect(warnings).toEqual([full]);
    });
  }
});

test("entryIdentity() is the id and the base URL, trailing slashes aside", () => {
  const identity = entryIdentity({ id: "m", baseUrl: "https://a/v1" });
  expect(entryIdentity({ id: "m", baseUrl: "https://a/v1//" })).toBe(identity);
  expect(entryIdentity({ id: "n", baseUrl: "https://a/v1" })).not.toBe(identity);
  expect(entryIdentity({ id: "m", baseUrl: undefined })).not.toBe(identity);
});
