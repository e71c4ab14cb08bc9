import { methodOf } from "../../auth/describe-method.ts";
import { plannedIds, plannedModel } from "../../auth/login/apply-login.ts";
import { keyWarnings } from "../../auth/login/key-warnings.ts";
import type { Login } from "../../auth/login/login.ts";
import { type SavedLogin, saveLogin } from "../../auth/login/save-login.ts";
import {
  describeVerification,
  isAllWell,
  UNCHECKED,
  type Verification,
} from "../../auth/verify/verification.ts";
import { shadowWarnings } from "../../connect/shadow-warnings.ts";
import { EXIT, type ExitCode, UsageError } from "../../errors.ts";
import type { LoginOptions } from "../../flags/login-flags.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { typedCredentials } from "../../models/custom-headers.ts";
import { KEYLESS } from "../../models/protocol.ts";
import type { CheckedLogin } from "../../prompts/check-typed-key.ts";
import type { Runtime } from "../../runtime.ts";
import { KEYRING_SERVICE } from "../../secrets/keyring.ts";
import { readRawSettings } from "../../settings/load-settings.ts";
import { settingsPath } from "../../settings/paths.ts";
import type { Style } from "../../terminal/style.ts";
import { report } from "../output/report.ts";
import { refuseExposedKey } from "./refuse-exposed-key.ts";

/** The second half of every login: one write, then what was done and what still wins over it. */
export async function finishLogin(
  runtime: Runtime,
  options: LoginOptions,
  { login: given, verification }: CheckedLogin,
): Promise<ExitCode> {
  if (given.account !== undefined && given.key === KEYLESS) {
    throw new UsageError("Cannot keep an account: the server wants no key, and none was given", {
      code: "invalid-value",
      hint: "leave `--account` out, or give a key with `--key-stdin`",
    });
  }
  const path = settingsPath(runtime, options.scope);
  const holdsKey =
    (given.store === "settings" && given.key !== KEYLESS) ||
    typedCredentials(given.generationConfig).length > 0;
  if (options.scope === "project" && holdsKey && !options.force) {
    await refuseExposedKey(runtime, path);
  }
  const verified = verification ?? (await verifyGiven(runtime, options, { login: given, path }));
  const isModelKnown = plannedIds(await readRawSettings(path), given).length > 0;
  const login = isModelKnown
    ? given
    : (await import("../../flags/take-listed-models.ts")).takeListedModels(given, verified);
  const saved = await saveLogin(runtime, login, options.scope);
  const warnings = [
    ...keyWarnings(login),
    ...verificationWarnings(verified, login),
    ...saved.notes,
    ...storeWarnings(saved),
    ...(await shadowWarnings(runtime, {
      key: { envKey: login.envKey, value: login.key },
      baseUrl: login.baseUrl,
      model: saved.model,
      options,
    })),
  ];
  const said = verification === undefined ? [] : saidBefore(given, verification);
  const isSeen = await runtime.stderr.isTerminal();
  await report(runtime, options, {
    document: describeLogin({ login, saved, verified, warnings }),
    warnings: warnings.filter((warning) => !said.includes(warning)),
    lines: (style) => [
      ...doneLines({ login, saved, verified }, style),
      ...(options.isInSession === true ? [] : nextLines(verified, isSeen)),
    ],
  });
  return EXIT.ok;
}

/** What was told on the terminal when the key was typed and the service asked. */
function saidBefore(login: Login, verification: Verification): string[] {
  const isTold = verification.state === "unreachable";
  return [...keyWarnings(login), ...(isTold ? verificationWarnings(verification, login) : [])];
}

type LoginPlace = { readonly login: Login; readonly path: string };

/**
 * With `--verify` the service is asked about a key that nobody typed.
 * @throws AuthError or UnreachableError: then nothing is saved
 */
