import { expect, setDefaultTimeout } from "bun:test";
import { readFileSync } from "node:fs";
import type { Upstream } from "../../e2e/broker/broker-machine.ts";
import { listingService, WORD } from "../../e2e/broker/tool-service.ts";
import { testUnless } from "../../support/needs.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { installedRelease } from "../../support/qwen-code-release.ts";
import { run } from "../../support/shell.ts";

setDefaultTimeout(600_000);

const VERSION = "0.24.4";
const WORK = "sk-beside-work-0123456789abcdef";
const CI = "sk-beside-ci-0123456789abcdef00";
const NEXT = "sk-beside-next-0123456789abcdef";

const release = installedRelease(VERSION);
const releaseTest = testUnless("reason" in release ? release.reason : undefined);
const program = "program" in release ? release.program : "";

/** The key and the model with which the real release asks, when it answers. */
async function theirs(at: Machine, { received }: Upstream) {
  const before = received.length;
  const ran = await run(at, ["node", program, "-p", "say pong"], {
    env: {
      PATH: `${at.env.PATH}:${(Bun.which("node") ?? "").replace(/\/node$/, "")}`,
      NO_COLOR: "1",
      QWEN_CODE_NO_RELAUNCH: "1",
    },
    timeoutMs: 120_000,
  });
  const [asked] = received.slice(before).filter(({ method }) => method === "POST");
  return {
    exitCode: ran.exitCode,
    answered: ran.stdout.includes(WORD),
    key: asked?.headers.get("authorization"),
    model: asked === undefined ? undefined : JSON.parse(asked.body).model,
  };
}

const answers = (key: string, model: string) => ({
  exitCode: 0,
  answered: true,
  key: `Bearer ${key}`,
  model,
});

async function ours(at: Machine, args: readonly string[], stdin = ""): Promise<string> {
  const ran = await qwen(at, args, { stdin });
  expect(ran).toMatchObject({ exitCode: 0 });
  return ran.stdout;
}

async function withAccounts({ origin }: Upstream, store = "settings"): Promise<Machine> {
  const at = machine();
  at.write("system/system-defaults.json", { privacy: { usageStatisticsEnabled: false } });
  const login = ["auth", "api-key", "-u", `${origin}/v1`, "-m", "one", "-m", "two"];
  for (const [name, key] of Object.entries({ work: WORK, ci: CI })) {
    const args = [...login, "--env-key", "GW_KEY", "--account", name, "--store", store];
    await ours(at, [...args, "--key-stdin"], key);
  }
  return at;
}

releaseTest.each(["settings", "env-file"])(
  `Qwen Code ${VERSION} answers after a switch, a new key and an import (%s)`,
  async (store) => {
    const served = listingService(() => ["one", "two"]);
    const at = await withAccounts(served, store);
    expect(await theirs(at, served)).toEqual(answers(CI, "one"));
    await ours(at, ["auth", "switch", "GW_KEY@work"]);
    expect(await theirs(at, served)).toEqual(answers(WORK, "one"));
    await ours(at, ["auth", "set-key", "GW_KEY@work", "--key-stdin"], NEXT);
    expect(await theirs(at, served)).toEqual(answers(NEXT, "one"));
    await ours(at, ["auth", "switch", "two"]);
    await ours(at, ["auth", "switch", "GW_KEY@ci"]);
    expect(await theirs(at, served)).toEqual(answers(CI, "two"));

    const file = await ours(at, ["auth", "export", "--with-keys"]);
    const other = machine();
    await ours(other, ["auth", "import", "-", "--yes"], file);
    expect(await theirs(other, served)).toEqual(answers(CI, "two"));
    const bare = machine();
    await ours(bare, ["auth", "import", "-", "--yes"], await ours(at, ["auth", "export"]));
    await ours(bare, ["auth", "set-key", "--key-stdin"], NEXT);
    expect(await theirs(bare, served)).toEqual(answers(NEXT, "two"));
  },
);

releaseTest(`Qwen Code ${VERSION} answers after an update, also with a marked model`, async () => {
  let listed = ["one", "two", "three"];
  const served = listingService(() => listed);
  const at = await withAccounts(served);
  await ours(at, ["models", "--update"]);
  expect(await theirs(at, served)).toEqual(answers(CI, "one"));
  await ours(at, ["auth", "switch", "three"]);
  expect(await theirs(at, served)).toEqual(answers(CI, "three"));
  listed = ["two"];
  await ours(at, ["models", "--update"]);
  const { openai } = JSON.parse(readFileSync(at.settings, "utf8")).modelProviders;
  expect(openai.filter((it: { delisted?: true }) => it.delisted === true)).toHaveLength(2);
  expect(await theirs(at, served)).toEqual(answers(CI, "three"));
  await ours(at, ["auth", "switch", "two"]);
  expect(await theirs(at, served)).toEqual(answers(CI, "two"));
});
