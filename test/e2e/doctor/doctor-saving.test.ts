import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { cannotMount, cannotProtect, inNamespace } from "../../support/namespace.ts";
import { testUnless } from "../../support/needs.ts";
import { type Machine, machine } from "../../support/qwen.ts";
import { run } from "../../support/shell.ts";
import { snapshot } from "../../support/snapshot.ts";

setDefaultTimeout(60_000);

/** The check of the home after something was done to the disk, in a namespace of its own. */
async function homeCheck(at: Machine, script: string, env: Record<string, string> = {}) {
  const before = snapshot(at.home);
  const ran = await run(at, inNamespace(`${script}; qwen doctor --json || :`), { env });
  expect(snapshot(at.home)).toEqual(before);
  const { checks } = JSON.parse(ran.stdout);
  const { status, summary } = checks.find(({ id }: { id: string }) => id === "home");
  return { status, summary };
}

function withSettings(): Machine {
  const at = machine();
  at.write(".qwen/settings.json", "{}");
  return at;
}

const READ_ONLY = 'mount --bind "$HOME" "$HOME"; mount -o remount,bind,ro "$HOME"';

describe("qwen doctor says when no login can be saved, and changes nothing", () => {
  type Row = readonly [name: string, make: () => Machine, script: string, why: string];
  const rows: readonly Row[] = [
    ["a read-only home", withSettings, READ_ONLY, "the file system is read-only (EROFS)"],
    [
      "a read-only home without ~/.qwen",
      machine,
      READ_ONLY,
      "the file system is read-only (EROFS)",
    ],
    [
      "a full disk",
      withSettings,
      'mount -t tmpfs -o size=8k,mode=700 t "$HOME/.qwen"; dd if=/dev/zero of="$HOME/.qwen/f" bs=4096 2>&- || :',
      "no space left on the device (ENOSPC)",
    ],
    [
      "a file system without free inodes",
      withSettings,
      'mount -t tmpfs -o nr_inodes=2,mode=700 t "$HOME/.qwen"; : >"$HOME/.qwen/f"',
      "no space left on the device (ENOSPC)",
    ],
    [
      "a link to nothing",
      () => {
        const at = machine();
        symlinkSync("/no/such/volume", join(at.home, ".qwen"));
        return at;
      },
      ":",
      "which does not exist",
    ],
    [
      "a settings file that is mounted read-only",
      withSettings,
      'f="$HOME/.qwen/settings.json"; mount --bind "$f" "$f"; mount -o remount,bind,ro "$f"',
      "the file system is read-only (EROFS)",
    ],
  ];
  testUnless(cannotMount()).each(rows)("%s", async (_name, make, script, why) => {
    expect(await homeCheck(make(), script)).toEqual({
      status: "warning",
      summary: expect.stringMatching(/^no login can be saved: Cannot write /),
    });
    expect((await homeCheck(make(), script)).summary).toContain(why);
  });

  testUnless(cannotMount() ?? cannotProtect())("an immutable settings file", async () => {
    const at = withSettings();
    Bun.spawnSync(["chattr", "+i", at.settings]);
    try {
      expect((await homeCheck(at, ":")).summary).toContain("operation not permitted (EPERM)");
    } finally {
      Bun.spawnSync(["chattr", "-i", at.settings]);
    }
  });
});

testUnless(cannotMount())("qwen doctor names a file that is mounted by itself", async () => {
  const at = withSettings();
  const check = await homeCheck(at, 'f="$HOME/.qwen/settings.json"; mount --bind "$f" "$f"');
  expect(check).toMatchObject({
    status: "warning",
    summary:
      "`settings.json` in `~/.qwen` cannot be replaced (a mount point): a crash can cut a write short",
  });
});

testUnless(cannotMount()).each([".env", "oauth_creds.json", "trustedFolders.json"])(
  "qwen doctor names %s where it is mounted read-only, with a hint that fits",
  async (name) => {
    const at = withSettings();
    at.write(`.qwen/${name}`, "");
    const script = `f="$HOME/.qwen/${name}"; mount --bind "$f" "$f"; mount -o remount,bind,ro "$f"`;
    expect(await homeCheck(at, script)).toEqual({
      status: "warning",
      summary: `Cannot write \`~/.qwen/${name}\`: the file system is read-only (EROFS)`,
    });
    const login = "qwen auth api-key --provider deepseek --key-env K --store env-file";
    const { exitCode, stderr } = await run(at, inNamespace(`${script}; ${login}`), {
      env: { K: "sk-0123456789abcdef0123456789abcdef" },
    });
    expect(exitCode).toBe(name === ".env" ? 1 : 0);
    if (name === ".env") {
      expect(stderr).toContain(
        `hint: mount \`~/.qwen/${name}\` so that it can be written, or point QWEN_HOME to another directory`,
      );
    }
  },
);

test("qwen doctor is content where a login can be saved", async () => {
  const at = machine();
  mkdirSync(join(at.home, ".qwen"), { mode: 0o700 });
  const { stdout } = await run(at, ["qwen", "doctor", "--json"]);
  const { checks } = JSON.parse(stdout);
  expect(checks.find(({ id }: { id: string }) => id === "home").status).toBe("ok");
});
