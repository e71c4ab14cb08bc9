import { describe, expect, test } from "bun:test";
import { loadConfiguration } from "../../src/models/load-configuration.ts";
import { describeSource } from "../../src/source.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";
import { machine } from "../support/qwen.ts";

type Given = {
  readonly user?: object;
  readonly project?: object;
  readonly files?: Readonly<Record<string, string | object>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly options?: object;
};

/** What is known of a machine with these files. */
async function load({ user, project, files = {}, env = {}, options = {} }: Given) {
  const at = machine();
  const all = {
    ...files,
    ...(user === undefined ? {} : { ".qwen/settings.json": user }),
    ...(project === undefined ? {} : { "p/.qwen/settings.json": project }),
  };
  for (const [path, content] of Object.entries(all)) {
    at.write(path, content);
  }
  const runtime = fakeRuntime({ home: at.home, cwd: at.project, env });
  const traced: string[] = [];
  const trace = (lines: () => readonly string[]) => {
    traced.push(...lines());
  };
  const configuration = await loadConfiguration(
    { ...runtime, trace },
    { trust: false, noProject: false, names: [], ...options },
  );
  const short = (text: string) => text.replaceAll(at.home, "~");
  return {
    configuration,
    traced: traced.map(short),
    warnings: configuration.warnings.map(short),
    short,
  };
}

/** Value and sources of a variable, the one that counts first. */
async function variable(name: string, given: Given) {
  const { configuration, short } = await load(given);
  const found = configuration.variable(name);
  return found === undefined
    ? undefined
    : [
        found.value,
        ...[found.source, ...found.shadowed].map((each) => short(describeSource(each))),
      ];
}

describe("a variable comes from", () => {
  const user = { env: { A_KEY: "of-settings" } };
  const SETTINGS = "~/.qwen/settings.json (env.A_KEY)";
  test.each<[string, Given, unknown]>([
    ["nowhere", {}, undefined],
    ["nowhere where settings have others", { user: { env: { B_KEY: "b" } } }, undefined],
    ["settings", { user }, ["of-settings", SETTINGS]],
    [
      "the shell before settings",
      { user, env: { A_KEY: "of-shell" } },
      ["of-shell", "shell variable A_KEY", SETTINGS],
    ],
    ["the shell alone", { env: { A_KEY: "of-shell" } }, ["of-shell", "shell variable A_KEY"]],
    ["no empty text of settings", { user: { env: { A_KEY: "" } } }, undefined],
    ["no blank text of settings", { user: { env: { A_KEY: "  " } } }, undefined],
    [
      "settings without white space around it",
      { user: { env: { A_KEY: " a " } } },
      ["a", SETTINGS],
    ],
    [
      "another variable that settings name",
      { user: { env: { A_KEY: "$B_KEY" } }, env: { B_KEY: "b" } },
      ["b", SETTINGS],
    ],
  ])("%s", async (_name, given, expected) => {
    expect(await variable("A_KEY", given)).toEqual(expected as never);
  });

  test("no settings where no file may decide about it", async () => {
    const given = { user: { env: { NODE_OPTIONS: "--x", A: 3, OK: "ok" } } };
    expect(await variable("NODE_OPTIONS", given)).toBeUndefined();
    expect((await load(given)).warnings).toEqual([
      "`env.NODE_OPTIONS` in `~/.qwen/settings.json` was ignored: this variable is never taken from a file",
      "`env.A` in `~/.qwen/settings.json` was ignored: expected a string",
    ]);
    expect((await load({ user: { env: { NODE_OPTIONS: "" } } })).warnings).toEqual([]);
  });

  test("no variable that settings exclude", async () => {
    const files = { "p/.env": "A_KEY=a\nB_KEY=b\nDEBUG=1\n" };
    const user = { advanced: { excludedEnvVars: ["A_KEY", 3] } };
    expect(await variable("A_KEY", { files, user })).toBeUndefined();
    expect((await variable("B_KEY", { files, user }))?.[0]).toBe("b");
    expect(await variable("DEBUG", { files })).toBeUndefined();
    expect(
      (await variable("A_KEY", { files, user: { advanced: { excludedEnvVars: "A_KEY" } } }))?.[0],
    ).toBe("a");
  });
});

describe("a project's settings see", () => {
  const project = { model: { name: "$NAME" } };
  const modelOf = async (given: Given) => {
    const { configuration } = await load({ project, ...given });
    return configuration.merged.model;
  };

  test("no variable of the user's", async () => {
    expect(await modelOf({ env: { NAME: "secret" } })).toEqual({ name: "$NAME" });
    expect(await modelOf({ user: { env: { NAME: "secret" } } })).toEqual({ name: "$NAME" });
  });

  test("their own variables", async () => {
    expect(await modelOf({ files: { "p/.env": "NAME=theirs\n" } })).toEqual({ name: "theirs" });
    const own = { ...project, env: { NAME: "theirs" } };
    expect(await modelOf({ project: own })).toEqual({ name: "theirs" });
  });

  test("all of them once the folder is trusted", async () => {
    const given = { env: { NAME: "mine" }, options: { trust: true } };
    expect(await modelOf(given)).toEqual({ name: "mine" });
  });

  test("nothing with --no-project", async () => {
    expect(await modelOf({ options: { noProject: true } })).toBeUndefined();
  });
});

describe("loadConfiguration() tells", () => {
  test("what is misspelt, but for what is read all the same", async () => {
    const { warnings } = await load({
      user: { model: { nam: "a" }, modelProvider: { openai: [] } },
    });
    expect(warnings).toContain(
      "`model.nam` in `~/.qwen/settings.json` is not read: did you mean `model.name`?",
    );
    expect(warnings.filter((line) => line.includes("modelProvider`"))).toHaveLength(1);
  });

  test("which files it read", async () => {
    const { traced } = await load({
      user: {},
      files: { "p/.env": "A=1\n", ".env": "B=2\n" },
    });
    expect(traced).toContain("settings user ~/.qwen/settings.json");
    expect(traced).toContain("settings project ~/p/.qwen/settings.json, not read");
    expect(traced).toContain(".env ~/p/.env (project)");
    expect(traced).toContain(".env passed over ~/.env: another comes first");
    expect((await load({})).traced).toContain(".env none");
  });

  test("what it did not read of a folder that is distrusted", async () => {
    const at = machine();
    at.write("p/.qwen/settings.json", { model: { name: "a" } });
    at.write(".qwen/trustedFolders.json", { [at.project]: "DO_NOT_TRUST" });
    const runtime = fakeRuntime({ home: at.home, cwd: at.project });
    const options = { trust: false, noProject: false, names: [] };
    const { distrusted, merged, warnings } = await loadConfiguration(runtime, options);
    expect(merged.model).toBeUndefined();
    expect(distrusted).toEqual([expect.stringContaining(`${at.project}/.qwen/settings.json`)]);
    expect(warnings).toEqual([...distrusted]);
  });
});
