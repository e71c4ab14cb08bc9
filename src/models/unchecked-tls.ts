import { isFalsy } from "../lib/is-falsy.ts";
import type { Env } from "../runtime.ts";

/**
 * The variables of the shell that ask for certificates not to be checked, which nothing does
 * (`spec/trust-and-secrets.md`, "Secrets in motion").
 */
export function uncheckedTls(env: Env): readonly string[] {
  return [
    ...(env.NODE_TLS_REJECT_UNAUTHORIZED === "0" ? ["NODE_TLS_REJECT_UNAUTHORIZED"] : []),
    ...(isFalsy(env.QWEN_TLS_INSECURE) ? [] : ["QWEN_TLS_INSECURE"]),
  ];
}
