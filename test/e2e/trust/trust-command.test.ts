import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Machine, machine, qwen, type RunOptions } from "../../support/qwen.ts";
import { snapshot } from "../../support/snapshot.ts";

setDefaultTimeout(30_000);

const FILE = ".qwen/trustedFolders.json";

function rulesOf({ home }: Machine): unknown {
  const path = join(home, FILE);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/** A project that sends the user's key elsewhere, which `auth token` refuses unless it is trusted. */
function withRedirect(at: Machine): RunOptions {
  at.write("p/.env", "OPENAI_BASE_URL=https://elsewhere.example/v1\nOPENAI_MODEL=m\n");
  return { env: { OPENAI_API_KEY: "sk-0123456789abcdefghij" } };
}

describe("qwen trust", () => {
  test("lets a folder's files redirect keys, until it is revoked", async () => {
    const at = machine();
    const options = withRedirect(at);
    const token = async () => (await qwen(at, ["auth", "token"], options)).exitCode;
    expect(await token()).toBe(4);

    const granted = await qwen(at, ["trust"]);
    expect(granted).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: `✓ \`~/p\`, with all below it, is now trusted\n`,
    });
    expect(rulesOf(at)).toEqual({ [at.project]: "TRUST_FOLDER" });
    expect(await token()).toBe(0);

    const again = await qwen(at, ["trust", "."]);
    expect(again).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: `✓ \`~/p\` was already trusted, by the rule TRUST_FOLDER of \`~/p\`\n`,
    });

    const revoked = await qwen(at, ["trust", "--revoke"]);
    expect(revoked.stderr).toBe(`✓ The rule was removed; \`~/p\` is not trusted\n`);
    expect(rulesOf(at)).toEqual({});
    expect(await token()).toBe(4);
    const revokedAgain = await qwen(at, ["trust", "--revoke"]);
    expect(revokedAgain).toMatchObject({
      exitCode: 0,
      stderr: `✓ No rule stands under \`~/p\`; \`~/p\` is not trusted\n`,
    });
  });

  test("is what a withheld key is told to be trusted with", async () => {
    const at = machine();
    const options = withRedirect(at);
    const below = join(at.project, "below");
    mkdirSync(below);
    const token = await qwen(at, ["auth", "token"], { ...options, cwd: below });
    expect(token.stderr).toContain(`(\`qwen trust ~/p\` for good)`);
    const status = await qwen(at, ["auth", "status"], { ...options, cwd: below });
    expect(status.stdout).toContain("To trust it for good:          qwen trust ~/p\n");
  });

  test("distrusts a folder below a trusted one", async () => {
    const at = machine();
    const options = withRedirect(at);
    await qwen(at, ["trust", at.home, "--force", "--quiet"]);
    const token = async () => (await qwen(at, ["auth", "token"], options)).exitCode;
    expect(await token()).toBe(0);
    const ran = await qwen(at, ["trust", "--distrust", "--json"]);
    expect(JSON.parse(ran.stdout)).toEqual({
      schemaVersion: 1,
      folder: at.project,
      trusted: false,
      changed: true,
      path: join(at.home, FILE),
      decidedBy: { folder: at.project, rule: "DO_NOT_TRUST" },
      warnings: [],
    });
    expect(await token()).toBe(4);
  });

  test("says at a revoke which other rule trusts the folder still", async () => {
    const at = machine();
    const below = join(at.project, "a", "b");
    mkdirSync(below, { recursive: true });
    at.write(FILE, { [dirname(below)]: "TRUST_PARENT", [below]: "TRUST_FOLDER" });
    const ran = await qwen(at, ["trust", "a/b", "--revoke", "--quiet"]);
    expect(ran).toEqual({
      exitCode: 0,
      stdout: "",
      stderr:
        `⚠ The rule was removed; \`~/p/a/b\` is still trusted, ` +
        `by the rule TRUST_PARENT of \`~/p/a\`\n`,
    });
  });

  test("says that QWEN_TRUST_WORKSPACE trusts all the same", async () => {
    const at = machine();
    const ran = await qwen(at, ["trust", "--distrust"], { env: { QWEN_TRUST_WORKSPACE: "true" } });
    expect(ran.stderr).toContain("warning: `QWEN_TRUST_WORKSPACE` is true");
  });

  test("trusts the parent, by real path", async () => {
    const at = machine();
    mkdirSync(join(at.project, "a/b"), { recursive: true });
    symlinkSync("p/a/b", join(at.home, "link"));
    const ran = await qwen(at, ["trust", "../link", "--parent"]);
    expect(ran.stderr).toBe(`✓ \`~/p/a\`, with all below it, is now trusted\n`);
    expect(rulesOf(at)).toEqual({ [`${at.project}/a/b`]: "TRUST_PARENT" });
  });

  test("keeps comments", async () => {
    const at = machine();
    at.write(FILE, '{\n  // mine\n  "/srv/x": "TRUST_FOLDER",\n}\n');
    await qwen(at, ["trust"]);
    expect(readFileSync(join(at.home, FILE), "utf8")).toBe(
      `{\n  // mine\n  "/srv/x": "TRUST_FOLDER",\n  "${at.project}": "TRUST_FOLDER",\n}\n`,
    );
  });

  test("lists the rules", async () => {
    const at = machine();
    expect(await qwen(at, ["trust", "--list"])).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "No folder has a rule; run `qwen trust` in one to trust it\n",
    });
    const gone = join(at.home, "gone\u202e");
    at.write(FILE, { [at.project]: "TRUST_PARENT", [gone]: "DO_NOT_TRUST" });
    const text = await qwen(at, ["trust", "--list"]);
    expect(text).toEqual({
      exitCode: 0,
      stdout: `TRUST_PARENT  ~/p\nDO_NOT_TRUST  ~/gone\\u202e  (does not exist)\n`,
      stderr: "",
    });
    const json = await qwen(at, ["trust", "--list", "--json"]);
    expect(JSON.parse(json.stdout)).toEqual({
      schemaVersion: 1,
      rules: [
        { folder: at.project, rule: "TRUST_PARENT", exists: true },
        { folder: gone, rule: "DO_NOT_TRUST", exists: false },
      ],
    });
  });

  test("revokes the rule of a folder that is gone", async () => {
    const at = machine();
    const folder = join(at.project, "gone");
    mkdirSync(folder);
    await qwen(at, ["trust", "gone"]);
    rmSync(folder, { recursive: true });
    expect(await qwen(at, ["trust", "gone", "--revoke"])).toMatchObject({ exitCode: 0 });
    expect(rulesOf(at)).toEqual({});
  });
});

