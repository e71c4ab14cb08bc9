import type { Login } from "../auth/login/login.ts";
import { rejectedHint } from "../auth/verify/failure-hints.ts";
import type { Verification } from "../auth/verify/verification.ts";
import { verify } from "../auth/verify/verify.ts";
import { AuthError, QwenError, UnreachableError } from "../errors.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import type { Http } from "../http/http.ts";
import { hostOf } from "../lib/endpoint-url.ts";
import { KEYLESS } from "../models/protocol.ts";
import type { Runtime } from "../runtime.ts";
import { withProgress } from "../terminal/progress.ts";

type Checked = {
  readonly login: Login;
  /** What is asked where the endpoint has no list of models. */
  readonly model: string | undefined;
};

/** Asks the service about the key of a login. */
export function verifyLogin(
  { stderr }: Pick<Runtime, "stderr">,
  { quiet }: Pick<GlobalOptions, "quiet">,
  http: Http,
  { login, model }: Checked,
): Promise<Verification> {
  const { protocol, baseUrl, key } = login;
  const credential = key === KEYLESS ? undefined : ({ value: key, scheme: "key" } as const);
  const endpoint = { protocol, baseUrl, credential, customHeaders: {} };
  const keyName = credential === undefined ? undefined : "the key";
  return withProgress(stderr, { text: `Asking ${hostOf(baseUrl)}`, quiet }, () =>
    verify(http, { endpoint, model, keyName }),
  );
}

/**
 * A key that is rejected, or a service that cannot be reached, as the failure of who wanted it
 * (`spec/protocols.md`, "Verification").
 * @param doing what failed, as it follows "Cannot": `save the key`
 */
export function verificationProblem(
  verification: Verification,
  doing: string,
  baseUrl: string,
): QwenError | undefined {
  switch (verification.state) {
    case "rejected":
      return new AuthError(`Cannot ${doing}: ${verification.detail}`, {
        code: "key-rejected",
        hint: rejectedHint(baseUrl),
      });
    case "unreachable":
      return new UnreachableError(`Cannot ${doing}: ${verification.detail}`, {
        hint: "try again later, or leave `--verify` out",
      });
    case "unverifiable":
      return verification.workingBaseUrl === undefined
        ? undefined
        : new QwenError(`Cannot ${doing}: ${verification.detail}`, {
            code: "not-found",
            hint: `use \`--base-url ${verification.workingBaseUrl}\``,
          });
    case "unchecked":
    case "ok":
      return undefined;
  }
}
