import { describe, expect, test } from "bun:test";
import {
  applyLists,
  type EntryGroup,
  entryGroups,
  MOST_LISTED,
} from "../../../src/auth/login/update-models.ts";
import type { JsonObject } from "../../../src/lib/json/json-object.ts";
import { editJsonc } from "../../../src/lib/json/jsonc-edit.ts";
import type { ListedModel } from "../../../src/protocols/listed-model.ts";

/** Where entries go that name no endpoint. */
const homeOf = (protocol: string): string => `https://${protocol}.example/v1`;
const home = homeOf("openai");
const AT = { baseUrl: "https://a.example/v1", envKey: "A_KEY" };
const written = (id: string, more: object = {}) => ({ id, name: `[A] ${id}`, ...AT, ...more });
const own = (id: string, more: object = {}) => ({ id, name: "mine", ...AT, ...more });
const openai = (...entries: readonly unknown[]) => ({ modelProviders: { openai: entries } });

describe("entryGroups()", () => {
  test("are entries with one protocol, endpoint and variable, in order", () => {
    const current = {
      modelProviders: {
        openai: [
          written("a"),
          { id: "b", envKey: "B_KEY" },
          { ...own("c"), baseUrl: "https://A.example/v1/" },
          { ...own("d"), envKey: "B_KEY" },
          own("e"),
          { id: "f", baseUrl: home, envKey: "B_KEY" },
        ],
        gemini: [{ id: "g" }],
      },
    };
    expect(entryGroups(current, homeOf)).toEqual([
      { protocol: "openai", ...AT, home, ids: ["a", "c", "e"] },
      { protocol: "openai", baseUrl: home, home, envKey: "B_KEY", ids: ["b", "f"] },
      { protocol: "openai", ...AT, home, envKey: "B_KEY", ids: ["d"] },
      {
        protocol: "gemini",
        baseUrl: undefined,
        home: homeOf("gemini"),
        envKey: undefined,
        ids: ["g"],
      },
    ]);
  });

  test.each(["m", { ...AT }, { id: 7, ...AT }, { id: "m", baseUrl: 7 }, { id: "m", envKey: null }])(
    "hold no %j",
    (entry) => {
      expect(entryGroups(openai(entry), homeOf)).toEqual([]);
    },
  );
});

type Listed = { readonly models: readonly ListedModel[]; readonly isPartial?: boolean };

/** The settings after an update of their first group, and what is told of it. */
function updated(current: JsonObject, { models, isPartial = false }: Listed, group?: EntryGroup) {
  const [first] = entryGroups(current, homeOf);
  const chosen = group ?? first;
  const lists = chosen === undefined ? [] : [{ group: chosen, list: { models, isPartial } }];
  const { edits, updates } = applyLists(current, lists);
  return { settings: JSON.parse(editJsonc(JSON.stringify(current), edits)), updates };
}

const NOTHING = { added: [], gone: [], back: [], windows: [], unlisted: [], tooMany: undefined };
const list = (...ids: readonly string[]) => ({ models: ids.map((id) => ({ id })) });

