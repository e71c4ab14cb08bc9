import { describe, expect, test } from "bun:test";
import { CODING_PLAN, MODELSTUDIO } from "../../../src/auth/providers/alibaba-providers.ts";
import { providerOfEntry } from "../../../src/auth/providers/catalogue.ts";
import { findProvider } from "../../../src/auth/providers/find-provider.ts";
import type { Provider } from "../../../src/auth/providers/provider.ts";
import {
  entryLabel,
  hasLabel,
  isAtEndpoint,
  isProviderEntry,
} from "../../../src/auth/providers/provider-entries.ts";

const BEIJING = "https://dashscope.aliyuncs.com/compatible-mode/v1";
const OWN = {
  id: "m",
  name: "[ModelStudio Standard] m",
  baseUrl: BEIJING,
  envKey: "DASHSCOPE_API_KEY",
};
const PLAN = {
  id: "glm-5",
  name: "whatever",
  baseUrl: "https://coding.dashscope.aliyuncs.com/v1",
  envKey: "BAILIAN_CODING_PLAN_API_KEY",
};
const OLLAMA = findProvider("ollama") as Provider;
const LOCAL = {
  id: "m",
  name: "[Ollama] m",
  baseUrl: "http://localhost:11434/v1",
  envKey: "QWEN_CUSTOM_API_KEY_OPENAI_X",
};
const AZURE = findProvider("azure") as Provider;

describe("isProviderEntry()", () => {
  test.each<[unknown, Provider, readonly string[], boolean]>([
    [OWN, MODELSTUDIO, [], true],
    [{ ...OWN, baseUrl: `${BEIJING}/` }, MODELSTUDIO, [], true],
    [{ ...OWN, name: "m" }, MODELSTUDIO, [], false],
    [{ ...OWN, name: "[ModelStudio Standard]m" }, MODELSTUDIO, [], false],
    [{ ...OWN, name: undefined }, MODELSTUDIO, [], false],
    [{ ...OWN, envKey: "OTHER" }, MODELSTUDIO, [], false],
    [{ ...OWN, envKey: "OTHER" }, MODELSTUDIO, ["OTHER"], true],
    [{ ...OWN, envKey: undefined }, MODELSTUDIO, [], false],
    [{ ...OWN, baseUrl: undefined }, MODELSTUDIO, [], false],
    [{ ...OWN, baseUrl: "https://a.example/v1" }, MODELSTUDIO, [], false],
    [OWN, CODING_PLAN, [], false],
    [null, MODELSTUDIO, [], false],
    ["m", MODELSTUDIO, [], false],
    // Of the plan an id of its list is enough, which was named in several ways.
    [PLAN, CODING_PLAN, [], true],
    [{ ...PLAN, id: "mine" }, CODING_PLAN, [], false],
    [{ ...PLAN, id: "mine", name: "[ModelStudio Coding Plan] mine" }, CODING_PLAN, [], true],
    [
      { ...PLAN, id: "mine", name: "[ModelStudio Coding Plan for Global/Intl] mine" },
      CODING_PLAN,
      [],
      true,
    ],
    // Local servers have variables of their own making, and any port.
    [LOCAL, OLLAMA, [], true],
    [{ ...LOCAL, baseUrl: "http://gpu:9999/v1" }, OLLAMA, [], OLLAMA.exampleUrl !== undefined],
    [{ ...LOCAL, envKey: "MINE" }, OLLAMA, [], false],
    [
      {
        id: "m",
        name: `[${entryLabel(AZURE, undefined)}] m`,
        baseUrl: "https://x.openai.azure.com/openai/v1",
        envKey: "AZURE_OPENAI_API_KEY",
      },
      AZURE,
      [],
      true,
    ],
  ])("of %j", (item, provider, envKeys, expected) => {
    expect(isProviderEntry(item, provider, envKeys)).toBe(expected);
  });
});

test("entryLabel() is the region's, else the provider's short one, else its label", () => {
  const [china, global] = CODING_PLAN.endpoints;
  const tokenPlan = findProvider("token-plan") as Provider;
  expect([
    entryLabel(CODING_PLAN, china),
    entryLabel(CODING_PLAN, global),
    entryLabel(CODING_PLAN, undefined),
    entryLabel(MODELSTUDIO, MODELSTUDIO.endpoints[0]),
    entryLabel(tokenPlan, tokenPlan.endpoints[0]),
  ]).toEqual([
    "ModelStudio Coding Plan",
    "ModelStudio Coding Plan for Global/Intl",
    "Alibaba Cloud Coding Plan",
    "ModelStudio Standard",
    "Alibaba Cloud Token Plan",
  ]);
});

test("hasLabel() knows the labels that others write, too", () => {
  const tokenPlan = findProvider("token-plan") as Provider;
  const named = (name: unknown) => hasLabel({ name }, tokenPlan);
  expect(
    [
      "[ModelStudio Token Plan] m",
      "[ModelStudio Token Plan for Global/Intl] m",
      "[Alibaba Cloud Token Plan] m",
      "[Other] m",
      5,
    ].map(named),
  ).toEqual([true, true, true, false, false]);
});

test.each<[unknown, boolean]>([
  [{ baseUrl: BEIJING }, true],
  [{ baseUrl: `${BEIJING}/` }, true],
  [{ baseUrl: "https://a.example/v1" }, false],
  [{ baseUrl: 5 }, false],
  [{}, false],
  [null, false],
])("isAtEndpoint() of %j is %p", (item, expected) => {
  expect(isAtEndpoint(item, BEIJING)).toBe(expected);
});

test("providerOfEntry() is whoever wrote the entry, also with a variable of its own", () => {
  const of = (more: object) => providerOfEntry({ ...OWN, ...more })?.id;
  expect([of({}), of({ envKey: "MINE" }), of({ envKey: undefined }), of({ name: "m" })]).toEqual([
    "modelstudio",
    "modelstudio",
    undefined,
    undefined,
  ]);
});
