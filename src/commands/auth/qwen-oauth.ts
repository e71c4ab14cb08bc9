import {
  type AccountService,
  accountProblem,
  accountService,
} from "../../auth/oauth/account-service.ts";
import { applyOauth } from "../../auth/oauth/apply-oauth.ts";
import { isRefreshDue, type OauthCredentials } from "../../auth/oauth/credentials.ts";
import {
  credentialsPath,
  loadCredentials,
  proveCredentials,
  rememberTokens,
  saveCredentials,
} from "../../auth/oauth/credentials-file.ts";
import { awaitApproval, startLogin } from "../../auth/oauth/device-flow.ts";
import { ALTERNATIVES, DISCONTINUED } from "../../auth/oauth/discontinued.ts";
import { type RefreshResult, refreshTokens } from "../../auth/oauth/refresh.ts";
import { newCredentials } from "../../auth/oauth/token-response.ts";
import { openHttp } from "../../connect/open-http.ts";
import { tightenOwnFiles } from "../../connect/tighten-own-files.ts";
import { AuthError, CancelledError, type ExitCode, UsageError } from "../../errors.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import { isOffline } from "../../flags/verify-flags.ts";
import type { Http } from "../../http/http.ts";
import { RequestError } from "../../http/request-failure.ts";
import { type PrivateFileUpdated, provePrivateFile } from "../../lib/files/private-file.ts";
import { createSteps } from "../../lib/files/steps.ts";
import type { JsonObject } from "../../lib/json/json-object.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { loadConfiguration } from "../../models/load-configuration.ts";
import { answered } from "../../prompts/ask-steps.ts";
import { canPrompt, whyNotAsked } from "../../prompts/can-prompt.ts";
import { showDeviceLogin } from "../../prompts/show-device-login.ts";
import type { Runtime } from "../../runtime.ts";
import { userSettingsPath } from "../../settings/paths.ts";
import { settingsFile } from "../../settings/update-settings.ts";
import { chooseStyle } from "../../terminal/style.ts";
import type { Command } from "../command.ts";
import { finishOauth } from "../login/finish-oauth.ts";

export type QwenOauthOptions = GlobalOptions & {
  readonly force: boolean;
  readonly browser: boolean;
  readonly json: boolean;
};

export const qwenOauthCommand: Command<QwenOauthOptions> = {
  details: [
    "The free tier of Qwen OAuth was discontinued on 2026-04-15: new logins and",
    "stored tokens may be refused. `qwen auth coding-plan` and `qwen auth api-key`",
    "are the alternatives.",
    "Shows a URL and a code to approve in any browser. Tokens that are stored and",
    "still good are used, or refreshed; log out first to log in as somebody else.",
  ],
  examples: ["qwen auth qwen-oauth", "qwen auth qwen-oauth --force --no-browser"],
  toOptions: (values, globals) => ({
    ...globals,
    force: values.force === true,
    browser: values["no-browser"] !== true,
    json: values.json === true,
  }),
  run: runQwenOauth,
};

/**
 * Logs in, or finds that one is. What is on the disk is read before anybody is asked for anything,
 * and written when all of it is done.
 */
export async function runQwenOauth(runtime: Runtime, options: QwenOauthOptions): Promise<ExitCode> {
  await confirmDiscontinued(runtime, options);
  await tightenOwnFiles(runtime, options);
  const path = userSettingsPath(runtime);
  await provePrivateFile(runtime, settingsFile({ scope: "user", path, edits: applyOauth }));
  const stored = loadCredentials(runtime)?.credentials;
  if (stored !== undefined && !isRefreshDue(stored, runtime.now())) {
    return finishOauth(runtime, options, { tokens: "stored" });
  }
  const { http, service } = await openAccount(runtime, options);
  if (stored !== undefined && stored.refreshToken !== "") {
    const refreshed = await tryRefresh(runtime, { http, service }, stored.accessToken);
    if (refreshed !== undefined) {
      const { credentials, warnings: notes } = refreshed;
      const isNew = credentials.accessToken !== stored.accessToken;
      return finishOauth(runtime, options, { tokens: isNew ? "refreshed" : "stored", notes });
    }
  }
  // Nobody is asked to approve what could not be kept.
  await proveCredentials(runtime);
  const step = createSteps();
  const { notes } = await step(
    () => logIn(runtime, options, { http, service }),
    () => `the tokens were saved in \`${credentialsPath(runtime)}\``,
  );
  return step(
    () => finishOauth(runtime, options, { tokens: "new", notes }),
    () => undefined,
  );
}

