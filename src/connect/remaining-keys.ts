import type { LogoutTarget } from "../auth/login/apply-logout.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import { keyPlaces } from "../models/key-places.ts";
import type { Resolution } from "../models/resolution.ts";
import type { Runtime } from "../runtime.ts";
import { findText } from "../settings/settings-layer.ts";
import type { Source } from "../source.ts";
import { describeSource } from "../source.ts";
import { loadConnection } from "./load-connection.ts";

type Remaining = {
  /** What still supplies a key. */
  readonly sources: readonly Source[];
  /** The same for people, and what else they may want to know. */
  readonly warnings: readonly string[];
  /** What is in force from now on. */
  readonly resolution: Resolution;
};

/**
 * Reads everything again after a logout and names each variable, `.env` or setting that still
 * supplies a key of the target, and the entries written by hand that still ask for it.
 */
export async function remainingKeys(
  runtime: Runtime,
  options: GlobalOptions,
  target: LogoutTarget,
): Promise<Remaining> {
  const { configuration, resolution } = await loadConnection(runtime, options);
  const { models, layers, dotenv, variable } = configuration;
  const names =
    target.kind === "provider" || target.kind === "custom"
      ? target.envKeys
      : target.kind === "all"
        ? [...new Set(models.entries.map(({ envKey }) => envKey).filter((it) => it !== undefined))]
        : [];
  const found = names.flatMap((name) => {
    const value = variable(name);
    const places = keyPlaces(configuration, name).map(({ source }) => source);
    const sources = value === undefined ? places : [value.source, ...value.shadowed, ...places];
    return sources.map((source) => ({ name, source }));
  });
  const legacy =
    target.kind === "custom" ? findText(layers, ["security", "auth", "apiKey"])?.source : undefined;
  const hidden = dotenv.shadowed.flatMap((file) =>
    names.filter((name) => file.names.includes(name)).map((name) => ({ name, path: file.path })),
  );
  const asking = models.entries.filter(
    ({ envKey }) => envKey !== undefined && names.includes(envKey),
  );
  return {
    resolution,
    sources: [...found.map(({ source }) => source), ...(legacy === undefined ? [] : [legacy])],
    warnings: [
      ...found.map(({ name, source }) => `${describeSource(source)} still supplies \`${name}\``),
      ...(legacy === undefined
        ? []
        : [`${describeSource(legacy)} still holds a key; \`qwen auth logout --all\` removes it`]),
      ...hidden.map(
        ({ name, path }) => `\`${path}\` still sets \`${name}\`, though another .env hides it`,
      ),
      ...(asking.length === 0 || target.kind === "all"
        ? []
        : [`kept, as written by hand: ${[...new Set(asking.map(({ id }) => id))].join(", ")}`]),
    ],
  };
}
