import type { FailureKind } from "../http/request-failure.ts";
import { KEYLESS, STANDARD } from "../models/protocol.ts";
import type { Resolution, ResolvedKey } from "../models/resolution.ts";
import { describeSource } from "../source.ts";
import { ALTERNATIVES, DISCONTINUED_ON } from "./oauth/discontinued.ts";

/**
 * How messages call what a request authenticates with: `the key of shell variable X`; the variable
 * that would hold a key and is not set; `undefined`: nothing is sent, and nothing is known to lack.
 */
export type KeyName = string | { readonly unset: string } | undefined;

type KeyDescription = {
  readonly keyName: KeyName;
  readonly hints?: Readonly<Partial<Record<FailureKind, string>>>;
};

/** How failures of a connection's requests call its key, and what they advise. */
export function describeKey(resolution: Resolution): KeyDescription {
  const { key } = resolution;
  if (resolution.isQwenOauth) {
    return {
      keyName: `the token of Qwen OAuth, whose free tier was discontinued on ${DISCONTINUED_ON}`,
      hints: { rejected: ALTERNATIVES, quota: ALTERNATIVES },
    };
  }
  const keyName = keyNameOf(key);
  return key.kind === "keyless"
    ? { keyName, hints: { rejected: keylessHint(key, resolution) } }
    : { keyName };
}

/** How a message calls the key, or what stands in its place. */
export function keyNameOf(key: ResolvedKey): KeyName {
  switch (key.kind) {
    case "present":
      return `the key of ${describeSource(key.source)}`;
    case "keyless":
      return key.header === undefined ? unsetName(key) : `the header "${key.header}"`;
    case "deferred":
    case "missing":
    case "unusable":
      return undefined;
  }
}

type Keyless = Extract<ResolvedKey, { readonly kind: "keyless" }>;

function unsetName({ envKey, isUnset }: Keyless): KeyName {
  return isUnset === true && envKey !== undefined ? { unset: envKey } : undefined;
}

/** What to do where a service wants a key and none is sent. */
function keylessHint(
  { envKey, isUnset, header }: Keyless,
  { entry, protocol }: Resolution,
): string {
  if (header !== undefined) {
    return `correct the header "${header}" in \`customHeaders\``;
  }
  if (envKey === undefined && entry === undefined && protocol !== undefined) {
    const [variable] = STANDARD[protocol.value].keys;
    return `run \`export ${variable}=YOUR_KEY\``;
  }
  if (envKey === undefined) {
    return "name the variable of its key in the entry's `envKey`, or run `qwen auth api-key`";
  }
  return isUnset === true
    ? `run \`export ${envKey}=YOUR_KEY\``
    : `put the key into \`${envKey}\` in place of \`${KEYLESS}\`, or run \`qwen auth api-key\``;
}
