import { UsageError } from "../errors.ts";
import { isFalsy } from "../lib/is-falsy.ts";
import type { Env } from "../runtime.ts";
import type { Flags, FlagValues } from "./flag.ts";

export const VERIFY_FLAGS: Flags = {
  verify: { type: "boolean", description: "Ask the service whether it takes the key" },
  "no-verify": { type: "boolean", description: "Do not ask it, also on a terminal" },
};

/**
 * What the command line says; `undefined`: logins in which the key is typed ask, others do not.
 * @throws UsageError for both
 */
export function toVerify(values: FlagValues): boolean | undefined {
  if (values.verify === true && values["no-verify"] === true) {
    throw new UsageError("Cannot use `--verify` and `--no-verify` together", {
      code: "invalid-value",
      hint: "leave one of the two out",
    });
  }
  return values.verify === true ? true : values["no-verify"] === true ? false : undefined;
}

type VerifyContext = { readonly offline: boolean };

/** Whether nothing but a model that is asked may be connected to: `--offline`, `QWEN_OFFLINE`. */
export function isOffline({ env }: { readonly env: Env }, { offline }: VerifyContext): boolean {
  return offline || !isFalsy(env.QWEN_OFFLINE);
}

/**
 * Whether a key that is typed is checked with the service.
 * @throws UsageError when that was asked for and nothing may be connected to
 */
export function isChecked(
  runtime: { readonly env: Env },
  options: VerifyContext & { readonly verify: boolean | undefined },
): boolean {
  if (options.verify === true) {
    throwIfOffline(runtime, options, "--verify");
  }
  return options.verify !== false && !isOffline(runtime, options);
}

/**
 * @param flag what asks for the network: `--verify`
 * @throws UsageError when nothing may be connected to
 */
export function throwIfOffline(
  runtime: { readonly env: Env },
  asked: VerifyContext,
  flag: string,
): void {
  if (isOffline(runtime, asked)) {
    const why = asked.offline ? "`--offline` was given" : "`QWEN_OFFLINE` is set";
    throw new UsageError(`Cannot use \`${flag}\`: ${why}`, {
      code: "invalid-value",
      hint: `leave \`${flag}\` out, or allow the network`,
    });
  }
}

/**
 * What `--region auto` asks for must be possible, before a key is asked for.
 * @throws UsageError
 */
export function throwIfNoSearch(
  runtime: { readonly env: Env },
  { verify, ...options }: VerifyContext & { readonly verify: boolean | undefined },
): void {
  throwIfOffline(runtime, options, "--region auto");
  if (verify === false) {
    throw new UsageError("Cannot use `--region auto` with `--no-verify`: it asks the service", {
      code: "invalid-value",
      hint: "name the region, or leave `--no-verify` out",
    });
  }
}
