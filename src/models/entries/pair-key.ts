import { decidePairing, type Pairing } from "../../trust/pairing.ts";
import type { Configuration } from "../configuration.ts";
import { userPairs } from "../known-pairs.ts";
import { projectFolder, projectParts, untrustedPart } from "../project-folder.ts";
import type { Catalogue, Complete, Unfinished } from "../resolution.ts";

type PairingFields = Pick<Unfinished, "pairing" | "projectSource" | "trustFolder">;

/**
 * Whether a key may go to an endpoint (`spec/trust-and-secrets.md`, "The pairing rule"), and what of
 * the project's decides it. Without a key there is nothing to pair.
 */
export function pairKey(
  configuration: Configuration,
  catalogue: Pick<Catalogue, "knownPairs">,
  { endpoint, key, entry }: Pick<Complete, "endpoint" | "key" | "entry">,
): PairingFields {
  if (key.kind === "keyless") {
    const [projectSource] = projectParts(configuration, endpoint.source);
    return { pairing: { kind: "allowed" }, projectSource, trustFolder: undefined };
  }
  const isNamed = key.envKey !== undefined && key.envKey === entry?.envKey;
  const named = isNamed ? entry?.sourceOf("envKey") : undefined;
  const sources = [endpoint.source, ...(named === undefined ? [] : [named])];
  const untrusted = untrustedPart(configuration, sources);
  const [first] = sources.map((source) => projectParts(configuration, source)).flat();
  const projectSource = untrusted ?? first;
  const pairing: Pairing = decidePairing({
    endpoint,
    secret: { ...key, namedBy: named?.origin ?? "user" },
    knownPairs: () => [...catalogue.knownPairs(), ...userPairs(configuration)],
    trusted: untrusted === undefined,
  });
  return { pairing, projectSource, trustFolder: projectSource && projectFolder(projectSource) };
}
