import { describe, expect, test } from "bun:test";
import { ConfigError } from "../../src/errors.ts";
import { matchEntries } from "../../src/models/entries/match-entries.ts";
import { resolveModel } from "../../src/models/resolve-model.ts";
import type { Source } from "../../src/source.ts";
import { configuration, PATHS, settings, variableSource } from "./configuration.ts";

type Given = Parameters<typeof configuration>[0];

const A = { id: "a", baseUrl: "https://one.example/v1" };
const B = { id: "b", baseUrl: "https://two.example/v1" };
const A2 = { id: "a", baseUrl: "https://two.example/v1" };
const FLAG: Source = { kind: "flag", name: "--model", origin: "user" };

/** User settings with entries for openai, and a `model` object. */
function user(openai: readonly unknown[], model: object = {}, variables = {}): Given {
  return { settings: { user: { modelProviders: { openai }, model } }, variables };
}

/** The model, its source, the endpoint of its entry, and warnings. */
function resolve(given: Given, model?: string) {
  const resolved = resolveModel(configuration(given), "openai", { model });
  const { entry, warnings } = resolved;
  return [resolved.model?.value, resolved.model?.source, entry?.baseUrl, warnings] as const;
}

const NAME = settings("user", "model.name");

describe("resolveModel() takes", () => {
  type Case = readonly [
    name: string,
    given: Given,
    flag: string | undefined,
    model: string | undefined,
    source: Source | undefined,
    endpoint: string | undefined,
  ];
  const both = { OPENAI_MODEL: "b", QWEN_MODEL: "a" };
  const cases: readonly Case[] = [
    ["`--model` first", user([A, B], { name: "a" }, both), "b", "b", FLAG, B.baseUrl],
    [
      "`model.name` before variables",
      user([A, B], { name: "a" }, both),
      undefined,
      "a",
      NAME,
      A.baseUrl,
    ],
    [
      "OPENAI_MODEL before QWEN_MODEL",
      user([A, B], {}, both),
      undefined,
      "b",
      variableSource("OPENAI_MODEL"),
      B.baseUrl,
    ],
    [
      "QWEN_MODEL before the first entry",
      user([B, A], {}, { QWEN_MODEL: "a" }),
      undefined,
      "a",
      variableSource("QWEN_MODEL"),
      A.baseUrl,
    ],
    [
      "the first entry",
      user([B, A]),
      undefined,
      "b",
      settings("user", "modelProviders.openai[0].id"),
      B.baseUrl,
    ],
    ["nothing where nothing is configured", {}, undefined, undefined, undefined, undefined],
    ["`--model` where no entry exists", {}, "x", "x", FLAG, undefined],
    [
      "`model.name` where no entry exists",
      user([], { name: "x" }),
      undefined,
      "x",
      NAME,
      undefined,
    ],
    [
      "the environment's connection for a variable that matches no entry",
      user([A], {}, { OPENAI_MODEL: "x" }),
      undefined,
      "x",
      variableSource("OPENAI_MODEL"),
      undefined,
    ],
    [
      "the entry that `model.baseUrl` picks",
      user([A, A2], { name: "a", baseUrl: `${A2.baseUrl}/` }),
      undefined,
      "a",
      NAME,
      A2.baseUrl,
    ],
    [
      "the host of `id@host`",
      user([A, A2], { name: "a@two.example" }),
      undefined,
      "a",
      NAME,
      A2.baseUrl,
    ],
    [
      "the host of `--model id@host` before `model.baseUrl`",
      user([A, A2], { name: "a", baseUrl: A.baseUrl }),
      "a@two.example",
      "a",
      FLAG,
      A2.baseUrl,
    ],
    [
      "an id that has an @ itself",
      user([A, { id: "a@one.example", baseUrl: "https://x" }]),
      "a@one.example",
      "a@one.example",
      FLAG,
      "https://x",
    ],
    [
      "the host and port of `id@host:port`",
      user([A, { id: "a", baseUrl: "http://one.example:8000/v1" }]),
      "a@one.example:8000",
      "a",
      FLAG,
      "http://one.example:8000/v1",
    ],
  ];
  for (const [name, given, flag, ...expected] of cases) {
    test(name, () => {
      expect<unknown>(resolve(given, flag)).toEqual([...expected, []]);
    });
  }

  test("each protocol's own variable", () => {
    const variables = { ANTHROPIC_MODEL: "c", GEMINI_MODEL: "g", OPENAI_MODEL: "o" };
    const given = configuration({ variables });
    const models = (["openai", "anthropic", "gemini"] as const).map(
      (protocol) => resolveModel(given, protocol, {}).model?.value,
    );
    expect(models).toEqual(["o", "c", "g"]);
  });

  test("the first entry where `model.name` belongs to another protocol", () => {
    const modelProviders = { openai: [A], anthropic: [{ id: "c" }] };
    const given = { settings: { user: { modelProviders, model: { name: "c" } } } };
    expect(resolve(given)[0]).toBe("a");
  });

  test("what it hides along", () => {
    const model = { name: "a" };
    const project = { model: { name: "b" } };
    const given = { settings: { user: { modelProviders: { openai: [A, B] }, model }, project } };
    const { shadowed } = resolveModel(configuration(given), "openai", { model: "a" }).model ?? {};
    expect(shadowed).toEqual([settings("project", "model.name"), NAME]);
  });
});

