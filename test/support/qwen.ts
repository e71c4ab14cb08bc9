import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryDirectory } from "./temporary-directory.ts";

/** The compiled binary; `bun run test` builds it before the tests run. */
export const QWEN = join(import.meta.dir, "..", "..", "dist", "qwen");

/** A machine of its own: a home, a project below it, and an environment with nothing in it. */
export type Machine = {
  readonly home: string;
  readonly project: string;
  /** `~/.qwen/settings.json` */
  readonly settings: string;
  /** Writes a file below home; an object becomes JSON. Private unless a mode is given. */
  readonly write: (path: string, content: string | object, mode?: number) => string;
  readonly env: Record<string, string>;
};

export type Ran = {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
};

export type RunOptions = {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  /** What comes on standard input; nothing, and at its end, by default. */
  readonly stdin?: string;
};

/** System settings point into the machine, so that those of the host do not matter. */
export function machine(): Machine {
  const home = temporaryDirectory();
  const project = join(home, "p");
  mkdirSync(project);
  return {
    home,
    project,
    settings: join(home, ".qwen", "settings.json"),
    write: (path, content, mode = 0o600) => {
      const target = join(home, path);
      mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
      writeFileSync(target, typeof content === "string" ? content : JSON.stringify(content));
      chmodSync(target, mode);
      return target;
    },
    env: {
      HOME: home,
      PATH: "/usr/local/bin:/usr/bin:/bin",
      QWEN_CODE_SYSTEM_SETTINGS_PATH: join(home, "system", "settings.json"),
    },
  };
}

/** Runs the compiled binary in the machine's project to its end. */
export async function qwen(
  { env, project }: Machine,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ran> {
  if (!existsSync(QWEN)) {
    throw new Error("dist/qwen is missing: run `bun run build` first");
  }
  const child = Bun.spawn([QWEN, ...args], {
    cwd: options.cwd ?? project,
    env: { ...env, ...options.env },
    stdin: new TextEncoder().encode(options.stdin ?? ""),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  return { exitCode, stdout, stderr };
}
