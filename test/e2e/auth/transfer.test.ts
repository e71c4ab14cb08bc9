import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { missingPrograms, testUnless } from "../../support/needs.ts";
import { qwenPty } from "../../support/pty.ts";
import { type Machine, machine, QWEN, qwen } from "../../support/qwen.ts";
import { recordingServer } from "../../support/recording-server.ts";
import { run } from "../../support/shell.ts";
import { modeOf, snapshot } from "../../support/snapshot.ts";

setDefaultTimeout(120_000);

const KEY = "sk-transfer-0123456789abcdef01";
const WORK = "sk-transfer-work-0123456789ab02";
const HEADER = "gw-header-secret-0123456789abcd03";

/** Answers `pong` on a port that nobody else has in a network of its own. */
const SERVER = `Bun.serve({ port: 18080, hostname: "127.0.0.1", fetch: () => new Response(
  "data: {\\"choices\\":[{\\"index\\":0,\\"delta\\":{\\"content\\":\\"pong\\"},\\"finish_reason\\":\\"stop\\"}]}\\n\\ndata: [DONE]\\n\\n",
  { headers: { "content-type": "text/event-stream" } }) });`;

const settings = (origin: string) => `{
  "$version": 4,
  // mine
  "modelProviders": { "openai": [
    { "id": "m", "name": "the m", "baseUrl": "${origin}/v1", "envKey": "GW_KEY",
      "generationConfig": { "contextWindowSize": 4096, "customHeaders": { "X-Team": "$TEAM" } } },
    { "id": "n", "baseUrl": "${origin}/v1", "envKey": "GW_KEY" }
  ] },
  "env": { "GW_KEY": "${KEY}" },
  "security": { "auth": { "selectedType": "openai" } },
  "model": { "name": "m" },
  "ui": { "theme": "mine" }
}
`;

async function laptop(origin = "http://127.0.0.1:9"): Promise<Machine> {
  const at = machine();
  at.write(".qwen/settings.json", settings(origin));
  at.write(".qwen/accounts.json", {
    schemaVersion: 1,
    accounts: { GW_KEY: { work: { key: WORK, baseUrl: `${origin}/v1` } } },
  });
  return at;
}

const exported = async (at: Machine, ...args: string[]) =>
  (await qwen(at, ["auth", "export", ...args])).stdout;

/** What status says of a set-up, less the paths of its machine. */
async function statusOf(at: Machine) {
  const { stdout, exitCode } = await qwen(at, ["auth", "status", "--json"]);
  return { exitCode, status: JSON.parse(stdout.replaceAll(at.home, "HOME")) };
}

