import { findText } from "../settings/settings-layer.ts";
import type { Source, Sourced } from "../source.ts";
import type { ConnectionFlags } from "./connection.ts";
import type { Configuration } from "./load-configuration.ts";

/** The source of a value that stands on the command line. */
export function flagSource(name: string): Source {
  return { kind: "flag", name, origin: "user" };
}

/** The model that a person asked for: `--model`, else `model.name`. */
export function requestedModel(
  { layers }: Pick<Configuration, "layers">,
  { model }: ConnectionFlags,
): Sourced<string> | undefined {
  const configured = findText(layers, ["model", "name"]);
  if (model === undefined) {
    return configured;
  }
  const shadowed = configured === undefined ? [] : [configured.source, ...configured.shadowed];
  return { value: model, source: flagSource("--model"), shadowed };
}
