import { ConfigError } from "../../errors.ts";
import type { Configuration } from "../configuration.ts";
import type { ConnectionFlags } from "../connection-flags.ts";
import type { Protocol } from "../protocol.ts";
import type { Resolution } from "../resolution.ts";
import { unfitEntry } from "./unfit-entries.ts";

/**
 * What is misspelt in the entry decides which key would go where: neither is guessed.
 * @throws ConfigError
 */
export function throwIfFaulty(entry: Resolution["entry"], flags: ConnectionFlags): void {
  const fault = entry?.fault;
  const isDecided = fault?.decides === "baseUrl" ? flags.baseUrl : flags.apiKey;
  if (fault !== undefined && isDecided === undefined) {
    throw new ConfigError(`Cannot use the model "${entry?.id}": ${fault.complaint}`, {
      code: "settings-invalid",
      hint: "correct the file with an editor; it was left as it is",
    });
  }
}

/**
 * Models that stand in a file and do not count, as a list or each for itself, are why there is no
 * entry: then neither the key of a public default is asked for, nor sent there.
 * @throws ConfigError
 */
export function throwIfIgnored({ models }: Configuration, connected: Resolution): void {
  const { entry, protocol, endpoint, key } = connected;
  const isNamed = endpoint !== undefined && endpoint.source.kind !== "default";
  const isWhole = isNamed && key.kind !== "missing";
  const ignored = models.ignored.find(
    (group) => group.protocol === undefined || group.protocol === protocol?.value,
  );
  const isOfProtocol = (other: { readonly protocol: Protocol }): boolean =>
    other.protocol === protocol?.value;
  if (entry !== undefined || isWhole || models.entries.some(isOfProtocol)) {
    return;
  }
  if (ignored !== undefined) {
    throw new ConfigError(`Cannot tell which model to use: ${ignored.complaint}`, {
      code: "settings-invalid",
      hint: ignored.hint,
    });
  }
  const unfit = models.unfit.find(isOfProtocol);
  if (unfit !== undefined) {
    throw unfitEntry(unfit);
  }
}
