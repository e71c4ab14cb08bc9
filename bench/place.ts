import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMPILE_FLAGS } from "../build/compile.ts";

export const QWEN = join(import.meta.dir, "..", "dist", "qwen");

const ENTRY = {
  id: "qwen3.5-plus",
  baseUrl: "https://coding.dashscope.aliyuncs.com/v1",
  envKey: "BAILIAN_CODING_PLAN_API_KEY",
};

export type Place = {
  readonly root: string;
  readonly home: string;
  readonly project: string;
  readonly env: Readonly<Record<string, string>>;
  readonly remove: () => void;
};

/**
 * A home on tmpfs, where the system has one, with what a user has: three settings files, one `.env`
 * (`spec/performance.md`).
 */
export function makePlace(): Place {
  const parent = process.platform === "linux" ? "/dev/shm" : tmpdir();
  const root = mkdtempSync(join(parent, "qwen-bench-"));
  const home = join(root, "home");
  const project = join(home, "project");
  mkdirSync(join(project, ".qwen"), { recursive: true, mode: 0o700 });
  mkdirSync(join(home, ".qwen"), { mode: 0o700 });
  mkdirSync(join(home, "system"));
  const options = { mode: 0o600 };
  writeFileSync(join(home, ".qwen", "settings.json"), JSON.stringify(settings([ENTRY])), options);
  writeFileSync(join(project, ".qwen", "settings.json"), '{ "ui": { "theme": "Dark" } }');
  writeFileSync(join(home, "system", "settings.json"), "{}");
  writeFileSync(join(project, ".env"), "BAILIAN_CODING_PLAN_API_KEY=sk-sp-0123456789abcdef\n");
  return {
    root,
    home,
    project,
    env: { HOME: home, QWEN_CODE_SYSTEM_SETTINGS_PATH: join(home, "system", "settings.json") },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** User settings with these models, the first of them in force. */
export function settings(openai: readonly object[]): object {
  return {
    $version: 4,
    modelProviders: { openai },
    security: { auth: { selectedType: "openai" } },
    model: { name: ENTRY.id },
  };
}

/** So many models, the one in force first. */
export function manyModels(count: number): object[] {
  return [
    ENTRY,
    ...Array.from({ length: count - 1 }, (_, index) => ({ ...ENTRY, id: `m${index}` })),
  ];
}

export type Binaries = {
  readonly qwen: string;
  /** A compiled hello world: the floor. */
  readonly hello: string;
  /** The same as the compiler wrote it, as `QWEN` is: what an installed one is like. */
  readonly builtHello: string;
  readonly remove: () => void;
};

/**
 * Both binaries side by side, written one like the other, on the disk as installed ones are: what
 * mapping a file costs depends on the file system and on how it came into the cache.
 */
export function makeBinaries(): Binaries {
  const root = mkdtempSync(join(tmpdir(), "qwen-bench-binaries-"));
  const [source, built] = [join(root, "hello.ts"), join(root, "built")];
  const [qwen, hello] = [join(root, "qwen"), join(root, "hello")];
  writeFileSync(source, 'console.log("hello");\n');
  const build = [process.execPath, "build", ...COMPILE_FLAGS, source, `--outfile=${built}`];
  const bundler = Bun.spawnSync(build, { cwd: root, stderr: "pipe" });
  if (!bundler.success) {
    throw new Error(bundler.stderr.toString());
  }
  copyFileSync(QWEN, qwen);
  copyFileSync(built, hello);
  return {
    qwen,
    hello,
    builtHello: built,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
