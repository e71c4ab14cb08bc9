import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadSettings } from "../../src/settings/load-settings.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

type Content = string | object;

export const USER = "home/.qwen/settings.json";
export const PROJECT = "home/repo/.qwen/settings.json";

/** A home and a project below it, with settings files; the system's files lie beside. */
export function settingsPlace(files: Readonly<Record<string, Content>> = {}) {
  const root = temporaryDirectory();
  const write = (name: string, content: Content, mode = 0o600): string => {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    chmodSync(path, mode);
    return path;
  };
  mkdirSync(join(root, "home/repo"), { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    write(name, content);
  }
  const options = {
    env: { QWEN_CODE_SYSTEM_SETTINGS_PATH: join(root, "system/settings.json") },
    cwd: join(root, "home/repo"),
    home: join(root, "home"),
    platform: "linux",
    uid: process.getuid?.(),
    projectFiles: true,
  };
  const load = (changes: Partial<typeof options> = {}) => loadSettings({ ...options, ...changes });
  return {
    root,
    env: options.env,
    write,
    load,
    user: join(root, USER),
    project: join(root, PROJECT),
  };
}
