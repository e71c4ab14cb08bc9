import { describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { QwenError } from "../../src/errors.ts";
import type { JsoncEdit } from "../../src/lib/json/jsonc-edit.ts";
import { type SettingsUpdate, updateSettings } from "../../src/settings/update-settings.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const UID = process.geteuid?.();
const SET_KEY: JsoncEdit = { kind: "set", path: ["env", "A_KEY"], value: "sk-1" };
const WRITTEN = { env: { A_KEY: "sk-1" } };

async function update(path: string, scope: SettingsUpdate["scope"] = "user", uid = UID) {
  return await updateSettings({ uid, sleep: Bun.sleep }, { scope, path, edits: () => [SET_KEY] });
}

/** A root with a directory `.qwen` and another one, `elsewhere` (0755), with a file (0644). */
function place() {
  const root = temporaryDirectory();
  mkdirSync(join(root, ".qwen"), { mode: 0o700 });
  mkdirSync(join(root, "elsewhere"));
  chmodSync(join(root, "elsewhere"), 0o755);
  const target = join(root, "elsewhere/real.json");
  writeFileSync(target, "{}");
  chmodSync(target, 0o644);
  return { root, target, path: join(root, ".qwen/settings.json") };
}

function modeOf(path: string): number {
  return lstatSync(path).mode & 0o777;
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Paths, types, modes, sizes and times of everything below `root`; a lock may come and go. */
function snapshot(root: string): string[] {
  return readdirSync(root, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(root, entry.name);
      const { mode, size, ino, mtimeNs } = lstatSync(path, { bigint: true });
      return entry.isDirectory()
        ? [[path, mode, ino].join(" "), ...snapshot(path)]
        : [[path, mode, size, ino, mtimeNs].join(" ")];
    })
    .sort();
}

describe("updateSettings() follows in user scope", () => {
  test("a link to the real file, whose directory keeps its mode", async () => {
    const { root, path, target } = place();
    symlinkSync("../elsewhere/real.json", path);
    const inode = statSync(target).ino;
    expect(await update(path)).toEqual({
      path,
      changed: true,
      notes: [`\`${path}\` is now 0600 (it was 0644)`],
    });
    expect(readlinkSync(path)).toBe("../elsewhere/real.json");
    expect(read(target)).toEqual(WRITTEN);
    expect(statSync(target).ino).not.toBe(inode);
    expect([modeOf(target), modeOf(dirname(target))]).toEqual([0o600, 0o755]);
    expect(readdirSync(join(root, "elsewhere"))).toEqual(["real.json"]);
    expect(readdirSync(join(root, ".qwen"))).toEqual(["settings.json"]);
  });

  test("a link to a link", async () => {
    const { root, path, target } = place();
    symlinkSync(target, join(root, "elsewhere/link.json"));
    symlinkSync("../elsewhere/link.json", path);
    expect(await update(path)).toMatchObject({ changed: true });
    expect(read(target)).toEqual(WRITTEN);
    expect(readlinkSync(join(root, "elsewhere/link.json"))).toBe(target);
  });

  test("a link to a link to nothing", async () => {
    const { root, path } = place();
    symlinkSync("../elsewhere/new.json", join(root, ".qwen/link.json"));
    symlinkSync("link.json", path);
    expect(await update(path)).toMatchObject({ path, changed: true });
    expect(read(join(root, "elsewhere/new.json"))).toEqual({ $version: 4, ...WRITTEN });
    expect(readlinkSync(join(root, ".qwen/link.json"))).toBe("../elsewhere/new.json");
  });

  test("a `.qwen` that is a link, whose target keeps its mode", async () => {
    const { root } = place();
    symlinkSync("elsewhere", join(root, "link"));
    const path = join(root, "link/real.json");
    expect(await update(path)).toMatchObject({ path, changed: true });
    expect(read(path)).toEqual(WRITTEN);
    expect(lstatSync(join(root, "link")).isSymbolicLink()).toBe(true);
    expect([modeOf(join(root, "elsewhere/real.json")), modeOf(join(root, "elsewhere"))]).toEqual([
      0o600, 0o755,
    ]);
  });
});

test("updateSettings() follows in project scope a link inside the project", async () => {
  const { root, path, target } = place();
  symlinkSync("../elsewhere/real.json", path);
  expect(await update(path, "project")).toMatchObject({ path, changed: true });
  expect(readlinkSync(path)).toBe("../elsewhere/real.json");
  expect(read(target)).toEqual(WRITTEN);
  expect([modeOf(target), modeOf(join(root, "elsewhere"))]).toEqual([0o600, 0o755]);
});

describe("updateSettings() refuses in project scope", () => {
  type Make = (repo: string, root: string) => unknown;
  const cases: readonly (readonly [name: string, make: Make, target: string])[] = [
    [
      "a link that leaves the project",
      (repo) => symlinkSync("../../elsewhere/real.json", join(repo, ".qwen/settings.json")),
      "elsewhere/real.json",
    ],
    [
      "a dangling link that leaves the project",
      (repo) => symlinkSync("../../elsewhere/new.json", join(repo, ".qwen/settings.json")),
      "elsewhere/new.json",
    ],
    [
      "a `.qwen` that is a link out of the project, to a file that is there",
      (repo, root) => {
        writeFileSync(join(root, "elsewhere/settings.json"), "{}");
        Bun.spawnSync(["rmdir", join(repo, ".qwen")]);
        symlinkSync("../elsewhere", join(repo, ".qwen"));
      },
      "elsewhere/settings.json",
    ],
    [
      "a `.qwen` that is a link out of the project, to a file that is not there",
      (repo) => {
        Bun.spawnSync(["rmdir", join(repo, ".qwen")]);
        symlinkSync("../elsewhere", join(repo, ".qwen"));
      },
      "elsewhere/settings.json",
    ],
  ];
  for (const [name, make, target] of cases) {
    test(name, async () => {
      const { root } = place();
      const repo = join(root, "repo");
      mkdirSync(join(repo, ".qwen"), { recursive: true });
      make(repo, root);
      const before = snapshot(root);
      const path = join(repo, ".qwen/settings.json");
      await expect(update(path, "project")).rejects.toMatchObject({
        name: "ConfigError",
        code: "settings-unsafe",
        message: `Cannot write \`${path}\`: it is a link that leads out of the project, to \`${join(root, target)}\``,
      });
      expect(snapshot(root)).toEqual(before);
    });
  }
});

test("updateSettings() writes in project scope through no chain of links out of it", async () => {
  const { root } = place();
  const path = join(root, "repo/.qwen/settings.json");
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync("../../elsewhere/new.json", join(dirname(path), "link.json"));
  symlinkSync("link.json", path);
  const before = snapshot(root);
  await expect(update(path, "project")).rejects.toMatchObject({ exitCode: 3 });
  expect(snapshot(root)).toEqual(before);
});

describe("updateSettings() refuses", () => {
  type Case = readonly [name: string, make: (path: string) => unknown, why: string];
  const cases: readonly Case[] = [
    ["a directory", (path) => mkdirSync(path), "it is a directory"],
    ["a pipe", (path) => Bun.spawnSync(["mkfifo", path]), "it is a pipe"],
    [
      "a loop of links",
      (path) => symlinkSync("settings.json", path),
      "too many levels of links (ELOOP)",
    ],
    [
      "a file over 8 MiB",
      (path) => {
        writeFileSync(path, "{}", { mode: 0o600 });
        truncateSync(path, 8 * 1024 * 1024 + 1);
      },
      "it is larger than 8 MiB",
    ],
  ];
  for (const [name, make, why] of cases) {
    test(name, async () => {
      const { root, path } = place();
      make(path);
      const before = snapshot(root);
      await expect(update(path)).rejects.toMatchObject({
        name: "ConfigError",
        message: `Cannot read \`${path}\`: ${why}`,
      });
      expect(snapshot(root)).toEqual(before);
    });
  }

  test("a file of another user", async () => {
    const { root, path } = place();
    writeFileSync(path, "{}");
    if (UID === 0) {
      chownSync(path, 4242, 4242);
    }
    const before = snapshot(root);
    for (const scope of ["user", "project"] as const) {
      await expect(update(path, scope, (UID ?? 0) + 1)).rejects.toMatchObject({
        name: "ConfigError",
        code: "settings-unsafe",
        message: expect.stringContaining(`it belongs to another user (uid ${UID || 4242})`),
      });
    }
    expect(snapshot(root)).toEqual(before);
  });

  test("a file below a file", async () => {
    const { root, target } = place();
    const before = snapshot(root);
    const error = await update(join(target, "settings.json")).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(QwenError);
    expect(error).toMatchObject({ code: "write-failed", exitCode: 1 });
    expect(snapshot(root)).toEqual(before);
  });

  test.if(process.platform === "linux")("a directory that cannot be made", async () => {
    const path = "/proc/qwen/settings.json";
    await expect(update(path)).rejects.toMatchObject({
      name: "QwenError",
      code: "write-failed",
      message: `Cannot write \`${path}\`: no such file or directory (ENOENT)`,
    });
  });
});

test("updateSettings() removes what a writer left that was killed", async () => {
  const { path } = place();
  const dead = Bun.spawn([process.execPath, "--version"], { stdout: "ignore" });
  await dead.exited;
  const left = join(dirname(path), `.settings.json.${dead.pid}--0123456789abcdef.tmp`);
  const foreign = join(dirname(path), ".other.json.1--0123456789abcdef.tmp");
  writeFileSync(left, "sk-1");
  writeFileSync(foreign, "");
  await update(path);
  expect(readdirSync(dirname(path)).sort()).toEqual([
    ".other.json.1--0123456789abcdef.tmp",
    "settings.json",
  ]);
});
