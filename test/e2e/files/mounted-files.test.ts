import { describe, expect, setDefaultTimeout } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shortenHome } from "../../../src/lib/shorten-home.ts";
import { cannotMount, inNamespace } from "../../support/namespace.ts";
import { testUnless } from "../../support/needs.ts";
import { type Machine, machine } from "../../support/qwen.ts";
import { run } from "../../support/shell.ts";
import { snapshot } from "../../support/snapshot.ts";

setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef0123456789abcdef";
const DEEPSEEK = "qwen auth api-key --provider deepseek --key-env K";

type Writer = {
  readonly file: string;
  readonly old: string;
  /** Changes the file; another one first, where there must be something to change. */
  readonly command: string;
  readonly before?: string;
  readonly expected: string;
};

const PROVIDERS = JSON.stringify({
  $version: 4,
  modelProviders: {
    openai: [
      { id: "a", baseUrl: "https://a.example/v1", envKey: "A_KEY" },
      { id: "b", baseUrl: "https://b.example/v1", envKey: "A_KEY" },
    ],
  },
  env: { A_KEY: KEY },
  security: { auth: { selectedType: "openai" } },
  model: { name: "a" },
});

const WRITERS: readonly Writer[] = [
  { file: "settings.json", old: '{"ui": 1}\n', command: DEEPSEEK, expected: KEY },
  { file: "settings.json", old: "", command: DEEPSEEK, expected: KEY },
  { file: "settings.json", old: PROVIDERS, command: "qwen auth switch b", expected: '"name":"b"' },
  {
    file: "settings.json",
    old: PROVIDERS,
    command: "qwen auth logout --all",
    expected: '"env":{}',
  },
  {
    file: ".env",
    old: "A=1\n",
    command: `${DEEPSEEK} --store env-file`,
    expected: `A=1\nDEEPSEEK_API_KEY=${KEY}\n`,
  },
  {
    file: ".env",
    old: "",
    command: `${DEEPSEEK} --store env-file`,
    expected: `DEEPSEEK_API_KEY=${KEY}\n`,
  },
  {
    file: ".env",
    old: `# mine\nDEEPSEEK_API_KEY=${KEY}\n`,
    command: DEEPSEEK,
    expected: "# mine\n",
  },
  { file: "trustedFolders.json", old: "", command: "qwen trust", expected: "TRUST_FOLDER" },
  {
    file: "trustedFolders.json",
    old: "{}",
    command: "qwen trust --distrust",
    expected: "DO_NOT_TRUST",
  },
];

/** Puts a file of the host at its place, mounts it there by itself, and does something. */
function mounted(at: Machine, { file, old }: Writer, script: string) {
  const host = join(at.home, "on host", file);
  at.write(`on host/${file}`, old);
  const path = join(at.home, ".qwen", file);
  at.write(`.qwen/${file}`, "");
  const mount = `mount --bind '${host}' ${path}`;
  return { host, path, ran: run(at, inNamespace(`${mount}; ${script}`), { env: { K: KEY } }) };
}

