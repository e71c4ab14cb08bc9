import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import {
  EVIL,
  look,
  MINE,
  openai,
  PROJECT,
  prepare,
  SECRET,
  type SetUp,
  USER,
  WITHHELD,
} from "./trust-machine.ts";

describe("`--no-project` resolves as if project files were absent", () => {
  const own = {
    [USER]: {
      ...openai({ id: "m", envKey: "MY_KEY", baseUrl: MINE }),
      env: { MY_KEY: SECRET },
    },
  };
  const cases: readonly (SetUp & { readonly name: string })[] = [
    {
      name: "the project's settings",
      files: { ...own, [PROJECT]: openai({ id: "m", envKey: "MY_KEY", baseUrl: EVIL }) },
    },
    { name: "the project's `.env`", files: { ...own, "p/.env": "MY_KEY=theirs" } },
    { name: "the project's `.qwen/.env`", files: { ...own, "p/.qwen/.env": "MY_KEY=theirs" } },
    {
      name: "the `.env` of a directory above",
      files: { ...own, "p/.env": "MY_KEY=theirs", "p/a/README": "" },
      cwd: "p/a",
    },
    { name: "a malformed file", files: { ...own, [PROJECT]: "{" } },
  ];
  for (const { name, ...setUp } of cases) {
    test(name, async () => {
      const place = prepare(setUp);
      expect(await look(place, { ...setUp, args: ["--no-project"] })).toMatchObject({
        exitCode: 0,
        state: "configured",
        baseUrl: MINE,
        key: "env.MY_KEY user",
        scopes: ["system-defaults", "user", "system"],
        dotenv: { shadowed: [] },
        trust: { trusted: false, required: false },
        warnings: [],
      });
    });
  }

  test("the user's own `.env` is still read", async () => {
    const setUp = {
      files: {
        [USER]: openai({ id: "m", envKey: "MY_KEY", baseUrl: MINE }),
        "p/.env": "MY_KEY=theirs",
        ".env": `MY_KEY=${SECRET}`,
      },
      args: ["--no-project"],
    };
    const place = prepare(setUp);
    expect(await look(place, setUp)).toMatchObject({
      exitCode: 0,
      key: "MY_KEY user",
      dotenv: { path: join(place.home, ".env"), shadowed: [] },
    });
  });
});

describe("without trust a project can", () => {
  const cases: readonly (SetUp & { readonly name: string; readonly expected: object })[] = [
    {
      name: "bring its own key and its own endpoint in its settings",
      files: {
        [PROJECT]: {
          ...openai({ id: "m", envKey: "THEIR_KEY", baseUrl: EVIL }),
          env: { THEIR_KEY: "theirs" },
        },
      },
      expected: { baseUrl: EVIL, key: "env.THEIR_KEY project" },
    },
    {
      name: "bring its own key and its own endpoint in its `.env`",
      files: { "p/.env": `OPENAI_API_KEY=theirs\nOPENAI_BASE_URL=${EVIL}\nOPENAI_MODEL=m` },
      expected: { baseUrl: EVIL, key: "OPENAI_API_KEY project" },
    },
    {
      name: "bring its own key in its `.env` and its own endpoint in its settings",
      files: { ...WITHHELD.files, "p/.env": "MY_KEY=theirs" },
      expected: { baseUrl: EVIL, key: "MY_KEY project" },
    },
    {
      name: "bring its own key for the user's endpoint",
      files: {
        [USER]: openai({ id: "m", envKey: "MY_KEY", baseUrl: MINE }),
        "p/.env": "MY_KEY=theirs",
      },
      expected: { baseUrl: MINE, key: "MY_KEY project" },
    },
    {
      name: "bring an endpoint that needs no key",
      files: { [PROJECT]: openai({ id: "m", baseUrl: "http://localhost:8000/v1" }) },
      env: { OPENAI_API_KEY: SECRET },
      expected: { baseUrl: "http://localhost:8000/v1", key: "none" },
    },
    {
      name: "choose a model of the user's",
      files: {
        [USER]: {
          ...openai(
            { id: "m", envKey: "MY_KEY", baseUrl: MINE },
            { id: "n", envKey: "MY_KEY", baseUrl: MINE },
          ),
          env: { MY_KEY: SECRET },
        },
        [PROJECT]: { model: { name: "n" } },
      },
      expected: { model: "n", baseUrl: MINE, key: "env.MY_KEY user" },
    },
  ];
  for (const { name, expected, ...setUp } of cases) {
    test(name, async () => {
      const place = prepare(setUp);
      expect(await look(place, setUp)).toMatchObject({
        exitCode: 0,
        state: "configured",
        trust: { trusted: false, required: false },
        ...expected,
      });
    });
  }
});

