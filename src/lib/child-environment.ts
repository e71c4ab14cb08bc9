type Env = Readonly<Record<string, string | undefined>>;

/** Where programs are and how to speak. No key, no `GIT_*`, no `BUN_*`. */
const BASIC = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TERM", "TMPDIR", "SYSTEMROOT"];

/** How to reach the screen, the agents and the password managers of a session. */
const SESSION = [
  "BROWSER",
  "DBUS_SESSION_BUS_ADDRESS",
  "DESKTOP_SESSION",
  "DISPLAY",
  "GNUPGHOME",
  "GPG_TTY",
  "KDE_FULL_SESSION",
  "PASSWORD_STORE_DIR",
  "SSH_AUTH_SOCK",
  "WAYLAND_DISPLAY",
  "XAUTHORITY",
  "XDG_CONFIG_HOME",
  "XDG_CURRENT_DESKTOP",
  "XDG_DATA_DIRS",
  "XDG_DATA_HOME",
  "XDG_RUNTIME_DIR",
  "XDG_SESSION_TYPE",
];

/**
 * What of an environment a program may know that is started from here. Programs are found by its
 * `PATH`, and none through the working directory, which may be anybody's.
 */
export function childEnvironment(env: Env, { session }: { readonly session: boolean }): Env {
  const names = session ? [...BASIC, ...SESSION] : BASIC;
  const known = Object.fromEntries(names.map((name) => [name, env[name]]));
  return { ...known, PATH: absoluteEntries(env.PATH) };
}

/** `PATH` without what is relative to the working directory: `.`, `bin`, and an empty entry. */
export function absoluteEntries(path = ""): string {
  const separator = /(?:^|;)[A-Za-z]:[/\\]/.test(path) ? ";" : ":";
  const entries = path.split(separator);
  return entries.filter((entry) => /^(?:[/\\]|[A-Za-z]:)/.test(entry)).join(separator);
}
