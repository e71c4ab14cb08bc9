import type { FailureKind } from "../http/request-failure.ts";
import type { Resolution, ResolvedKey } from "../models/resolution.ts";
import { describeSource } from "../source.ts";
import { ALTERNATIVES, DISCONTINUED_ON } from "./oauth/discontinued.ts";

type Called = {
  readonly keyName: string | undefined;
  readonly hints?: Readonly<Partial<Record<FailureKind, string>>>;
};

/** How failures of a connection's requests call its key, and what they advise. */
export function keyWords({ key, isQwenOauth }: Resolution): Called {
  return isQwenOauth
    ? {
        keyName: `the token of Qwen OAuth, whose free tier was discontinued on ${DISCONTINUED_ON}`,
        hints: { rejected: ALTERNATIVES, quota: ALTERNATIVES },
      }
    : { keyName: keyNameOf(key) };
}

/** How a message calls the key: `the key of shell variable X`; `undefined`: none is sent. */
export function keyNameOf(key: ResolvedKey): string | undefined {
  return key.kind === "present" ? `the key of ${describeSource(key.source)}` : undefined;
}
