import { ConfigError } from "../../errors.ts";
import type { Configuration } from "../configuration.ts";
import type { Protocol } from "../protocol.ts";
import { meantEntries } from "./match-entries.ts";
import type { UnfitEntry } from "./model-entries.ts";

/**
 * Refuses a model that a person asks for where the word means an entry that cannot be used, by the
 * rule that finds those which can: an id, `id@host`, a name.
 * @throws ConfigError
 */
export function throwIfUnfit(
  { models }: Pick<Configuration, "models">,
  word: string,
  protocols: readonly Protocol[],
): void {
  const entries = models.unfit.flatMap((entry) =>
    entry.id !== undefined && protocols.includes(entry.protocol)
      ? [{ ...entry, id: entry.id }]
      : [],
  );
  const [unfit] = meantEntries({ models: { entries } }, word);
  if (unfit !== undefined) {
    throw unfitEntry(unfit);
  }
}

/** The failure of an entry that would have to be used and cannot. */
export function unfitEntry({ id, kind, complaint }: UnfitEntry): ConfigError {
  const model = id === undefined ? "a model" : `the model "${id}"`;
  return new ConfigError(
    `Cannot use ${model}: ${complaint}`,
    kind === "broken"
      ? {
          code: "settings-invalid",
          hint: "correct the file with an editor; it was left as it is",
        }
      : {
          code: "unsupported",
          hint: "choose another model, or an endpoint that speaks chat completions",
        },
  );
}