describe("a file that is mounted by itself", () => {
  testUnless(cannotMount()).each(WRITERS)(
    "is written in place, which is said: $file by `$command`",
    async (writer) => {
      const at = machine();
      const { host, path, ran } = mounted(at, writer, `${writer.command}; ${writer.command} 2>&1`);
      const { exitCode, stdout, stderr } = await ran;
      const note = `warning: \`${shortenHome(path, at.home)}\` cannot be replaced (a mount point), so it was written in place\n`;
      expect({ exitCode, stderr }).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining(note),
      });
      // The same again changes nothing.
      expect(stdout).not.toContain("in place");
      expect(readFileSync(host, "utf8")).toContain(writer.expected);
      const names = readdirSync(join(at.home, ".qwen"));
      expect(names.filter((name) => name.includes("lock") || name.includes("tmp"))).toEqual([]);
    },
  );

  testUnless(cannotMount()).each(WRITERS)(
    "read-only, keeps its bytes: $file by `$command`",
    async (writer) => {
      const at = machine();
      const path = join(at.home, ".qwen", writer.file);
      const script = `mount -o remount,bind,ro ${path}; ${writer.command}`;
      const { host, ran } = mounted(at, writer, script);
      const { exitCode, stdout, stderr } = await ran;
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(stderr).toStartWith(
        `error: Cannot write \`${shortenHome(path, at.home)}\`: the file system is read-only (EROFS)\n`,
      );
      expect(readFileSync(host, "utf8")).toBe(writer.old);
    },
  );

  testUnless(cannotMount())("on a disk of its own that is full, keeps its bytes", async () => {
    const at = machine();
    at.write(".qwen/settings.json", "");
    const old = `{"ui": "${"x".repeat(4000)}"}`;
    writeFileSync(join(at.home, "old.json"), old, { mode: 0o600 });
    const disk = join(at.home, "disk");
    const script = `
      mkdir ${disk}; mount -t tmpfs -o size=8k,mode=700 tmpfs ${disk}
      cp -a old.json ${disk}/settings.json; dd if=/dev/zero of=${disk}/filler bs=4096 2>&- || :
      mount --bind ${disk}/settings.json .qwen/settings.json
      ${DEEPSEEK} && exit 99 || echo "exit $?"; cmp old.json ${disk}/settings.json
      rm ${disk}/filler; ${DEEPSEEK}; grep -c ${KEY} ${disk}/settings.json
    `;
    const ran = await run(at, inNamespace(script), { cwd: at.home, env: { K: KEY } });
    expect(ran).toMatchObject({ exitCode: 0, stdout: "exit 1\n1\n" });
    expect(ran.stderr).toStartWith(
      `error: Cannot write \`~/.qwen/settings.json\`: no space left on the device (ENOSPC)\n`,
    );
  });

  testUnless(cannotMount())(
    "in a directory that is read-only says so, and keeps its bytes",
    async () => {
      const at = machine();
      at.write(".qwen/settings.json", '{"ui": 1}\n');
      at.write("host.json", '{"ui": 1}\n');
      const folder = join(at.home, ".qwen");
      const script = `
      mount --bind ${folder} ${folder}; mount -o remount,bind,ro ${folder}
      mount --bind ${at.home}/host.json ${folder}/settings.json; ${DEEPSEEK}
    `;
      const ran = await run(at, inNamespace(script), { env: { K: KEY } });
      expect(ran).toMatchObject({ exitCode: 1, stdout: "" });
      expect(ran.stderr).toContain("the file system is read-only (EROFS)\n");
      expect(ran.stderr).toContain(`\nhint: make \`~/.qwen\` writable, or `);
      expect(readFileSync(join(at.home, "host.json"), "utf8")).toBe('{"ui": 1}\n');
    },
  );
});

describe("on a read-only home", () => {
  const logins = [
    DEEPSEEK,
    `${DEEPSEEK} --store env-file`,
    "qwen auth coding-plan -r global --key-env K",
    "qwen auth api-key -u https://a.example/v1 -m a --key-env K; qwen auth switch a",
    "qwen trust",
    "qwen trust --distrust",
    "qwen auth logout --all",
    `${DEEPSEEK} --store env-file; qwen auth logout`,
  ];
  testUnless(cannotMount()).each(logins)("the same again is exit 0: %s", async (command) => {
    const at = machine();
    await run(at, ["sh", "-eu", "-c", command], { env: { K: KEY } });
    const before = snapshot(at.home);
    const last = command.split("; ").at(-1) ?? "";
    const mount = `mount --bind ${at.home} ${at.home}; mount -o remount,bind,ro ${at.home}`;
    const ran = await run(at, inNamespace(`${mount}; ${last}`), { env: { K: KEY } });
    expect({ exitCode: ran.exitCode, stderr: ran.stderr }).toMatchObject({ exitCode: 0 });
    expect(snapshot(at.home)).toEqual(before);
  });

  testUnless(cannotMount())(
    "others who can read a key are named, though nothing can be done",
    async () => {
      const at = machine();
      await run(at, ["sh", "-c", DEEPSEEK], { env: { K: KEY } });
      Bun.spawnSync(["chmod", "644", at.settings]);
      const mount = `mount --bind ${at.home} ${at.home}; mount -o remount,bind,ro ${at.home}`;
      const ran = await run(at, inNamespace(`${mount}; ${DEEPSEEK}`), { env: { K: KEY } });
      expect(ran.exitCode).toBe(0);
      expect(ran.stderr).toContain(
        `warning: others can read \`~/.qwen/settings.json\` (0644), which cannot be changed: the file system is read-only (EROFS)\n`,
      );
    },
  );
});
