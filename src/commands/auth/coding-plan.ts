import { CODING_PLAN } from "../../auth/providers/alibaba-providers.ts";
import { tightenOwnFiles } from "../../connect/tighten-own-files.ts";
import { type ExitCode, UsageError } from "../../errors.ts";
import { chosenEndpoint, isAutoRegion } from "../../flags/endpoint-flags.ts";
import { type FlagValues, listOf, textOf } from "../../flags/flag.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import { toLoginOptions } from "../../flags/login-flags.ts";
import { checkedModels } from "../../flags/model-flags.ts";
import { askCodingPlan, type CodingPlanOptions } from "../../prompts/ask-coding-plan.ts";
import { answered } from "../../prompts/ask-steps.ts";
import type { Runtime } from "../../runtime.ts";
import type { Command } from "../command.ts";
import { finishLogin } from "../login/finish-login.ts";

const PLAN_MODELS = CODING_PLAN.models.map(({ id }) => id);

export const codingPlanCommand: Command<CodingPlanOptions> = {
  details: [
    "Writes the plan's models, the key and the default model to your settings;",
    "everything else in the file stays. Asks for what is missing on a terminal,",
    "never elsewhere. A key that is typed is checked with the service.",
  ],
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
