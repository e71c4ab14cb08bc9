import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, chownSync, existsSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { shortenHome } from "../../../src/lib/shorten-home.ts";
import { modelRecorder } from "../../support/model-recorder.ts";
import { testUnless } from "../../support/needs.ts";
import { machine, QWEN, qwen, type Ran } from "../../support/qwen.ts";
import {
  cannotBeNobody,
  giveAway,
  NOBODY,
  qwenAsNobody,
  STRANGER,
} from "../../support/unprivileged.ts";
import { storedTokens } from "../oauth/oauth-machine.ts";

/** The owner and mode rule of one's own files (`spec/settings-and-env.md`). */
setDefaultTimeout(60_000);

const SECRET = "sk-canary-0123456789abcdefghij";
const SETTINGS = ".qwen/settings.json";
const RULES = ".qwen/trustedFolders.json";
const asNobody = testUnless(cannotBeNobody());

const configured = (baseUrl: string, more: object = {}) => ({
  modelProviders: { openai: [{ id: "m", envKey: "MY_KEY", baseUrl }] },
  model: { name: "m" },
  security: { auth: { selectedType: "openai" } },
  ...more,
});
const ENV = { MY_KEY: SECRET };

type Faulty = {
  readonly name: string;
  readonly file: string;
  /** Of the file; the machine is nobody's. */
  readonly owner?: number;
  readonly mode?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly why: string;
};

describe("settings that others decide about are refused:", () => {
  const cases: readonly Faulty[] = [
    { name: "another user's", file: SETTINGS, owner: STRANGER, mode: 0o644, why: "it belongs to" },
    { name: "open to others", file: SETTINGS, mode: 0o606, why: "others can write to it" },
    { name: "open to all", file: SETTINGS, mode: 0o666, why: "others can write to it" },
    {
      name: "the system's, of another user",
      file: "system/settings.json",
      owner: STRANGER,
      mode: 0o644,
      why: "it belongs to",
    },
    {
      name: "the system's, open to others",
      file: "system/settings.json",
      owner: 0,
      mode: 0o646,
      why: "others can write to it",
    },
    {
      name: "the system's defaults",
      file: "system/system-defaults.json",
      owner: STRANGER,
      mode: 0o644,
      why: "it belongs to",
    },
  ];
  for (const { name, file, owner = NOBODY, mode = 0o600, why } of cases) {
    asNobody(name, async () => {
      const evil = modelRecorder();
      const at = machine();
      const path = at.write(file, configured(evil.url), mode);
      giveAway(at.home);
      chownSync(path, owner, owner);
      for (const args of [
        ["-p", "hi"],
        ["auth", "status"],
        ["auth", "token"],
      ]) {
        const ran = await qwenAsNobody(at, args, { env: ENV });
        expect({ exitCode: ran.exitCode, stdout: ran.stdout }).toEqual({ exitCode: 3, stdout: "" });
        expect(ran.stderr).toStartWith(
          `error: Cannot use \`${shortenHome(path, at.home)}\`: ${why}`,
        );
        expect(ran.stderr).toContain("\nhint: run `ch");
      }
      expect(evil.received).toEqual([]);
      const shared = { ...ENV, QWEN_SHARED_HOME: "1" };
      const ran = await qwenAsNobody(at, ["-p", "hi"], { env: shared });
      expect({ exitCode: ran.exitCode, requests: evil.received.length }).toEqual({
        exitCode: 0,
        requests: 1,
      });
      expect(ran.stderr.match(/warning: [^\n]*/g)).toEqual([
        expect.stringContaining(shortenHome(path, at.home)),
      ]);
    });
  }
});

asNobody("a home that is another's is obeyed with a warning that names the owner", async () => {
  const mine = modelRecorder();
  const at = machine();
  const path = at.write(SETTINGS, configured(mine.url), 0o644);
  giveAway(at.home, STRANGER);
  chmodSync(at.home, 0o755);
  chmodSync(join(at.home, ".qwen"), 0o755);
  const ran = await qwenAsNobody(at, ["-p", "hi"], { env: ENV });
  expect({ exitCode: ran.exitCode, requests: mine.received.length }).toEqual({
    exitCode: 0,
    requests: 1,
  });
  expect(ran.stderr).toContain(
    `\`${shortenHome(path, at.home)}\` belongs to another user (uid ${STRANGER})`,
  );
});