async function verifyGiven(
  runtime: Runtime,
  options: LoginOptions,
  { login, path }: LoginPlace,
): Promise<Verification> {
  if (options.verify !== true) {
    return UNCHECKED;
  }
  const { loginHttp } = await import("../../connect/open-http.ts");
  const { verificationProblem, verifyLogin } = await import("../../connect/verify-login.ts");
  const http = await loginHttp(runtime, options);
  const model = plannedModel(await readRawSettings(path), login) || undefined;
  const verification = await verifyLogin(runtime, options, http, { login, model });
  const problem = verificationProblem(verification, "save the key", login.baseUrl);
  if (problem !== undefined) {
    throw problem;
  }
  return verification;
}

function verificationWarnings(verified: Verification, { key }: Login): string[] {
  if (verified.state === "unverifiable" || verified.state === "unreachable") {
    const what = key === KEYLESS ? "the endpoint" : "the key";
    return [`${what} was not verified: ${verified.detail}`];
  }
  return verified.state === "ok" && verified.modelListed === false
    ? [`the model is not there: ${verified.detail}`]
    : [];
}

/** What a person should know of the place that the key is in. */
function storeWarnings({ store }: SavedLogin): string[] {
  switch (store) {
    case "settings":
    case "env-file":
      return [];
    case "keyring":
      return ["the key is in the keyring, which Qwen Code itself does not read"];
  }
}

function keyRows({ envKey }: Login, { store, keyPath }: SavedLogin): string[] {
  switch (store) {
    case "settings":
      return [];
    case "env-file":
      return [`  Key: ${visibleText(keyPath)}`];
    case "keyring":
      return [`  Key: keyring (service ${KEYRING_SERVICE}, account ${visibleText(envKey)})`];
  }
}

type LoginResult = {
  readonly login: Login;
  readonly saved: SavedLogin;
  readonly verified: Verification;
  readonly warnings: readonly string[];
};

function doneLines(
  { login, saved, verified }: Omit<LoginResult, "warnings">,
  style: Style,
): readonly string[] {
  // A check that was made and told nothing is no good news.
  const isGood = verified.state === "unchecked" || isAllWell(verified);
  const mark = isGood ? style.green("✓") : style.yellow("⚠");
  const verb = saved.changed ? "is set up" : "was set up already";
  return [
    `${mark} ${visibleText(nameOf(login))} ${verb}, default model ${visibleText(saved.model)}`,
    `  Settings: ${visibleText(saved.path)}`,
    ...keyRows(login, saved),
    ...(login.account === undefined ? [] : [`  Account: ${login.account}`]),
    ...(verified.state === "ok" && isAllWell(verified)
      ? [`  Verified: ${visibleText(verified.detail)}`]
      : []),
  ];
}

/** What to run now; the first question is for a person, not for the log of a script. */
function nextLines(verified: Verification, isSeen: boolean): readonly string[] {
  const isGood = verified.state === "unchecked" || verified.state === "ok";
  return [
    ...(verified.state === "ok" && isAllWell(verified)
      ? []
      : [`  ${isGood ? "" : "Not verified. "}Check it: qwen auth status --verify`]),
    ...(isSeen ? ['  Next: qwen "hello" asks it; qwen alone opens a session'] : []),
  ];
}

/** How people call what was set up: the provider and its region, or the endpoint. */
function nameOf({ provider, region, baseUrl, label }: Login): string {
  if (provider === undefined) {
    return label === undefined ? baseUrl : `${label} (${baseUrl})`;
  }
  return region === undefined ? provider.label : `${provider.label} (${region})`;
}

function describeLogin({ login, saved, verified, warnings }: LoginResult): object {
  const { provider, region, protocol, baseUrl } = login;
  return {
    schemaVersion: 1,
    provider: provider?.id ?? "custom",
    method: provider === undefined ? "api-key" : methodOf(provider.id, true),
    ...(region === undefined ? {} : { region }),
    protocol,
    baseUrl,
    models: saved.models,
    model: saved.model,
    store: saved.store,
    ...(login.account === undefined ? {} : { account: login.account }),
    path: saved.path,
    verified: describeVerification(verified),
    warnings,
  };
}