describe("qwen auth export", () => {
  test("prints entries, selection and accounts, and neither keys nor other settings", async () => {
    const at = await laptop();
    const text = await exported(at);
    expect(JSON.parse(text)).toEqual({
      schemaVersion: 1,
      modelProviders: {
        openai: [
          {
            id: "m",
            name: "the m",
            baseUrl: "http://127.0.0.1:9/v1",
            envKey: "GW_KEY",
            generationConfig: { contextWindowSize: 4096, customHeaders: { "X-Team": "$TEAM" } },
          },
          { id: "n", baseUrl: "http://127.0.0.1:9/v1", envKey: "GW_KEY" },
        ],
      },
      selection: { selectedType: "openai", model: "m" },
      accounts: { GW_KEY: { work: { baseUrl: "http://127.0.0.1:9/v1" } } },
    });
    expect(text).not.toContain(KEY);
    expect(text).not.toContain("theme");
  });

  test("takes keys along into a pipe, and into a file that the owner alone can read", async () => {
    const at = await laptop();
    const { env, accounts } = JSON.parse(await exported(at, "--with-keys"));
    expect(env).toEqual({ GW_KEY: KEY });
    expect(accounts.GW_KEY.work.key).toBe(WORK);
    const file = join(at.project, "out.json");
    const before = modeOf(at.project);
    const saved = await qwen(at, ["auth", "export", "--with-keys", "--output", "out.json"]);
    expect(saved).toMatchObject({ exitCode: 0, stdout: "" });
    expect(saved.stderr).toContain("keep it as you keep them");
    expect([modeOf(file), modeOf(at.project)]).toEqual(["0600", before]);
    expect(JSON.parse(readFileSync(file, "utf8")).env).toEqual({ GW_KEY: KEY });
    const again = await qwen(at, ["auth", "export", "--output", "out.json"]);
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain("something stands there already");
  });

  test("keys go neither onto a terminal nor into a file that others can read", async () => {
    const at = await laptop();
    const shown = qwenPty(at, ["auth", "export", "--with-keys"]);
    expect(await shown.exitCode()).toBe(2);
    expect(shown.text()).toContain("--output FILE");
    expect(shown.raw()).not.toContain(KEY);
    const script = `umask 022; ${QWEN} auth export --with-keys > open.json`;
    const open = await run(at, ["sh", "-c", script], {});
    expect(open.exitCode).toBe(2);
    expect(readFileSync(join(at.project, "open.json"), "utf8")).toBe("");
  });

  test("keys do not leave a run that hides them", async () => {
    const env = { QWEN_RUN: "1" };
    const ran = await qwen(await laptop(), ["auth", "export", "--with-keys"], { env });
    expect(ran).toMatchObject({ exitCode: 4, stdout: "" });
  });

  test("leaves out what holds a key where none is to go, and says so", async () => {
    const at = machine();
    at.write(".qwen/settings.json", {
      modelProviders: {
        openai: [
          {
            id: "m",
            baseUrl: "https://gw.example/v1",
            envKey: "GW_KEY",
            apiKey: KEY,
            generationConfig: {
              customHeaders: { Authorization: `Bearer ${HEADER}`, "X-Team": "a" },
              extra_body: { token: WORK, top_k: 1 },
            },
          },
        ],
      },
      env: { GW_KEY: WORK },
    });
    const ran = await qwen(at, ["auth", "export"]);
    expect(JSON.parse(ran.stdout).modelProviders.openai[0].generationConfig).toEqual({
      customHeaders: { "X-Team": "a" },
      extra_body: { top_k: 1 },
    });
    for (const key of [KEY, WORK, HEADER]) {
      expect(ran.stdout + ran.stderr).not.toContain(key);
    }
    expect(ran.stderr).toContain('keys that stand in "m" are left out');
    const all = JSON.parse(await exported(at, "--with-keys"));
    expect(all.modelProviders.openai[0].generationConfig.extra_body.token).toBe(WORK);
  });

  test.each<[args: readonly string[], exitCode: number, why: string]>([
    [["--provider", "openrouter"], 4, "your settings have nothing of openrouter"],
    [["--provider", "nonsense"], 2, "it is unknown"],
    [["--provider", "OTHER_KEY"], 4, "nothing of OTHER_KEY"],
  ])("%j is exit %d", async (args, exitCode, why) => {
    const at = await laptop();
    const ran = await qwen(at, ["auth", "export", ...args]);
    expect({ exitCode: ran.exitCode, said: ran.stderr.includes(why) }).toEqual({
      exitCode,
      said: true,
    });
  });

  test("--provider takes variables as well as names, and what is selected elsewhere stays", async () => {
    const at = await laptop();
    await qwen(at, ["auth", "deepseek", "--key-stdin"], { stdin: KEY });
    const one = JSON.parse(await exported(at, "--provider", "GW_KEY"));
    expect(Object.keys(one)).toEqual(["schemaVersion", "modelProviders", "accounts"]);
    const two = JSON.parse(await exported(at, "--provider", "deepseek"));
    expect(two.selection.model).toBe(two.modelProviders.openai[0].id);
    expect(
      two.modelProviders.openai.every(
        ({ envKey }: { envKey: string }) => envKey === "DEEPSEEK_API_KEY",
      ),
    ).toBe(true);
    const both = JSON.parse(await exported(at, "--provider", "deepseek,GW_KEY"));
    expect(both.modelProviders.openai.length).toBe(
      one.modelProviders.openai.length + two.modelProviders.openai.length,
    );
  });
});

