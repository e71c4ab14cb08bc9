import { describe, expect, test } from "bun:test";
import { transcript } from "../../support/transcript.ts";
import { DEEPSEEK, OWN, SETTINGS } from "../set-ups.ts";

const SET_UP = {
  schemaVersion: 1,
  modelProviders: { openai: [DEEPSEEK, OWN] },
  selection: { selectedType: "openai", model: "own-m" },
  env: { TEAM_KEY: "sk-team-0123456789abcdef" },
  accounts: { DEEPSEEK_API_KEY: { work: {}, home: { key: "sk-home-0123456789abcdef" } } },
};
const FILE = { "p/set-up.json": SET_UP };
const asked = (...answers: readonly string[]) => ({
  files: FILE,
  terminals: ["stdin", "stderr"] as const,
  answers: answers.map((value) => ({ kind: "value" as const, value })),
});

describe("qwen auth import", () => {
  test("writes what the file has", async () => {
    expect(
      await transcript("auth import ~/p/set-up.json --yes", { files: FILE }),
    ).toMatchInlineSnapshot(`
      "
      stderr:
        https://api.deepseek.com (DEEPSEEK_API_KEY): deepseek-v4-pro
        https://own.example/v1 (TEAM_KEY): own-m
        default: own-m
        accounts: DEEPSEEK_API_KEY@work, DEEPSEEK_API_KEY@home
        keys: TEAM_KEY
      warning: \`DEEPSEEK_API_KEY\` has no key: \`qwen auth set-key DEEPSEEK_API_KEY\`
      warning: the account DEEPSEEK_API_KEY@work came without its key: \`qwen auth api-key --provider deepseek --account work\`
      ✓ the set-up was imported
        Settings: ~/.qwen/settings.json
        Check it: qwen auth status --verify
      ~/.qwen/accounts.json:
      {
        "schemaVersion": 1,
        "accounts": {
          "DEEPSEEK_API_KEY": {
            "home": {
              "key": "sk-home-0123456789abcdef"
            }
          }
        }
      }
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
              "id": "own-m",
              "name": "[Team] own-m",
              "baseUrl": "https://own.example/v1",
              "envKey": "TEAM_KEY"
            }
          ]
        },
        "env": {
          "TEAM_KEY": "sk-team-0123456789abcdef"
        },
        "security": {
          "auth": {
            "selectedType": "openai"
          }
        },
        "model": {
          "name": "own-m"
        }
      }
      "
    `);
  });

  test("tells programs so", async () => {
    expect(
      await transcript("auth import ~/p/set-up.json --yes --json", { files: FILE }),
    ).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "dryRun": false,
        "changed": true,
        "models": [
          {
            "protocol": "openai",
            "id": "deepseek-v4-pro",
            "baseUrl": "https://api.deepseek.com"
          },
          {
            "protocol": "openai",
            "id": "own-m",
            "baseUrl": "https://own.example/v1"
          }
        ],
        "kept": [],
        "missingKeys": [
          "DEEPSEEK_API_KEY"
        ],
        "path": "~/.qwen/settings.json",
        "warnings": [
          "\`DEEPSEEK_API_KEY\` has no key: \`qwen auth set-key DEEPSEEK_API_KEY\`",
          "the account DEEPSEEK_API_KEY@work came without its key: \`qwen auth api-key --provider deepseek --account work\`"
        ]
      }
      ~/.qwen/accounts.json:
      {
        "schemaVersion": 1,
        "accounts": {
          "DEEPSEEK_API_KEY": {
            "home": {
              "key": "sk-home-0123456789abcdef"
            }
          }
        }
      }
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
              "id": "own-m",
              "name": "[Team] own-m",
              "baseUrl": "https://own.example/v1",
              "envKey": "TEAM_KEY"
            }
          ]
        },
        "env": {
          "TEAM_KEY": "sk-team-0123456789abcdef"
        },
        "security": {
          "auth": {
            "selectedType": "openai"
          }
        },
        "model": {
          "name": "own-m"
        }
      }
      "
    `);
  });

  test("says nothing where that is wanted", async () => {
    expect(
      await transcript("auth import ~/p/set-up.json --yes -q", { files: FILE }),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      warning: \`DEEPSEEK_API_KEY\` has no key: \`qwen auth set-key DEEPSEEK_API_KEY\`
      warning: the account DEEPSEEK_API_KEY@work came without its key: \`qwen auth api-key --provider deepseek --account work\`
      ~/.qwen/accounts.json:
      {
        "schemaVersion": 1,
        "accounts": {
          "DEEPSEEK_API_KEY": {
            "home": {
              "key": "sk-home-0123456789abcdef"
            }
          }
        }
      }
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
              "id": "own-m",
              "name": "[Team] own-m",
              "baseUrl": "https://own.example/v1",
              "envKey": "TEAM_KEY"
            }
          ]
        },
        "env": {
          "TEAM_KEY": "sk-team-0123456789abcdef"
        },
        "security": {
          "auth": {
            "selectedType": "openai"
          }
        },
        "model": {
          "name": "own-m"
        }
      }
      "
    `);
  });

  test("shows what it would write", async () => {
    expect(
      await transcript("auth import ~/p/set-up.json --dry-run", { files: FILE }),
    ).toMatchInlineSnapshot(`
      "
      stderr:
        https://api.deepseek.com (DEEPSEEK_API_KEY): deepseek-v4-pro
        https://own.example/v1 (TEAM_KEY): own-m
        default: own-m
        accounts: DEEPSEEK_API_KEY@work, DEEPSEEK_API_KEY@home
        keys: TEAM_KEY
      warning: \`DEEPSEEK_API_KEY\` has no key: \`qwen auth set-key DEEPSEEK_API_KEY\`
      warning: the account DEEPSEEK_API_KEY@work came without its key: \`qwen auth api-key --provider deepseek --account work\`
      Nothing was written (\`--dry-run\`)
      "
    `);
  });

  test("shows it to programs", async () => {
    expect(
      await transcript("auth import ~/p/set-up.json --dry-run --json", { files: FILE }),
    ).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "dryRun": true,
        "changed": true,
        "models": [
          {
            "protocol": "openai",
            "id": "deepseek-v4-pro",
            "baseUrl": "https://api.deepseek.com"
          },
          {
            "protocol": "openai",
            "id": "own-m",
            "baseUrl": "https://own.example/v1"
          }
        ],
        "kept": [],
        "missingKeys": [
          "DEEPSEEK_API_KEY"
        ],
        "path": "~/.qwen/settings.json",
        "warnings": [
          "\`DEEPSEEK_API_KEY\` has no key: \`qwen auth set-key DEEPSEEK_API_KEY\`",
          "the account DEEPSEEK_API_KEY@work came without its key: \`qwen auth api-key --provider deepseek --account work\`"
        ]
      }
      "
    `);
  });

  test("keeps what is there and differs", async () => {
    expect(
      await transcript("auth import ~/p/set-up.json --yes", { files: FILE, settings: SETTINGS }),
    ).toMatchInlineSnapshot(`
      "
      stderr:
        https://api.deepseek.com (DEEPSEEK_API_KEY): deepseek-v4-pro
        https://own.example/v1 (TEAM_KEY): own-m
        default: own-m
        accounts: DEEPSEEK_API_KEY@work, DEEPSEEK_API_KEY@home
        keys: TEAM_KEY
      warning: kept as it was (\`--replace\` takes the file's): the default model
      warning: the account DEEPSEEK_API_KEY@work came without its key: \`qwen auth api-key --provider deepseek --account work\`
      ✓ the set-up was imported
        Settings: ~/.qwen/settings.json
        Check it: qwen auth status --verify
      ~/.qwen/accounts.json:
      {
        "schemaVersion": 1,
        "accounts": {
          "DEEPSEEK_API_KEY": {
            "home": {
              "key": "sk-home-0123456789abcdef"
            }
          }
        }
      }
      ~/.qwen/settings.json:
      {"$version":3,"security":{"auth":{"selectedType":"openai"}},"model":{"name":"deepseek-v4-pro"},"env":{"DEEPSEEK_API_KEY":"sk-0123456789abcdefghij","OTHER":"x", "TEAM_KEY": "sk-team-0123456789abcdef"},"modelProviders":{"openai":[{"id":"deepseek-v4-pro","name":"[DeepSeek] deepseek-v4-pro","baseUrl":"https://api.deepseek.com","envKey":"DEEPSEEK_API_KEY"},{"id":"own-m","name":"[Team] own-m","baseUrl":"https://own.example/v1","envKey":"TEAM_KEY"}]}}
      "
    `);
  });

  test("replaces it where that is wanted", async () => {
    expect(
      await transcript("auth import ~/p/set-up.json --yes --replace", {
        files: FILE,
        settings: SETTINGS,
      }),
    ).toMatchInlineSnapshot(`
      "
      stderr:
        https://api.deepseek.com (DEEPSEEK_API_KEY): deepseek-v4-pro
        https://own.example/v1 (TEAM_KEY): own-m
        default: own-m
        accounts: DEEPSEEK_API_KEY@work, DEEPSEEK_API_KEY@home
        keys: TEAM_KEY
      warning: the account DEEPSEEK_API_KEY@work came without its key: \`qwen auth api-key --provider deepseek --account work\`
      ✓ the set-up was imported
        Settings: ~/.qwen/settings.json
        Check it: qwen auth status --verify
      ~/.qwen/accounts.json:
      {
        "schemaVersion": 1,
        "accounts": {
          "DEEPSEEK_API_KEY": {
            "home": {
              "key": "sk-home-0123456789abcdef"
            }
          }
        }
      }
      ~/.qwen/settings.json:
      {"$version":3,"security":{"auth":{"selectedType":"openai"}},"model":{"name":"own-m"},"env":{"DEEPSEEK_API_KEY":"sk-0123456789abcdefghij","OTHER":"x", "TEAM_KEY": "sk-team-0123456789abcdef"},"modelProviders":{"openai":[{"id":"deepseek-v4-pro","name":"[DeepSeek] deepseek-v4-pro","baseUrl":"https://api.deepseek.com","envKey":"DEEPSEEK_API_KEY"},{"id":"own-m","name":"[Team] own-m","baseUrl":"https://own.example/v1","envKey":"TEAM_KEY"}]}}
      "
    `);
  });

  test("writes nothing without a yes", async () => {
    expect(await transcript("auth import ~/p/set-up.json", { files: FILE })).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
        https://api.deepseek.com (DEEPSEEK_API_KEY): deepseek-v4-pro
        https://own.example/v1 (TEAM_KEY): own-m
        default: own-m
        accounts: DEEPSEEK_API_KEY@work, DEEPSEEK_API_KEY@home
        keys: TEAM_KEY
      error: Cannot import without a yes: there is no terminal to ask

      hint: look at it with \`--dry-run\`, then add \`--yes\`
      "
    `);
  });

  test("asks, and for the keys that are missing", async () => {
    expect(
      await transcript("auth import ~/p/set-up.json", asked("yes", "sk-deepseek-0123456789")),
    ).toMatchInlineSnapshot(`
      "
      stderr:
        https://api.deepseek.com (DEEPSEEK_API_KEY): deepseek-v4-pro
        https://own.example/v1 (TEAM_KEY): own-m
        default: own-m
        accounts: DEEPSEEK_API_KEY@work, DEEPSEEK_API_KEY@home
        keys: TEAM_KEY
      \x1B[33mwarning:\x1B[39m the account DEEPSEEK_API_KEY@work came without its key: \`qwen auth api-key --provider deepseek --account work\`
      \x1B[32m✓\x1B[39m the set-up was imported
        Settings: ~/.qwen/settings.json
        Check it: qwen auth status --verify
      ~/.qwen/accounts.json:
      {
        "schemaVersion": 1,
        "accounts": {
          "DEEPSEEK_API_KEY": {
            "home": {
              "key": "sk-home-0123456789abcdef"
            }
          }
        }
      }
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
              "id": "own-m",
              "name": "[Team] own-m",
              "baseUrl": "https://own.example/v1",
              "envKey": "TEAM_KEY"
            }
          ]
        },
        "env": {
          "TEAM_KEY": "sk-team-0123456789abcdef",
          "DEEPSEEK_API_KEY": "sk-deepseek-0123456789"
        },
        "security": {
          "auth": {
            "selectedType": "openai"
          }
        },
        "model": {
          "name": "own-m"
        }
      }
      "
    `);
  });

  test("leaves a key for later", async () => {
    expect(
      await transcript("auth import ~/p/set-up.json", asked("yes", "")),
    ).toMatchInlineSnapshot(`
      "
      stderr:
        https://api.deepseek.com (DEEPSEEK_API_KEY): deepseek-v4-pro
        https://own.example/v1 (TEAM_KEY): own-m
        default: own-m
        accounts: DEEPSEEK_API_KEY@work, DEEPSEEK_API_KEY@home
        keys: TEAM_KEY
      \x1B[33mwarning:\x1B[39m \`DEEPSEEK_API_KEY\` has no key: \`qwen auth set-key DEEPSEEK_API_KEY\`
      \x1B[33mwarning:\x1B[39m the account DEEPSEEK_API_KEY@work came without its key: \`qwen auth api-key --provider deepseek --account work\`
      \x1B[32m✓\x1B[39m the set-up was imported
        Settings: ~/.qwen/settings.json
        Check it: qwen auth status --verify
      ~/.qwen/accounts.json:
      {
        "schemaVersion": 1,
        "accounts": {
          "DEEPSEEK_API_KEY": {
            "home": {
              "key": "sk-home-0123456789abcdef"
            }
          }
        }
      }
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
              "id": "own-m",
              "name": "[Team] own-m",
              "baseUrl": "https://own.example/v1",
              "envKey": "TEAM_KEY"
            }
          ]
        },
        "env": {
          "TEAM_KEY": "sk-team-0123456789abcdef"
        },
        "security": {
          "auth": {
            "selectedType": "openai"
          }
        },
        "model": {
          "name": "own-m"
        }
      }
      "
    `);
  });

  test("writes nothing after a no", async () => {
    expect(await transcript("auth import ~/p/set-up.json", asked("no"))).toMatchInlineSnapshot(`
      "
      exit 130
      stderr:
        https://api.deepseek.com (DEEPSEEK_API_KEY): deepseek-v4-pro
        https://own.example/v1 (TEAM_KEY): own-m
        default: own-m
        accounts: DEEPSEEK_API_KEY@work, DEEPSEEK_API_KEY@home
        keys: TEAM_KEY
      Cannot import: it was not wanted
      "
    `);
  });

  test("writes nothing where the key is not typed", async () => {
    expect(await transcript("auth import ~/p/set-up.json", asked("yes"))).toMatchInlineSnapshot(`
      "
      exit 130
      stderr:
        https://api.deepseek.com (DEEPSEEK_API_KEY): deepseek-v4-pro
        https://own.example/v1 (TEAM_KEY): own-m
        default: own-m
        accounts: DEEPSEEK_API_KEY@work, DEEPSEEK_API_KEY@home
        keys: TEAM_KEY
      Cannot import: it was cancelled
      "
    `);
  });

  test("takes a key for what is selected", async () => {
    expect(
      await transcript("auth import ~/p/set-up.json --yes --key-env MINE", {
        files: FILE,
        env: { MINE: "sk-mine-0123456789abcdef", QWEN_OFFLINE: "1" },
      }),
    ).toMatchInlineSnapshot(`
      "
      stderr:
        https://api.deepseek.com (DEEPSEEK_API_KEY): deepseek-v4-pro
        https://own.example/v1 (TEAM_KEY): own-m
        default: own-m
        accounts: DEEPSEEK_API_KEY@work, DEEPSEEK_API_KEY@home
        keys: TEAM_KEY
      warning: \`DEEPSEEK_API_KEY\` has no key: \`qwen auth set-key DEEPSEEK_API_KEY\`
      warning: the account DEEPSEEK_API_KEY@work came without its key: \`qwen auth api-key --provider deepseek --account work\`
      ✓ the set-up was imported
        Settings: ~/.qwen/settings.json
        Check it: qwen auth status --verify
      ~/.qwen/accounts.json:
      {
        "schemaVersion": 1,
        "accounts": {
          "DEEPSEEK_API_KEY": {
            "home": {
              "key": "sk-home-0123456789abcdef"
            }
          }
        }
      }
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
              "id": "own-m",
              "name": "[Team] own-m",
              "baseUrl": "https://own.example/v1",
              "envKey": "TEAM_KEY"
            }
          ]
        },
        "env": {
          "TEAM_KEY": "sk-mine-0123456789abcdef"
        },
        "security": {
          "auth": {
            "selectedType": "openai"
          }
        },
        "model": {
          "name": "own-m"
        }
      }
      "
    `);
  });

  test("wants a file", async () => {
    expect(await transcript("auth import")).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot import: no file was named

      hint: write \`qwen auth import FILE\`, or \`-\` for standard input
      "
    `);
  });

  test("wants a file that is there", async () => {
    expect(await transcript("auth import ~/p/none.json --yes")).toMatchInlineSnapshot(`
      "
      exit 3
      stderr:
      error: Cannot import \`~/p/none.json\`: no such file or directory (ENOENT)

      hint: name a file that \`qwen auth export\` wrote
      "
    `);
  });

  test("reads one thing from standard input", async () => {
    expect(await transcript("auth import - --key-stdin --yes")).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot read both the file and the key from standard input

      hint: name the file, or give the key with \`--key-file PATH\`
      "
    `);
  });

  test("reads what is no set-up", async () => {
    expect(
      await transcript("auth import ~/p/a.json --yes", { files: { "p/a.json": "[]" } }),
    ).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot import \`~/p/a.json\`: it is no JSON object

      hint: make the file with \`qwen auth export\`
      "
    `);
  });

  test("takes no key where none is wanted", async () => {
    expect(
      await transcript("auth import ~/p/a.json --yes --key-env MINE", {
        files: {
          "p/a.json": {
            schemaVersion: 1,
            modelProviders: {
              openai: [{ ...OWN, envKey: undefined, baseUrl: "http://localhost:1/v1" }],
            },
            selection: { selectedType: "openai", model: "own-m" },
          },
        },
        env: { MINE: "sk-mine-0123456789abcdef", QWEN_OFFLINE: "1" },
      }),
    ).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot use a key: the model that the file selects wants none

      hint: leave the key out
      "
    `);
  });
});