describe("applyLists()", () => {
  test("puts what is new behind the group, as its neighbours are, and touches nothing else", () => {
    const headers = { generationConfig: { customHeaders: { "x-team": "t" } } };
    const other = { id: "z", baseUrl: "https://z.example/v1" };
    const second = { anthropicBaseUrl: "https://a.example/anthropic" };
    const current = {
      ui: { theme: "x" },
      ...openai(
        written("a", { ...headers, ...second }),
        written("b", { ...headers, ...second }),
        other,
      ),
    };
    const { settings, updates } = updated(current, {
      models: [
        { id: "a" },
        { id: "b" },
        { id: "n", contextWindow: 1000 },
        { id: "text-embedding-1" },
      ],
    });
    expect(settings).toEqual({
      ui: { theme: "x" },
      ...openai(
        written("a", { ...headers, ...second }),
        written("b", { ...headers, ...second }),
        {
          ...written("n"),
          ...second,
          generationConfig: { ...headers.generationConfig, contextWindowSize: 1000 },
        },
        other,
      ),
    });
    expect(updates).toEqual([{ ...NOTHING, added: ["n"] }]);
  });

  test("gives a new one no headers and no second endpoint that not all have", () => {
    const headers = { generationConfig: { customHeaders: { "x-team": "t" } } };
    const second = { anthropicBaseUrl: "https://a.example/anthropic" };
    const current = openai(written("a", { ...headers, ...second }), written("b"));
    const { settings } = updated(current, list("a", "b", "n"));
    expect(settings.modelProviders.openai[2]).toEqual(written("n"));
  });

  test("gives a new one neither endpoint nor variable where the group has none", () => {
    const { settings, updates } = updated(openai({ id: "a", name: "a" }), list("a", "n"));
    expect(settings.modelProviders.openai[1]).toEqual({ id: "n", name: "n" });
    expect(updates).toEqual([{ ...NOTHING, added: ["n"] }]);
  });

  test("knows an id at the endpoint whatever its variable, and Ollama's standard tag", () => {
    const current = openai(written("a"), own("b", { envKey: "B_KEY" }));
    expect(updated(current, list("a:latest", "b")).updates).toEqual([NOTHING]);
  });

  test("marks what a login wrote and is gone, and takes the mark off again", () => {
    const current = openai(
      written("a"),
      written("b", { delisted: true }),
      written("c", { delisted: true }),
      { ...AT, id: "d", name: "d" },
    );
    const { settings, updates } = updated(current, list("b"));
    expect(settings).toEqual(
      openai(written("a", { delisted: true }), written("b"), written("c", { delisted: true }), {
        ...AT,
        id: "d",
        name: "d",
        delisted: true,
      }),
    );
    expect(updates).toEqual([{ ...NOTHING, gone: ["a", "d"], back: ["b"] }]);
  });

  test.each([{ models: [] }, { ...list("x"), isPartial: true }, list("text-embedding-1")])(
    "marks nothing by a list that is not whole: %j",
    (listed) => {
      const current = openai(written("a"), own("b"));
      const { settings, updates } = updated(current, listed);
      const added = listed.models.filter(({ id }) => id === "x").map(({ id }) => id);
      expect(settings.modelProviders.openai.slice(0, 2)).toEqual(current.modelProviders.openai);
      expect(updates).toEqual([{ ...NOTHING, added }]);
    },
  );

  test("leaves what a person wrote, and says what of it is not listed", () => {
    const current = openai(own("a"), own("b", { delisted: true }), { ...AT, id: "c" });
    const { settings, updates } = updated(current, { models: [{ id: "b", contextWindow: 9 }] });
    expect(settings).toEqual(current);
    expect(updates).toEqual([{ ...NOTHING, unlisted: ["a", "c"] }]);
  });

  test("writes the context window where there is none", () => {
    const sized = { generationConfig: { contextWindowSize: 5, x: 1 } };
    const current = openai(
      written("a", sized),
      written("b", { generationConfig: { x: 1 } }),
      written("c"),
      written("d", { generationConfig: "?" }),
    );
    const models = ["a", "b", "c", "d"].map((id) => ({ id, contextWindow: 9 }));
    const { settings, updates } = updated(current, { models });
    expect(settings).toEqual(
      openai(
        written("a", sized),
        written("b", { generationConfig: { x: 1, contextWindowSize: 9 } }),
        written("c", { generationConfig: { contextWindowSize: 9 } }),
        written("d", { generationConfig: "?" }),
      ),
    );
    expect(updates).toEqual([{ ...NOTHING, windows: ["b", "c"] }]);
  });

  test.each([
    [MOST_LISTED, MOST_LISTED, undefined],
    [MOST_LISTED + 1, 0, MOST_LISTED + 1],
  ])("of %i models adds %i", (count, added, tooMany) => {
    const ids = Array.from({ length: count }, (_, index) => `m${index}`);
    const { updates } = updated(openai(own("m")), list(...ids));
    expect([updates[0]?.added.length, updates[0]?.tooMany]).toEqual([added, tooMany]);
  });

  test("adds nothing to a group that went meanwhile", () => {
    const current = openai({ id: "z", baseUrl: "https://z.example/v1" });
    const group = { protocol: "openai", ...AT, home, ids: ["a"] } as const;
    const { settings, updates } = updated(current, list("a", "b"), group);
    expect(settings).toEqual(current);
    expect(updates).toEqual([NOTHING]);
  });
});

test("applyLists() leaves alone what is no entry, at the same endpoint or not", () => {
  const odd = [
    "m",
    null,
    { id: 7, ...AT },
    { id: "x", baseUrl: AT.baseUrl, envKey: 7 },
    { ...own("x"), envKey: "B_KEY" },
  ];
  const current = openai(written("a"), ...odd);
  const { settings, updates } = updated(current, list("a"));
  expect(settings).toEqual(current);
  expect(updates).toEqual([NOTHING]);
});
