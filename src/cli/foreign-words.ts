import { findProvider, setUpCommand } from "../auth/providers/find-provider.ts";

/**
 * Words that people know from other tools, or from Qwen Code, and the command that does the same
 * here. They are named, not run: nothing succeeds that was not asked for.
 */
const FOREIGN: Readonly<Record<string, string>> = {
  "auth help": "qwen auth --help",
  "auth signin": "qwen auth",
  "auth tokenplan": "qwen auth api-key --provider token-plan",
  "auth key": "qwen auth api-key",
  "auth keys": "qwen auth list",
  "auth glm": "qwen auth api-key --provider zai",
  "auth add": "qwen auth api-key",
  "auth set": "qwen auth api-key",
  "auth rotate": "qwen auth set-key",
  "auth renew": "qwen auth set-key",
  "auth setup": "qwen auth",
  "auth refresh": "qwen auth",
  "auth use": "qwen auth switch",
  "auth set-default": "qwen auth switch",
  "auth remove": "qwen auth logout",
  "auth rm": "qwen auth logout",
  "auth delete": "qwen auth logout",
  "auth signout": "qwen auth logout",
  "auth revoke": "qwen auth logout",
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
  provider: "qwen auth list",
  providers: "qwen auth list",
  keys: "qwen auth list",
  config: "qwen auth status",
  settings: "qwen auth status",
  chat: "qwen",
  session: "qwen",
  ask: "qwen -p TEXT",
  run: "qwen -p TEXT",
  exec: "qwen -p TEXT",
  complete: "qwen completion",
  completions: "qwen completion",
  autocomplete: "qwen completion",
  check: "qwen doctor",
  diagnose: "qwen doctor",
  allow: "qwen trust",
  untrust: "qwen trust --revoke",
  distrust: "qwen trust --distrust",
  "/auth": "qwen auth",
  "/login": "qwen auth",
  "/logout": "qwen auth logout",
  "/model": "qwen models",
  "/models": "qwen models",
  "/status": "qwen auth status",
  "/about": "qwen doctor",
  "/bug": "qwen doctor",
  "/doctor": "qwen doctor",
  "/help": "qwen --help",
  "/quit": "qwen",
  "/exit": "qwen",
};

/** Of these, the ones that people follow with a name: two such words are no question either. */
const WITH_NAME: ReadonlySet<string> = new Set(["login", "logout", "switch", "api-key"]);

/** Whether words from the command line are another tool's command, and no question. */
export function isForeign(words: readonly string[]): boolean {
  const [first = ""] = words;
  const most = WITH_NAME.has(first) ? 2 : 1;
  return words.length <= most && foreignCommand(words) !== undefined;
}

/** The command that `words` mean here, when they are another tool's, or name a provider. */
export function foreignCommand(words: readonly string[]): string | undefined {
  const [first = "", second = ""] = words;
  const spelling = first === "auth" ? `${first} ${second}` : first;
  if (Object.hasOwn(FOREIGN, spelling)) {
    return FOREIGN[spelling];
  }
  const provider = first === "auth" && second !== "" ? findProvider(second) : undefined;
  return provider && setUpCommand({ provider });
}

/** Foreign words that stand alone, for slips of them. */
export const FOREIGN_WORDS: readonly string[] = Object.keys(FOREIGN).filter((word) =>
  /^[a-z-]+$/.test(word),
);
