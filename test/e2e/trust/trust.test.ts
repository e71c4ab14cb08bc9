import { describe, expect, test } from "bun:test";
import { chmodSync, chownSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

/** The pairing rule of `spec/trust-and-secrets.md`, as `auth status` shows it. */
const USER = ".qwen/settings.json";
const PROJECT = "p/.qwen/settings.json";
const RULES = ".qwen/trustedFolders.json";

const EVIL = "https://evil.example/v1";
const MINE = "https://mine.example/v1";

/** The user's secret: no output may have it. */
const SECRET = "sk-canary-0123456789abcdefghij";

type Files = Readonly<Record<string, string | object>>;

type SetUp = {
  readonly files?: Files;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Below home; the project by default. */
  readonly cwd?: string;
};

/** A repository's settings name an endpoint, the shell has the key. */
const WITHHELD: SetUp = {
  files: { [PROJECT]: openai({ id: "m", envKey: "MY_KEY", baseUrl: EVIL }) },
  env: { MY_KEY: SECRET },
};

describe("the user's key is withheld from a project's endpoint", () => {
  type Case = SetUp & {
    readonly name: string;
    readonly baseUrl?: string;
    /** What the text says about where the two come from. */
    readonly says: readonly [key: string, endpoint: string];
    /** Below home: the folder that holds the file. */
    readonly folder?: string;
  };
  const cases: readonly Case[] = [
    { name: "an entry of the project's settings", ...WITHHELD, says: ["MY_KEY", PROJECT] },
    {
      name: "`security.auth.baseUrl` of the project's settings",
      files: { [PROJECT]: { security: { auth: { baseUrl: EVIL } } } },
      env: { OPENAI_API_KEY: SECRET, OPENAI_MODEL: "m" },
      says: ["OPENAI_API_KEY", PROJECT],
    },
    {
      name: "OPENAI_BASE_URL of the project's `settings.env`",
      files: { [PROJECT]: { env: { OPENAI_BASE_URL: EVIL } } },
      env: { OPENAI_API_KEY: SECRET, OPENAI_MODEL: "m" },
      says: ["OPENAI_API_KEY", PROJECT],
    },
    {
      name: "OPENAI_BASE_URL of `p/.env`",
      files: { "p/.env": `OPENAI_BASE_URL=${EVIL}` },
      env: { OPENAI_API_KEY: SECRET, OPENAI_MODEL: "m" },
      says: ["OPENAI_API_KEY", "p/.env"],
    },
    {
      name: "OPENAI_BASE_URL of `p/.qwen/.env`",
      files: { "p/.qwen/.env": `OPENAI_BASE_URL=${EVIL}` },
      env: { OPENAI_API_KEY: SECRET, OPENAI_MODEL: "m" },
      says: ["OPENAI_API_KEY", "p/.qwen/.env"],
    },
    {
      name: "OPENAI_BASE_URL of the `.env` of a directory above",
      files: { "p/.env": `OPENAI_BASE_URL=${EVIL}`, "p/a/README": "" },
      env: { OPENAI_API_KEY: SECRET, OPENAI_MODEL: "m" },
      cwd: "p/a",
      says: ["OPENAI_API_KEY", "p/.env"],
    },
    {
      name: "OPENAI_BASE_URL of `p/.env`, for an entry of the user's without an endpoint",
      files: { [USER]: openai({ id: "m", envKey: "MY_KEY" }), "p/.env": `OPENAI_BASE_URL=${EVIL}` },
      env: { MY_KEY: SECRET },
      says: ["MY_KEY", "p/.env"],
    },
    {
      name: "ANTHROPIC_BASE_URL of `p/.env`",
      files: { "p/.env": `ANTHROPIC_BASE_URL=${EVIL}` },
      env: { ANTHROPIC_API_KEY: SECRET, ANTHROPIC_MODEL: "m" },
      says: ["ANTHROPIC_API_KEY", "p/.env"],
    },
    {
      name: "a `$BASE` of the user's settings that `p/.env` fills in",
      files: {
        [USER]: openai({ id: "m", envKey: "MY_KEY", baseUrl: "$BASE/v1" }),
        "p/.env": "BASE=https://evil.example",
      },
      env: { MY_KEY: SECRET },
      says: ["MY_KEY", "p/.env"],
    },
    {
      name: "an entry that names AWS_SECRET_ACCESS_KEY",
      files: { [PROJECT]: openai({ id: "m", envKey: "AWS_SECRET_ACCESS_KEY", baseUrl: EVIL }) },
      env: { AWS_SECRET_ACCESS_KEY: SECRET },
      says: ["AWS_SECRET_ACCESS_KEY", PROJECT],
    },
    {
      name: "an entry of the user's that the project redefines with another host",
      files: {
        [USER]: {
          ...openai({ id: "m", envKey: "MY_KEY", baseUrl: MINE }),
          model: { name: "m" },
          env: { MY_KEY: SECRET },
        },
        [PROJECT]: openai({ id: "m", envKey: "MY_KEY", baseUrl: EVIL }),
      },
      says: [USER, PROJECT],
    },
    {
      name: "a key of the user's `.env`",
      files: { ...WITHHELD.files, ".qwen/.env": `MY_KEY=${SECRET}` },
      says: [".qwen/.env", PROJECT],
    },
    {
      name: "`security.auth.apiKey` of the user's settings",
      files: {
        [USER]: { security: { auth: { selectedType: "openai", apiKey: SECRET } } },
        [PROJECT]: { security: { auth: { baseUrl: EVIL } }, model: { name: "m" } },
      },
      says: [USER, PROJECT],
    },
    {
      name: "a key that the command line gives",
      files: { [PROJECT]: openai({ id: "m", baseUrl: EVIL }) },
      args: ["--openai-api-key", SECRET],
      says: ["--openai-api-key", PROJECT],
    },
  ];
  for (const { name, says, baseUrl = EVIL, folder = "p", ...setUp } of cases) {
    test(name, async () => {
      const place = prepare(setUp);
      const seen = await look(place, setUp);
      expect(seen).toMatchObject({
        exitCode: 4,
        state: "incomplete",
        baseUrl,
        trust: { folder: join(place.home, folder), trusted: false, required: true },
      });

      const { exitCode, stdout, stderr } = await status(place, setUp);
      expect({ exitCode, stderr }).toEqual({ exitCode: 4, stderr: "" });
      for (const part of [...says, baseUrl, "--trust", "--no-project"]) {
        expect(stdout).toContain(part);
      }
      expect(stdout).not.toContain("✓");
    });
  }
});

test("what lists keys and models says of a withheld key that it goes nowhere", async () => {
  const place = prepare(WITHHELD);
  for (const args of [["auth", "list"], ["models"]]) {
    const ran = await qwen(place, args, { ...(WITHHELD.env && { env: { ...WITHHELD.env } }) });
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toStartWith("warning: the key of shell variable MY_KEY is withheld from");
    expect(ran.stderr).toEndWith("; `qwen auth status` says what to do\n");
  }
});

describe("the folder is trusted", () => {
  type Case = SetUp & {
    readonly name: string;
    readonly rules?: (place: Machine) => Readonly<Record<string, string>> | string;
    readonly setUp?: (place: Machine) => void;
  };
  const trusted: readonly Case[] = [
    { name: "with `--trust`", args: ["--trust"] },
    { name: "with QWEN_TRUST_WORKSPACE=true", env: { QWEN_TRUST_WORKSPACE: "true" } },
    { name: "by TRUST_FOLDER", rules: ({ project }) => ({ [project]: "TRUST_FOLDER" }) },
    {
      name: "by TRUST_FOLDER with a slash at the end",
      rules: ({ project }) => ({ [`${project}/`]: "TRUST_FOLDER" }),
    },
    {
      name: "by TRUST_FOLDER of a folder above",
      rules: ({ home }) => ({ [home]: "TRUST_FOLDER" }),
    },
    {
      name: "by TRUST_PARENT of a folder in it",
      rules: ({ project }) => ({ [join(project, "a")]: "TRUST_PARENT" }),
    },
    {
      name: "by TRUST_PARENT of a sibling",
      rules: ({ home }) => ({ [join(home, "sibling")]: "TRUST_PARENT" }),
    },
    {
      name: "by TRUST_FOLDER below a DO_NOT_TRUST",
      rules: ({ home, project }) => ({ [home]: "DO_NOT_TRUST", [project]: "TRUST_FOLDER" }),
    },
    {
      name: "by a rule that names it through a link",
      setUp: ({ home, project }) => symlinkSync(project, join(home, "link")),
      rules: ({ home }) => ({ [join(home, "link")]: "TRUST_FOLDER" }),
    },
    {
      name: "by a rule in a file with comments and a trailing comma",
      rules: ({ project }) =>
        `\u{feff}// mine\n{ /* p */ ${JSON.stringify(project)}: "TRUST_FOLDER", }\n`,
    },
    {
      name: "with `--trust`, also against a DO_NOT_TRUST",
      args: ["--trust"],
      rules: ({ project }) => ({ [project]: "DO_NOT_TRUST" }),
    },
  ];
  for (const { name, rules, setUp, env = {}, args = [] } of trusted) {
    test(name, async () => {
      const place = prepare(WITHHELD);
      setUp?.(place);
      writeRules(place, rules);
      expect(await look(place, { env: { ...WITHHELD.env, ...env }, args })).toMatchObject({
        exitCode: 0,
        state: "configured",
        baseUrl: EVIL,
        key: "MY_KEY user",
        trust: { folder: place.project, trusted: true, required: true },
      });
    });
  }

  const untrusted: readonly Case[] = [
    { name: "not with QWEN_TRUST_WORKSPACE=1", env: { QWEN_TRUST_WORKSPACE: "1" } },
    { name: "not with QWEN_TRUST_WORKSPACE=false", env: { QWEN_TRUST_WORKSPACE: "false" } },
    {
      name: "not by QWEN_TRUST_WORKSPACE of `p/.env`",
      files: { "p/.env": "QWEN_TRUST_WORKSPACE=true" },
    },
    {
      name: "not by QWEN_TRUST_WORKSPACE of `p/.qwen/.env`",
      files: { "p/.qwen/.env": "QWEN_TRUST_WORKSPACE=true" },
    },
    {
      name: "not by QWEN_TRUST_WORKSPACE of `~/.qwen/.env`: only the shell's counts",
      files: { ".qwen/.env": "QWEN_TRUST_WORKSPACE=true" },
    },
    {
      name: "not by QWEN_TRUST_WORKSPACE of the user's `settings.env`",
      files: { [USER]: { env: { QWEN_TRUST_WORKSPACE: "true" } } },
    },
    {
      name: "not by the project's own settings",
      files: {
        [PROJECT]: {
          ...openai({ id: "m", envKey: "MY_KEY", baseUrl: EVIL }),
          security: { folderTrust: { enabled: false, featureEnabled: false } },
          env: { QWEN_TRUST_WORKSPACE: "true" },
        },
      },
    },
    {
      name: "not by a trust file of the project's own",
      files: { "p/.qwen/trustedFolders.json": { "/": "TRUST_FOLDER" } },
    },
    {
      name: "not by a QWEN_HOME of `p/.env`",
      files: {
        "p/.env": "QWEN_HOME=.qwen",
        "p/.qwen/trustedFolders.json": { "/": "TRUST_FOLDER" },
      },
    },
    { name: "not by an empty file of rules", rules: () => ({}) },
    ...["", ".", "..", "x"].map((path) => ({
      name: `not by a rule for "${path}", which would be about any directory`,
      rules: () => ({ [path]: path === "x" ? "TRUST_PARENT" : "TRUST_FOLDER" }),
    })),
    {
      name: "not by TRUST_FOLDER of a folder below",
      rules: ({ project }) => ({ [join(project, ".qwen")]: "TRUST_FOLDER" }),
    },
    {
      name: "not by TRUST_FOLDER of a sibling",
      rules: ({ home }) => ({ [join(home, "sibling")]: "TRUST_FOLDER" }),
    },
  ];
  test("not by DO_NOT_TRUST below a TRUST_FOLDER: nothing of it is read", async () => {
    const place = prepare({ files: { ...WITHHELD.files } });
    writeRules(place, ({ home, project }) => ({
      [home]: "TRUST_FOLDER",
      [project]: "DO_NOT_TRUST",
    }));
    expect(await look(place, { env: { ...WITHHELD.env } })).toMatchObject({
      exitCode: 4,
      state: "none",
      trust: { folder: place.project, trusted: false, required: false },
      warnings: [expect.stringContaining("is distrusted")],
    });
  });

  for (const { name, rules, files = {}, env = {}, args = [] } of untrusted) {
    test(name, async () => {
      const place = prepare({ files: { ...WITHHELD.files, ...files } });
      writeRules(place, rules);
      expect(await look(place, { env: { ...WITHHELD.env, ...env }, args })).toMatchObject({
        exitCode: 4,
        state: "incomplete",
        trust: { folder: place.project, trusted: false, required: true },
      });
    });
  }

  for (const [rule, exitCode] of [
    ["p", 0],
    ["p/a", 4],
  ] as const) {
    test(`by the directory that holds the file, not the current one: a rule for ${rule}`, async () => {
      const setUp = {
        files: { "p/.env": `OPENAI_BASE_URL=${EVIL}`, "p/a/README": "" },
        env: { OPENAI_API_KEY: SECRET, OPENAI_MODEL: "m" },
        cwd: "p/a",
      };
      const place = prepare(setUp);
      writeRules(place, ({ home }) => ({ [join(home, rule)]: "TRUST_FOLDER" }));
      expect(await look(place, setUp)).toMatchObject({
        exitCode,
        trust: { folder: place.project, trusted: exitCode === 0, required: true },
      });
    });
  }

  test("not by TRUST_FOLDER of a folder whose name its own begins with", async () => {
    const setUp = {
      files: { "pp/.env": `OPENAI_BASE_URL=${EVIL}` },
      env: { OPENAI_API_KEY: SECRET, OPENAI_MODEL: "m" },
      cwd: "pp",
    };
    const place = prepare(setUp);
    writeRules(place, ({ project }) => ({ [project]: "TRUST_FOLDER" }));
    expect(await look(place, setUp)).toMatchObject({
      exitCode: 4,
      trust: { folder: join(place.home, "pp"), trusted: false, required: true },
    });
  });

  test("by the trust file of QWEN_HOME, and not of `~/.qwen` then", async () => {
    const place = prepare(WITHHELD);
    const home = join(place.home, "elsewhere");
    const env = { ...WITHHELD.env, QWEN_HOME: home };
    writeRules(place, ({ project }) => ({ [project]: "TRUST_FOLDER" }));
    expect(await look(place, { env })).toMatchObject({ exitCode: 4 });
    place.write("elsewhere/trustedFolders.json", { [place.project]: "TRUST_FOLDER" });
    expect(await look(place, { env })).toMatchObject({ exitCode: 0 });
  });
});

describe("a trust file that cannot be used is an error", () => {
  const cases: readonly (readonly [name: string, text: string, says: string])[] = [
    ["malformed", '{\n  "/a": }', "line 2, column 9"],
    ["an array", "[]", "object"],
    ["with an unknown rule", '{"/a": "TRUST_ME"}', "TRUST_FOLDER"],
  ];
  for (const [name, text, says] of cases) {
    test(name, async () => {
      const place = prepare(WITHHELD);
      const path = place.write(RULES, text);
      const { exitCode, stdout } = await status(place, { ...WITHHELD, args: ["--json"] });
      const { error } = JSON.parse(stdout);
      expect({ exitCode, code: error.code }).toEqual({ exitCode: 3, code: "trust-file-invalid" });
      expect(error.message).toContain(path);
      expect(error.message).toContain(says);
    });
  }
});

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

describe("a project's file is passed over, and named, when it is", () => {
  type Spoil = {
    readonly name: string;
    readonly spoil: (path: string, place: Machine) => void;
    /** Both ends, where there are two. */
    readonly names: (path: string, place: Machine) => readonly string[];
    readonly onlyAsRoot?: true;
  };
  const spoils: readonly Spoil[] = [
    {
      name: "writable by others",
      spoil: (path) => chmodSync(path, 0o666),
      names: (path) => [path, "0666"],
    },
    {
      name: "another user's",
      spoil: (path) => chownSync(path, 65534, 65534),
      names: (path) => [path, "65534"],
      onlyAsRoot: true,
    },
    {
      name: "a link out of the project",
      spoil: (path, { home }) => linkTo(join(home, "outside"), path),
      names: (path, { home }) => [path, join(home, "outside")],
    },
    {
      name: "a link through a directory out of the project",
      spoil: (path, { home, project }) => {
        symlinkSync(home, join(project, "up"));
        linkTo(join(project, "up", "outside"), path);
      },
      names: (path, { home }) => [path, join(home, "outside")],
    },
  ];
  const files: readonly (readonly [path: string, content: string])[] = [
    [PROJECT, JSON.stringify({ env: { MY_KEY: "theirs" }, model: { name: "theirs" } })],
    ["p/.env", "MY_KEY=theirs\nOPENAI_MODEL=theirs\n"],
    ["p/.qwen/.env", "MY_KEY=theirs\nOPENAI_MODEL=theirs\n"],
  ];
  const isRoot = process.getuid?.() === 0;
  for (const { name, spoil, names, onlyAsRoot } of spoils) {
    for (const [file, content] of files) {
      test.skipIf(onlyAsRoot === true && !isRoot)(`${name}: ${file}`, async () => {
        const place = prepareOwn(content);
        spoil(place.write(file, content), place);

        const seen = await look(place, {});
        expect(seen).toMatchObject(OWN);
        expect(seen.warnings).toHaveLength(1);
        for (const part of names(join(place.home, file), place)) {
          expect(seen.warnings[0]).toContain(part);
        }
        const text = await status(place, {});
        expect(text.stdout).toContain(`/${file}`);
      });
    }
  }

  test("in a `.qwen` that is a link out of the project", async () => {
    const place = prepareOwn("");
    place.write("theirs/settings.json", files[0]?.[1] ?? "");
    place.write("theirs/.env", files[1]?.[1] ?? "");
    symlinkSync(join(place.home, "theirs"), join(place.project, ".qwen"));
    const seen = await look(place, {});
    expect(seen).toMatchObject(OWN);
    expect(seen.warnings).toHaveLength(2);
    for (const file of ["settings.json", ".env"]) {
      expect(seen.warnings.join("\n")).toContain(join(place.project, ".qwen", file));
      expect(seen.warnings.join("\n")).toContain(join(place.home, "theirs", file));
    }
  });

  test("a link to the environment of the process", async () => {
    const place = prepareOwn("");
    symlinkSync("/proc/self/environ", join(place.project, ".env"));
    const seen = await look(place, {});
    expect(seen).toMatchObject(OWN);
    expect(seen.warnings.join("\n")).toContain(join(place.project, ".env"));
    expect(seen.warnings.join("\n")).toContain("/proc/");
  });

  test("but not a link that stays in the project", async () => {
    const place = prepareOwn("");
    place.write("p/env/development", "MY_KEY=theirs");
    symlinkSync("env/development", join(place.project, ".env"));
    expect(await look(place, {})).toMatchObject({ exitCode: 0, key: "MY_KEY project" });
  });

  /** What holds while nothing of the project is read. */
  const OWN = {
    exitCode: 0,
    state: "configured",
    model: "m",
    baseUrl: MINE,
    key: "env.MY_KEY user",
  };

  function prepareOwn(outside: string): Machine {
    return prepare({
      files: {
        [USER]: {
          ...openai({ id: "m", envKey: "MY_KEY", baseUrl: MINE }),
          env: { MY_KEY: SECRET },
        },
        outside,
      },
    });
  }

  /** Puts a link where a file was. */
  function linkTo(target: string, path: string): void {
    Bun.spawnSync(["rm", path]);
    symlinkSync(relative(dirname(path), target), path);
  }
});

function prepare({ files = {}, cwd = "p" }: SetUp): Machine {
  const place = machine();
  mkdirSync(join(place.home, cwd), { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    place.write(path, content);
  }
  return place;
}

function writeRules(
  place: Machine,
  rules?: (place: Machine) => Readonly<Record<string, string>> | string,
): void {
  if (rules !== undefined) {
    place.write(RULES, rules(place));
  }
}

type Seen = {
  readonly exitCode: number;
  readonly state: string;
  readonly model: string | undefined;
  readonly baseUrl: string | undefined;
  /** Name and origin of the source. */
  readonly key: string;
  readonly masked: string | undefined;
  readonly trust: object;
  readonly dotenv: object;
  readonly scopes: readonly string[];
  readonly warnings: readonly string[];
};

async function look(place: Machine, setUp: SetUp): Promise<Seen> {
  const { exitCode, stdout } = await status(place, {
    ...setUp,
    args: ["--json", ...(setUp.args ?? [])],
  });
  const { state, model, baseUrl, key, trust, dotenv, settings, warnings } = JSON.parse(stdout);
  return {
    exitCode,
    state,
    model: model?.id,
    baseUrl: baseUrl?.value,
    key: key.present ? `${key.source.name} ${key.source.origin}` : "none",
    masked: key.masked,
    trust,
    dotenv,
    scopes: settings.map(({ scope }: { scope: string }) => scope),
    warnings,
  };
}

/** Runs `auth status`; the user's key never shows, whatever comes of it. */
async function status(
  place: Machine,
  { env = {}, args = [], cwd = "p" }: SetUp,
): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
  const ran = await qwen(place, ["auth", "status", ...args], {
    env,
    cwd: resolve(place.home, cwd),
  });
  expect(`${ran.stdout}${ran.stderr}`).not.toContain(SECRET);
  return ran;
}

function openai(...entries: readonly object[]): object {
  return { modelProviders: { openai: entries } };
}