test.each([
  ["is no entry among others", [A], { OPENAI_MODEL: "x" }, ["x", undefined, "x"]],
  ["is an entry", [A, B], { OPENAI_MODEL: "b" }, ["b", B.baseUrl, undefined]],
  ["stands where there are no entries", [], { QWEN_MODEL: "x" }, ["x", undefined, undefined]],
] as const)(
  "resolveModel() says of a variable's model whether it %s",
  (_what, entries, variables, found) => {
    const resolved = resolveModel(configuration(user(entries, {}, variables)), "openai", {});
    const { model, entry, unlisted, warnings } = resolved;
    expect<unknown>([model?.value, entry?.baseUrl, unlisted?.value, warnings]).toEqual([
      ...found,
      [],
    ]);
  },
);

describe("resolveModel() warns, once,", () => {
  test("of an id with several endpoints, and takes the first", () => {
    const [, , endpoint, warnings] = resolve(user([A, A2], { name: "a" }));
    expect(endpoint).toBe(A.baseUrl);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(A.baseUrl);
  });

  test("of a first one without an endpoint, which is no URL to name", () => {
    const [, , endpoint, warnings] = resolve(user([{ id: "a" }, A], { name: "a" }));
    expect(endpoint).toBeUndefined();
    expect(warnings).toEqual([
      '"a" is configured for several endpoints; the first is used; choose one with `a` or `a@one.example`',
    ]);
  });

  test("of a `model.baseUrl` that picks none of several", () => {
    const given = user([A, A2], { name: "a", baseUrl: "https://three.example" });
    expect(resolve(given)[3]).toHaveLength(1);
  });

  test("not of a true duplicate, which has its own warning", () => {
    expect(resolve(user([A, A], { name: "a" }))[3]).toEqual([]);
  });

  test("not of a `--model` that no entry has: whoever knows where it goes says so", () => {
    const [model, source, endpoint, warnings] = resolve(user([A, B], { name: "b" }), "new");
    expect([model, source, endpoint, warnings]).toEqual(["new", FLAG, B.baseUrl, []]);
    const resolved = resolveModel(configuration(user([A, B])), "openai", { model: "new" });
    expect(resolved.isUnconfigured).toBe(true);
  });

  test("of such a `--model` before the first entry", () => {
    expect(resolve(user([A, B]), "new")[2]).toBe(A.baseUrl);
  });
});

describe("resolveModel() keeps `--model` with several entries of the id", () => {
  test("on the selected entry", () => {
    const given = user([A, A2], { name: "a@two.example" });
    expect(resolve(given, "a")[2]).toBe(A2.baseUrl);
  });
});

describe("resolveModel() refuses", () => {
  test("a `model.name` that matches no entry, with the known ones", () => {
    const given = configuration(user([A, B], { name: "bb" }));
    const resolveIt = () => resolveModel(given, "openai", {});
    expect(resolveIt).toThrow(ConfigError);
    expect(caught(resolveIt)).toMatchObject({
      code: "unknown-model",
      exitCode: 3,
      message: `Cannot find the model "bb" of \`${PATHS.user}\` in \`modelProviders.openai\``,
      hint: "set `model.name` to one of: a, b",
      suggest: { word: "bb", from: ["a", "b"] },
    });
  });

  test("a selected entry that is broken", () => {
    const given = configuration(user([A, { id: "x", baseUrl: 5 }], { name: "x" }));
    expect(caught(() => resolveModel(given, "openai", {}))).toMatchObject({
      code: "settings-invalid",
      message: `Cannot use the model "x": \`${PATHS.user}\`: modelProviders.openai[1].baseUrl: expected a string`,
    });
  });

  test("no broken entry that is not the selected one", () => {
    expect(resolve(user([{ id: "x", baseUrl: 5 }, A], { name: "a" }))[0]).toBe("a");
  });
});

