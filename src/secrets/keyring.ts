import { QwenError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";

/** The items' attribute `service`; their `account` is the name of the variable. */
export const KEYRING_SERVICE = "qwen";

/** A keyring may wait for a password that nobody is there to type. */
const TIMEOUT_MS = 3000;

type Machine = Pick<Runtime, "keyring" | "sleep">;

/**
 * The key of a variable, or of an account (`VARIABLE@NAME`); `undefined`: there is no such item.
 * @throws QwenError when the keyring cannot be used
 */
export function readFromKeyring(machine: Machine, name: string): Promise<string | undefined> {
  const [variable, account] = name.split("@");
  const hint =
    account === undefined
      ? `unlock the keyring, or give the key in another way, such as the variable \`${variable}\``
      : `run it where the keyring is open, or keep that key in a file: \`qwen auth api-key --account ${account}\``;
  const item = { service: KEYRING_SERVICE, name };
  return withinTime(machine, () => machine.keyring.get(item), {
    doing: `read \`${name}\` from the keyring`,
    hint,
  });
}

/**
 * Puts the key of a variable into the keyring; `false`: it was there already.
 * @throws QwenError when the keyring cannot be used
 */
export function saveToKeyring(machine: Machine, name: string, key: string): Promise<boolean> {
  const item = { service: KEYRING_SERVICE, name };
  const save = async (): Promise<boolean> => {
    if ((await machine.keyring.get(item)) === key) {
      return false;
    }
    await machine.keyring.set(item, key);
    return true;
  };
  return withinTime(machine, save, {
    doing: "save the key in the keyring",
    hint: "unlock the keyring, or leave `--store keyring` out: files that only you can read are used then",
  });
}

/**
 * Takes items out of the keyring. Answers those that were there; with no names it is not asked.
 * @throws QwenError when the keyring cannot be used
 */
export async function removeFromKeyring(
  machine: Machine,
  names: readonly string[],
): Promise<string[]> {
  const removed: string[] = [];
  for (const name of names) {
    const remove = (): Promise<boolean> =>
      machine.keyring.delete({ service: KEYRING_SERVICE, name });
    const wasThere = await withinTime(machine, remove, {
      doing: `remove \`${name}\` from the keyring`,
      hint: `unlock the keyring, or take \`${name}\` out of \`security.auth.keyring\` in your settings`,
    });
    if (wasThere) {
      removed.push(name);
    }
  }
  return removed;
}

type Task = { readonly doing: string; readonly hint: string };

async function withinTime<Result>(
  { sleep }: Machine,
  work: () => Promise<Result>,
  { doing, hint }: Task,
): Promise<Result> {
  const tooLate = async (): Promise<never> => {
    await sleep(TIMEOUT_MS);
    throw new Error(`it did not answer in ${TIMEOUT_MS / 1000} s`);
  };
  try {
    return await Promise.race([work(), tooLate()]);
  } catch (error) {
    throw new QwenError(`Cannot ${doing}: ${reasonOf(error)}`, {
      code: "keyring-unavailable",
      hint,
      cause: error,
    });
  }
}

/** Why the keyring cannot be used, of a failure of the functions above, in a clause. */
export function keyringReason({ cause }: QwenError): string {
  return reasonOf(cause);
}

/** Bun has one code for all of it (`ERR_SECRETS_PLATFORM_ERROR`): the words tell. */
function reasonOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  if (words.includes("libsecret not available")) {
    return "libsecret is not installed";
  }
  if (words.includes("autolaunch D-Bus")) {
    return "there is no D-Bus session";
  }
  return words.includes("Object does not exist")
    ? `it is locked, or there is none (${words})`
    : words;
}
