import { findText } from "../settings/settings-layer.ts";
import type { Source, Sourced } from "../source.ts";
import type { Configuration } from "./configuration.ts";

/** What the command line says about the connection; the highest source of each value. */
export type ConnectionFlags = {
  /** `--auth-type` */
  readonly authType?: string | undefined;
  /** `--model` */
  readonly model?: string | undefined;
  /** `--openai-api-key` */
  readonly apiKey?: string | undefined;
  /** `--openai-base-url` */
  readonly baseUrl?: string | undefined;
  /** `--account`, else `QWEN_ACCOUNT` */
  readonly account?: AccountChoice | undefined;
};

/** A named key that is to be used; with a variable, of that one alone. */
export type AccountChoice = {
  readonly name: string;
  readonly envKey?: string;
  readonly from: "--account" | "QWEN_ACCOUNT" | "/account";
};

/** The source of a value that stands on the command line. */
export function flagSource(name: string): Source {
  return { kind: "flag", name, origin: "user" };
}

/**
 * The model that a person asked for: `--model`, else `model.name`. Releases of Qwen Code wrote some
 * names as `$runtime|TYPE|ID`.
 */
export function requestedModel(
  { layers }: Pick<Configuration, "layers">,
  flags: ConnectionFlags,
): Sourced<string> | undefined {
  const written = findText(layers, ["model", "name"]);
  const name = written && withoutRuntime(written.value);
  const configured = written && name !== undefined ? { ...written, value: name } : undefined;
  const model = flags.model === undefined ? undefined : withoutRuntime(flags.model);
  if (model === undefined) {
    return configured;
  }
  const shadowed = configured === undefined ? [] : [configured.source, ...configured.shadowed];
  return { value: model, source: flagSource("--model"), shadowed };
}

/** The name of a model, wherever it was written down; `undefined`: there is none behind the type. */
export function withoutRuntime(name: string): string | undefined {
  return name.replace(/^\$runtime\|[^|]*\|/, "") || undefined;
}
