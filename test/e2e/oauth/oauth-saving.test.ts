import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shortenHome } from "../../../src/lib/shorten-home.ts";
import { type AccountProvider, accountProvider } from "../../support/account-provider.ts";
import { killAt, killPoints } from "../../support/kill-at.ts";
import { OPENAI } from "../../support/model-answers.ts";
import { cannotMount, cannotProtect, inNamespace } from "../../support/namespace.ts";
import { testUnless } from "../../support/needs.ts";
import { type Machine, machine, QWEN, qwen } from "../../support/qwen.ts";
import { answer, type Reply, scriptedServer, stream } from "../../support/scripted-server.ts";
import { run } from "../../support/shell.ts";
import { startQwen } from "../../support/start-qwen.ts";
import { cannotTrace, withFailing } from "../../support/trace-calls.ts";
import { EXPIRED, oauthMachine, tokensOf } from "./oauth-machine.ts";

setDefaultTimeout(240_000);

const ASK = ["-p", "Hi"];
const LOGIN = ["auth", "qwen-oauth", "--force"];
const HELLO = stream([OPENAI.text("Hello"), OPENAI.finish]);
const [, REJECTION] = OPENAI.rejected;

type Place = {
  readonly at: Machine;
  readonly account: AccountProvider;
  readonly path: string;
  /** Makes the stored token old, so that the next question needs another. */
  readonly age: (expiry?: number) => void;
  /** How many refresh tokens were sent, and how many of them in vain. */
  readonly spent: () => number;
  readonly refused: () => number;
};

/** A machine that has logged in at a provider which takes each refresh token once. */
async function loggedIn(...replies: readonly Reply[]): Promise<Place> {
  const { at, account } = await newMachine();
  const models = await scriptedServer(...(replies.length === 0 ? [HELLO] : replies));
  await logIn(at, account);
  const path = join(at.home, ".qwen/oauth_creds.json");
  const age = (expiry: number = EXPIRED.expiry_date) =>
    writeFileSync(
      path,
      JSON.stringify({ ...tokensOf(at), resource_url: models.origin, expiry_date: expiry }),
    );
  age();
  const refreshes = (requests: readonly string[]) =>
    requests.filter((it) => it.endsWith(" refresh_token")).length;
  return {
    ...{ at, account, path, age },
    spent: () => refreshes(account.requests),
    refused: () => refreshes(account.refused),
  };
}

/** A machine that has not logged in yet. */
async function newMachine() {
  const account = await accountProvider();
  const bare = machine();
  return { account, at: { ...bare, env: { ...bare.env, QWEN_OAUTH_BASE_URL: account.origin } } };
}

async function logIn(at: Machine, account: AccountProvider): Promise<void> {
  const login = startQwen(at, LOGIN);
  await account.approve(await login.saw(/^ {2}(https?:\S+)$/m));
  expect((await login.ended).exitCode).toBe(0);
}

/** The login is good for another refresh, and no refresh token was sent a second time. */
async function expectStillLoggedIn({ at, refused, age }: Place): Promise<void> {
  age();
  expect(await qwen(at, ASK)).toMatchObject({ exitCode: 0, stdout: "Hello\n" });
  expect(refused()).toBe(0);
}

describe("a refresh whose answer can be written", () => {
  testUnless(cannotMount())("goes into a file that is mounted by itself, in place", async () => {
    const place = await loggedIn();
    const { at, path, spent } = place;
    const host = join(at.home, "on-host.json");
    writeFileSync(host, readFileSync(path), { mode: 0o600 });
    const old = tokensOf(at);
    const script = `mount --bind ${host} ${path}; qwen -p Hi; qwen -p Hi`;
    const ran = await run(at, inNamespace(script));
    expect(ran).toEqual({
      exitCode: 0,
      stdout: "Hello\nHello\n",
      stderr: `warning: \`${shortenHome(path, at.home)}\` cannot be replaced (a mount point), so it was written in place\n`,
    });
    expect(spent()).toBe(1);
    expect(tokensOf(at)).toEqual(old);
    expect(JSON.parse(readFileSync(host, "utf8")).access_token).not.toBe(old?.access_token);
    expect(readdirSync(join(at.home, ".qwen")).sort()).toEqual([
      "oauth_creds.json",
      "settings.json",
    ]);
    writeFileSync(path, readFileSync(host));
    await expectStillLoggedIn(place);
  });
});