describe("resolveModel() of a `model.name` whose entry another list hides", () => {
  const hidden = (scope: "project" | "system", name: string, list: readonly object[] = [B]) =>
    configuration({
      settings: {
        user: { modelProviders: { openai: [A, { id: "x", baseUrl: 5 }] }, model: { name } },
        [scope]: { modelProviders: { openai: list } },
      },
    });

  test.each([
    ["project", "a", "; `--no-project` leaves that file out"],
    ["system", "a", ""],
    ["system", "x", ""],
  ] as const)("takes the first of the %s's instead of %s, and says so", (scope, name, remedy) => {
    const source = settings(scope, "modelProviders.openai[0].id");
    const resolved = resolveModel(hidden(scope, name), "openai", {});
    expect(resolved.entry?.baseUrl).toBe(B.baseUrl);
    expect({ ...resolved, entry: undefined }).toEqual({
      model: { value: "b", source, shadowed: [NAME] },
      entry: undefined,
      warnings: [
        `"${name}" of \`${PATHS.user}\` is hidden: \`${PATHS[scope]}\` has its own ` +
          `\`modelProviders.openai\`; "b" is used${remedy}`,
      ],
    });
  });

  test("keeps what that name hid itself", () => {
    const given = configuration({
      settings: {
        "system-defaults": { model: { name: "z" } },
        user: { modelProviders: { openai: [A] }, model: { name: "a" } },
        project: { modelProviders: { openai: [B] } },
      },
    });
    expect(resolveModel(given, "openai", {}).model?.shadowed).toEqual([
      NAME,
      settings("system-defaults", "model.name"),
    ]);
  });

  test("refuses one that no list has, and one that stands with the list", () => {
    expect(() => resolveModel(hidden("project", "none"), "openai", {})).toThrow("none");
    const own = { modelProviders: { openai: [B] }, model: { name: "a" } };
    const given = configuration({
      settings: { user: { modelProviders: { openai: [A] } }, project: own },
    });
    expect(() => resolveModel(given, "openai", {})).toThrow(ConfigError);
    expect(() => resolveModel(configuration(user([A], { name: "b" })), "openai", {})).toThrow(
      ConfigError,
    );
  });
});

test("resolveModel() names twelve known models at most", () => {
  const list = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: `m${index}` }));
  const hint = (count: number) => {
    const given = configuration(user(list(count), { name: "none" }));
    return (caught(() => resolveModel(given, "openai", {})) as ConfigError).hint;
  };
  const twelve = list(12).map(({ id }) => id);
  expect(hint(12)).toBe(`set \`model.name\` to one of: ${twelve.join(", ")}`);
  expect(hint(13)).toBe(`set \`model.name\` to one of: ${twelve.join(", ")}, …`);
});

test("resolveModel() refuses the broken entry that would be the first", () => {
  const broken = configuration(user([{ baseUrl: 5 }]));
  expect(caught(() => resolveModel(broken, "openai", {}))).toMatchObject({
    message: `Cannot use a model: \`${PATHS.user}\`: modelProviders.openai[0].id: expected a string`,
    hint: "correct the file with an editor; it was left as it is",
  });
  // Of another protocol it stands in nobody's way.
  expect(resolveModel(broken, "gemini", {})).toEqual({
    model: undefined,
    entry: undefined,
    warnings: [],
  });
  const image = { id: "i", imageOnly: true };
  expect(resolveModel(configuration(user([image])), "openai", {}).entry).toBeUndefined();
  const named = configuration(user([image, A], { name: "i" }));
  expect(caught(() => resolveModel(named, "openai", {}))).toMatchObject({
    message: `Cannot use the model "i": \`modelProviders.openai[0]\` in \`${PATHS.user}\` answers no chat: it is \`imageOnly\``,
    code: "unsupported",
    hint: "choose another model, or an endpoint that speaks chat completions",
  });
});

test("resolveModel() asks the shell's connection for a model without an entry", () => {
  const shell = { OPENAI_API_KEY: "sk-1", OPENAI_BASE_URL: "https://s.example/v1" };
  const given = (variables: object) => user([A], { name: "new" }, variables);
  expect(resolve(given(shell))).toEqual(["new", NAME, undefined, []]);
  for (const one of ["OPENAI_API_KEY", "OPENAI_BASE_URL"] as const) {
    const { [one]: _left, ...rest } = shell;
    expect(() => resolve(given(rest))).toThrow(ConfigError);
    const foreign = { ...shell, [one]: { value: shell[one], origin: "project" } };
    expect(() => resolve(given(foreign))).toThrow(ConfigError);
  }
});

describe("matchEntries() matches", () => {
  const given = configuration(user([A, B, A2]));
  const cases: readonly (readonly [name: string, endpoints: readonly string[]])[] = [
    ["a", [A.baseUrl, A2.baseUrl]],
    ["a@one.example", [A.baseUrl]],
    ["a@three.example", []],
    ["A", []],
    ["@one.example", []],
    ["", []],
  ];
  for (const [name, endpoints] of cases) {
    test(`"${name}" with ${endpoints.length} entries`, () => {
      const matches = matchEntries(given, "openai", name).map(({ baseUrl }) => baseUrl);
      expect<unknown>(matches).toEqual(endpoints);
      expect(matchEntries(given, "gemini", name)).toEqual([]);
    });
  }
});

function caught(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
