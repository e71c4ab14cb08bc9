import { describeAuth } from "../auth/describe-auth.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { jsonText } from "../lib/visible-text.ts";
import type { ConnectionFlags } from "../models/connection.ts";
import type { Runtime } from "../runtime.ts";
import { chooseStyle } from "../terminal/style.ts";
import type { Command, GlobalOptions } from "./command.ts";
import { CONNECTION_FLAGS, toConnectionFlags } from "./connection-flags.ts";
import { loadConnection } from "./load-connection.ts";
import { renderStatus } from "./render-status.ts";

export type StatusOptions = GlobalOptions & {
  readonly json: boolean;
  readonly connection: ConnectionFlags;
};

export const statusCommand: Command<StatusOptions> = {
  details: [
    "Reads settings and .env; writes nothing and connects to nothing.",
    "Exit status: 0 configured, 4 nothing or incomplete, 3 a file cannot be used.",
  ],
  flags: {
    json: { type: "boolean", description: "Print one JSON object" },
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
  if (options.json) {
    await runtime.stdout.write(jsonText(status));
  } else {
    const style = await chooseStyle(runtime, runtime.stdout, options.color);
    await runtime.stdout.write(renderStatus(status, resolution, { style, home: runtime.home }));
  }
  return status.loggedIn ? EXIT.ok : EXIT.auth;
}
