import { CODING_PLAN } from "../auth/alibaba-providers.ts";
import { entryLabel, type Login } from "../auth/login.ts";
import type { Endpoint } from "../auth/provider.ts";
import { type ExitCode, UsageError } from "../errors.ts";
import type { Answer, Runtime } from "../runtime.ts";
import { askForRegion } from "./ask-for-region.ts";
import { askSteps, mapAnswer } from "./ask-steps.ts";
import { canPrompt } from "./can-prompt.ts";
import { type Command, type FlagValues, type GlobalOptions, listOf, textOf } from "./command.ts";
import { chosenEndpoint } from "./endpoint-flags.ts";
import { finishLogin } from "./finish-login.ts";
import { LOGIN_FLAGS, type LoginOptions, toLoginOptions } from "./login-flags.ts";
import { checkedModels } from "./model-ids.ts";
import { answered, readKey } from "./read-key.ts";

export type CodingPlanOptions = LoginOptions & {
  readonly endpoint: Endpoint | undefined;
  readonly models: readonly string[] | undefined;
  readonly model: string | undefined;
};

export const codingPlanCommand: Command<CodingPlanOptions> = {
  details: [
    "Writes the plan's models, the key and the default model to your settings;",
    "everything else in the file stays. Asks for what is missing on a terminal,",
    "never elsewhere. Connects to nothing.",
  ],
  flags: {
    region: {
      type: "string",
      alias: ["r"],
      value: "NAME",
      description: "china (cn, beijing) or global (intl, singapore)",
    },
    "base-url": {
      type: "string",
      alias: ["u"],
      value: "URL",
      description: "One of the two plan endpoints, instead of a region",
    },
    model: { type: "string", alias: ["m"], value: "ID", description: "The default model" },
    models: { type: "list", value: "A,B", description: "Models to offer instead of the list" },
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
    models,
    model: toModel(textOf(values, "model"), models),
  };
}

/** Sets up the plan: ask for what is missing, one write, one report. */
export async function runCodingPlan(
  runtime: Runtime,
  options: CodingPlanOptions,
): Promise<ExitCode> {
  return finishLogin(runtime, options, answered(await askCodingPlan(runtime, options)));
}

/** Asks for region and key where they were not given. */
export async function askCodingPlan(
  runtime: Runtime,
  options: CodingPlanOptions,
): Promise<Answer<Login>> {
  const canAsk = await canPrompt(runtime, options);
  type Known = { readonly endpoint: Endpoint | undefined; readonly key: string };
  const answer = await askSteps<Known>({ endpoint: options.endpoint, key: "" }, [
    (known) =>
      options.endpoint === undefined
        ? mapAnswer(askForRegion(runtime, CODING_PLAN, canAsk), (endpoint) => ({
            ...known,
            endpoint,
          }))
        : undefined,
    (known) =>
      mapAnswer(
        readKey(runtime, options.key, {
          prompt: "Enter your Coding Plan API key:",
          canPrompt: canAsk,
        }),
        (key) => ({ ...known, key }),
      ),
  ]);
  return mapAnswer(Promise.resolve(answer), ({ endpoint = CODING_PLAN.endpoints[0], key }) => ({
    provider: CODING_PLAN,
    region: endpoint.region,
    protocol: CODING_PLAN.protocol,
    baseUrl: endpoint.baseUrl,
    envKey: CODING_PLAN.envKey,
    key,
    store: options.store,
    models: options.models,
    model: options.model,
    label: entryLabel(CODING_PLAN, endpoint),
  }));
}

function toModel(
  model: string | undefined,
  models: readonly string[] | undefined,
): string | undefined {
  const known = models ?? CODING_PLAN.models.map(({ id }) => id);
  if (model !== undefined && !known.includes(model)) {
    throw new UsageError(`Cannot make "${model}" the default: it is not among the models`, {
      code: "invalid-value",
      hint: `choose one of ${known.join(", ")}, or name yours with \`--models\``,
      suggest: { word: model, from: known },
    });
  }
  return model;
}
