type Env = Readonly<Record<string, string | undefined>>;

/** Where programs are and how to speak. No key, no `GIT_*`, no `BUN_*`. */
const BASIC = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TERM", "TMPDIR", "SYSTEMROOT"];

/** How to reach the agents and password managers of a session. */
const SESSION = [
  "DBUS_SESSION_BUS_ADDRESS",
  "DISPLAY",
  "GNUPGHOME",
  "GPG_TTY",
  "PASSWORD_STORE_DIR",
  "SSH_AUTH_SOCK",
  "WAYLAND_DISPLAY",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  "XDG_RUNTIME_DIR",
];

/** What of an environment a program may know that is started from here. */
export function childEnvironment(env: Env, { session }: { readonly session: boolean }): Env {
  const names = session ? [...BASIC, ...SESSION] : BASIC;
  return Object.fromEntries(names.map((name) => [name, env[name]]));
}
