import type { Runtime } from "../runtime.ts";

/**
 * Whether a browser would be seen by the person who waits (`spec/qwen-oauth.md`): not with
 * `NO_BROWSER` or `CI`, without a display, or over SSH where a display is not forwarded.
 */
export function canOpenBrowser({ env, platform }: Pick<Runtime, "env" | "platform">): boolean {
  const isSet = (name: string): boolean => (env[name] ?? "") !== "";
  const isCi = !["", "0", "false"].includes(env.CI ?? "");
  if (isSet("NO_BROWSER") || isCi) {
    return false;
  }
  const hasDisplay = isSet("DISPLAY") || isSet("WAYLAND_DISPLAY");
  const isRemote = ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"].some(isSet);
  return platform === "darwin" || platform === "win32" ? !isRemote : hasDisplay;
}