describe("a refresh whose answer could not be written is not asked for", () => {
  testUnless(cannotProtect()).each(["i", "a"])("with the flag %s on the file", async (flag) => {
    const place = await loggedIn();
    const { at, path, spent } = place;
    Bun.spawnSync(["chattr", `+${flag}`, path]);
    try {
      expect(await qwen(at, ASK)).toEqual({
        exitCode: 1,
        stdout: "",
        stderr: [
          "error: Cannot refresh the token of Qwen OAuth: the new one could not be kept, so none " +
            `was asked for. Cannot write \`${shortenHome(path, at.home)}\`: operation not permitted (EPERM)`,
          "",
          `hint: clear what protects \`${shortenHome(path, at.home)}\` or \`~/.qwen\`, such as an ` +
            "immutable flag (`lsattr -d`)",
          "",
        ].join("\n"),
      });
    } finally {
      Bun.spawnSync(["chattr", `-${flag}`, path]);
    }
    expect(spent()).toBe(0);
    await expectStillLoggedIn(place);
  });

  testUnless(cannotMount()).each([0, 1, 2, 4])("with %i free pages on the disk", async (pages) => {
    const place = await loggedIn();
    const { at, spent } = place;
    const folder = join(at.home, ".qwen");
    const script = `
      cp -a ${folder} ${folder}.copy; mount -t tmpfs -o size=64k,mode=700 tmpfs ${folder}
      cp -a ${folder}.copy/. ${folder}
      dd if=/dev/zero of=${folder}/filler bs=4096 2>&- || :
      truncate -s -$((4096 * ${pages})) ${folder}/filler
      qwen -p Hi && exit 99 || echo "exit $?"
      rm ${folder}/filler; qwen -p Hi; ls -A ${folder} >&2; cp -a ${folder}/. ${folder}.copy
    `;
    const ran = await run(at, inNamespace(script));
    expect(ran).toMatchObject({ exitCode: 0, stdout: "exit 1\nHello\n" });
    expect(ran.stderr).toContain("no space left on the device (ENOSPC)");
    expect(ran.stderr).toEndWith("oauth_creds.json\nsettings.json\n");
    expect(spent()).toBe(1);
    await run(at, ["sh", "-c", `cp -a ${folder}.copy/. ${folder}`]);
    await expectStillLoggedIn(place);
  });

  const readOnly = [
    ["home", (at: Machine) => at.home],
    ["~/.qwen", (at: Machine) => join(at.home, ".qwen")],
    ["file", (at: Machine) => join(at.home, ".qwen/oauth_creds.json")],
  ] as const;
  testUnless(cannotMount()).each(readOnly)("with a read-only %s", async (_name, where) => {
    const place = await loggedIn();
    const { at, path, age, spent } = place;
    const ask = () => {
      const it = where(at);
      const mount = `mount --bind ${it} ${it}; mount -o remount,bind,ro ${it}`;
      return run(at, inNamespace(`${mount}; qwen -p Hi`));
    };
    const refusal = `Cannot write \`${shortenHome(path, at.home)}\`: the file system is read-only (EROFS)`;
    const expired = await ask();
    expect(expired).toMatchObject({ exitCode: 1, stdout: "" });
    expect(expired.stderr).toContain(refusal);
    age(Date.now() + 20_000);
    expect(await ask()).toEqual({
      exitCode: 0,
      stdout: "Hello\n",
      stderr: `warning: the token of Qwen OAuth was not refreshed: ${refusal}\n`,
    });
    expect(spent()).toBe(0);
    await expectStillLoggedIn(place);
  });

  testUnless(cannotMount())(
    "with a token on a read-only home that the service refuses",
    async () => {
      const place = await loggedIn(answer(401, REJECTION), HELLO);
      const { at, age, spent } = place;
      age(Date.now() + 3_600_000);
      const mount = `mount --bind ${at.home} ${at.home}; mount -o remount,bind,ro ${at.home}`;
      const ran = await run(at, inNamespace(`${mount}; qwen -p Hi`));
      expect(ran).toMatchObject({ exitCode: 1, stdout: "" });
      expect(ran.stderr).toContain("so none was asked for. Cannot write `");
      expect(spent()).toBe(0);
      await expectStillLoggedIn(place);
    },
  );
});

/** Runs the binary with something done to the calls of a name. */
function injected(at: Machine, inject: string) {
  return run(at, [...withFailing(inject), realpathSync(QWEN), ...ASK], { timeoutMs: 60_000 });
}

