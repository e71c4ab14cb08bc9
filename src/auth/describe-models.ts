import { shownEndpoint } from "../lib/endpoint-url.ts";
import type { Configuration } from "../models/configuration.ts";
import type { ModelEntry } from "../models/entries/model-entries.ts";
import type { Resolution } from "../models/resolution.ts";
import { resolveEntry } from "../models/resolve-connection.ts";
import { CATALOGUE } from "./providers/catalogue.ts";

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
  /** Its endpoint did not list it any more at the last `models --update`. */
  readonly delisted?: true;
};

/**
 * Every entry with the endpoint that it would use and whether its key is there; behind them the
 * model in force where none of them is.
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
      ...(entry.isDelisted ? { delisted: true } : {}),
    };
  });
  return entries.some(({ active }) => active) ? entries : [...entries, ...inForce(resolution)];
}

/** The model in force where no entry has it: of Qwen OAuth, of variables, of `--model`. */
function inForce({ oauth, protocol, model, endpoint, key }: Resolution): ModelRow[] {
  const isKeyless = oauth === undefined && key.kind === "missing";
  if (model === undefined || protocol === undefined || isKeyless) {
    return [];
  }
  return [
    {
      protocol: protocol.value,
      id: model.value,
      name: oauth === undefined ? model.value : `${model.value} (Qwen OAuth)`,
      baseUrl: endpoint?.value ?? "",
      keyPresent: oauth !== undefined || key.kind !== "unusable",
      active: true,
    },
  ];
}

function isActive(entry: ModelEntry, { entry: active, model }: Resolution): boolean {
  return active === entry && model?.value === entry.id;
}
