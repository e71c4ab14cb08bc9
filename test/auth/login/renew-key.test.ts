import { describe, expect, test } from "bun:test";
import { loginNotes } from "../../../src/auth/login/apply-login.ts";
import type { Login } from "../../../src/auth/login/login.ts";
import { customEnvKey } from "../../../src/auth/providers/custom-env-key.ts";
import { PROVIDERS } from "../../../src/auth/providers/providers.ts";
import { parseSettingsText } from "../../../src/settings/load-settings.ts";
import { FILE_FORMATS } from "../../support/file-formats.ts";
import { applyTo, login } from "./apply-plan.ts";

/** A login to every endpoint of the catalogue, and to two that it does not have. */
const LOGINS: readonly (readonly [name: string, login: Login])[] = [
  ...PROVIDERS.flatMap((provider) => {
    const own = { region: undefined, baseUrl: "https://mine.openai.azure.com/openai/v1" };
    const endpoints = provider.endpoints.length === 0 ? [own] : provider.endpoints;
    return endpoints.map(({ region, baseUrl }): readonly [string, Login] => {
      const envKey = provider.envKey ?? customEnvKey(provider.protocol, baseUrl);
      const wanted = login(provider, {
        envKey,
        baseUrl,
        ...(provider.models.length === 0 ? { models: ["m", "n"] } : {}),
        ...(region === undefined ? {} : { region }),
      });
      return [`${provider.id} ${region ?? ""}`, wanted];
    });
  }),
  ...(["openai", "anthropic"] as const).map((protocol): readonly [string, Login] => {
    const baseUrl = "https://gw.example.com/v1";
    const envKey = customEnvKey(protocol, baseUrl);
    const rest = { region: undefined, store: "settings", models: ["m"], model: "m" } as const;
    const own = { provider: undefined, label: undefined, key: "k-old" };
    return [`own ${protocol}`, { ...rest, ...own, protocol, baseUrl, envKey }];
  }),
];

/** What a person makes of a file after a login. */
async function handEdited(wanted: Login): Promise<string> {
  const { text } = await applyTo("// mine\n{}\n", { ...wanted, key: "sk-old-0000" });
  const { protocol, baseUrl, envKey } = wanted;
  const own = `{ "id": "own-1", /* of mine */ "name": "mine", "baseUrl": "${baseUrl}/", "envKey": "${envKey}", "note": [1] },`;
  const other = `{ "id": "gpt", "baseUrl": "https://other.example/v1", "envKey": "OTHER" }, // other`;
  return text
    .replace(`"${protocol}": [`, `"${protocol}": [ // hand-edited\n      ${own}\n      ${other}`)
    .replace(/("name": "[^"]*",)/, '$1 // called so\n        "timeoutNote": true,')
    .replace(/"name": "(\[[^"]*)",(?![\s\S]*"name": "\[)/, '"name": "a name of my own",')
    .replace(/"contextWindowSize": \d+/, '"contextWindowSize": 4096 /* smaller */')
    .replace(/"enable_thinking": true/, '"enable_thinking": false')
    .replace(/"model": \{[^}]*\}/, '"model": {\n    // my choice\n    "name": "own-1"\n  }')
    .replace(/\}\s*$/, ',\n  "ui": { "theme": "Ayu", }, // last\n}\n\n')
    .replace(/\n\s*,/, ",");
}

describe("renewing a key over a file that a person edited changes the key and nothing else:", () => {
  for (const [name, wanted] of LOGINS) {
    test.each(FILE_FORMATS)(`${name}, $name`, async ({ write }) => {
      const before = write(await handEdited(wanted));
      expect((await parseSettingsText(before, "")).model).toEqual({ name: "own-1" });
      const renewal: Login = { ...wanted, models: undefined, model: undefined, key: "sk-new-1111" };
      const { text } = await applyTo(before, renewal);
      expect(text).toBe(before.replace("sk-old-0000", "sk-new-1111"));
      expect(loginNotes(await parseSettingsText(before, ""), renewal)).toEqual([]);
    });
  }
});

describe("a login says what it removes:", () => {
  const plan = LOGINS.find(([name]) => name === "coding-plan china")?.[1];
  const standard = LOGINS.find(([name]) => name === "modelstudio cn-beijing")?.[1];
  if (plan === undefined || standard === undefined) {
    throw new Error("the catalogue lacks them");
  }

  test("the plan's entries, and which of the plan stay", async () => {
    const current = await parseSettingsText(await handEdited(plan), "");
    const notes = loginNotes(current, standard);
    expect(notes).toEqual([
      expect.stringMatching(
        /^removed, as their key or endpoint is replaced: qwen3\.5-plus, .*glm-4\.7$/,
      ),
      "kept, though `BAILIAN_CODING_PLAN_API_KEY` was removed: own-1",
    ]);
  });

  test("the list that another list replaces", async () => {
    const { value } = await applyTo("{}", plan);
    const [note] = loginNotes(value, { ...plan, models: ["glm-5"] });
    expect(note).toContain("qwen3.5-plus, qwen3.6-plus");
    expect(note).not.toContain("glm-5,");
  });

  test.each([
    ["at the plan's other endpoint", "openai", "https://coding-intl.dashscope.aliyuncs.com/v1"],
    ["with a slash", "openai", "https://coding-intl.dashscope.aliyuncs.com/v1/"],
    [
      "in another protocol",
      "anthropic",
      "https://coding-intl.dashscope.aliyuncs.com/apps/anthropic",
    ],
  ])("an entry of one's own that stays at another region, %s", (_name, protocol, baseUrl) => {
    const mine = { id: "mine", name: "mine", envKey: plan.envKey, baseUrl };
    const others = [
      { ...mine, id: "elsewhere", baseUrl: "https://gw.example/v1" },
      { ...mine, id: "keyed", envKey: "MY_OWN_KEY" },
      { ...mine, id: "here", baseUrl: plan.baseUrl },
    ];
    const current = { modelProviders: { [protocol]: [mine, ...others] } };
    const note = "kept at another region, where this key may be none: mine (global)";
    expect(loginNotes(current, plan)).toEqual([note]);
    const back = LOGINS.find(([name]) => name === "coding-plan global")?.[1];
    expect(back && loginNotes({ modelProviders: { [protocol]: [mine] } }, back)).toEqual([]);
  });

  test("an entry of another region that the new one has already", async () => {
    const glm = { id: "glm-5", envKey: plan.envKey };
    const openai = [
      { ...glm, baseUrl: "https://coding-intl.dashscope.aliyuncs.com/v1" },
      { ...glm, baseUrl: plan.baseUrl },
    ];
    const current = { modelProviders: { openai } };
    expect(loginNotes(current, plan)).toEqual([
      "removed, as their key or endpoint is replaced: glm-5",
    ]);
  });
});
