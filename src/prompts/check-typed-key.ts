import { keyWarnings } from "../auth/login/key-warnings.ts";
import type { Login } from "../auth/login/login.ts";
import { alibabaProvider } from "../auth/providers/alibaba-endpoints.ts";
import { endpointName, setUpCommand } from "../auth/providers/find-provider.ts";
import type { Endpoint } from "../auth/providers/provider.ts";
import { type AskedEndpoint, askSiblings } from "../auth/verify/try-endpoints.ts";
import type { Verification } from "../auth/verify/verification.ts";
import { loginHttp } from "../connect/open-http.ts";
import { verifyLogin } from "../connect/verify-login.ts";
import type { LoginOptions } from "../flags/login-flags.ts";
import type { Http } from "../http/http.ts";
import { visibleText } from "../lib/visible-text.ts";
import type { Answer, Runtime } from "../runtime.ts";
import { withProgress } from "../terminal/progress.ts";
import { mapStep, type StepAnswer } from "./ask-steps.ts";

/** What a dialogue leads to; `verification` where the service was asked on the way. */
export type CheckedLogin = {
  readonly login: Login;
  readonly verification: Verification | undefined;
};

type CheckedKey = {
  readonly verification: Verification;
  /** Where the key works, when that is another region than the one that was chosen. */
  readonly endpoint?: Endpoint;
};

export type TypedLogin = {
  readonly login: Login;
  readonly model: string | undefined;
  /** A base URL that the person was offered before, and did not want. */
  readonly declined?: string | undefined;
};

/**
 * Asks the service about a key that was just typed. Where the service does not take it, or cannot
 * be reached, the person decides: another key, another region, or on without the check. Asks
 * nothing when all is well.
 */
export async function checkTypedKey(
  runtime: Runtime,
  options: LoginOptions,
  typed: TypedLogin,
): StepAnswer<CheckedKey> {
  const http = await loginHttp(runtime, options);
  // Before the person decides anything, and before anybody is asked.
  for (const warning of keyWarnings(typed.login)) {
    await runtime.stderr.write(`warning: ${visibleText(warning)}\n`);
  }
  const verification = await verifyLogin(runtime, options, http, typed);
  switch (verification.state) {
    case "unverifiable":
      return verification.workingBaseUrl === undefined ||
        verification.workingBaseUrl === typed.declined
        ? { kind: "given", value: { verification } }
        : askToMove(runtime, options, {
            ...typed,
            verification,
            baseUrl: verification.workingBaseUrl,
          });
    case "ok":
    case "unchecked":
      return { kind: "given", value: { verification } };
    case "unreachable":
      return askToGoOn(runtime, verification);
    case "rejected":
      await say(runtime, verification.detail);
      return findElsewhere(runtime, options, { http, login: typed.login });
  }
}

async function say({ stderr }: Pick<Runtime, "stderr">, ...lines: string[]): Promise<void> {
  await stderr.write(`\n${lines.map(visibleText).join("\n")}\n\n`);
}

/** "No" is one step back: to the key, or to where it goes. */
async function askToGoOn(
  runtime: Runtime,
  verification: Extract<Verification, { readonly detail: string }>,
): Promise<Answer<CheckedKey>> {
  await say(runtime, `The key could not be checked: ${verification.detail}`);
  const answer = await runtime.prompter.confirm({
    message: "Save without checking it?",
    yes: "Save",
    no: "Go back",
  });
  if (answer.kind !== "value") {
    return answer;
  }
  return answer.value ? { kind: "value", value: { verification } } : { kind: "back" };
}

type MovedLogin = TypedLogin & { readonly verification: Verification; readonly baseUrl: string };

/** Where nothing is at the base URL that was typed, but something at the one that was meant. */
async function askToMove(
  runtime: Runtime,
  options: LoginOptions,
  { login, model, verification, baseUrl }: MovedLogin,
): StepAnswer<CheckedKey> {
  const answer = await runtime.prompter.confirm({
    message: `${visibleText(baseUrl)} answers, ${visibleText(login.baseUrl)} does not. Use it?`,
    yes: "Yes",
    no: "No",
  });
  if (answer.kind !== "value") {
    return answer;
  }
  return answer.value
    ? mapStep(
        checkTypedKey(runtime, options, { login: { ...login, baseUrl }, model }),
        (found) => ({
          endpoint: { baseUrl },
          ...found,
        }),
      )
    : { kind: "value", value: { verification } };
}

type RejectedLogin = { readonly http: Http; readonly login: Login };

/** Where a key of Alibaba Cloud works instead; the person agrees to every step. */
async function findElsewhere(
  runtime: Runtime,
  options: LoginOptions,
  { http, login }: RejectedLogin,
): Promise<Answer<CheckedKey>> {
  if (alibabaProvider(login.baseUrl) === undefined) {
    return { kind: "back" };
  }
  const agreed = await runtime.prompter.confirm({
    message: "Try it at the other regions and plans of Alibaba Cloud?",
    yes: "Try",
    no: "Go back",
  });
  if (agreed.kind !== "value" || !agreed.value) {
    return agreed.kind === "cancelled" ? agreed : { kind: "back" };
  }
  const asked = await withProgress(
    runtime.stderr,
    { text: "Asking the other endpoints", quiet: options.quiet },
    () => askSiblings(http, login.baseUrl, login.key),
  );
  const accepting = asked.filter(({ verification }) => verification.state === "ok");
  const [own] = accepting.filter(({ provider }) => provider.id === login.provider?.id);
  if (own === undefined) {
    await say(runtime, ...elsewhere(asked));
    return { kind: "back" };
  }
  const { region } = own.endpoint;
  await say(runtime, `This key works on ${region}, not on ${login.region}.`);
  const use = await runtime.prompter.confirm({
    message: `Use ${region}?`,
    yes: "Yes",
    no: "Go back",
  });
  if (use.kind !== "value") {
    return use;
  }
  return use.value ? { kind: "value", value: own } : { kind: "back" };
}

/** What to tell when no endpoint of the provider that was meant takes a key. */
function elsewhere(asked: readonly AskedEndpoint[]): string[] {
  const lines = asked.map(findingOf).filter((line) => line !== undefined);
  return lines.length === 0 ? ["No endpoint of Alibaba Cloud takes this key."] : lines;
}

function findingOf({ verification, ...at }: AskedEndpoint): string | undefined {
  switch (verification.state) {
    case "ok":
      return `This key works at ${endpointName(at)}: ${setUpCommand(at)}`;
    case "unreachable":
    case "unverifiable":
      return `${endpointName(at)} could not be asked: ${verification.detail}`;
    case "rejected":
    case "unchecked":
      return undefined;
  }
}
