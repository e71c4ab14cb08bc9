/**
 * Words that people know from other tools, or from Qwen Code, and the command that does the same
 * here. They are named, not run: nothing succeeds that was not asked for.
 */
const FOREIGN: Readonly<Record<string, string>> = {
  "auth help": "qwen auth --help",
  "auth add": "qwen auth api-key",
  "auth set": "qwen auth api-key",
  "auth set-key": "qwen auth api-key",
  "auth setup": "qwen auth",
  "auth refresh": "qwen auth",
  "auth use": "qwen auth switch",
  "auth set-default": "qwen auth switch",
  "auth remove": "qwen auth logout",
  "auth rm": "qwen auth logout",
  "auth delete": "qwen auth logout",
  "auth signout": "qwen auth logout",
  "auth revoke": "qwen auth logout",
  "auth export": "qwen auth env",
  "auth print-token": "qwen auth token",
  "auth print-access-token": "qwen auth token",
  "auth show": "qwen auth status",
  "auth verify": "qwen auth status",
  "auth test": "qwen auth status",
  "auth models": "qwen models",
  login: "qwen auth",
  signin: "qwen auth",
  setup: "qwen auth",
  logout: "qwen auth logout",
  signout: "qwen auth logout",
  status: "qwen auth status",
  whoami: "qwen auth status",
  list: "qwen auth list",
  switch: "qwen auth switch",
  token: "qwen auth token",
  env: "qwen auth env",
  "api-key": "qwen auth api-key",
  "coding-plan": "qwen auth coding-plan",
  model: "qwen models",
  version: "qwen --version",
  complete: "qwen completion",
  completions: "qwen completion",
  autocomplete: "qwen completion",
  check: "qwen doctor",
  diagnose: "qwen doctor",
  allow: "qwen trust",
  untrust: "qwen trust --revoke",
  distrust: "qwen trust --distrust",
};

/** The command that `words` mean here, when they are another tool's. */
export function foreignCommand(words: readonly string[]): string | undefined {
  const [first = "", second = ""] = words;
  const spelling = first === "auth" ? `${first} ${second}` : first;
  return Object.hasOwn(FOREIGN, spelling) ? FOREIGN[spelling] : undefined;
}
