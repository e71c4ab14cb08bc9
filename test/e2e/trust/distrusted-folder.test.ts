import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { modelRecorder } from "../../support/model-recorder.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

/** A folder with `DO_NOT_TRUST` supplies nothing (`spec/settings-and-env.md`). */
setDefaultTimeout(60_000);

const MINE = "sk-mine-0123456789abcdefghij";
const THEIRS = "sk-theirs-0123456789abcdefgh";
const PROJECT = "p/.qwen/settings.json";

const entry = (id: string, envKey: string, baseUrl: string) => ({
  modelProviders: { openai: [{ id, envKey, baseUrl }] },
  model: { name: id },
});

/** A user with a model of their own, and rules, by folders below home. */
function setUp(rules: Readonly<Record<string, string>>) {
  const mine = modelRecorder();
  const theirs = modelRecorder();
  const at = machine();
  at.write(".qwen/settings.json", {
    ...entry("m", "MY_KEY", mine.url),
    security: { auth: { selectedType: "openai" } },
    env: { MY_KEY: MINE },
  });
  const entries = Object.entries(rules).map(([folder, rule]) => [join(at.home, folder), rule]);
  at.write(".qwen/trustedFolders.json", Object.fromEntries(entries));
  return { at, mine, theirs };
}

type Files = (theirs: string) => Readonly<Record<string, string | object>>;

describe("nothing of a distrusted folder is read:", () => {
  const team: Files = (theirs) => ({
    [PROJECT]: { ...entry("ev", "EV_KEY", theirs), env: { EV_KEY: THEIRS } },
  });
  const key: Files = () => ({ "p/.env": `MY_KEY=${THEIRS}\n` });
  const cases: readonly {
    readonly name: string;
    readonly rules: Readonly<Record<string, string>>;
    readonly files: Files;
    readonly cwd?: string;
    readonly unread: string;
  }[] = [
    { name: "its settings", rules: { p: "DO_NOT_TRUST" }, files: team, unread: PROJECT },
    { name: "its .env", rules: { p: "DO_NOT_TRUST" }, files: key, unread: "p/.env" },
    {
      name: "its .qwen/.env",
      rules: { p: "DO_NOT_TRUST" },
      files: () => ({ "p/.qwen/.env": `MY_KEY=${THEIRS}\n` }),
      unread: "p/.qwen/.env",
    },
    {
      name: "the .env of a distrusted parent, from a trusted child",
      rules: { p: "DO_NOT_TRUST", "p/child": "TRUST_FOLDER" },
      files: (theirs) => ({ ...key(theirs), "p/child/README": "" }),
      cwd: "p/child",
      unread: "p/.env",
    },
    {
      name: "what lies below a distrusted home",
      rules: { "": "DO_NOT_TRUST" },
      files: team,
      unread: PROJECT,
    },
    {
      name: "a distrusted child of a trusted parent",
      rules: { p: "TRUST_FOLDER", "p/child": "DO_NOT_TRUST" },
      files: () => ({ "p/child/.env": `MY_KEY=${THEIRS}\n` }),
      cwd: "p/child",
      unread: "p/child/.env",
    },
  ];
  test.each(cases)("$name", async ({ rules, files, cwd = "p", unread }) => {
    const { at, mine, theirs } = setUp(rules);
    writeAll(at, files(theirs.url));
    const options = { cwd: join(at.home, cwd), env: { QWEN_TRUST_WORKSPACE: "true" } };
    const asked = await qwen(at, ["-p", "hi"], options);
    expect({ exitCode: asked.exitCode, stdout: asked.stdout, theirs: theirs.received }).toEqual({
      exitCode: 0,
      stdout: "hi\n",
      theirs: [],
    });
    expect(mine.received).toHaveLength(1);
    expect(mine.received[0]).toContain(MINE);
    const said = `\`${join(at.home, unread)}\` was not read: `;
    const { stdout } = await qwen(at, ["auth", "status", "--json"], options);
    expect(JSON.parse(stdout).warnings).toEqual([expect.stringContaining(said)]);
    const text = await qwen(at, ["auth", "status"], options);
    expect(text.stdout).toContain("distrusted");
  });
});

test("--trust reads a distrusted folder for one run", async () => {
  const { at, mine, theirs } = setUp({ p: "DO_NOT_TRUST" });
  at.write(PROJECT, { ...entry("ev", "EV_KEY", theirs.url), env: { EV_KEY: THEIRS } });
  expect((await qwen(at, ["-p", "hi", "--trust"])).exitCode).toBe(0);
  expect({ mine: mine.received, theirs: theirs.received.length }).toEqual({ mine: [], theirs: 1 });
  expect((await qwen(at, ["-p", "hi"])).exitCode).toBe(0);
  expect({ mine: mine.received.length, theirs: theirs.received.length }).toEqual({
    mine: 1,
    theirs: 1,
  });
});

