import { providerNames } from "../auth/providers/find-provider.ts";
import { RUN_ARGUMENT, RUN_FLAGS } from "../commands/broker/run-flags.ts";
import { API_KEY_FLAGS } from "../flags/auth/api-key-flags.ts";
import { CODING_PLAN_FLAGS } from "../flags/auth/coding-plan-flags.ts";
import { ENV_FLAGS } from "../flags/auth/env-flags.ts";
import { EXPORT_FLAGS } from "../flags/auth/export-flags.ts";
import { IMPORT_ARGUMENT, IMPORT_FLAGS } from "../flags/auth/import-flags.ts";
import { LIST_FLAGS } from "../flags/auth/list-flags.ts";
import { LOGOUT_FLAGS } from "../flags/auth/logout-flags.ts";
import { MENU_FLAGS } from "../flags/auth/menu-flags.ts";
import { QWEN_OAUTH_FLAGS } from "../flags/auth/qwen-oauth-flags.ts";
import { SERVE_FLAGS } from "../flags/auth/serve-flags.ts";
import { SET_KEY_ARGUMENT, SET_KEY_FLAGS } from "../flags/auth/set-key-flags.ts";
import { SWITCH_ARGUMENT, SWITCH_FLAGS } from "../flags/auth/switch-flags.ts";
import { CHAT_ARGUMENT, CHAT_FLAGS } from "../flags/chat-flags.ts";
import { COMPLETION_ARGUMENT } from "../flags/completion-flags.ts";
import { DOCTOR_FLAGS } from "../flags/doctor-flags.ts";
import { JSON_FLAG } from "../flags/global-flags.ts";
import { MODELS_FLAGS } from "../flags/models-flags.ts";
import { TRUST_ARGUMENT, TRUST_FLAGS } from "../flags/trust-flags.ts";
import { UPGRADE_FLAGS } from "../flags/upgrade-flags.ts";
import { bind, type CommandEntry } from "./command-entry.ts";
import type { Tables } from "./find-command.ts";
import { STATUS, TOKEN } from "./hot-route.ts";

