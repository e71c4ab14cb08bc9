import { describe, expect, test } from "bun:test";
import { networked } from "../../connect/set-up.ts";
import type { FakeRuntime } from "../../support/fake-runtime.ts";
import { transcript } from "../../support/transcript.ts";
import { SETTINGS, WITH_ACCOUNTS } from "../set-ups.ts";

const MINE = { env: { MINE: "sk-mine-0123456789abcdef", QWEN_OFFLINE: "1" } };

describe("qwen auth api-key and coding-plan", () => {
  test("sets a provider up", async () => {
    expect(
      await transcript("auth api-key --provider deepseek --key-env MINE", MINE),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ DeepSeek is set up, default model deepseek-v4-pro
        Settings: ~/.qwen/settings.json
        Check it: qwen auth status --verify
      ~/.qwen/settings.json:
      {
        "$version": 4,
        "env": {
          "DEEPSEEK_API_KEY": "sk-mine-0123456789abcdef"
        },
        "modelProviders": {
          "openai": [
            {
              "id": "deepseek-v4-pro",
              "name": "[DeepSeek] deepseek-v4-pro",
              "baseUrl": "https://api.deepseek.com",
              "envKey": "DEEPSEEK_API_KEY"
            },
            {
              "id": "deepseek-v4-flash",
              "name": "[DeepSeek] deepseek-v4-flash",
              "baseUrl": "https://api.deepseek.com",
              "envKey": "DEEPSEEK_API_KEY"
            }
          ]
        },
        "security": {
          "auth": {
            "selectedType": "openai"
          }
        },
        "model": {
          "name": "deepseek-v4-pro"
        }
      }
      "
    `);
  });

  test("tells programs so", async () => {
    expect(
      await transcript("auth api-key --provider deepseek --key-env MINE --json", MINE),
    ).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "provider": "deepseek",
        "method": "api-key",
        "protocol": "openai",
        "baseUrl": "https://api.deepseek.com",
        "models": [
          "deepseek-v4-pro",
          "deepseek-v4-flash"
        ],
        "model": "deepseek-v4-pro",
        "store": "settings",
        "path": "~/.qwen/settings.json",
        "verified": {
          "state": "unchecked"
        },
        "warnings": []
      }
      ~/.qwen/settings.json:
      {
        "$version": 4,
        "env": {
          "DEEPSEEK_API_KEY": "sk-mine-0123456789abcdef"
        },
        "modelProviders": {
          "openai": [
            {
              "id": "deepseek-v4-pro",
              "name": "[DeepSeek] deepseek-v4-pro",
              "baseUrl": "https://api.deepseek.com",
              "envKey": "DEEPSEEK_API_KEY"
            },
            {
              "id": "deepseek-v4-flash",
              "name": "[DeepSeek] deepseek-v4-flash",
              "baseUrl": "https://api.deepseek.com",
              "envKey": "DEEPSEEK_API_KEY"
            }
          ]
        },
        "security": {
          "auth": {
            "selectedType": "openai"
          }
        },
        "model": {
          "name": "deepseek-v4-pro"
        }
      }
      "
    `);
  });

  test("sets an endpoint of one's own up", async () => {
    expect(
      await transcript(
        "auth api-key --base-url https://own.example/v1 --model m,n --name Team --key-env MINE",
        MINE,
      ),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ Team (https://own.example/v1) is set up, default model m
        Settings: ~/.qwen/settings.json
        Check it: qwen auth status --verify
      ~/.qwen/settings.json:
      {
        "$version": 4,
        "env": {
          "QWEN_CUSTOM_API_KEY_OPENAI_HTTPS_OWN_EXAMPLE_V1_578C0B4CEE41": "sk-mine-0123456789abcdef"
        },
        "modelProviders": {
          "openai": [
            {
              "id": "m",
              "name": "[Team] m",
              "baseUrl": "https://own.example/v1",
              "envKey": "QWEN_CUSTOM_API_KEY_OPENAI_HTTPS_OWN_EXAMPLE_V1_578C0B4CEE41"
            },
            {
              "id": "n",
              "name": "[Team] n",
              "baseUrl": "https://own.example/v1",
              "envKey": "QWEN_CUSTOM_API_KEY_OPENAI_HTTPS_OWN_EXAMPLE_V1_578C0B4CEE41"
            }
          ]
        },
        "security": {
          "auth": {
            "selectedType": "openai"
          }
        },
        "model": {
          "name": "m"
        }
      }
      "
    `);
  });

  test("keeps the key in a file of variables", async () => {
    expect(
      await transcript("auth api-key --provider deepseek --key-env MINE --store env-file", MINE),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ DeepSeek is set up, default model deepseek-v4-pro
        Settings: ~/.qwen/settings.json
        Key: ~/.qwen/.env
        Check it: qwen auth status --verify
      ~/.qwen/.env:
      DEEPSEEK_API_KEY=sk-mine-0123456789abcdef
      ~/.qwen/settings.json:
      {
        "$version": 4,
        "modelProviders": {
          "openai": [
            {
              "id": "deepseek-v4-pro",
              "name": "[DeepSeek] deepseek-v4-pro",
              "baseUrl": "https://api.deepseek.com",
              "envKey": "DEEPSEEK_API_KEY"
            },
            {
              "id": "deepseek-v4-flash",
              "name": "[DeepSeek] deepseek-v4-flash",
              "baseUrl": "https://api.deepseek.com",
              "envKey": "DEEPSEEK_API_KEY"
            }
          ]
        },
        "security": {
          "auth": {
            "selectedType": "openai",
            "envFile": [
              "DEEPSEEK_API_KEY"
            ]
          }
        },
        "model": {
          "name": "deepseek-v4-pro"
        }
      }
      "
    `);
  });

  test("names an account", async () => {
    expect(
      await transcript("auth api-key --provider deepseek --key-env MINE --account work", MINE),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ DeepSeek is set up, default model deepseek-v4-pro
        Settings: ~/.qwen/settings.json
        Account: work
        Check it: qwen auth status --verify
      ~/.qwen/accounts.json:
      {
        "schemaVersion": 1,
        "accounts": {
          "DEEPSEEK_API_KEY": {
            "work": {
              "key": "sk-mine-0123456789abcdef",
              "baseUrl": "https://api.deepseek.com"
            }
          }
        }
      }
      ~/.qwen/settings.json:
      {
        "$version": 4,
        "env": {
          "DEEPSEEK_API_KEY": "sk-mine-0123456789abcdef"
        },
        "modelProviders": {
          "openai": [
            {
              "id": "deepseek-v4-pro",
              "name": "[DeepSeek] deepseek-v4-pro",
              "baseUrl": "https://api.deepseek.com",
              "envKey": "DEEPSEEK_API_KEY"
            },
            {
              "id": "deepseek-v4-flash",
              "name": "[DeepSeek] deepseek-v4-flash",
              "baseUrl": "https://api.deepseek.com",
              "envKey": "DEEPSEEK_API_KEY"
            }
          ]
        },
        "security": {
          "auth": {
            "selectedType": "openai"
          }
        },
        "model": {
          "name": "deepseek-v4-pro"
        }
      }
      "
    `);
  });

  test("sets a local server up", async () => {
    expect(
      await transcript("auth api-key --provider ollama --model m", MINE),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ Ollama is set up, default model m
        Settings: ~/.qwen/settings.json
        Check it: qwen auth status --verify
      ~/.qwen/settings.json:
      {
        "$version": 4,
        "env": {
          "QWEN_CUSTOM_API_KEY_OPENAI_HTTP_LOCALHOST_11434_V1_76873BDAA9B6": "not-needed"
        },
        "modelProviders": {
          "openai": [
            {
              "id": "m",
              "name": "[Ollama] m",
              "baseUrl": "http://localhost:11434/v1",
              "envKey": "QWEN_CUSTOM_API_KEY_OPENAI_HTTP_LOCALHOST_11434_V1_76873BDAA9B6"
            }
          ]
        },
        "security": {
          "auth": {
            "selectedType": "openai"
          }
        },
        "model": {
          "name": "m"
        }
      }
      "
    `);
  });

  test("wants a key", async () => {
    expect(await transcript("auth api-key --provider deepseek", MINE)).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot set up the key: none was given and there is no terminal to ask

      hint: give the key with \`--key-stdin\`, \`--key-file PATH\` or \`--key-env NAME\`
      "
    `);
  });

  test("wants a region", async () => {
    expect(await transcript("auth coding-plan --key-env MINE", MINE)).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot choose the region: none was given and there is no terminal to ask

      hint: give \`--region china\` or \`--region global\`
      "
    `);
  });

  test("sets the coding plan up", async () => {
    expect(
      await transcript("auth coding-plan --region china --models glm-5 --key-env MINE", MINE),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      warning: keys of Alibaba Cloud Coding Plan begin with sk-sp-; this one does not
      ✓ Alibaba Cloud Coding Plan (china) is set up, default model glm-5
        Settings: ~/.qwen/settings.json
        Check it: qwen auth status --verify
      ~/.qwen/settings.json:
      {
        "$version": 4,
        "env": {
          "BAILIAN_CODING_PLAN_API_KEY": "sk-mine-0123456789abcdef"
        },
        "modelProviders": {
          "openai": [
            {
              "id": "glm-5",
              "name": "[ModelStudio Coding Plan] glm-5",
              "baseUrl": "https://coding.dashscope.aliyuncs.com/v1",
              "envKey": "BAILIAN_CODING_PLAN_API_KEY",
              "generationConfig": {
                "extra_body": {
                  "enable_thinking": true
                },
                "contextWindowSize": 202752
              }
            }
          ]
        },
        "security": {
          "auth": {
            "selectedType": "openai"
          }
        },
        "model": {
          "name": "glm-5"
        },
        "codingPlan": {
          "region": "china"
        }
      }
      "
    `);
  });

  test("sets the coding plan up for programs", async () => {
    expect(
      await transcript(
        "auth coding-plan --region global --models glm-5 --json --key-env MINE",
        MINE,
      ),
    ).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "provider": "coding-plan",
        "method": "coding-plan",
        "region": "global",
        "protocol": "openai",
        "baseUrl": "https://coding-intl.dashscope.aliyuncs.com/v1",
        "models": [
          "glm-5"
        ],
        "model": "glm-5",
        "store": "settings",
        "path": "~/.qwen/settings.json",
        "verified": {
          "state": "unchecked"
        },
        "warnings": [
          "keys of Alibaba Cloud Coding Plan begin with sk-sp-; this one does not"
        ]
      }
      ~/.qwen/settings.json:
      {
        "$version": 4,
        "env": {
          "BAILIAN_CODING_PLAN_API_KEY": "sk-mine-0123456789abcdef"
        },
        "modelProviders": {
          "openai": [
            {
              "id": "glm-5",
              "name": "[ModelStudio Coding Plan for Global/Intl] glm-5",
              "baseUrl": "https://coding-intl.dashscope.aliyuncs.com/v1",
              "envKey": "BAILIAN_CODING_PLAN_API_KEY",
              "generationConfig": {
                "extra_body": {
                  "enable_thinking": true
                },
                "contextWindowSize": 202752
              }
            }
          ]
        },
        "security": {
          "auth": {
            "selectedType": "openai"
          }
        },
        "model": {
          "name": "glm-5"
        },
        "codingPlan": {
          "region": "global"
        }
      }
      "
    `);
  });

  test("changes nothing of what is so", async () => {
    expect(
      await transcript("auth api-key --provider deepseek --key-env MINE", {
        ...MINE,
        settings: { ...SETTINGS, env: { DEEPSEEK_API_KEY: MINE.env.MINE } },
      }),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ DeepSeek was set up already, default model deepseek-v4-pro
        Settings: ~/.qwen/settings.json
        Check it: qwen auth status --verify
      "
    `);
  });

  test("says what hides it", async () => {
    expect(
      await transcript("auth api-key --provider deepseek --key-env MINE", {
        env: { ...MINE.env, DEEPSEEK_API_KEY: "sk-other-0123456789abc" },
      }),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      warning: the key of shell variable DEEPSEEK_API_KEY wins over the one just written
      ✓ DeepSeek is set up, default model deepseek-v4-pro
        Settings: ~/.qwen/settings.json
        Check it: qwen auth status --verify
      ~/.qwen/settings.json:
      {
        "$version": 4,
        "env": {
          "DEEPSEEK_API_KEY": "sk-mine-0123456789abcdef"
        },
        "modelProviders": {
          "openai": [
            {
              "id": "deepseek-v4-pro",
              "name": "[DeepSeek] deepseek-v4-pro",
              "baseUrl": "https://api.deepseek.com",
              "envKey": "DEEPSEEK_API_KEY"
            },
            {
              "id": "deepseek-v4-flash",
              "name": "[DeepSeek] deepseek-v4-flash",
              "baseUrl": "https://api.deepseek.com",
              "envKey": "DEEPSEEK_API_KEY"
            }
          ]
        },
        "security": {
          "auth": {
            "selectedType": "openai"
          }
        },
        "model": {
          "name": "deepseek-v4-pro"
        }
      }
      "
    `);
  });

  test("changes a key", async () => {
    expect(
      await transcript("auth set-key deepseek --key-env MINE", { ...MINE, settings: SETTINGS }),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ DEEPSEEK_API_KEY has a new key
        Check it: qwen auth status --verify
      ~/.qwen/settings.json:
      {"$version":3,"security":{"auth":{"selectedType":"openai"}},"model":{"name":"deepseek-v4-pro"},"env":{"DEEPSEEK_API_KEY":"sk-mine-0123456789abcdef","OTHER":"x"},"modelProviders":{"openai":[{"id":"deepseek-v4-pro","name":"[DeepSeek] deepseek-v4-pro","baseUrl":"https://api.deepseek.com","envKey":"DEEPSEEK_API_KEY"},{"id":"own-m","name":"[Team] own-m","baseUrl":"https://own.example/v1","envKey":"TEAM_KEY"}]}}
      "
    `);
  });

  test("changes a key of a variable, for programs", async () => {
    expect(
      await transcript("auth set-key DEEPSEEK_API_KEY --key-env MINE --json", {
        ...MINE,
        settings: SETTINGS,
      }),
    ).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "envKey": "DEEPSEEK_API_KEY",
        "inForce": true,
        "changed": true,
        "warnings": []
      }
      ~/.qwen/settings.json:
      {"$version":3,"security":{"auth":{"selectedType":"openai"}},"model":{"name":"deepseek-v4-pro"},"env":{"DEEPSEEK_API_KEY":"sk-mine-0123456789abcdef","OTHER":"x"},"modelProviders":{"openai":[{"id":"deepseek-v4-pro","name":"[DeepSeek] deepseek-v4-pro","baseUrl":"https://api.deepseek.com","envKey":"DEEPSEEK_API_KEY"},{"id":"own-m","name":"[Team] own-m","baseUrl":"https://own.example/v1","envKey":"TEAM_KEY"}]}}
      "
    `);
  });

  test("changes no key that is not there", async () => {
    expect(
      await transcript("auth set-key zai --key-env MINE", { ...MINE, settings: SETTINGS }),
    ).toMatchInlineSnapshot(`
      "
      exit 4
      stderr:
      error: Cannot change the key: nothing uses \`ZAI_API_KEY\`

      hint: set it up with \`qwen auth api-key\`; \`qwen auth list\` shows what there is
      "
    `);
  });

  test("logs out", async () => {
    expect(await transcript("auth logout", { settings: SETTINGS })).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ Logged out of DeepSeek: 1 key and 1 model removed
        Nothing can be asked now, as no key: TEAM_KEY is not set: run \`export TEAM_KEY=YOUR_KEY\`
        The key stays valid until deleted at https://platform.deepseek.com/api_keys
      ~/.qwen/settings.json:
      {"$version":3,"security":{"auth":{}},"model":{},"env":{"OTHER":"x"},"modelProviders":{"openai":[{"id":"own-m","name":"[Team] own-m","baseUrl":"https://own.example/v1","envKey":"TEAM_KEY"}]}}
      "
    `);
  });

  test("logs out of all, for programs", async () => {
    expect(await transcript("auth logout --all --json", WITH_ACCOUNTS)).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "changed": true,
        "path": "~/.qwen/settings.json",
        "keys": [
          "DEEPSEEK_API_KEY"
        ],
        "models": [
          "deepseek-v4-pro"
        ],
        "accounts": [
          "work"
        ],
        "remaining": [],
        "consoleUrls": [
          "https://platform.deepseek.com/api_keys"
        ],
        "warnings": []
      }
      ~/.qwen/accounts.json:
      {"schemaVersion":1,"accounts":{}}
      ~/.qwen/settings.json:
      {"$version":3,"security":{"auth":{}},"model":{},"env":{"OTHER":"x"},"modelProviders":{"openai":[{"id":"own-m","name":"[Team] own-m","baseUrl":"https://own.example/v1","envKey":"TEAM_KEY"}]}}
      "
    `);
  });

  test("logs out of an account", async () => {
    expect(
      await transcript("auth logout --provider deepseek --account work", WITH_ACCOUNTS),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ Logged out of the account work: 1 account removed
        In force now: DeepSeek, deepseek-v4-pro (from ~/.qwen/settings.json (model.name)); \`qwen auth switch\` chooses
      ~/.qwen/accounts.json:
      {"schemaVersion":1,"accounts":{}}
      "
    `);
  });

  test("says what comes next to whoever sees it", async () => {
    const given = { ...MINE, terminals: ["stdin", "stderr"] as const };
    const line = "auth api-key --provider ollama --model m --color never";
    expect(await transcript(line, given)).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ Ollama is set up, default model m
        Settings: ~/.qwen/settings.json
        Check it: qwen auth status --verify
        Next: qwen "hello" asks it; qwen alone opens a session
      ~/.qwen/settings.json:
      {
        "$version": 4,
        "env": {
          "QWEN_CUSTOM_API_KEY_OPENAI_HTTP_LOCALHOST_11434_V1_76873BDAA9B6": "not-needed"
        },
        "modelProviders": {
          "openai": [
            {
              "id": "m",
              "name": "[Ollama] m",
              "baseUrl": "http://localhost:11434/v1",
              "envKey": "QWEN_CUSTOM_API_KEY_OPENAI_HTTP_LOCALHOST_11434_V1_76873BDAA9B6"
            }
          ]
        },
        "security": {
          "auth": {
            "selectedType": "openai"
          }
        },
        "model": {
          "name": "m"
        }
      }
      "
    `);
  });

  test("sets up what is chosen in the menu", async () => {
    const answers = ["coding-plan", "china", "sk-sp-0123456789abcdef"].map((value) => ({
      kind: "value" as const,
      value,
    }));
    const given = { ...MINE, terminals: ["stdin", "stderr"] as const, answers };
    const text = await transcript("auth --color never", given);
    expect(text.split("\n").slice(0, 6)).toMatchInlineSnapshot(`
      [
        "",
        "stderr:",
        "✓ Alibaba Cloud Coding Plan (china) is set up, default model qwen3.5-plus",
        "  Settings: ~/.qwen/settings.json",
        "  Check it: qwen auth status --verify",
        "  Next: qwen "hello" asks it; qwen alone opens a session",
      ]
    `);
  });

  test.each([
    [0, "✓ DeepSeek is set up"],
    [1, "error: "],
    [128, "error: "],
  ])("puts no key where git would take it up: %i", async (exitCode, begin) => {
    const given = { ...MINE, runtime: { run: async () => ({ exitCode }) } };
    const line = "auth api-key --provider deepseek --key-env MINE --scope project";
    expect(await transcript(line, given)).toContain(begin);
  });

  const network = (reply: (url: string) => Response) => ({
    env: { ...MINE.env, QWEN_OFFLINE: "" },
    runtime: (runtime: FakeRuntime) => ({ fetch: networked(runtime, reply).at.fetch }),
  });

  const takes = (url: string): Response =>
    url.endsWith("/models")
      ? Response.json({ data: [{ id: "deepseek-v4-pro" }, { id: "deepseek-v4-flash" }] })
      : Response.json({ choices: [{ message: { role: "assistant", content: "Hi" } }] });
  const says = (status: number) => () => new Response("", { status });

  test.each<readonly [name: string, (url: string) => Response, said: string]>([
    ["takes it", takes, "  Verified: "],
    ["refuses it", says(401), "error: Cannot save the key: api.deepseek.com does not accept"],
    ["is down", says(503), "error: Cannot save the key: api.deepseek.com has a problem"],
  ])("tells what the service says of the key: %s", async (_name, reply, said) => {
    const line = "auth api-key --provider deepseek --key-env MINE --verify";
    const text = await transcript(line, network(reply));
    expect(text).toContain(said);
    expect(text).not.toContain("Check it:");
  });
});