describe("rules that others may have written trust nothing:", () => {
  const cases = [
    { name: "another user's", owner: STRANGER, mode: 0o644 },
    { name: "another user's, open", owner: STRANGER, mode: 0o666 },
    { name: "open to others", owner: NOBODY, mode: 0o602 },
    { name: "open to all", owner: NOBODY, mode: 0o666 },
  ];
  for (const { name, owner, mode } of cases) {
    asNobody(name, async () => {
      const evil = modelRecorder();
      const at = machine();
      at.write("p/.qwen/settings.json", configured(evil.url));
      const path = at.write(RULES, { "/": "TRUST_FOLDER" }, mode);
      giveAway(at.home);
      chownSync(path, owner, owner);
      const ran = await qwenAsNobody(at, ["-p", "hi"], { env: ENV });
      expect({ exitCode: ran.exitCode, received: evil.received }).toEqual({
        exitCode: 4,
        received: [],
      });
      const status = await qwenAsNobody(at, ["auth", "status", "--json"], { env: ENV });
      expect(JSON.parse(status.stdout).warnings).toContainEqual(
        expect.stringContaining(`\`${path}\` trusts no folder: `),
      );
    });
  }

  test("but they still distrust", async () => {
    const at = machine();
    at.write("p/.env", "A=b\n");
    at.write(RULES, { [at.project]: "DO_NOT_TRUST" }, 0o666);
    const status = await qwen(at, ["auth", "status", "--json"]);
    expect(JSON.parse(status.stdout).dotenv).toEqual({ shadowed: [] });
  });
});

describe("a .env of one's own that others may write to is passed over:", () => {
  test.each([".qwen/.env", ".env"])("%s", async (file) => {
    const at = machine();
    const path = at.write(file, `MY_KEY=${SECRET}\n`, 0o602);
    const { stdout } = await qwen(at, ["auth", "status", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      dotenv: { shadowed: [] },
      warnings: [`\`${path}\` was not read: others can write to it (mode 0602)`],
    });
  });
});

test("tokens that others may write to are refused", async () => {
  const at = machine();
  at.write(SETTINGS, { security: { auth: { selectedType: "qwen-oauth" } } });
  const path = at.write(".qwen/oauth_creds.json", storedTokens(), 0o606);
  const ran = await qwen(at, ["auth", "token"]);
  expect({ exitCode: ran.exitCode, stdout: ran.stdout }).toEqual({ exitCode: 3, stdout: "" });
  expect(ran.stderr).toContain(
    `\`${shortenHome(path, at.home)}\`: others can write to it (mode 0606)`,
  );
});

describe("a group that may write is warned of:", () => {
  test.each([SETTINGS, ".qwen/.env", RULES])("%s", async (file) => {
    const at = machine();
    const path = at.write(file, file.endsWith(".env") ? "A=b\n" : {}, 0o620);
    const { stdout } = await qwen(at, ["auth", "status", "--json"]);
    expect(JSON.parse(stdout).warnings).toEqual([
      `its group can write to \`${path}\` (mode 0620): run \`chmod 600 ${path}\``,
    ]);
  });
});

describe("a command that writes tightens first:", () => {
  const commands: readonly (readonly string[])[] = [
    ["auth", "api-key", "--provider", "deepseek", "--key-stdin"],
    ["auth", "coding-plan", "--region", "china", "--key-stdin"],
    ["auth", "switch", "m"],
    ["auth", "logout"],
  ];
  test.each(commands.map((args) => ({ args })))("qwen $args", async ({ args }) => {
    const at = machine();
    at.write(SETTINGS, configured("https://mine.test/v1", { env: ENV }), 0o666);
    const ran = await qwen(at, args, { stdin: "sk-sp-0123456789abcdef" });
    expect(ran.exitCode).toBe(0);
    expect(said(ran, "is now 0600 (it was 0666)")).toEqual(["~/.qwen/settings.json"]);
    expect(statSync(at.settings).mode & 0o777).toBe(0o600);
  });

  test("qwen trust", async () => {
    const at = machine();
    const path = at.write(RULES, { "/elsewhere": "TRUST_FOLDER" }, 0o666);
    const ran = await qwen(at, ["trust"]);
    expect(ran.exitCode).toBe(0);
    expect(said(ran, "is now 0600 (it was 0666)")).toEqual([shortenHome(path, at.home)]);
    expect(await Bun.file(path).json()).toEqual({
      "/elsewhere": "TRUST_FOLDER",
      [at.project]: "TRUST_FOLDER",
    });
  });
});

