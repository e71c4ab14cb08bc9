import { plannedIds, previewLogin } from "../auth/apply-login.ts";
import type { Login } from "../auth/login.ts";
import { isPrivateHost } from "../lib/endpoint-url.ts";
import type { JsonObject } from "../lib/json-object.ts";
import { visibleText } from "../lib/visible-text.ts";
import { KEYLESS } from "../models/protocol.ts";
import type { Answer, Runtime } from "../runtime.ts";
import { type Dialogue, type Known, missing, type Question, toLogin } from "./api-key-dialogue.ts";
import { askSteps, mapAnswer, type Step } from "./ask-steps.ts";
import { askForKind, askForProtocol, askForProvider, askWhere } from "./ask-where.ts";
import type { ApiKeyOptions } from "./auth-api-key.ts";
import { canPrompt } from "./can-prompt.ts";
import { splitList } from "./command.ts";
import { modelIdsComplaint } from "./model-ids.ts";
import { askForKey as askForKeyText, keyReader } from "./read-key.ts";
import { reviewLogin } from "./review-login.ts";

/**
 * Asks for whatever the command line left open, in an order in which Esc leads back (`spec/cli.md`,
 * "The menu").
 * @throws UsageError naming the flag when something is missing and there is nobody to ask
 */
export async function askApiKey(
  runtime: Runtime,
  options: ApiKeyOptions,
  current: JsonObject,
): Promise<Answer<Login>> {
  const { provider, endpoint, protocol, models, noKey, label } = options;
  const isGuided = provider === undefined && endpoint === undefined;
  const canAsk = await canPrompt(runtime, options);
  const givenKey = await keyReader(runtime, options.key);
  const dialogue: Dialogue = { runtime, options, canAsk, isGuided, current, givenKey };
  // `--no-key` and `--name` are for an endpoint of one's own: then that is no question.
  const isOwn = endpoint !== undefined || noKey || label !== undefined;
  const kind = provider !== undefined ? "provider" : isOwn ? "custom" : undefined;
  const start: Known = { kind, provider, endpoint, protocol, models, key: undefined };
  const questions = [
    askForKind,
    askForProvider,
    askForProtocol,
    askWhere,
    checkModels,
    askForKey,
    askForModels,
    review,
  ];
  const steps = questions.map(
    (question): Step<Known> =>
      (known) =>
        question(dialogue, known),
  );
  return mapAnswer(askSteps(start, steps), (known) => toLogin(dialogue, known));
}

/** What cannot be asked for later is missed before a key is read. */
const checkModels: Question = (dialogue, known) => {
  if (!dialogue.canAsk && plannedIds(dialogue.current, toLogin(dialogue, known)).length === 0) {
    const { provider } = known;
    throw missing(
      `Cannot choose a model: none was given${provider === undefined ? "" : ` and ${provider.label} has no default`}`,
      { hint: "give `--model ID`" },
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
    prompt: `Enter your API key${mayBeNone ? " (empty if the server wants none)" : ""}:`,
    canPrompt: canAsk,
    ...(mayBeNone ? { ifEmpty: KEYLESS } : {}),
  });
  return mapAnswer(answer, (key) => ({ ...known, key }));
};

const askForModels: Question = (dialogue, known) => {
  const { runtime, options, canAsk, isGuided, current } = dialogue;
  const planned = plannedIds(current, toLogin(dialogue, { ...known, models: options.models }));
  const isPlan = known.provider?.isPlan === true;
  const isKnown = planned.length > 0 && (!isGuided || isPlan);
  if (options.models !== undefined || isKnown || !canAsk) {
    return undefined;
  }
  const answer = runtime.prompter.text({
    message: "Enter model ids, separated by commas:",
    placeholder:
      planned.length === 0 ? "the first becomes the default" : visibleText(planned.join(", ")),
    ...(planned.length === 0 ? {} : { fallback: planned.join(",") }),
    validate: (text) => {
      const ids = splitList(text === "" ? planned.join(",") : text);
      const reason = modelIdsComplaint(ids);
      return reason === undefined ? undefined : `This is no list of models: ${reason}.`;
    },
  });
  return mapAnswer(answer, (text) => ({ ...known, models: [...new Set(splitList(text))] }));
};

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

function isPrivate({ baseUrl }: Login): boolean {
  const url = URL.parse(baseUrl);
  return url !== null && isPrivateHost(url.hostname);
}