test("the walk for a .env goes on above a distrusted folder", async () => {
  const { at } = setUp({ "p/child": "DO_NOT_TRUST" });
  at.write("p/child/.env", "A=b\n");
  const above = at.write("p/.env", "A=b\n");
  const options = { cwd: join(at.project, "child") };
  const status = JSON.parse((await qwen(at, ["auth", "status", "--json"], options)).stdout);
  expect(status.dotenv).toEqual({ path: above, shadowed: [] });
});

test("files of the user's own are read wherever they lie", async () => {
  const { at } = setUp({ "": "DO_NOT_TRUST" });
  const own = at.write(".qwen/.env", "A=b\n");
  const status = JSON.parse((await qwen(at, ["auth", "status", "--json"])).stdout);
  expect(status).toMatchObject({ state: "configured", dotenv: { path: own }, warnings: [] });
});

test("doctor says that a folder's files are not read", async () => {
  const { at } = setUp({ p: "DO_NOT_TRUST" });
  at.write(PROJECT, "{");
  const { stdout, exitCode } = await qwen(at, ["doctor", "--json"]);
  const { checks } = JSON.parse(stdout);
  const found = checks.find(({ id }: { id: string }) => id === "settings.project");
  expect({ exitCode, found }).toEqual({
    exitCode: 0,
    found: {
      id: "settings.project",
      status: "skipped",
      summary: expect.stringContaining("was not read: `~/p` is distrusted"),
    },
  });
});

function writeAll(at: Machine, files: Readonly<Record<string, string | object>>): void {
  for (const [path, content] of Object.entries(files)) {
    at.write(path, content);
  }
}

describe("where a distrusted folder's files are missed, it is named:", () => {
  const UNREAD = "`~/p/.qwen/settings.json` was not read: `~/p` is distrusted";

  test("by a command that ends with what is wrong with the settings", async () => {
    const { at } = setUp({ p: "DO_NOT_TRUST" });
    at.write(PROJECT, { model: { name: "m" } });
    at.write(".qwen/settings.json", {
      ...entry("m", "MY_KEY", "https://gateway.example/v1"),
      model: { name: "odd" },
    });
    for (const args of [
      ["-p", "hi"],
      ["auth", "status"],
      ["auth", "token"],
      ["auth", "env"],
    ]) {
      const done = await qwen(at, args);
      expect([done.exitCode, done.stdout]).toEqual([3, ""]);
      expect(done.stderr).toContain('Cannot find the model "odd"');
      expect(done.stderr).toContain(UNREAD);
    }
    const json = await qwen(at, ["auth", "status", "--json"]);
    expect(JSON.parse(json.stdout).error).toMatchObject({
      code: "unknown-model",
      message: expect.stringContaining("is distrusted"),
      exitCode: 3,
    });
  });

  test("by a command that ends with what is missing", async () => {
    const at = machine();
    at.write(".qwen/trustedFolders.json", { [join(at.home, "p")]: "DO_NOT_TRUST" });
    at.write(PROJECT, entry("ev", "EV_KEY", "https://gateway.example/v1"));
    for (const args of [
      ["-p", "hi"],
      ["auth", "token"],
      ["models", "--remote"],
    ]) {
      const done = await qwen(at, args);
      expect([done.exitCode, done.stderr]).toEqual([4, expect.stringContaining(UNREAD)]);
    }
    const status = await qwen(at, ["auth", "status"]);
    expect(status.stdout.split(UNREAD)).toHaveLength(2);
  });

  test("by a login and a logout in the project's scope", async () => {
    const at = machine();
    Bun.spawnSync(["git", "init", "-q", at.project]);
    at.write("p/.gitignore", ".qwen/\n");
    at.write(".qwen/trustedFolders.json", { [join(at.home, "p")]: "DO_NOT_TRUST" });
    const args = ["auth", "coding-plan", "--region", "china", "--key-stdin", "--scope", "project"];
    const login = await qwen(at, args, { stdin: "sk-sp-0123456789abcdef01234567" });
    expect([login.exitCode, login.stderr]).toEqual([
      0,
      expect.stringContaining(`warning: what was just written has no effect: ${UNREAD}`),
    ]);
    const json = await qwen(at, [...args, "--json"], { stdin: "sk-sp-0123456789abcdef01234567" });
    expect(JSON.parse(json.stdout).warnings.join()).toContain("has no effect");
    const scope = ["--scope", "project"];
    const nothing = await qwen(at, ["auth", "logout", ...scope]);
    expect(nothing.stderr).toContain("Nothing was removed");
    expect(nothing.stderr).toContain(`${UNREAD} (\`qwen trust --list\`); \`--trust\` has it read`);
    const named = await qwen(at, ["auth", "logout", "--provider", "coding-plan", ...scope]);
    expect([named.exitCode, named.stderr]).toEqual([0, expect.stringContaining(UNREAD)]);
    const again = await qwen(at, args, { stdin: "sk-sp-0123456789abcdef01234567" });
    expect(again.exitCode).toBe(0);
    const lifted = await qwen(at, ["auth", "logout", "--trust", ...scope]);
    expect(lifted.stderr).toContain("Logged out of Alibaba Cloud Coding Plan");
    expect(lifted.stderr).not.toContain("distrusted");
  });
});
