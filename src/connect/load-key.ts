import { AuthError } from "../errors.ts";
import { placeOf } from "../models/connection-failures.ts";
import type { KeyPlace } from "../models/key-places.ts";
import { KEYLESS } from "../models/protocol.ts";
import type { Configured, LoadedKey, LoadedResolution, ResolvedKey } from "../models/resolution.ts";
import type { Runtime } from "../runtime.ts";
import { parseKey } from "../secrets/parse-key.ts";

type Machine = Pick<
  Runtime,
  | "keyring"
  | "capture"
  | "heldKeys"
  | "addSecret"
  | "atEnd"
  | "env"
  | "home"
  | "now"
  | "sleep"
  | "trace"
>;

type LoadOptions = {
  /** The service did not take what a helper gave: it is asked again. */
  readonly isRefused?: boolean;
};

/**
 * Fetches the key of a resolution, if it lies elsewhere: one that the pairing rule withholds is not
 * even fetched.
 * @throws QwenError when the keyring cannot be used, AuthError when there is no key
 */
export async function loadKey(
  machine: Machine,
  resolution: Configured,
  options: LoadOptions = {},
): Promise<LoadedResolution> {
  const { key } = resolution;
  const loaded = key.kind === "deferred" ? await fetchKey(machine, key, options) : key;
  return { ...resolution, key: loaded };
}

type DeferredKey = Extract<ResolvedKey, { kind: "deferred" }>;

/**
 * The same for a key alone.
 * @throws QwenError when the keyring cannot be used, AuthError when there is no key
 */
export async function loadResolvedKey(
  machine: Machine,
  key: ResolvedKey,
  options: LoadOptions = {},
): Promise<Exclude<ResolvedKey, DeferredKey>> {
  return key.kind === "deferred" ? fetchKey(machine, key, options) : key;
}

/** The one place where keyring and key helper are asked. */
async function fetchKey(
  machine: Machine,
  key: DeferredKey,
  { isRefused = false }: LoadOptions,
): Promise<LoadedKey> {
  const { envKey, scheme } = key;
  for (const place of key.places) {
    const value =
      place.kind === "keyring"
        ? await fromKeyring(machine, place.item ?? envKey)
        : await heldKey(machine, place, { envKey, isRefused });
    if (value !== undefined) {
      const { source } = place;
      const shadowed = key.shadowed.filter((other) => other !== source);
      return value === KEYLESS
        ? { kind: "keyless", envKey }
        : { kind: "present", value, source, shadowed, envKey, scheme };
    }
  }
  throw new AuthError(`Cannot find the key: the keyring has no item for \`${envKey}\``, {
    code: "key-missing",
    hint: `set it up again with \`--store keyring\`, or take \`${envKey}\` out of \`security.auth.keyring\``,
  });
}

async function fromKeyring(machine: Machine, envKey: string): Promise<string | undefined> {
  const { readFromKeyring } = await import("../secrets/keyring.ts");
  machine.trace?.(() => [`keyring item of ${envKey}`]);
  const text = await readFromKeyring(machine, envKey);
  if (text === undefined) {
    return undefined;
  }
  machine.addSecret(text.trim());
  const parsed = parseKey(text);
  if (parsed.kind === "invalid") {
    throw new AuthError(
      `Cannot use the item of \`${envKey}\` in the keyring: it is no key: ${parsed.reason}`,
      { code: "invalid-key", hint: "set it up again with `--store keyring`" },
    );
  }
  machine.addSecret(parsed.key);
  tellNotes(machine, `the keyring (${envKey})`, parsed.notes);
  return parsed.key;
}

/** How long a key of a helper is good for. */
const LIFETIME_MS = 5 * 60_000;

type Helper = Extract<KeyPlace, { readonly kind: "helper" }>;

/** What a helper gave not long ago; its command runs once, whoever waits for it. */
function heldKey(
  machine: Machine,
  helper: Helper,
  { envKey, isRefused }: { readonly envKey: string; readonly isRefused: boolean },
): Promise<string> {
  const { heldKeys, now } = machine;
  const held = heldKeys.get(helper.command);
  if (held !== undefined && !isRefused && now() - held.since < LIFETIME_MS) {
    return held.key;
  }
  const key = fromHelper(machine, helper, envKey);
  heldKeys.set(helper.command, { key, since: now() });
  key.catch(() => heldKeys.delete(helper.command));
  return key;
}

async function fromHelper(machine: Machine, helper: Helper, envKey: string): Promise<string> {
  const { runKeyHelper } = await import("../secrets/run-key-helper.ts");
  const helped = await runKeyHelper(machine, helper.command);
  machine.trace?.(() => [
    `key helper of ${envKey} ${helped.kind === "key" ? "gave a key" : "failed"}`,
  ]);
  if (helped.kind === "failed") {
    const { program, reason } = helped;
    const { name, path } = helper.source;
    const from = program === undefined ? "its helper" : `its helper \`${program}\``;
    throw new AuthError(`Cannot get the key of \`${envKey}\` from ${from}: ${reason}`, {
      code: "key-helper-failed",
      hint: `run its command by hand: \`${name}\` in \`${path}\``,
    });
  }
  machine.addSecret(helped.key);
  tellNotes(machine, placeOf(helper.source), helped.notes ?? []);
  return helped.key;
}

/** Said once, when the command is done: a session fetches the key for every question. */
function tellNotes(
  { atEnd }: Pick<Machine, "atEnd">,
  place: string,
  notes: readonly string[],
): void {
  if (notes.length > 0) {
    atEnd.set(`key of ${place}`, async () => `the key of ${place}: ${notes.join("; ")}`);
  }
}
