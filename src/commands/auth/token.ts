import {
  configuredOrThrow,
  expiredTokenProblem,
  keylessProblem,
} from "../../auth/connection-problem.ts";
import { endpointNotice } from "../../auth/endpoint-notice.ts";
import { throwIfInsideRun } from "../../auth/inside-run.ts";
import { loadConnection } from "../../connect/load-connection.ts";
import { loadKey } from "../../connect/load-key.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import { toConnectionFlags } from "../../flags/connection-flags.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import { jsonText, visibleText } from "../../lib/visible-text.ts";
import type { ConnectionFlags } from "../../models/connection-flags.ts";
import type { LoadedKey, Resolution } from "../../models/resolution.ts";
import type { Runtime } from "../../runtime.ts";
import type { Command } from "../command.ts";

export type TokenOptions = GlobalOptions & {
  readonly json: boolean;
  readonly connection: ConnectionFlags;
};

export const tokenCommand: Command<TokenOptions> = {
  details: [
    "Prints the key that would be sent and a newline, nothing else. Exit status: 4",
    "when there is none, or when it is withheld from the endpoint of a project.",
  ],
  examples: ['OPENAI_API_KEY="$(qwen auth token)" some-tool', "qwen auth token --model glm-5"],
  toOptions: (values, globals) => ({
    ...globals,
    json: values.json === true,
    connection: toConnectionFlags(values),
  }),
  run: runToken,
};

/**
 * Prints the key in force.
 * @throws AuthError when there is none, or it is withheld
 */
export async function runToken(runtime: Runtime, options: TokenOptions): Promise<ExitCode> {
  throwIfInsideRun(runtime.env, "print the key");
  const { resolution } = await loadConnection(runtime, options, options.connection);
  const key = await presentKey(runtime, resolution);
  const notice = endpointNotice(resolution);
  if (notice !== undefined && !options.quiet) {
    await runtime.stderr.write(`${visibleText(notice)}\n`);
  }
  await runtime.stdout.writeSecret(
    options.json
      ? jsonText({
          schemaVersion: 1,
          token: key.value,
          ...(key.envKey === undefined ? {} : { envKey: key.envKey }),
          source: key.source,
        })
      : `${key.value}\n`,
  );
  return EXIT.ok;
}

async function presentKey(
  runtime: Runtime,
  resolution: Resolution,
): Promise<Extract<LoadedKey, { kind: "present" }>> {
  const doing = "print the key";
  const configured = configuredOrThrow(resolution, doing);
  const problem = expiredTokenProblem(configured, doing);
  if (problem !== undefined) {
    throw problem;
  }
  const { key, endpoint } = await loadKey(runtime, configured);
  if (key.kind === "keyless") {
    throw keylessProblem(key, { doing, endpoint: endpoint.value });
  }
  return key;
}
