import { CATALOGUE } from "../auth/providers/catalogue.ts";
import { loadConnection } from "../connect/load-connection.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { CONNECTION_FLAGS, toConnectionFlags } from "../flags/connection-flags.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import { shownEndpoint } from "../lib/endpoint-url.ts";
import { formatTokens } from "../lib/format-tokens.ts";
import { visibleText } from "../lib/visible-text.ts";
import type { Configuration } from "../models/configuration.ts";
import type { ConnectionFlags } from "../models/connection-flags.ts";
import { shownName } from "../models/entries/match-entries.ts";
import type { ModelEntry } from "../models/entries/model-entries.ts";
import { PROTOCOLS } from "../models/protocol.ts";
import type { Resolution } from "../models/resolution.ts";
import { resolveEntry } from "../models/resolve-connection.ts";
import type { Runtime } from "../runtime.ts";
import { chooseStyle, type Style } from "../terminal/style.ts";
import type { Command } from "./command.ts";
import { listRemoteModels } from "./output/remote-models.ts";
import { warnOfProblem } from "./output/warn-of-problem.ts";

export type ModelsOptions = GlobalOptions & {
  readonly json: boolean;
  readonly remote: boolean;
  readonly connection: ConnectionFlags;
};

export const modelsCommand: Command<ModelsOptions> = {
  details: [
    "Lists the models that settings configure, by protocol. With --remote those that",
    "the endpoint in force offers; else connects to nothing.",
  ],
  flags: {
    json: { type: "boolean", description: "Print one JSON object" },
    remote: { type: "boolean", description: "Ask the endpoint" },
    ...CONNECTION_FLAGS,
  },
  examples: [
    "qwen models --json | jq -r '.models[].id'",
    "qwen models --remote",
    "qwen models --remote --openai-base-url http://vllm:8000/v1",
  ],
  toOptions: (values, globals) => ({
    ...globals,
    json: values.json === true,
    remote: values.remote === true,
    connection: toConnectionFlags(values),
  }),
  run: runModels,
};

/** One model as `qwen models --json` prints it (`spec/cli.md`, "Other JSON"). */
export type ModelRow = {
  readonly protocol: string;
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  /** Tokens. */
  readonly contextWindow?: number;
  readonly keyPresent: boolean;
  readonly active: boolean;
};

/** Lists the models; exit 0 also when there is none. */
export async function runModels(runtime: Runtime, options: ModelsOptions): Promise<ExitCode> {
  const connection = await loadConnection(runtime, options, options.connection);
  if (options.remote) {
    return listRemoteModels(runtime, options, connection);
  }
  const { configuration, resolution } = connection;
  const models = describeModels(configuration, resolution);
  if (options.json) {
    await runtime.stdout.writeJson({ schemaVersion: 1, models });
    return EXIT.ok;
  }
  await warnOfProblem(runtime, options, resolution);
  if (models.length === 0) {
    await runtime.stderr.write("No model is configured; run `qwen auth`\n");
    return EXIT.ok;
  }
  const style = await chooseStyle(runtime, runtime.stdout, options.color);
  await runtime.stdout.writeExact(renderModels(models, style));
  return EXIT.ok;
}

/**
 * Every entry with the endpoint that it would use and whether its key is there; and the model of
 * Qwen OAuth where that is in force.
 */
export function describeModels(
  configuration: Configuration,
  resolution: Resolution,
): readonly ModelRow[] {
  const entries = configuration.models.entries.map((entry): ModelRow => {
    const own = resolveEntry(configuration, entry, CATALOGUE);
    return {
      protocol: entry.protocol,
      id: entry.id,
      name: entry.name ?? entry.id,
      baseUrl: own.endpoint?.value ?? shownEndpoint(entry.baseUrl) ?? "",
      ...(entry.contextWindowSize === undefined ? {} : { contextWindow: entry.contextWindowSize }),
      keyPresent: own.key.kind !== "missing" && own.key.kind !== "unusable",
      active: isActive(entry, resolution),
    };
  });
  const { oauth, model, endpoint } = resolution;
  return oauth === undefined || model === undefined
    ? entries
    : [
        ...entries,
        {
          protocol: "openai",
          id: model.value,
          name: `${model.value} (Qwen OAuth)`,
          baseUrl: endpoint?.value ?? "",
          keyPresent: true,
          active: true,
        },
      ];
}

function isActive(entry: ModelEntry, { entry: active, model }: Resolution): boolean {
  return active === entry && model?.value === entry.id;
}

function renderModels(models: readonly ModelRow[], style: Style): string {
  const width = Math.max(...models.map(({ id }) => Bun.stringWidth(visibleText(id))));
  const groups = PROTOCOLS.map((protocol) => ({
    protocol,
    rows: models.filter((model) => model.protocol === protocol),
  })).filter(({ rows }) => rows.length > 0);
  return groups
    .map(({ protocol, rows }) =>
      [style.bold(protocol), ...rows.map((row) => renderRow(row, width, style))]
        .map((line) => `${line}\n`)
        .join(""),
    )
    .join("\n");
}

function renderRow(model: ModelRow, width: number, style: Style): string {
  const id = visibleText(model.id);
  const padding = " ".repeat(width - Bun.stringWidth(id));
  const name = shownName(model);
  const details = [
    name === undefined ? undefined : visibleText(name),
    visibleText(model.baseUrl),
    model.contextWindow === undefined ? undefined : formatTokens(model.contextWindow),
    model.keyPresent ? undefined : style.yellow("no key"),
  ].filter((part) => part !== undefined);
  return `${model.active ? style.green("*") : " "} ${id}${padding}  ${details.join("  ")}`;
}
