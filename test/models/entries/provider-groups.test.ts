import { describe, expect, test } from "bun:test";
import { providerGroups } from "../../../src/models/entries/provider-groups.ts";
import { NOT_SUPPORTED } from "../../../src/models/protocol.ts";
import { configuration, PATHS } from "../configuration.ts";

type Files = NonNullable<NonNullable<Parameters<typeof configuration>[0]>["settings"]>;

function groups(settings: Files) {
  const { layers, merged } = configuration({ settings });
  const found = providerGroups(layers, merged);
  return {
    groups: found.groups.map(({ layer, ...group }) => ({ ...group, scope: layer.scope })),
    ignored: found.ignored,
  };
}

const user = (modelProviders: unknown, more: object = {}) =>
  groups({ user: { modelProviders, ...more } } as Files);

describe("providerGroups() reads", () => {
  const A = { id: "a" };
  const usual = { wireApi: "chat-completions", scope: "user", items: [A] } as const;
  test.each<[string, unknown, object, readonly object[]]>([
    ["nothing of nothing", undefined, {}, []],
    ["nothing of what is no object", [A], {}, []],
    [
      "an array of each protocol",
      { openai: [A], gemini: [A] },
      {},
      [
        { ...usual, protocol: "openai", path: ["modelProviders", "openai"] },
        { ...usual, protocol: "gemini", path: ["modelProviders", "gemini"] },
      ],
    ],
    [
      "no entries at all",
      { openai: [] },
      {},
      [{ ...usual, items: [], protocol: "openai", path: ["modelProviders", "openai"] }],
    ],
    [
      "an object of version 5, with a protocol or without",
      { mine: { protocol: "anthropic", models: [A] }, openai: { models: [A] } },
      {},
      [
        { ...usual, protocol: "anthropic", path: ["modelProviders", "mine", "models"] },
        { ...usual, protocol: "openai", path: ["modelProviders", "openai", "models"] },
      ],
    ],
    [
      "a name that is mapped, also one of a protocol",
      { mine: [A], openai: [A], gemini: { protocol: "anthropic", models: [A] } },
      { providerProtocol: { mine: "gemini", openai: "anthropic" } },
      [
        { ...usual, protocol: "gemini", path: ["modelProviders", "mine"] },
        { ...usual, protocol: "anthropic", path: ["modelProviders", "openai"] },
        {
          ...usual,
          protocol: "gemini",
          path: ["modelProviders", "gemini", "models"],
          remark: `\`modelProviders.gemini.protocol\` in \`${PATHS.user}\` is ignored: its models are of \`gemini\``,
        },
      ],
    ],
    [
      "the other interface of OpenAI's",
      { "openai-responses": [A], mine: [A] },
      { providerProtocol: { mine: "openai-responses" } },
      ["openai-responses", "mine"].map((key) => ({
        ...usual,
        protocol: "openai",
        wireApi: "responses",
        path: ["modelProviders", key],
      })),
    ],
  ])("%s", (_what, providers, more, expected) => {
    expect(user(providers, more)).toEqual({ groups: expected, ignored: [] } as never);
  });

  test("the array of the highest scope", () => {
    const file = (id: string) => ({ modelProviders: { openai: [{ id }] } });
    const found = groups({ user: file("u"), project: file("p"), system: file("s") });
    expect(found.groups).toMatchObject([{ scope: "system", items: [{ id: "s" }] }]);
  });
});

describe("providerGroups() ignores", () => {
  const where = (key: string, file = PATHS.user) => `\`modelProviders.${key}\` in \`${file}\``;
  test("what is no array", () => {
    const hint = "put each model as an object into an array, with its `id`";
    const what = (key: string) => `${where(key)} was ignored: expected an array`;
    const providers = {
      openai: {},
      mine: "a",
      gemini: { models: {} },
      "openai-responses": 1,
      named: { protocol: "anthropic" },
    };
    expect(user(providers)).toEqual({
      groups: [],
      ignored: [
        { protocol: "openai", complaint: what("openai"), hint },
        { protocol: undefined, complaint: what("mine"), hint },
        { protocol: "gemini", complaint: what("gemini"), hint },
        { protocol: "openai", complaint: what("openai-responses"), hint },
        { protocol: "anthropic", complaint: what("named"), hint },
      ],
    });
  });

  test("a name that is no protocol", () => {
    const found = user(
      { 'my"own': [{ id: "a" }], x: { protocol: 5, models: [] } },
      { providerProtocol: { x: "none" } },
    );
    const why = (key: string) =>
      `was ignored: \`${key}\` is no protocol, and \`providerProtocol\` does not map it to one`;
    expect(found).toEqual({
      groups: [],
      ignored: [
        {
          protocol: undefined,
          complaint: `\`modelProviders["my\\"own"]\` in \`${PATHS.user}\` ${why('my"own')}`,
          hint: 'map it, as with `"providerProtocol": {"my\\"own": "openai"}`',
        },
        {
          protocol: undefined,
          complaint: `${where("x")} ${why("x")}`,
          hint: 'map it, as with `"providerProtocol": {"x": "openai"}`',
        },
      ],
    });
  });

  test.each([
    ["Claude", 'map it, as with `"providerProtocol": {"Claude": "anthropic"}`'],
    ["google", 'map it, as with `"providerProtocol": {"google": "gemini"}`'],
    ["google-genai", 'map it, as with `"providerProtocol": {"google-genai": "gemini"}`'],
    ["OpenAI", "write `openai` instead"],
    [" gemini", "write `gemini` instead"],
  ])("the name %j, and says what is meant", (key, hint) => {
    const [ignored] = user({ [key]: [{ id: "a" }] }).ignored;
    expect([ignored?.protocol, ignored?.hint]).toEqual([undefined, hint]);
  });

  const others = NOT_SUPPORTED.filter((name) => name !== "openai-responses");
  test.each(["qwen-oauth", ...others])("%s, which is not supported", (key) => {
    expect(user({ [key]: [{ id: "a" }] }).ignored).toMatchObject([
      {
        complaint: expect.stringContaining(" was ignored: it is not supported here"),
        hint: "choose another model, or set one up with `qwen auth`",
      },
    ]);
  });

  test.each([
    ["project", "add `--no-project` to leave the project's files out"],
    ["system", `remove it from \`${PATHS.system}\``],
  ] as const)("an empty array of the %s that hides others", (scope, hint) => {
    const files = {
      user: { modelProviders: { openai: [{ id: "a" }] } },
      [scope]: { modelProviders: { openai: [] } },
    };
    const complaint = `${where("openai", PATHS[scope])} is empty, and hides the models of \`${PATHS.user}\``;
    expect(groups(files)).toEqual({
      groups: [],
      ignored: [{ protocol: "openai", complaint, hint }],
    });
  });

  test("what stands under a misspelt name", () => {
    const found = groups({ user: { modelproviders: { openai: [] }, Model: {} } });
    expect(found).toEqual({
      groups: [],
      ignored: [
        {
          protocol: undefined,
          complaint: `\`modelproviders\` in \`${PATHS.user}\` is not read: did you mean \`modelProviders\`?`,
          hint: "write `modelProviders` instead",
        },
      ],
    });
  });
});