describe("a refresh whose answer is not saved all the same", () => {
  testUnless(cannotTrace())("serves the question, and is saved at the end", async () => {
    const place = await loggedIn();
    const { at, path } = place;
    const old = tokensOf(at);
    // The lock, the room that is put by, the answer.
    const ran = await injected(at, "pwrite64:error=EIO:when=3");
    expect(ran).toEqual({
      exitCode: 0,
      stdout: "Hello\n",
      stderr: [
        "warning: the new tokens of Qwen OAuth are not saved, which is tried again at the end: " +
          `Cannot write \`${shortenHome(path, at.home)}\`: input/output error (EIO)`,
        "warning: the new tokens of Qwen OAuth are saved now",
        "",
      ].join("\n"),
    });
    expect(tokensOf(at)?.refresh_token).not.toBe(old?.refresh_token);
    await expectStillLoggedIn(place);
  });

  testUnless(cannotTrace())("says what to do when that fails as well", async () => {
    const { at, path } = await loggedIn();
    const ran = await injected(at, "pwrite64:error=EIO:when=3+");
    expect(ran).toMatchObject({ exitCode: 0, stdout: "Hello\n" });
    expect(ran.stderr).toEndWith(
      "warning: the new tokens of Qwen OAuth are lost, so log in again " +
        `(\`qwen auth qwen-oauth --force\`): Cannot write \`${shortenHome(path, at.home)}\`: input/output error (EIO)\n`,
    );
    expect(readdirSync(join(at.home, ".qwen")).sort()).toEqual([
      "oauth_creds.json",
      "settings.json",
    ]);
  });
});

testUnless(cannotTrace())(
  "a kill at any call of a refresh that changes a file loses no login, but before the first write of the answer",
  async () => {
    const place = await loggedIn();
    const { at, account, age, refused } = place;
    const lost: string[] = [];
    age();
    const points = await killPoints(at, ASK);
    expect(points.length).toBeGreaterThan(8);
    for (const point of points) {
      age();
      const refusedBefore = refused();
      const killed = await killAt(at, ASK, point);
      const ran = await qwen(at, ASK);
      if (refused() > refusedBefore) {
        lost.push(`${point.call} ${point.count}`);
        expect({ point, killed, exitCode: ran.exitCode }).toEqual({
          point,
          killed: true,
          exitCode: 4,
        });
        await logIn(at, account);
      } else {
        const right = { killed: true, exitCode: 0, stdout: "Hello\n" };
        expect({ point, killed, ...ran }).toMatchObject({ point, ...right });
      }
    }
    // Nothing but memory had it.
    expect(lost).toEqual(["pwrite64 3"]);
    expect(readdirSync(join(at.home, ".qwen")).sort()).toEqual([
      "oauth_creds.json",
      "settings.json",
    ]);
  },
);

describe("nobody is asked to approve a login that could not be saved", () => {
  test("in a directory that is none", async () => {
    const { at, account } = await newMachine();
    at.write("file", "");
    const ran = await qwen(at, LOGIN, { env: { QWEN_HOME: join(at.home, "file") } });
    expect(ran).toMatchObject({ exitCode: 1, stdout: "" });
    expect(ran.stderr).toContain("a part of the path is not a directory (ENOTDIR)");
    expect(account.requests).toEqual([]);
    expect(existsSync(join(at.home, ".qwen"))).toBe(false);
  });

  testUnless(cannotProtect()).each(["settings.json", "oauth_creds.json"])(
    "while %s is protected",
    async (name) => {
      const { at, account } = await newMachine();
      const path = at.write(`.qwen/${name}`, name === "settings.json" ? "{}" : "");
      Bun.spawnSync(["chattr", "+i", path]);
      try {
        const ran = await qwen(at, LOGIN);
        expect(ran).toMatchObject({ exitCode: 1, stdout: "" });
        expect(ran.stderr).toContain(
          `Cannot write \`${shortenHome(path, at.home)}\`: operation not permitted (EPERM)`,
        );
      } finally {
        Bun.spawnSync(["chattr", "-i", path]);
      }
      expect(account.requests).toEqual([]);
    },
  );
});

testUnless(cannotTrace())(
  "a login whose settings fail at the end says that it has tokens",
  async () => {
    const { at, account } = await newMachine();
    at.write(".qwen/oauth_creds.json", "");
    at.write(".qwen/settings.json", "{}");
    // The tokens, twice to give their lock back, the settings.
    const login = startQwen(at, LOGIN, { under: withFailing("rename:error=EIO:when=4") });
    await account.approve(await login.saw(/^ {2}(https?:\S+)$/m));
    const { exitCode, stderr } = await login.ended;
    expect(exitCode).toBe(1);
    const path = join(at.home, ".qwen/oauth_creds.json");
    expect(stderr).toContain(
      `error: Cannot write \`~/.qwen/settings.json\`: input/output error (EIO); ` +
        `before that, the tokens were saved in \`${shortenHome(path, at.home)}\`\n`,
    );
    expect(tokensOf(at)?.token_type).toBe("Bearer");
    expect(await qwen(at, LOGIN)).toMatchObject({ exitCode: 0 });
  },
);

test("a stored login without a refresh token is made anew", async () => {
  const account = await accountProvider();
  const at = oauthMachine({ account: account.origin, tokens: { ...EXPIRED, refresh_token: "" } });
  await logIn(at, account);
  expect(tokensOf(at)?.refresh_token).toMatch(/.{20}/);
});
