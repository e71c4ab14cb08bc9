import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { missingPrograms, testUnless } from "../../support/needs.ts";
import { type Machine, machine } from "../../support/qwen.ts";
import { shell } from "../../support/shell.ts";
import { identity, modeOf } from "../../support/snapshot.ts";
import { cannotBeNobody, giveAway, shellAsNobody } from "../../support/unprivileged.ts";
import {
  json,
  jsonc,
  KEY,
  login,
  OTHER_KEY,
  plan,
  statusOf,
  writtenBy,
} from "./coding-plan-machine.ts";

setDefaultTimeout(60_000);

describe("qwen auth coding-plan --scope project", () => {
  const gitTest = testUnless(missingPrograms("git"));
  const inProject = (at: Machine, ...more: string[]) =>
    plan(at, ["-r", "china", "--key-stdin", "--scope", "project", ...more], { stdin: KEY });
  const projectFile = (at: Machine) => join(at.project, ".qwen", "settings.json");

  function git(at: Machine, ...args: string[]): void {
    const { exitCode } = Bun.spawnSync(["git", "-C", at.project, ...args], { env: at.env });
    expect(exitCode).toBe(0);
  }

  function expectRefused(at: Machine, ran: Awaited<ReturnType<typeof inProject>>): void {
    expect(ran.exitCode).toBe(2);
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toContain("`~/p/.qwen/settings.json`");
    expect(ran.stderr).toMatch(/hint: .*(gitignore|--force)/);
    expect(ran.stderr).not.toContain(KEY);
    expect(existsSync(join(at.project, ".qwen"))).toBe(false);
    expect(existsSync(at.settings)).toBe(false);
  }

  test("is refused where there is no repository", async () => {
    const at = machine();
    expectRefused(at, await inProject(at));
  });

  test("is refused where there is no git program", async () => {
    const at = machine();
    const ran = await inProject({ ...at, env: { ...at.env, PATH: at.project } });
    expectRefused(at, ran);
  });

  gitTest("is refused when git does not ignore the file", async () => {
    const at = machine();
    git(at, "init", "-q");
    expectRefused(at, await inProject(at));
  });

  gitTest("is allowed when git ignores the file; the user's file is not made", async () => {
    const at = machine();
    git(at, "init", "-q");
    writeFileSync(join(at.project, ".gitignore"), ".qwen/\n");
    const ran = await inProject(at);
    expect(ran.exitCode).toBe(0);
    expect(modeOf(projectFile(at))).toBe("0600");
    expect(existsSync(at.settings)).toBe(false);
    expect(readFileSync(projectFile(at), "utf8")).toBe(await writtenBy("china"));
    expect(readdirSync(join(at.project, ".qwen"))).toEqual(["settings.json"]);
    expect(await statusOf(at)).toMatchObject({ state: "configured", method: "coding-plan" });
  });

  gitTest("a tracked-directory rule that only seems to ignore the file is not enough", async () => {
    const at = machine();
    git(at, "init", "-q");
    writeFileSync(join(at.project, ".gitignore"), ".qwen/*\n!.qwen/settings.json\n");
    expectRefused(at, await inProject(at));
  });

  test("--force writes all the same", async () => {
    const at = machine();
    const ran = await inProject(at, "--force");
    expect(ran.exitCode).toBe(0);
    expect(json(projectFile(at)).env).toEqual({ BAILIAN_CODING_PLAN_API_KEY: KEY });
    expect(existsSync(at.settings)).toBe(false);
  });

  test("a .qwen that leads out of the project is refused, --force or not", async () => {
    const at = machine();
    mkdirSync(join(at.home, "outside"));
    symlinkSync("../outside", join(at.project, ".qwen"));
    const ran = await inProject(at, "--force");
    expect(ran.exitCode).toBe(3);
    expect(readdirSync(join(at.home, "outside"))).toEqual([]);
  });
});