/**
 * Says that the free tier has ended, and asks whether to go on (`spec/qwen-oauth.md`).
 * @throws UsageError without a terminal and `--force`, CancelledError for a no
 */
async function confirmDiscontinued(runtime: Runtime, options: QwenOauthOptions): Promise<void> {
  const canAsk = await canPrompt(runtime, options);
  if (!options.force && !canAsk) {
    throw new UsageError(
      `Cannot log in with Qwen OAuth without \`--force\`: ${DISCONTINUED}, and ${whyNotAsked(runtime, options)}`,
      { code: "missing-input", hint: `${ALTERNATIVES}; add \`--force\` to try all the same` },
    );
  }
  if (!options.quiet || !options.force) {
    const style = await chooseStyle(runtime, runtime.stderr, options.color);
    await runtime.stderr.write(
      [
        `${style.yellow("⚠")} Qwen OAuth: ${DISCONTINUED}; requests may be refused`,
        "  Instead: qwen auth coding-plan, or qwen auth api-key",
        "",
      ].join("\n"),
    );
  }
  if (options.force) {
    return;
  }
  const question = {
    message: "Go on with Qwen OAuth all the same?",
    yes: "Yes",
    no: "No",
    initial: false,
  };
  if (!answered(await runtime.prompter.confirm(question))) {
    throw new CancelledError("Cancelled; nothing was written");
  }
}

type Account = { readonly http: Http; readonly service: AccountService };

/** @throws UsageError when nothing may be connected to */
async function openAccount(runtime: Runtime, options: QwenOauthOptions): Promise<Account> {
  if (isOffline(runtime, options)) {
    throw new UsageError("Cannot log in with Qwen OAuth: the network is not allowed", {
      code: "invalid-value",
      hint: "leave out `--offline` and unset `QWEN_OFFLINE`",
    });
  }
  const { trust, noProject } = options;
  const configuration = await loadConfiguration(runtime, { trust, noProject, names: [] });
  const service = accountService(runtime.env, configuration);
  return { service, http: await openHttp(runtime, configuration, options) };
}

/** Refreshes the stored login; nothing when the service does not take it any more, which is said. */
async function tryRefresh(
  runtime: Runtime,
  { http, service }: Account,
  stale: string,
): Promise<RefreshResult | undefined> {
  try {
    return await refreshTokens(runtime, http, { service, stale, isRefused: false });
  } catch (error) {
    if (error instanceof AuthError) {
      await runtime.stderr.write(`${visibleText(error.message)}\n`);
      return undefined;
    }
    throw error;
  }
}

/** The device flow: ask, show, wait, write. */
async function logIn(
  runtime: Runtime,
  options: QwenOauthOptions,
  { http, service }: Account,
): Promise<PrivateFileUpdated> {
  const login = await startLogin(http, service);
  [login.deviceCode, login.verifier].forEach(runtime.addSecret);
  const answer = await showDeviceLogin(runtime, options, {
    login,
    approval: awaitApproval(http, service, login),
  });
  const old = loadCredentials(runtime)?.credentials;
  const credentials = readTokens(answer, { now: runtime.now(), old, service });
  rememberTokens(runtime, credentials);
  return saveCredentials(runtime, credentials);
}

type Read = {
  readonly now: number;
  readonly old: OauthCredentials | undefined;
  readonly service: AccountService;
};

function readTokens(answer: JsonObject, { now, old, service }: Read): OauthCredentials {
  try {
    return newCredentials(answer, { now, old });
  } catch (error) {
    throw error instanceof RequestError
      ? accountProblem(error.failure, { doing: "log in with Qwen OAuth", service })
      : error;
  }
}