/** Every command, in the order of help; each is loaded only when it is needed. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    words: ["auth"],
    aliases: [{ words: ["auth", "login"] }],
    summary: "Choose a method from a menu",
    flags: MENU_FLAGS,
    load: async () => bind((await import("../commands/auth/menu.ts")).menuCommand),
  },
  {
    words: ["auth", "coding-plan"],
    summary: "Set up the Alibaba Cloud Coding Plan",
    flags: CODING_PLAN_FLAGS,
    load: async () => bind((await import("../commands/auth/coding-plan.ts")).codingPlanCommand),
  },
  {
    words: ["auth", "api-key"],
    aliases: providerNames().map((name) => ({
      words: ["auth", name],
      argv: ["--provider", name],
    })),
    summary: "Set up an API key of any provider or endpoint",
    flags: API_KEY_FLAGS,
    load: async () => bind((await import("../commands/auth/api-key.ts")).apiKeyCommand),
  },
  {
    words: ["auth", "qwen-oauth"],
    aliases: [{ words: ["auth", "oauth"] }],
    summary: "Log in with Qwen OAuth (free tier discontinued)",
    isOfGroup: true,
    flags: QWEN_OAUTH_FLAGS,
    load: async () => bind((await import("../commands/auth/qwen-oauth.ts")).qwenOauthCommand),
  },
  STATUS,
  {
    words: ["auth", "list"],
    aliases: [{ words: ["auth", "ls"] }],
    summary: "List providers and stored credentials",
    flags: LIST_FLAGS,
    load: async () => bind((await import("../commands/auth/list.ts")).listCommand),
  },
  {
    words: ["auth", "switch"],
    summary: "Make another model or account the default",
    flags: SWITCH_FLAGS,
    argument: SWITCH_ARGUMENT,
    load: async () => bind((await import("../commands/auth/switch.ts")).switchCommand),
  },
  {
    words: ["auth", "set-key"],
    summary: "Change a stored key, and nothing else",
    isOfGroup: true,
    flags: SET_KEY_FLAGS,
    argument: SET_KEY_ARGUMENT,
    load: async () => bind((await import("../commands/auth/set-key.ts")).setKeyCommand),
  },
  {
    words: ["auth", "logout"],
    summary: "Remove what `qwen auth` wrote",
    flags: LOGOUT_FLAGS,
    load: async () => bind((await import("../commands/auth/logout.ts")).logoutCommand),
  },
  {
    words: ["auth", "export"],
    summary: "Print the set-up, for another machine",
    isOfGroup: true,
    flags: EXPORT_FLAGS,
    load: async () => bind((await import("../commands/auth/export.ts")).exportCommand),
  },
  {
    words: ["auth", "import"],
    summary: "Take over a set-up that was exported",
    isOfGroup: true,
    flags: IMPORT_FLAGS,
    argument: IMPORT_ARGUMENT,
    load: async () => bind((await import("../commands/auth/import.ts")).importCommand),
  },
  TOKEN,
  {
    words: ["auth", "env"],
    summary: "Print export lines for other tools",
    isOfGroup: true,
    flags: ENV_FLAGS,
    load: async () => bind((await import("../commands/auth/env.ts")).envCommand),
  },
  {
    words: ["auth", "run"],
    aliases: [{ words: ["auth", "exec"] }],
    summary: "Run a tool that uses the key and never gets it",
    flags: RUN_FLAGS,
    argument: RUN_ARGUMENT,
    load: async () => bind((await import("../commands/auth/run.ts")).runCommand),
  },
  {
    words: ["auth", "serve"],
    summary: "Lend the key to containers and editors, until Ctrl+C",
    isOfGroup: true,
    flags: SERVE_FLAGS,
    load: async () => bind((await import("../commands/auth/serve.ts")).serveCommand),
  },
  {
    words: ["models"],
    summary: "List the configured models",
    flags: MODELS_FLAGS,
    load: async () => bind((await import("../commands/models.ts")).modelsCommand),
  },
  {
    words: ["trust"],
    summary: "Trust a folder's settings and .env files",
    flags: TRUST_FLAGS,
    argument: TRUST_ARGUMENT,
    load: async () => bind((await import("../commands/trust.ts")).trustCommand),
  },
  {
    words: ["doctor"],
    summary: "Check everything that a question to a model needs",
    flags: DOCTOR_FLAGS,
    load: async () => bind((await import("../commands/doctor.ts")).doctorCommand),
  },
  {
    words: ["completion"],
    summary: "Print a script that completes words in a shell",
    flags: {},
    argument: COMPLETION_ARGUMENT,
    load: async () => bind((await import("../commands/completion.ts")).completionCommand),
  },
  {
    words: ["upgrade"],
    aliases: [{ words: ["update"] }],
    summary: "Print the line that updates this installation",
    flags: UPGRADE_FLAGS,
    load: async () => bind((await import("../commands/upgrade.ts")).upgradeCommand),
  },
  {
    words: ["version"],
    summary: "Print version, commit, target and Bun",
    isOfGroup: true,
    flags: JSON_FLAG,
    load: async () => bind((await import("../commands/version.ts")).versionCommand),
  },
];

/** What the first word may be. */
export const COMMAND_NAMES: readonly string[] = [
  ...new Set(COMMANDS.flatMap(({ words }) => words.slice(0, 1))),
];

/** What `qwen` does without the name of a command. */
export const CHAT: CommandEntry = {
  words: [],
  summary: "Ask a model a question",
  flags: CHAT_FLAGS,
  argument: CHAT_ARGUMENT,
  load: async () => bind((await import("../commands/chat.ts")).chatCommand),
};

/** Groups of commands, for their own help page. */
export const GROUPS: Tables["groups"] = {
  auth: "Set up credentials and see what is in force",
};

/** What a command line is read by. */
export const TABLES: Tables = { commands: COMMANDS, chat: CHAT, groups: GROUPS };
