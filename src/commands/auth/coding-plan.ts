import { CODING_PLAN } from "../auth/alibaba-providers.ts";
import { entryLabel, type Login } from "../auth/login.ts";
import type { Endpoint } from "../auth/provider.ts";
import type { Verification } from "../auth/verification.ts";
import { type ExitCode, UsageError } from "../errors.ts";
import type { Answer, Runtime } from "../runtime.ts";
import { askForRegion } from "./ask-for-region.ts";
import { askSteps, mapAnswer, mapStep, type StepAnswer } from "./ask-steps.ts";
import { canPrompt } from "./can-prompt.ts";
import type { CheckedLogin } from "./check-typed-key.ts";
import { type Command, type FlagValues, type GlobalOptions, listOf, textOf } from "./command.ts";
import { chosenEndpoint, isAutoRegion, offeredRegions } from "./endpoint-flags.ts";
import { finishLogin } from "./finish-login.ts";
import { LOGIN_FLAGS, type LoginOptions, toLoginOptions } from "./login-flags.ts";
import { checkedModels } from "./model-ids.ts";
import { answered, keyReader, readKey } from "./read-key.ts";
import { tightenOwnFiles } from "./tighten-own-files.ts";
import { isChecked, throwIfNoSearch } from "./verify-flags.ts";

export type CodingPlanOptions = LoginOptions & {
  readonly endpoint: Endpoint | undefined;
  /** `--region auto` */
  readonly autoRegion: boolean;
  readonly models: readonly string[] | undefined;
  readonly model: string | undefined;
};

const PLAN_MODELS = CODING_PLAN.models.map(({ id }) => id);

export const codingPlanCommand: Command<CodingPlanOptions> = {
  details: [
    "Writes the plan's models, the key and the default model to your settings;",
    "everything else in the file stays. Asks for what is missing on a terminal,",
    "never elsewhere. A key that is typed is checked with the service.",
  ],
  flags: {
    region: {
      type: "string",
      alias: ["r"],
      value: "NAME",
      description: "china (cn, beijing), global (intl, singapore) or auto",
      offer: offeredRegions(CODING_PLAN),
    },
    "base-url": {
      type: "string",
      alias: ["u"],
      value: "URL",
      description: "One of the two plan endpoints, instead of a region",
    },
    model: {
      type: "string",
      alias: ["m"],
      value: "ID",
      description: "The default model",
      offer: PLAN_MODELS,
    },
    models: {
      type: "list",
      value: "A,B",
      description: "Models to offer instead of the list",
      offer: PLAN_MODELS,
    },
    ...LOGIN_FLAGS,
  },
  examples: [
    "qwen auth coding-plan",
    'printf %s "$KEY" | qwen auth coding-plan --region china --key-stdin',
    "qwen auth coding-plan --region global --key-file /run/secrets/qwen-key",
  ],
  toOptions,
  run: runCodingPlan,
};

function toOptions(values: FlagValues, globals: GlobalOptions): CodingPlanOptions {
  const models = checkedModels(listOf(values, "models"), "--models");
  return {
    ...toLoginOptions(values, globals),
    endpoint: chosenEndpoint(CODING_PLAN, {
      region: textOf(values, "region"),
      baseUrl: textOf(values, "base-url"),
    }),
    autoRegion: isAutoRegion(textOf(values, "region")),
    models,
    model: toModel(textOf(values, "model"), models),
  };
}

/** Sets up the plan: ask for what is missing, one write, one report. */
export async function runCodingPlan(
  runtime: Runtime,
  options: CodingPlanOptions,
): Promise<ExitCode> {
  await tightenOwnFiles(runtime, options);
  return finishLogin(runtime, options, answered(await askCodingPlan(runtime, options)));
}

type Known = {
  readonly endpoint: Endpoint | undefined;
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
  const prompt = {
    prompt: "Enter your Coding Plan API key:",
    canPrompt: canAsk,
    noInput: options.noInput,
  };
  const isAsked = isChecked(runtime, options) && isTyped && !autoRegion;
  const start: Known = { endpoint, key: "", verification: undefined };
  const answer = await askSteps<Known>(start, [
    (known) =>
      endpoint === undefined && !autoRegion
        ? mapAnswer(
            askForRegion(runtime, CODING_PLAN, { canAsk, noInput: options.noInput }),
            (chosen) => ({
              ...known,
              endpoint: chosen,
            }),
          )
        : undefined,
    (known) => mapAnswer(readKey(runtime, options.key, prompt), (key) => ({ ...known, key })),
    (known) => (autoRegion ? findKeyRegion(runtime, options, known) : undefined),
    (known) => (isAsked ? checkKey(runtime, options, known) : undefined),
  ]);
  return mapAnswer(Promise.resolve(answer), (known) => ({
    login: toLogin(options, known),
    verification: known.verification,
  }));
}

async function findKeyRegion(
  runtime: Runtime,
  options: CodingPlanOptions,
  known: Known,
): StepAnswer<Known> {
  const { findRegion } = await import("./find-region.ts");
  const found = await findRegion(runtime, options, { provider: CODING_PLAN, key: known.key });
  return { kind: "given", value: { ...known, ...found } };
}

async function checkKey(
  runtime: Runtime,
  options: CodingPlanOptions,
  known: Known,
): StepAnswer<Known> {
  const { checkTypedKey } = await import("./check-typed-key.ts");
  const model = options.model ?? options.models?.[0] ?? CODING_PLAN.models[0].id;
  const checked = checkTypedKey(runtime, options, { login: toLogin(options, known), model });
  return mapStep(checked, ({ verification, endpoint = known.endpoint }) => ({
    ...known,
    verification,
    endpoint,
  }));
}

function toLogin(options: CodingPlanOptions, { endpoint, key }: Known): Login {
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
    label: entryLabel(CODING_PLAN, endpoint ?? CODING_PLAN.endpoints[0]),
  };
}

function toModel(
  model: string | undefined,
  models: readonly string[] | undefined,
): string | undefined {
  const known: readonly string[] = models ?? PLAN_MODELS;
  if (model !== undefined && !known.includes(model)) {
    throw new UsageError(`Cannot make "${model}" the default: it is not among the models`, {
      code: "invalid-value",
      hint: `choose one of ${known.join(", ")}, or name yours with \`--models\``,
      suggest: { word: model, from: known },
    });
  }
  return model;
}