describe("qwen auth coding-plan says what will shadow what it wrote", () => {
  const other = { BAILIAN_CODING_PLAN_API_KEY: OTHER_KEY };

  test("a shell variable with another key", async () => {
    const at = machine();
    const ran = await plan(at, ["-r", "china", "--key-stdin"], { stdin: KEY, env: other });
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toMatch(/warning: .*shell variable BAILIAN_CODING_PLAN_API_KEY.* wins/);
    expect(ran.stderr).not.toContain(OTHER_KEY);
    expect(json(at.settings).env).toEqual({ BAILIAN_CODING_PLAN_API_KEY: KEY });
  });

  test("a project .env with another key, by its path", async () => {
    const at = machine();
    const path = at.write("p/.env", `BAILIAN_CODING_PLAN_API_KEY=${OTHER_KEY}\n`);
    const ran = await login(at);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toMatch(/warning: .*key of ~\/p\/\.env .* wins/);
    const asJson = await plan(at, ["-r", "cn", "--key-stdin", "--json"], { stdin: KEY });
    expect(JSON.parse(asJson.stdout).warnings).toEqual([expect.stringContaining(path)]);
  });

  test("project settings with another model.name, by their path", async () => {
    const at = machine();
    const path = at.write("p/.qwen/settings.json", { $version: 4, model: { name: "glm-5" } });
    const before = identity(path);
    const ran = await login(at);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toMatch(/warning: .*model of ~\/p\/\.qwen\/settings\.json .*wins/);
    expect(identity(path)).toEqual(before);
  });

  test.each([
    ["the same key in the shell", { env: { BAILIAN_CODING_PLAN_API_KEY: KEY } }],
    ["an empty variable", { env: { BAILIAN_CODING_PLAN_API_KEY: "" } }],
  ])("%s is no warning", async (_name, options) => {
    const at = machine();
    const ran = await plan(at, ["-r", "china", "--key-stdin"], { stdin: KEY, ...options });
    expect(ran.stderr).not.toContain("warning");
  });

  test("--no-project does not look at the project", async () => {
    const at = machine();
    at.write("p/.env", `BAILIAN_CODING_PLAN_API_KEY=${OTHER_KEY}\n`);
    const ran = await plan(at, ["-r", "china", "--key-stdin", "--no-project"], { stdin: KEY });
    expect(ran.stderr).not.toContain("warning");
  });
});

describe("qwen auth coding-plan under any umask", () => {
  const script = (umask: string) =>
    `umask ${umask}; printf %s ${KEY} | qwen auth coding-plan -r china --key-stdin`;
  const umasks = ["000", "022", "077", "777"];

  test.each(umasks)("%s: 0600 in 0700", async (umask) => {
    const at = machine();
    expect((await shell(at, script(umask))).exitCode).toBe(0);
    expect([modeOf(at.settings), modeOf(join(at.home, ".qwen"))]).toEqual(["0600", "0700"]);
    expect((await shell(at, script(umask))).stderr).toContain("was set up already");
  });

  testUnless(cannotBeNobody()).each(umasks)("%s as an ordinary user", async (umask) => {
    const at = machine();
    giveAway(at.home);
    const ran = await shellAsNobody(at, script(umask));
    expect(ran).toMatchObject({ exitCode: 0, stdout: "" });
    expect([modeOf(at.settings), modeOf(join(at.home, ".qwen"))]).toEqual(["0600", "0700"]);
    expect(readdirSync(join(at.home, ".qwen"))).toEqual(["settings.json"]);
  });
});

describe("qwen auth coding-plan in bad company", () => {
  test("20 processes at once leave the file of one of them, and nothing else", async () => {
    const at = machine();
    at.write(".qwen/settings.json", '{\n  // mine\n  "ui": { "theme": "Dark" }\n}\n');
    const runs = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        plan(at, ["-r", "china", "--key-stdin", "--models", `m${index},n${index}`], {
          stdin: `sk-sp-${String(index).padStart(30, "0")}`,
        }),
      ),
    );
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(runs.map(() => 0));
    const text = readFileSync(at.settings, "utf8");
    expect(text).toStartWith('{\n  // mine\n  "ui": { "theme": "Dark" }');
    const after = jsonc(text);
    const [first, second, ...more] = after.modelProviders.openai.map(({ id }) => id);
    const winner = first?.slice(1);
    expect({ second, more }).toEqual({ second: `n${winner}`, more: [] });
    expect(after.model).toEqual({ name: `m${winner}` });
    expect(after.env).toEqual({
      BAILIAN_CODING_PLAN_API_KEY: `sk-sp-${winner?.padStart(30, "0")}`,
    });
    expect(readdirSync(join(at.home, ".qwen"))).toEqual(["settings.json"]);
    expect((await statusOf(at)).state).toBe("configured");
  });

  testUnless(process.getuid?.() === 0 ? undefined : "only root can own another's file")(
    "root leaves the file to its owner",
    async () => {
      const at = machine();
      at.write(".qwen/settings.json", "{}\n");
      giveAway(at.home);
      expect((await login(at)).exitCode).toBe(0);
      expect(lstatSync(at.settings).uid).toBe(65534);
      expect(modeOf(at.settings)).toBe("0600");
    },
  );
});
