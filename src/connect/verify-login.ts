import type { Login } from "../auth/login/login.ts";
import { rejectedHint } from "../auth/verify/failure-hints.ts";
import type { Verification } from "../auth/verify/verification.ts";
import { verify } from "../auth/verify/verify.ts";
import { AuthError, QwenError, UnreachableError } from "../errors.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import type { Http } from "../http/http.ts";
import { hostOf } from "../lib/endpoint-url.ts";
import { isJsonObject } from "../lib/json/json-object.ts";
import { visibleText } from "../lib/visible-text.ts";
import { flagSource } from "../models/connection-flags.ts";
import { headerSecrets, readCustomHeaders } from "../models/custom-headers.ts";
import { loadConfiguration } from "../models/load-configuration.ts";
import { KEYLESS } from "../models/protocol.ts";
import type { Runtime } from "../runtime.ts";
import { interpolateSettings, referencedNames } from "../settings/interpolate-settings.ts";
import { withProgress } from "../terminal/progress.ts";

type LoginToVerify = {
  readonly login: Login;
  /** What is asked where the endpoint has no list of models. */
  readonly model: string | undefined;
};

/** Asks the service about the key of a login, with the headers that it sets up. */
export async function verifyLogin(
  runtime: Runtime,
  options: Pick<GlobalOptions, "quiet" | "trust" | "noProject">,
  http: Http,
  { login, model }: LoginToVerify,
): Promise<Verification> {
  const { protocol, baseUrl, key } = login;
  const credential = key === KEYLESS ? undefined : ({ value: key, scheme: "key" } as const);
  const customHeaders = await loginHeaders(runtime, options, login);
  const endpoint = { protocol, baseUrl, credential, customHeaders };
  const keyName = credential === undefined ? undefined : "the key";
  const { quiet } = options;
  return withProgress(runtime.stderr, { text: `Asking ${hostOf(baseUrl)}`, quiet }, () =>
    verify(http, { endpoint, model, keyName }),
  );
}

/** Headers as they will be sent: their variables are those of the user alone. */
async function loginHeaders(
  runtime: Runtime,
  { trust, noProject }: Pick<GlobalOptions, "trust" | "noProject">,
  { generationConfig }: Login,
): Promise<Readonly<Record<string, string>>> {
  const { customHeaders } = generationConfig ?? {};
  if (!isJsonObject(customHeaders)) {
    return {};
  }
  const names = [...referencedNames(customHeaders)];
  const { variable } = await loadConfiguration(runtime, { trust, noProject, names });
  const filled = interpolateSettings(customHeaders, (name) => {
    const found = variable(name);
    return found !== undefined && found.source.origin === "user" ? found : undefined;
  });
  const { headers, warnings } = readCustomHeaders(filled.value, flagSource("--header"));
  headerSecrets(headers).forEach(runtime.addSecret);
  for (const warning of warnings) {
    await runtime.stderr.write(`warning: ${visibleText(warning)}\n`);
  }
  return headers;
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
