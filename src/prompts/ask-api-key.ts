import { plannedIds, previewLogin } from "../auth/login/apply-login.ts";
import type { Login } from "../auth/login/login.ts";
import type { Provider } from "../auth/providers/provider.ts";
import type { Verification } from "../auth/verify/verification.ts";
import { isChecked, throwIfNoSearch, throwIfOffline } from "../flags/verify-flags.ts";
import { isPrivateHost } from "../lib/endpoint-url.ts";
import type { JsonObject } from "../lib/json/json-object.ts";
import { jsonText, visibleText } from "../lib/visible-text.ts";
import { KEYLESS } from "../models/protocol.ts";
import type { ListedModel } from "../protocols/listed-model.ts";
import type { Answer, Runtime } from "../runtime.ts";
import type { ApiKeyOptions } from "./api-key-dialogue.ts";
import {
  type ApiKeyAnswers,
  type Dialogue,
  missing,
  type Question,
  toLogin,
} from "./api-key-dialogue.ts";
import { askForModelIds } from "./ask-for-model-ids.ts";
import { askSteps, mapAnswer, mapStep, type Step, type StepAnswer } from "./ask-steps.ts";
import { askForKind, askForProtocol, askForProvider, askWhere } from "./ask-where.ts";
import { canPrompt } from "./can-prompt.ts";
import type { CheckedLogin, TypedLogin } from "./check-typed-key.ts";
import { keyQuestion } from "./key-question.ts";
import { askForKey as askForKeyText, keyReader } from "./read-key.ts";

/**
 * Asks for whatever the command line left open, in an order in which Esc leads back (`spec/cli.md`,
 * "The menu"), and the service about a key that is typed.
 * @throws UsageError naming the flag when something is missing and there is nobody to ask
 */
export async function askApiKey(
  runtime: Runtime,
  options: ApiKeyOptions,
  current: JsonObject,
): Promise<Answer<CheckedLogin>> {
  const { provider, endpoint, protocol, models, noKey, label } = options;
  if (options.autoRegion) {
    throwIfNoSearch(runtime, options);
  }
  if (models?.length === 0) {
    throwIfOffline(runtime, options, "--model auto");
  }
  const isGuided = provider === undefined && endpoint === undefined;
  const canAsk = await canPrompt(runtime, options);
  const givenKey = await keyReader(runtime, options.key);
  const isTyped = isChecked(runtime, options) && canAsk && givenKey === undefined && !noKey;
  const dialogue = { runtime, options, canAsk, isGuided, current, givenKey, isChecked: isTyped };
  // `--no-key` and `--name` are for an endpoint of one's own: then that is no question.
  const isOwn = endpoint !== undefined || noKey || label !== undefined;
  const kind = provider !== undefined ? "provider" : isOwn ? "custom" : undefined;
  const start: ApiKeyAnswers = {
    ...{ kind, provider, endpoint, protocol, models },
    key: undefined,
    verification: undefined,
  };
  const steps = QUESTIONS.map(
    (question): Step<ApiKeyAnswers> =>
      (known) =>
        question(dialogue, known),
  );
  return mapAnswer(askSteps(start, steps), (known) => ({
    login: toLogin(dialogue, known),
    verification: known.verification,
  }));
}

/** What cannot be asked for later is missed before a key is read. */
const checkModels: Question = (dialogue, known) => {
  // Where the service is asked, what it lists is taken.
  const isListed = dialogue.options.verify === true;
  if (
    !dialogue.canAsk &&
    !isListed &&
    plannedIds(dialogue.current, toLogin(dialogue, known)).length === 0
  ) {
    const { provider } = known;
    throw missing(
      `Cannot choose a model: none was given${provider === undefined ? "" : `, ${provider.label} has no default`}`,
      { hint: "give `--model ID`, or `--verify` to take what the endpoint lists", dialogue },
    );
  }
  return undefined;
};

const askForKey: Question = (dialogue, known) => {
  const { runtime, options, canAsk, isGuided, givenKey } = dialogue;
  const { provider } = known;
  const isLocal = provider !== undefined && provider.envKey === undefined;
  if (givenKey !== undefined) {
    return givenKey().then((key) => ({ kind: "given", value: { ...known, key } }));
  }
  if (options.noKey || (isLocal && options.key === undefined)) {
    return undefined;
  }
  const mayBeNone = isGuided && provider === undefined && isPrivate(toLogin(dialogue, known));
  const answer = askForKeyText(runtime, {
    prompt: keyQuestion(
      `Enter your API key${mayBeNone ? " (empty if the server wants none)" : ""}:`,
      provider,
      provider?.endpoints.find(({ baseUrl }) => baseUrl === toLogin(dialogue, known).baseUrl),
    ),
    canPrompt: canAsk,
    noInput: options.noInput,
    ...(mayBeNone ? { ifEmpty: KEYLESS } : {}),
  });
  return mapAnswer(answer, (key) => ({ ...known, key }));
};

