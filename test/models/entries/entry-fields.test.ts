import { describe, expect, test } from "bun:test";
import { remarksOn, whyNoChat } from "../../../src/models/entries/entry-fields.ts";

test.each<[object, string, string | undefined]>([
  [{}, "chat-completions", undefined],
  [{ imageOnly: true }, "chat-completions", "answers no chat: it is `imageOnly`"],
  [{ voiceOnly: true }, "chat-completions", "answers no chat: it is `voiceOnly`"],
  [{ realtimeOnly: true }, "chat-completions", "answers no chat: it is `realtimeOnly`"],
  [{ imageOnly: false, voiceOnly: "true" }, "chat-completions", undefined],
  [
    { wireApi: "responses" },
    "chat-completions",
    'wants `wireApi` "responses", which is not supported here',
  ],
  [{}, "responses", 'wants `wireApi` "responses", which is not supported here'],
  [{ wireApi: "" }, "responses", 'wants `wireApi` "responses", which is not supported here'],
  [{ wireApi: "chat-completions" }, "responses", undefined],
])("whyNoChat(%j) in a group of %s is %j", (entry, api, why) => {
  expect(whyNoChat(entry, api)).toBe(why as never);
});

describe("remarksOn()", () => {
  const at = (field: string) => `\`modelProviders.openai[1].${field}\` in \`/f\``;
  const advice = "write the key to `env.NAME` and NAME to `envKey`, or run `qwen auth api-key`";
  const not = (field: string, meant: string) =>
    `${at(field)} is not read: did you mean \`${meant}\`?`;
  const type = (field: string) => ({ complaint: `${at(field)} is ignored: expected a string` });
  test.each<[object, readonly object[]]>([
    [{}, []],
    [
      { name: "a", description: "b", anthropicBaseUrl: "c", envKey: "A_KEY", generationConfig: {} },
      [],
    ],
    [{ capabilities: {}, generationConfig: { modalities: {} } }, []],
    [
      { name: 1, description: [], anthropicBaseUrl: null },
      [type("name"), type("description"), type("anthropicBaseUrl")],
    ],
    [{ base_url: "u" }, [{ complaint: not("base_url", "baseUrl"), decides: "baseUrl" }]],
    [{ url: "u", baseUrl: "v" }, [{ complaint: not("url", "baseUrl"), decides: undefined }]],
    [{ url: "u", baseUrl: "" }, [{ complaint: not("url", "baseUrl"), decides: "baseUrl" }]],
    [{ env: "A_KEY" }, [{ complaint: not("env", "envKey"), decides: "envKey" }]],
    [{ env: "A", envKey: "B" }, [{ complaint: not("env", "envKey"), decides: undefined }]],
    [
      { headers: {} },
      [{ complaint: not("headers", "generationConfig.customHeaders"), decides: undefined }],
    ],
    [{ apiKey: "sk-1" }, [{ complaint: `${at("apiKey")} is not read: ${advice}` }]],
    [{ api_key: "sk-1" }, [{ complaint: `${at("api_key")} is not read: ${advice}` }]],
    [
      { generationConfig: { retries: 1 } },
      [{ complaint: not("generationConfig.retries", "maxRetries") }],
    ],
    [
      { envKey: "sk-0123456789abcdef0123456789abcdef" },
      [
        {
          complaint: `${at("envKey")} holds a key; it wants the name of a variable`,
          decides: "envKey",
        },
      ],
    ],
  ])("on %j", (entry, remarks) => {
    const found = remarksOn({ id: "m", ...entry }, ["modelProviders", "openai", 1], "/f");
    expect(found).toEqual(remarks as never);
  });
});