describe("a key helper runs from a file of one's own or of root's alone:", () => {
  const cases = [
    { name: "not from another user's, as root", owner: STRANGER, runs: false },
    { name: "from one's own", owner: 0, runs: true },
  ];
  for (const { name, owner, runs } of cases) {
    testUnless(process.getuid?.() === 0 ? undefined : "only root can give files away")(
      name,
      async () => {
        const mine = modelRecorder();
        const at = machine();
        const marker = join(at.home, "ran");
        const helper = at.write("helper", `#!/bin/sh\ntouch ${marker}\necho ${SECRET}\n`, 0o755);
        at.write(SETTINGS, configured(mine.url, { apiKeyHelper: { MY_KEY: helper } }));
        giveAway(join(at.home, ".qwen"), owner);
        const ran = await qwen(at, ["-p", "hi"]);
        // A private host may be asked without a key.
        expect({ exitCode: ran.exitCode, ran: existsSync(marker) }).toEqual({
          exitCode: 0,
          ran: runs,
        });
        expect(mine.received.map((text) => text.includes(SECRET))).toEqual([runs]);
        const { stdout } = await qwen(at, ["auth", "status", "--json"]);
        const owned = `belongs to another user (uid ${STRANGER})`;
        expect(JSON.parse(stdout).warnings).toEqual(
          runs
            ? []
            : [
                expect.stringContaining(owned),
                `\`apiKeyHelper\` in \`${at.settings}\` was ignored: it ${owned}`,
                "MY_KEY is not set: asked without a key",
              ],
        );
      },
    );
  }
});

describe("a working directory that one may not enter is passed over:", () => {
  asNobody("with a warning that names the settings there", async () => {
    const mine = modelRecorder();
    const at = machine();
    at.write(SETTINGS, configured(mine.url));
    at.write("p/in/README", "");
    giveAway(at.home);
    chownSync(at.project, 0, 0);
    chmodSync(at.project, 0o700);
    const script = `exec setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups "$@"`;
    const child = Bun.spawn(["sh", "-c", script, "sh", realpathSync(QWEN), "-p", "hi"], {
      cwd: join(at.project, "in"),
      env: { ...at.env, ...ENV },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [stderr, exitCode] = await Promise.all([child.stderr.text(), child.exited]);
    expect({ exitCode, requests: mine.received.length }).toEqual({ exitCode: 0, requests: 1 });
    expect(stderr).toContain(
      "`~/p/in/.qwen/settings.json` was not read: you may not enter its directory",
    );
  });

  asNobody("so are settings of root's that are closed", async () => {
    const mine = modelRecorder();
    const at = machine();
    at.write(SETTINGS, configured(mine.url));
    const path = at.write("p/.qwen/settings.json", "{");
    giveAway(at.home);
    chownSync(path, 0, 0);
    const ran = await qwenAsNobody(at, ["-p", "hi"], { env: ENV });
    expect({ exitCode: ran.exitCode, requests: mine.received.length }).toEqual({
      exitCode: 0,
      requests: 1,
    });
    expect(ran.stderr).toContain(
      `\`${shortenHome(path, at.home)}\` was not read: it belongs to root and you may not`,
    );
  });
});

/** The paths of the warnings that say this. */
function said({ stderr }: Ran, what: string): string[] {
  return [...stderr.matchAll(/warning: `([^`]+)` ([^\n]*)/g)].flatMap(([, path = "", text]) =>
    text === what ? [path] : [],
  );
}