const askForModels: Question = (dialogue, known) => {
  const { runtime, options, canAsk, isGuided } = dialogue;
  const planned = plannedBefore(dialogue, known);
  const isPlan = known.provider?.isPlan === true;
  const isKnown = planned.length > 0 && (!isGuided || isPlan);
  if (options.models !== undefined || isKnown || !canAsk) {
    return undefined;
  }
  const { verification } = known;
  const listed = verification?.state === "ok" ? (verification.models ?? []) : [];
  return mapAnswer(askForIds(runtime, { planned, listed, verification }), (models) => ({
    ...known,
    models,
  }));
};

type OfferedModels = {
  readonly planned: readonly string[];
  readonly listed: readonly ListedModel[];
  readonly verification: Verification | undefined;
};

/** Says why nothing is offered where the service was asked for its list. */
async function askForIds(
  runtime: Runtime,
  { verification, ...offered }: OfferedModels,
): Promise<Answer<readonly string[]>> {
  if (verification?.state === "unverifiable") {
    const why = `There is no list of models (${verification.detail}); type the ids that the server has.`;
    await runtime.stderr.write(`\n${visibleText(why)}\n`);
  }
  return askForModelIds(runtime, offered);
}

/** `--region auto`: the key decides. */
const findKeyRegion: Question = (dialogue, known) => {
  const { provider, key } = known;
  return dialogue.options.autoRegion && provider !== undefined && key !== undefined
    ? askAllRegions(dialogue, known, { provider, key })
    : undefined;
};

async function askAllRegions(
  { runtime, options }: Dialogue,
  known: ApiKeyAnswers,
  asked: { readonly provider: Provider; readonly key: string },
): StepAnswer<ApiKeyAnswers> {
  const { findRegion } = await import("../connect/find-region.ts");
  return { kind: "given", value: { ...known, ...(await findRegion(runtime, options, asked)) } };
}

/** Asks the service about the key, and on the way for its models. */
const checkKey: Question = (dialogue, known) =>
  dialogue.isChecked && known.verification === undefined
    ? check(dialogue, known, { model: plannedBefore(dialogue, known)[0] })
    : undefined;

/** Asks again where only a model can tell, and none was known before. */
const checkModel: Question = (dialogue, known) =>
  known.verification?.state === "unverifiable" && plannedBefore(dialogue, known).length === 0
    ? check(dialogue, known, {
        model: known.models?.[0],
        declined: known.verification.workingBaseUrl,
      })
    : undefined;

async function check(
  dialogue: Dialogue,
  known: ApiKeyAnswers,
  asked: Omit<TypedLogin, "login">,
): StepAnswer<ApiKeyAnswers> {
  const { checkTypedKey } = await import("./check-typed-key.ts");
  const { runtime, options } = dialogue;
  const login = toLogin(dialogue, known);
  return mapStep(
    checkTypedKey(runtime, options, { login, ...asked }),
    ({ verification, endpoint = known.endpoint }) => ({ ...known, verification, endpoint }),
  );
}

/** The models that are known without asking. */
function plannedBefore(dialogue: Dialogue, known: ApiKeyAnswers): readonly string[] {
  const { options, current } = dialogue;
  return plannedIds(current, toLogin(dialogue, { ...known, models: options.models }));
}

/** Shows what will be written before an endpoint that nobody knows is saved. */
const review: Question = (dialogue, known) => {
  if (known.kind !== "custom" || !dialogue.isGuided) {
    return undefined;
  }
  const login = toLogin(dialogue, known);
  return mapAnswer(
    reviewLogin(dialogue.runtime, previewLogin(dialogue.current, login)),
    () => known,
  );
};

const QUESTIONS: readonly Question[] = [
  askForKind,
  askForProvider,
  askForProtocol,
  askWhere,
  checkModels,
  askForKey,
  findKeyRegion,
  checkKey,
  askForModels,
  checkModel,
  review,
];

function isPrivate({ baseUrl }: Login): boolean {
  const url = URL.parse(baseUrl);
  return url !== null && isPrivateHost(url.hostname);
}

const DOCUMENTATION =
  "https://qwenlm.github.io/qwen-code-docs/en/users/configuration/model-providers/";

/**
 * Shows the JSON that will be written, its key masked, and asks whether to save it. "No" is one
 * step back.
 */
async function reviewLogin(
  { stderr, prompter }: Pick<Runtime, "stderr" | "prompter">,
  preview: object,
): Promise<Answer<true>> {
  await stderr.write(reviewText(preview));
  const answer = await prompter.confirm({ message: "Save this?", yes: "Save", no: "Go back" });
  if (answer.kind !== "value") {
    return answer;
  }
  return answer.value ? { kind: "value", value: true } : { kind: "back" };
}

function reviewText(preview: object): string {
  const json = jsonText(preview).trimEnd().split("\n");
  const lines = ["This will be in your settings:", "", ...json, "", `See ${DOCUMENTATION}`];
  return `\n${lines.map((line) => `  ${line}`.trimEnd()).join("\n")}\n\n`;
}