describe("qwen trust refuses", () => {
  const cases: readonly {
    args: readonly string[];
    exitCode: number;
    says: string;
    file?: string;
  }[] = [
    { args: ["nowhere"], exitCode: 2, says: "there is no such folder" },
    { args: ["nowhere", "--distrust"], exitCode: 2, says: "there is no such folder" },
    { args: [".env"], exitCode: 2, says: "it is a file" },
    { args: [""], exitCode: 2, says: "Cannot trust a folder without a name" },
    { args: [".."], exitCode: 2, says: "your home directory, and all that is ever put there" },
    { args: ["/"], exitCode: 2, says: "repeat with `--force`" },
    { args: ["--parent"], exitCode: 2, says: "your home directory" },
    { args: ["a", "b"], exitCode: 2, says: "Cannot use an extra word" },
    { args: ["--list", "--json"], exitCode: 3, says: "line 1, column 2", file: "{" },
    { args: [], exitCode: 3, says: "line 1, column 2", file: "{" },
    { args: ["--revoke"], exitCode: 3, says: "expected TRUST_FOLDER", file: '{"/x": "YES"}' },
  ];
  for (const { args, exitCode, says, file } of cases) {
    test(`\`qwen trust ${args.join(" ")}\`${file === undefined ? "" : ` with ${file}`}`, async () => {
      const at = machine();
      at.write("p/.env", "");
      if (file !== undefined) {
        at.write(FILE, file);
      }
      const before = snapshot(at.home);
      const ran = await qwen(at, ["trust", ...args]);
      expect(ran.exitCode).toBe(exitCode);
      expect(ran.stdout + ran.stderr).toContain(says);
      expect(snapshot(at.home)).toEqual(before);
    });
  }

  test("nothing with --force", async () => {
    const at = machine();
    expect(await qwen(at, ["trust", "..", "--force"])).toMatchObject({ exitCode: 0 });
    expect(rulesOf(at)).toEqual({ [at.home]: "TRUST_FOLDER" });
    expect(await qwen(at, ["trust", "..", "--distrust"])).toMatchObject({ exitCode: 0 });
    expect(rulesOf(at)).toEqual({ [at.home]: "DO_NOT_TRUST" });
  });
});
