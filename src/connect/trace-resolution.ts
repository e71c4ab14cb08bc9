import { shownUrl } from "../lib/endpoint-url.ts";
import type { Resolution, ResolvedKey } from "../models/resolution.ts";
import { looksLikeKey } from "../secrets/looks-like-key.ts";
import { maskKey } from "../secrets/mask.ts";
import type { Sourced } from "../source.ts";
import { describeSource } from "../source.ts";

/** What `--debug` tells of a resolution: each value with its source and what it hides. */
export function traceResolution(resolution: Resolution): readonly string[] {
  const { protocol, model, endpoint, key, pairing, problem } = resolution;
  return [
    `protocol ${sourced(protocol)}`,
    `model ${sourced(model)}`,
    `endpoint ${sourced(endpoint && { ...endpoint, value: shownUrl(endpoint.value, looksLikeKey) })}`,
    `key ${describeKey(key)}${pairing.kind === "withheld" ? ", withheld from the endpoint" : ""}`,
    ...(problem === undefined ? [] : [`problem ${problem.code}`]),
  ];
}

function sourced(known: Sourced<string> | undefined): string {
  if (known === undefined) {
    return "none";
  }
  const { value, source, shadowed } = known;
  const hides = shadowed.length === 0 ? "" : `, hides ${shadowed.map(describeSource).join(", ")}`;
  return `${value} from ${describeSource(source)}${hides}`;
}

function describeKey(key: ResolvedKey): string {
  switch (key.kind) {
    case "present":
      return sourced({ ...key, value: maskKey(key.value) });
    case "deferred":
      return `in ${key.places.map(({ source }) => describeSource(source)).join(", then ")}`;
    case "keyless":
      return "not needed";
    case "unusable":
      return `of ${describeSource(key.source)} unusable: ${key.reason}`;
    case "missing":
      return `missing: ${key.envKeys.join(", ") || "no variable is named"}`;
  }
}