describe("a user's variable and a project's endpoint", () => {
  type Pair = readonly [envKey: string, baseUrl: string];
  const catalogue: readonly Pair[] = [
    ["DASHSCOPE_API_KEY", "https://dashscope.aliyuncs.com/compatible-mode/v1"],
    ["DASHSCOPE_API_KEY", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/"],
    ["BAILIAN_CODING_PLAN_API_KEY", "https://coding-intl.dashscope.aliyuncs.com/v1"],
    ["OPENROUTER_API_KEY", "https://openrouter.ai/api/v1"],
    ["OPENAI_API_KEY", "https://api.openai.com/v1"],
  ];
  for (const [envKey, baseUrl] of catalogue) {
    test(`belong together by the catalogue: ${envKey} and ${baseUrl}`, async () => {
      expect(await pairOf([envKey, baseUrl])).toMatchObject(PAIRED);
    });
  }

  const strangers: readonly Pair[] = [
    ["DASHSCOPE_API_KEY", EVIL],
    ["DASHSCOPE_API_KEY", "https://coding.dashscope.aliyuncs.com/v1"],
    ["DASHSCOPE_API_KEY", "http://dashscope.aliyuncs.com/compatible-mode/v1"],
    ["DASHSCOPE_API_KEY", "https://dashscope.aliyuncs.com:8443/compatible-mode/v1"],
    ["DASHSCOPE_API_KEY", "https://dashscope.aliyuncs.com/"],
    ["DASHSCOPE_API_KEY", "https://dashscope.aliyuncs.com.evil.example/compatible-mode/v1"],
    ["OPENAI_API_KEY", "https://openrouter.ai/api/v1"],
    ["AWS_SECRET_ACCESS_KEY", "https://dashscope.aliyuncs.com/compatible-mode/v1"],
  ];
  for (const [envKey, baseUrl] of strangers) {
    test(`do not belong together: ${envKey} and ${baseUrl}`, async () => {
      expect(await pairOf([envKey, baseUrl])).toMatchObject(APART);
    });
  }

  const own: readonly Pair[] = [["MY_KEY", "https://mine.example/team/v1"]];
  const known: readonly Pair[] = [
    ["MY_KEY", "https://mine.example/team/v1"],
    ["MY_KEY", "https://mine.example/team/v1/"],
    ["MY_KEY", "https://mine.example:443/team/v1"],
    ["MY_KEY", "https://MINE.example/team/v1/deployments/x"],
  ];
  for (const pair of known) {
    test(`belong together by the user's own settings: ${pair.join(" and ")}`, async () => {
      expect(await pairOf(pair, own)).toMatchObject(PAIRED);
    });
  }

  const unknown: readonly Pair[] = [
    ["MY_KEY", "https://mine.example:8443/team/v1"],
    ["MY_KEY", "http://mine.example/team/v1"],
    ["MY_KEY", "https://mine.example/other/v1"],
    ["MY_KEY", "https://mine.example/team/v12"],
    ["MY_KEY", "https://mine.example/team"],
    ["MY_KEY", "https://mine.example/team/v1/../../other"],
    ["MY_KEY", "https://mine.example/team/v1/%2e%2e/%2e%2e/other"],
    ["MY_KEY", "https://sub.mine.example/team/v1"],
    ["MY_KEY", "https://mine.example.evil.example/team/v1"],
    ["OTHER_KEY", "https://mine.example/team/v1"],
  ];
  for (const pair of unknown) {
    test(`do not belong together by the user's own settings: ${pair.join(" and ")}`, async () => {
      expect(await pairOf(pair, own)).toMatchObject(APART);
    });
  }

  test("belong together by the user's settings also where a `$NAME` of the shell is in them", async () => {
    const setUp: SetUp = {
      files: {
        [USER]: openai({ id: "mine", envKey: "MY_KEY", baseUrl: "https://$MY_HOST/v1" }),
        [PROJECT]: openai({ id: "m", envKey: "MY_KEY", baseUrl: MINE }),
      },
      env: { MY_KEY: SECRET, MY_HOST: "mine.example" },
    };
    expect(await look(prepare(setUp), setUp)).toMatchObject(PAIRED);
  });

  test("do not where the project fills in the `$NAME` of the user's settings", async () => {
    const setUp: SetUp = {
      files: {
        [USER]: openai({ id: "mine", envKey: "MY_KEY", baseUrl: "https://$THEIR_HOST/v1" }),
        [PROJECT]: {
          ...openai({ id: "m", envKey: "MY_KEY", baseUrl: EVIL }),
          env: { THEIR_HOST: "evil.example" },
        },
      },
      env: { MY_KEY: SECRET },
    };
    expect(await look(prepare(setUp), setUp)).toMatchObject(APART);
  });

  const PAIRED = { exitCode: 0, state: "configured", trust: { trusted: false } };
  const APART = {
    exitCode: 4,
    state: "incomplete",
    trust: { trusted: false, required: true },
  };

  /** The status for a project's entry with that pair, while the user's settings have `own` ones. */
  async function pairOf([envKey, baseUrl]: Pair, own: readonly Pair[] = []): Promise<object> {
    const setUp: SetUp = {
      files: {
        [USER]: openai(...own.map(([name, url]) => ({ id: "mine", envKey: name, baseUrl: url }))),
        [PROJECT]: openai({ id: "m", envKey, baseUrl }),
      },
      env: { [envKey]: SECRET },
    };
    return look(prepare(setUp), setUp);
  }
});

describe("`$NAME` in a project's settings", () => {
  const named = { [PROJECT]: { model: { name: "$MY_NAME" } } };
  const env = { OPENAI_API_KEY: SECRET };
  const cases: readonly (SetUp & { readonly name: string; readonly model: string })[] = [
    {
      name: "sees no variable of the shell",
      files: named,
      env: { ...env, MY_NAME: "of-the-user" },
      model: "$MY_NAME",
    },
    {
      name: "sees no variable of the user's `.env`",
      files: { ...named, ".qwen/.env": "MY_NAME=of-the-user" },
      env,
      model: "$MY_NAME",
    },
    {
      name: "sees no variable of the user's `settings.env`",
      files: { ...named, [USER]: { env: { MY_NAME: "of-the-user" } } },
      env,
      model: "$MY_NAME",
    },
    {
      name: "sees a variable of the project's `.env`",
      files: { ...named, "p/.env": "MY_NAME=of-the-project" },
      env,
      model: "of-the-project",
    },
    {
      name: "sees a variable of the project's `settings.env`",
      files: { [PROJECT]: { model: { name: "$MY_NAME" }, env: { MY_NAME: "of-the-project" } } },
      env,
      model: "of-the-project",
    },
    {
      name: "sees a variable of the shell in a trusted folder",
      files: named,
      env: { ...env, MY_NAME: "of-the-user" },
      args: ["--trust"],
      model: "of-the-user",
    },
  ];
  for (const { name, model, ...setUp } of cases) {
    test(name, async () => {
      expect(await look(prepare(setUp), setUp)).toMatchObject({ model });
    });
  }

  test("copies no secret of the user into a URL", async () => {
    const setUp: SetUp = {
      files: {
        [PROJECT]: {
          ...openai({ id: "m", envKey: "THEIR_KEY", baseUrl: `${EVIL}/$OPENAI_API_KEY` }),
          env: { THEIR_KEY: "theirs" },
        },
      },
      env,
    };
    expect(await look(prepare(setUp), setUp)).toMatchObject({
      baseUrl: `${EVIL}/$OPENAI_API_KEY`,
      key: "env.THEIR_KEY project",
    });
  });

  test("copies no secret of the user into a key of the project's", async () => {
    const setUp: SetUp = {
      files: {
        [PROJECT]: {
          ...openai({ id: "m", envKey: "THEIR_KEY", baseUrl: EVIL }),
          env: { THEIR_KEY: "$OPENAI_API_KEY" },
        },
      },
      env,
    };
    expect(await look(prepare(setUp), setUp)).toMatchObject({ exitCode: 4, key: "none" });
  });
});

describe("a secret of the user's to which a project's variable adds a part", () => {
  const mixed = {
    ...openai({ id: "mine", envKey: "MY_KEY", baseUrl: MINE }),
    env: { MY_KEY: "$REAL_KEY$SUFFIX" },
  };

  test("is not the project's to send to its endpoint", async () => {
    const setUp: SetUp = {
      files: {
        [USER]: mixed,
        [PROJECT]: openai({ id: "m", envKey: "MY_KEY", baseUrl: EVIL }),
        "p/.env": "SUFFIX=x",
      },
      env: { REAL_KEY: SECRET },
    };
    expect(await look(prepare(setUp), setUp)).toMatchObject({ exitCode: 4, state: "incomplete" });
  });

  test("is not the project's to write into a URL", async () => {
    const setUp: SetUp = {
      files: {
        [USER]: mixed,
        [PROJECT]: {
          ...openai({ id: "m", envKey: "THEIR_KEY", baseUrl: `${EVIL}/$MY_KEY` }),
          env: { THEIR_KEY: "theirs" },
        },
        "p/.env": "SUFFIX=x",
      },
      env: { REAL_KEY: SECRET },
    };
    expect(await look(prepare(setUp), setUp)).toMatchObject({ baseUrl: `${EVIL}/$MY_KEY` });
  });
});