describe("qwen auth import", () => {
  test("makes the same status on another machine, and a question works", async () => {
    const server = recordingServer();
    const from = await laptop(server.origin);
    const file = await exported(from, "--with-keys");
    const to = machine();
    const done = await qwen(to, ["auth", "import", "-", "--yes"], { stdin: file });
    expect(done).toMatchObject({ exitCode: 0, stdout: "" });
    expect(done.stderr).not.toContain(KEY);
    expect(done.stderr).toContain(`${server.origin}/v1 (GW_KEY): m, n`);
    expect(await statusOf(to)).toEqual(await statusOf(from));
    expect((await qwen(to, ["-p", "hello"])).stdout).toBe("hi\n");
    expect(server.received.at(-1)).toContain(KEY);
    await qwen(to, ["-p", "hello", "--account", "work"]);
    expect(server.received.at(-1)).toContain(WORK);
    expect(await exported(to, "--with-keys")).toBe(file);
    expect(modeOf(to.settings)).toBe("0600");
    const before = snapshot(join(to.home, ".qwen"));
    const again = await qwen(to, ["auth", "import", "-", "--yes"], { stdin: file });
    expect(again.stderr).toContain("the set-up was here already");
    expect(snapshot(join(to.home, ".qwen"))).toEqual(before);
  });

  const plans = [
    ["auth", "coding-plan", "--region", "china"],
    ["auth", "coding-plan", "--region", "global"],
    ["auth", "modelstudio", "--region", "cn-beijing"],
    ["auth", "deepseek"],
    ["auth", "anthropic", "--model", "claude-x"],
    ["auth", "gemini", "--model", "gemini-x"],
    ["auth", "ollama", "--model", "llama"],
    ["auth", "deepseek", "--store", "env-file"],
  ];
  test.each(plans.map((args) => ({ args })))(
    "what $args set up arrives whole",
    async ({ args }) => {
      const from = machine();
      await qwen(from, [...args, "--key-stdin"], { stdin: "sk-sp-0123456789abcdef0123456789" });
      const to = machine();
      const file = await exported(from, "--with-keys");
      expect((await qwen(to, ["auth", "import", "-", "--yes"], { stdin: file })).exitCode).toBe(0);
      const [theirs, ours] = [await statusOf(from), await statusOf(to)];
      if (args.includes("env-file")) {
        expect(ours.status.model).toEqual(theirs.status.model);
      } else {
        expect(ours).toEqual(theirs);
      }
    },
  );

  test("where keys are missing the rest is written, and each is named", async () => {
    const from = await laptop();
    const to = machine();
    const file = await exported(from);
    const done = await qwen(to, ["auth", "import", "-", "--yes"], { stdin: file });
    expect(done.exitCode).toBe(0);
    expect(done.stderr).toContain("`GW_KEY` has no key: `qwen auth set-key GW_KEY`");
    expect(done.stderr).toContain("the account GW_KEY@work came without its key");
    expect(existsSync(join(to.home, ".qwen/accounts.json"))).toBe(false);
    const keyed = await qwen(to, ["auth", "set-key", "GW_KEY", "--key-stdin"], { stdin: KEY });
    expect(keyed.exitCode).toBe(0);
    expect((await statusOf(to)).exitCode).toBe(0);
  });

  test("--key-stdin is the key of the model that is selected", async () => {
    const to = machine();
    const file = to.write("set-up.json", await exported(await laptop()));
    const args = ["auth", "import", file, "--yes", "--key-stdin", "--json"];
    const done = await qwen(to, args, { stdin: KEY });
    expect(JSON.parse(done.stdout)).toMatchObject({ changed: true, missingKeys: [], kept: [] });
    expect((await qwen(to, ["auth", "token"])).stdout).toBe(`${KEY}\n`);
  });

  test("what is there and differs stays, and --replace takes the file's", async () => {
    const from = await laptop();
    const file = from.write("set-up.json", await exported(from, "--with-keys"));
    const to = machine();
    const mine = `{
  // a comment
  "modelProviders": { "openai": [
    { "id": "own", "baseUrl": "https://own.example/v1", "envKey": "OWN_KEY" }, // kept
    { "id": "m", "baseUrl": "http://127.0.0.1:9/v1", "envKey": "GW_KEY", "note": 1 } // of mine
  ] },
  "env": { "GW_KEY": "sk-mine-0123456789abcdef9999" },
  "security": { "auth": { "selectedType": "openai" } },
  "model": { "name": "own" },
  "$version": 4
}
`;
    to.write(".qwen/settings.json", mine);
    const kept = await qwen(to, ["auth", "import", file, "--yes"]);
    expect(kept.exitCode).toBe(0);
    expect(kept.stderr).toContain('"m", the key of GW_KEY, the default model');
    const after = readFileSync(to.settings, "utf8");
    expect(
      after
        .split("\n")
        .filter((line) => !mine.split("\n").includes(line))
        .join(),
    ).toContain('"id": "n"');
    expect(after).toContain("// a comment");
    expect(after).toContain('"note": 1 }');
    expect((await qwen(to, ["auth", "import", file, "--yes", "--replace"])).exitCode).toBe(0);
    const replaced = readFileSync(to.settings, "utf8");
    expect(replaced).toContain("// of mine");
    expect(replaced).toContain('"note": 1');
    expect((await statusOf(to)).status.model.id).toBe("m");
    expect((await qwen(to, ["auth", "token"])).stdout).toBe(`${KEY}\n`);
  });

  test("--dry-run shows it and writes nothing, --yes or not", async () => {
    const from = await laptop();
    const file = from.write("set-up.json", await exported(from, "--with-keys"));
    const to = machine();
    const dry = await qwen(to, ["auth", "import", file, "--dry-run"]);
    expect(dry.exitCode).toBe(0);
    expect(dry.stderr).toContain("http://127.0.0.1:9/v1 (GW_KEY): m, n");
    expect(dry.stderr).toContain("reads the variables: TEAM");
    expect(dry.stderr).toContain("Nothing was written");
    expect(existsSync(join(to.home, ".qwen"))).toBe(false);
    const unasked = await qwen(to, ["auth", "import", file]);
    expect(unasked.exitCode).toBe(2);
    expect(unasked.stderr).toContain("--yes");
    expect(existsSync(join(to.home, ".qwen"))).toBe(false);
  });

  // What the import leaves and changes afterwards is what the dry run said it would.
  test.each([
    ["a key of the settings", "settings", [], false, ["the key of GW_KEY"]],
    ["a key of the env file", "env-file", [], false, ["the key of GW_KEY"]],
    ["a key that is replaced", "env-file", ["--replace"], true, []],
    ["a key of the command line", "env-file", ["--key-env", "NEW"], true, []],
    ["a key of the command line, in the settings", "settings", ["--key-env", "NEW"], true, []],
  ] as const)("--dry-run tells of %s what is true", async (_name, store, flags, changed, kept) => {
    const file = (await laptop()).write(
      "set-up.json",
      await exported(await laptop(), "--with-keys"),
    );
    const to = machine();
    const first = ["auth", "import", file, "--yes"];
    expect((await qwen(to, first)).exitCode).toBe(0);
    const old = "sk-transfer-old-0123456789ab04";
    if (store === "env-file") {
      to.write(".qwen/.env", `GW_KEY=${old}\n`);
    }
    const text = readFileSync(to.settings, "utf8");
    to.write(".qwen/settings.json", text.replace(KEY, store === "settings" ? old : ""));
    const env = { NEW: "sk-transfer-new-0123456789ab05" };
    const told = { changed, kept: [...kept] };
    const dry = await qwen(to, ["auth", "import", file, "--dry-run", "--json", ...flags], { env });
    expect(JSON.parse(dry.stdout)).toMatchObject(told);
    const done = await qwen(to, [...first, "--json", ...flags], { env });
    expect(JSON.parse(done.stdout)).toMatchObject(told);
  });

  test("on a terminal it asks, and for the keys that are missing", async () => {
    const from = await laptop();
    const to = machine();
    to.write("set-up.json", await exported(from));
    const no = qwenPty(to, ["auth", "import", "../set-up.json"]);
    await no.waitFor("Write this to your settings?");
    no.press("\u001b[B\r");
    expect(await no.exitCode()).toBe(130);
    expect(existsSync(join(to.home, ".qwen"))).toBe(false);
    const yes = qwenPty(to, ["auth", "import", "../set-up.json"]);
    await yes.waitFor("Write this to your settings?");
    yes.press("\r");
    await yes.waitFor("Enter the key for GW_KEY");
    yes.press(`${KEY}\r`);
    expect(await yes.exitCode()).toBe(0);
    expect(yes.raw()).not.toContain(KEY);
    expect((await qwen(to, ["auth", "token"])).stdout).toBe(`${KEY}\n`);
  });

  const unshare = ["unshare", "-r", "-n"];
  const cannotUnshare =
    missingPrograms("unshare", "ip") ??
    (Bun.spawnSync([...unshare, "ip", "link", "set", "lo", "up"]).success
      ? undefined
      : "no network namespace here");
  testUnless(cannotUnshare)("works where there is no network at all", async () => {
    const from = await laptop("http://127.0.0.1:18080");
    const to = machine();
    to.write("set-up.json", await exported(from, "--with-keys"));
    const script = `
      ${QWEN} auth import ../set-up.json --yes && ip link set lo up || exit 9
      ${process.execPath} -e '${SERVER}' &
      server=$!
      for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        ${QWEN} -p hello 2>/dev/null && break; sleep 0.2
      done
      kill $server`;
    const done = await run(to, [...unshare, "sh", "-c", script], {});
    expect(done.stdout).toContain("pong");
    expect(await statusOf(to)).toEqual(await statusOf(from));
  });
});
