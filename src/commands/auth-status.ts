import { type AuthStatus, describeAuth } from "../auth/describe-auth.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { jsonText, visibleText } from "../lib/visible-text.ts";
import type { ConnectionFlags, Resolution } from "../models/connection.ts";
import type { Runtime } from "../runtime.ts";
import { chooseStyle } from "../terminal/style.ts";
import type { Command, GlobalOptions } from "./command.ts";
import { CONNECTION_FLAGS, toConnectionFlags } from "./connection-flags.ts";
import { loadConnection } from "./load-connection.ts";
import { renderStatus } from "./render-status.ts";

export type StatusOptions = GlobalOptions & {
  readonly json: boolean;
  readonly showToken: boolean;
  readonly connection: ConnectionFlags;
};

export const statusCommand: Command<StatusOptions> = {
  details: [
    "Reads settings and .env; writes nothing and connects to nothing.",
    "Exit status: 0 configured, 4 nothing or incomplete, 3 a file cannot be used.",
  ],
  flags: {
    json: { type: "boolean", description: "Print one JSON object" },
    "show-token": { type: "boolean", description: "Show the key in full" },
    ...CONNECTION_FLAGS,
  },
  examples: [
    "qwen auth status",
    "qwen auth status --json | jq .baseUrl.source",
    "qwen auth status --no-project",
  ],
  toOptions: (values, globals) => ({
    ...globals,
    json: values.json === true,
    showToken: values["show-token"] === true,
    connection: toConnectionFlags(values),
  }),
  run: runStatus,
};

/** Prints the status. Exit 0 configured, 4 otherwise; throws what makes the configuration unusable. */
export async function runStatus(runtime: Runtime, options: StatusOptions): Promise<ExitCode> {
  const { configuration, resolution } = await loadConnection(runtime, options, options.connection);
  if (resolution.problem?.exitCode === EXIT.config) {
    throw resolution.problem;
  }
  const status = describeAuth(configuration, resolution);
  const key = options.showToken ? shownKey(resolution) : undefined;
  const shown = key === undefined ? status : withKey(status, PLACEHOLDER);
  const text = options.json
    ? jsonText(shown)
    : renderStatus(shown, resolution, {
        style: await chooseStyle(runtime, runtime.stdout, options.color),
        home: runtime.home,
      });
  if (key === undefined) {
    await runtime.stdout.write(text);
  } else {
    const secret = options.json ? JSON.stringify(key).slice(1, -1) : visibleText(key);
    await runtime.stdout.writeSecret(text, { placeholder: PLACEHOLDER, secret });
  }
  return status.loggedIn ? EXIT.ok : EXIT.auth;
}

/** A character of nobody's: it stands for the key until everything else is redacted. */
const PLACEHOLDER = "\ue000";

/** A key that the pairing rule withholds is shown no more than it is sent. */
function shownKey({ key, pairing }: Resolution): string | undefined {
  return key.kind === "present" && pairing.kind !== "withheld" ? key.value : undefined;
}

function withKey(status: AuthStatus, value: string): AuthStatus {
  return { ...status, key: { ...status.key, value } };
}
