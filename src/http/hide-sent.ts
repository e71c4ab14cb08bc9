import { hideCredentials } from "../secrets/credentials.ts";
import { createHider } from "../secrets/spellings.ts";
import type { RequestFailure } from "./request-failure.ts";

/** Takes out of what a server says what it was sent, and what else looks like a credential. */
export type HideSent = (text: string) => string;

/**
 * For the words of a server about a request that carried these secrets. Whose they are does not
 * matter here: those of a project are hidden nowhere else (`spec/trust-and-secrets.md`, "Secrets in
 * motion"). Made at the first use, since most answers say nothing of the kind.
 */
export function hideSent(secrets: readonly string[] = []): HideSent {
  let hider: ReturnType<typeof createHider> | undefined;
  return (text) => {
    hider ??= createHider(secrets);
    return hideCredentials(hider.hide(text));
  };
}

/** The same failure without a secret in the server's words and in the code that it gave. */
export function withoutSent(failure: RequestFailure, hide: HideSent): RequestFailure {
  const { message, code } = failure;
  return {
    ...failure,
    message: hide(message),
    ...(code === undefined ? {} : { code: hide(code) }),
  };
}
