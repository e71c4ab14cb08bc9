import { afterAll } from "bun:test";
import { join } from "node:path";
import { missingPrograms } from "./needs.ts";
import type { Machine } from "./qwen.ts";

/** Why no keyring can be tried here. */
export const cannotUseKeyring = missingPrograms(
  "dbus-run-session",
  "gnome-keyring-daemon",
  "secret-tool",
);

/** A D-Bus session of its own. */
export type Session = {
  /** What leads a program to it. */
  readonly env: Readonly<Record<string, string>>;
  /** `secret-tool`: what it printed. */
  readonly secretTool: (args: readonly string[], stdin?: string) => Promise<string>;
};

/** Starts a session whose keyring is open. */
export function openKeyring(at: Machine): Promise<Session> {
  return session(at, "printf 'pw\\n' | gnome-keyring-daemon --unlock --components=secrets >&2");
}

/** Starts a session in which nobody could unlock a keyring. */
export function lockedKeyring(at: Machine): Promise<Session> {
  return session(at, ":");
}

async function session(at: Machine, prepare: string): Promise<Session> {
  const child = Bun.spawn(
    ["dbus-run-session", "--", "sh", "-c", `${prepare}; echo "$DBUS_SESSION_BUS_ADDRESS"; cat`],
    {
      env: { ...at.env, XDG_RUNTIME_DIR: at.home },
      stdin: "pipe",
      stdout: "pipe",
      stderr: "ignore",
    },
  );
  afterAll(async () => {
    child.stdin.end();
    await child.exited;
  });
  const reader = child.stdout.getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) {
      throw new Error("the D-Bus session did not start");
    }
    text += new TextDecoder().decode(value);
  }
  const env = { DBUS_SESSION_BUS_ADDRESS: text.trim() };
  return {
    env,
    secretTool: async (args, stdin = "") => {
      const tool = Bun.spawn(["secret-tool", ...args], {
        env: { ...at.env, ...env },
        stdin: new TextEncoder().encode(stdin),
        stdout: "pipe",
        stderr: "ignore",
      });
      return tool.stdout.text();
    },
  };
}

/** A bus that takes every connection and says nothing, and how many there were. */
export function silentBus(at: Machine) {
  const unix = join(at.home, "bus");
  let connections = 0;
  const listener = Bun.listen({
    unix,
    socket: {
      open: () => {
        connections += 1;
      },
      data: () => undefined,
    },
  });
  afterAll(() => listener.stop(true));
  return {
    env: { DBUS_SESSION_BUS_ADDRESS: `unix:path=${unix}` },
    connections: () => connections,
  };
}
