import type { Env } from "../runtime.ts";

/** What says "no" or nothing. */
const OFF = ["", "0", "false", "no", "off"];

/**
 * The variables of the shell that ask for certificates not to be checked, which nothing does
 * (`spec/trust-and-secrets.md`, "Secrets in motion").
 */
export function uncheckedTls(env: Env): readonly string[] {
  return [
    ...(env.NODE_TLS_REJECT_UNAUTHORIZED === "0" ? ["NODE_TLS_REJECT_UNAUTHORIZED"] : []),
    ...(OFF.includes((env.QWEN_TLS_INSECURE ?? "").trim().toLowerCase())
      ? []
      : ["QWEN_TLS_INSECURE"]),
  ];
}
