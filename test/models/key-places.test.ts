import { describe, expect, test } from "bun:test";
import { keyPlaces, keyPlaceWarnings } from "../../src/models/key-places.ts";
import { configuration, PATHS } from "./configuration.ts";

type Settings = NonNullable<NonNullable<Parameters<typeof configuration>[0]>["settings"]>;

/** The places of a variable: the keyring, or the command of a helper and where it stands. */
function placesOf(settings: Settings, name = "A_KEY") {
  return keyPlaces(configuration({ settings }), name).map((place) =>
    place.kind === "keyring" ? "keyring" : `${place.command} (${place.source.scope})`,
  );
}

const LISTED = { security: { auth: { keyring: ["A_KEY"] } } };
const HELPER = { apiKeyHelper: { A_KEY: "mine" } };
const MODELS = {
  modelProviders: {
    openai: [
      { id: "a", envKey: "A_KEY", baseUrl: "https://a.example/v1" },
      { id: "b", envKey: "B_KEY", baseUrl: "https://b.example/v1" },
    ],
    anthropic: [
      { id: "b", envKey: "C_KEY", baseUrl: "https://c.example" },
      { id: "open", baseUrl: "https://d.example" },
    ],
  },
};
const forAll = (name: string, selectedType?: string) => ({
  ...MODELS,
  model: { name },
  apiKeyHelper: "mine",
  ...(selectedType === undefined ? {} : { security: { auth: { selectedType } } }),
});

describe("keyPlaces() finds", () => {
  const cases: readonly (readonly [string, Settings, string[]])[] = [
    ["nothing", {}, []],
    ["what the user's list names", { user: LISTED }, ["keyring"]],
    ["nothing that a project lists", { project: LISTED }, []],
    ["nothing that system settings list", { system: LISTED }, []],
    ["the user's helper", { user: HELPER }, ["mine (user)"]],
    [
      "the keyring before the helper",
      { user: { ...LISTED, ...HELPER } },
      ["keyring", "mine (user)"],
    ],
    [
      "the system's helper before the user's",
      { user: HELPER, system: { apiKeyHelper: { A_KEY: "theirs" } } },
      ["theirs (system)"],
    ],
    [
      "the user's beside one of the system for another variable",
      { user: HELPER, system: { apiKeyHelper: { B_KEY: "theirs" } } },
      ["mine (user)"],
    ],
    ["no helper of a project", { project: HELPER }, []],
    ["no empty command", { user: { apiKeyHelper: { A_KEY: " " } } }, []],
    ["nothing where the system takes it away", { user: HELPER, system: { apiKeyHelper: "" } }, []],
    ["the helper for the model that is chosen", { user: forAll("a") }, ["mine (user)"]],
    ["none for another model", { user: forAll("b") }, []],
    ["none without a chosen model", { user: { ...MODELS, apiKeyHelper: "mine" } }, []],
    ["none for a model without a variable", { user: forAll("open") }, []],
    [
      "the helper for the user's model though a project chose another",
      { user: forAll("a"), project: { model: { name: "b" } } },
      ["mine (user)"],
    ],
    [
      "none for what only a project chose",
      { user: forAll("b"), project: { model: { name: "a" } } },
      [],
    ],
    [
      "none for a project's entry of the same name",
      {
        user: forAll("b"),
        project: { modelProviders: { openai: [{ id: "b", envKey: "A_KEY" }] } },
      },
      [],
    ],
  ];

  test.each(cases)("%s", (_name, settings, expected) => {
    expect(placesOf(settings)).toEqual(expected);
  });

  test("the helper in the protocol that is selected", () => {
    expect(placesOf({ user: forAll("b", "anthropic") }, "C_KEY")).toEqual(["mine (user)"]);
    expect(placesOf({ user: forAll("b", "anthropic") }, "B_KEY")).toEqual([]);
    expect(placesOf({ user: forAll("b") }, "B_KEY")).toEqual(["mine (user)"]);
  });

  test("nothing for a name that is reserved", () => {
    const settings = { apiKeyHelper: { PATH: "mine" }, security: { auth: { keyring: ["PATH"] } } };
    expect(placesOf({ user: settings }, "PATH")).toEqual([]);
  });

  test("a command as it stands, whatever variables there are", () => {
    const all = configuration({
      settings: { user: { apiKeyHelper: { A_KEY: "pass $SECRET" } } },
      variables: { SECRET: "sk-secret" },
    });
    expect(keyPlaces(all, "A_KEY")).toEqual([
      {
        kind: "helper",
        command: "pass $SECRET",
        source: {
          kind: "helper",
          name: "apiKeyHelper.A_KEY",
          path: PATHS.user,
          scope: "user",
          origin: "user",
        },
      },
    ]);
  });
});

test("keyPlaces() runs no helper that another user may have written down, and says so", () => {
  const all = configuration({ settings: { user: HELPER, system: HELPER } });
  const files = all.files.map((file) =>
    file.scope === "system" ? { ...file, owner: 4242, isForeign: true as const } : file,
  );
  const found = keyPlaces({ ...all, files }, "A_KEY");
  expect(found.map(({ source }) => source.path)).toEqual([PATHS.user]);
  expect(keyPlaceWarnings(files)).toEqual([
    `\`apiKeyHelper\` in \`${PATHS.system}\` was ignored: it belongs to another user (uid 4242)`,
  ]);
  expect(keyPlaceWarnings(all.files)).toEqual([]);
});

describe("keyPlaceWarnings()", () => {
  test("names what a project says in vain", () => {
    const { files } = configuration({
      settings: { user: { ...LISTED, ...HELPER }, project: { ...LISTED, ...HELPER } },
    });
    expect(keyPlaceWarnings(files)).toEqual([
      `\`apiKeyHelper\` in \`${PATHS.project}\` was ignored: it is a project's`,
      `\`security.auth.keyring\` in \`${PATHS.project}\` was ignored: it is a project's`,
    ]);
  });
});
