import { describeProblem } from "../auth/connection-problem.ts";
import { describeModels } from "../auth/describe-models.ts";
import { loadConnection } from "../connect/load-connection.ts";
import { tellWarnings } from "../connect/tell-warnings.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { toConnectionFlags } from "../flags/connection-flags.ts";
import { type FlagValues, textOf } from "../flags/flag.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import type { ConnectionFlags } from "../models/connection-flags.ts";
import type { Runtime } from "../runtime.ts";
import { chooseStyle } from "../terminal/style.ts";
import type { Command } from "./command.ts";
import { listRemoteModels } from "./output/remote-models.ts";
import { renderEndpoints, renderModels } from "./output/render-models.ts";
import { checkUpdateFlags, updateModels } from "./output/update-models.ts";
import { connectionWarnings } from "./output/warn-of-problem.ts";
import { writeRows } from "./output/write-rows.ts";

export type ModelsOptions = GlobalOptions & {
  readonly json: boolean;
  readonly remote: boolean;
  readonly update: boolean;
  readonly dryRun: boolean;
  readonly provider: string | undefined;
  readonly connection: ConnectionFlags;
};

export const modelsCommand: Command<ModelsOptions> = {
  details: [
    "Lists what settings configure; connects to nothing without --remote. --update",
    "adds new chat models and marks those that are gone, but nothing written by hand.",
  ],
  examples: [
    "qwen models --json | jq -r '.models[].id'",
    "qwen models --remote",
    "qwen models --remote --openai-base-url http://vllm:8000/v1",
    "qwen models --update --provider deepseek --dry-run",
  ],
  toOptions,
  run: runModels,
};

function toOptions(values: FlagValues, globals: GlobalOptions): ModelsOptions {
  const options = {
    ...globals,
    json: values.json === true,
    remote: values.remote === true,
    update: values.update === true,
    dryRun: values["dry-run"] === true,
    provider: textOf(values, "provider"),
    connection: toConnectionFlags(values),
  };
  const isConnected = Object.values(options.connection).some((each) => each !== undefined);
  checkUpdateFlags({ ...options, isConnected });
  return options;
}

/** Lists the models; exit 0 also when there is none. */
export async function runModels(runtime: Runtime, options: ModelsOptions): Promise<ExitCode> {
  if (options.update) {
    return updateModels(runtime, options);
  }
  const connection = await loadConnection(runtime, options, options.connection);
  if (options.remote) {
    return listRemoteModels(runtime, options, connection);
  }
  const { configuration, resolution } = connection;
  const models = describeModels(configuration, resolution);
  const warnings = connectionWarnings(connection);
  if (options.json) {
    const document = { schemaVersion: 1, models, ...describeProblem(resolution), warnings };
    await runtime.stdout.writeJson(document);
    return EXIT.ok;
  }
  await tellWarnings(runtime, options, warnings);
  if (models.length === 0) {
    await runtime.stderr.write("No model is configured; run `qwen auth`\n");
    return EXIT.ok;
  }
  const style = await chooseStyle(runtime, runtime.stdout, options.color);
  const isScreen = await runtime.stdout.isTerminal();
  for (const { id } of models) {
    runtime.keepAsIs(id);
  }
  await writeRows(runtime.stdout, (isScreen ? renderEndpoints : renderModels)(models, style));
  return EXIT.ok;
}
