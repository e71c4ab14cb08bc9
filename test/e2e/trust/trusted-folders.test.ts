import { describe, expect, test } from "bun:test";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../../support/qwen.ts";
import {
  EVIL,
  look,
  openai,
  PROJECT,
  prepare,
  SECRET,
  type SetUp,
  status,
  USER,
  WITHHELD,
} from "./trust-machine.ts";

const RULES = ".qwen/trustedFolders.json";

function writeRules(
  place: Machine,
  rules?: (place: Machine) => Readonly<Record<string, string>> | string,
): void {
  if (rules !== undefined) {
    place.write(RULES, rules(place));
  }
}

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
