import type { Login } from "../auth/login/login.ts";
import { CODING_PLAN } from "../auth/providers/alibaba-providers.ts";
import type { Endpoint } from "../auth/providers/provider.ts";
import { entryLabel } from "../auth/providers/provider-entries.ts";
import type { Verification } from "../auth/verify/verification.ts";
import type { LoginOptions } from "../flags/login-flags.ts";
import { isChecked, isOffline, throwIfNoSearch } from "../flags/verify-flags.ts";
import type { Answer, Runtime } from "../runtime.ts";
import { askForRegion, askForRegionOrNone } from "./ask-for-region.ts";
import { askSteps, mapAnswer, mapStep, type StepAnswer } from "./ask-steps.ts";
import { canPrompt } from "./can-prompt.ts";
import type { CheckedLogin } from "./check-typed-key.ts";
import { keyQuestion } from "./key-question.ts";
import { keyReader, readKey } from "./read-key.ts";

export type CodingPlanOptions = LoginOptions & {
  readonly endpoint: Endpoint | undefined;
  /** `--region auto` */
  readonly autoRegion: boolean;
  readonly models: readonly string[] | undefined;
  readonly model: string | undefined;
};

type CodingPlanAnswers = {
  readonly endpoint: Endpoint | undefined;
  /** The region is found out with the key. */
  readonly isSought: boolean;
  readonly key: string;
  readonly verification: Verification | undefined;
};

/** Asks for region and key where they were not given, and the service about a key that is typed. */
export async function askCodingPlan(
  runtime: Runtime,
  options: CodingPlanOptions,
): Promise<Answer<CheckedLogin>> {
  const { autoRegion, endpoint } = options;
  if (autoRegion) {
    throwIfNoSearch(runtime, options);
  }
  const canAsk = await canPrompt(runtime, options);
  const isTyped = (await keyReader(runtime, options.key)) === undefined;
  const { noInput } = options;
  const start: CodingPlanAnswers = {
    endpoint,
    isSought: autoRegion,
    key: "",
    verification: undefined,
  };
  const answer = await askSteps<CodingPlanAnswers>(start, [
    (known) =>
      endpoint === undefined && !autoRegion ? askRegion(runtime, options, known) : undefined,
    (known) => {
      const prompt = keyQuestion("Enter your Coding Plan API key:", CODING_PLAN, known.endpoint);
      const key = readKey(runtime, options.key, { prompt, canPrompt: canAsk, noInput });
      return mapAnswer(key, (typed) => ({ ...known, key: typed }));
    },
    (known) => (known.isSought ? findKeyRegion(runtime, options, known) : undefined),
    (known) =>
      isChecked(runtime, options) && isTyped && !known.isSought
        ? checkKey(runtime, options, known)
        : undefined,
  ]);
  return mapAnswer(Promise.resolve(answer), (known) => ({
    login: toLogin(options, known),
    verification: known.verification,
  }));
}

/** Where the service may be asked, whoever does not know the region can leave that to the key. */
async function askRegion(
  runtime: Runtime,
  options: CodingPlanOptions,
  known: CodingPlanAnswers,
): Promise<Answer<CodingPlanAnswers>> {
  const given = { canAsk: await canPrompt(runtime, options), noInput: options.noInput };
  const canSearch = options.verify !== false && !isOffline(runtime, options);
  const asked: Promise<Answer<Endpoint | undefined>> = canSearch
    ? askForRegionOrNone(runtime, CODING_PLAN, given)
    : askForRegion(runtime, CODING_PLAN, given);
  return mapAnswer(asked, (endpoint) => ({ ...known, endpoint, isSought: endpoint === undefined }));
}

async function findKeyRegion(
  runtime: Runtime,
  options: CodingPlanOptions,
  known: CodingPlanAnswers,
): StepAnswer<CodingPlanAnswers> {
  const { findRegion } = await import("../connect/find-region.ts");
  const found = await findRegion(runtime, options, { provider: CODING_PLAN, key: known.key });
  return { kind: "given", value: { ...known, ...found } };
}

async function checkKey(
  runtime: Runtime,
  options: CodingPlanOptions,
  known: CodingPlanAnswers,
): StepAnswer<CodingPlanAnswers> {
  const { checkTypedKey } = await import("./check-typed-key.ts");
  const model = options.model ?? options.models?.[0] ?? CODING_PLAN.models[0].id;
  const checked = checkTypedKey(runtime, options, { login: toLogin(options, known), model });
  return mapStep(checked, ({ verification, endpoint = known.endpoint }) => ({
    ...known,
    verification,
    endpoint,
  }));
}

function toLogin(options: CodingPlanOptions, { endpoint, key }: CodingPlanAnswers): Login {
  const { region, baseUrl } = endpoint ?? CODING_PLAN.endpoints[0];
  return {
    provider: CODING_PLAN,
    region,
    protocol: CODING_PLAN.protocol,
    baseUrl,
    envKey: CODING_PLAN.envKey,
    key,
    store: options.store,
    models: options.models,
    model: options.model,
    account: options.account,
    label: entryLabel(CODING_PLAN, endpoint ?? CODING_PLAN.endpoints[0]),
  };
}
