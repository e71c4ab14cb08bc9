import {
  applyCodingPlan,
  CODING_PLAN_KEY_PREFIX,
  type CodingPlanAnswer,
  PLAN_REGION_NAMES,
  type PlanRegion,
  parsePlanRegion,
  planBaseUrl,
  planModelIds,
  plannedModel,
  planRegionOf,
} from "../auth/coding-plan.ts";
import { CODING_PLAN } from "../auth/providers.ts";
import { EXIT, type ExitCode, UsageError } from "../errors.ts";
import type { JsonObject } from "../lib/json-object.ts";
import { jsonText, visibleText } from "../lib/visible-text.ts";
import type { Runtime } from "../runtime.ts";
import { projectSettingsPath, userSettingsPath } from "../settings/paths.ts";
import { type SettingsUpdated, updateSettings } from "../settings/update-settings.ts";
import { chooseStyle } from "../terminal/style.ts";
import { canPrompt } from "./can-prompt.ts";
import { type Command, type FlagValues, type GlobalOptions, textOf } from "./command.ts";
import { answered, KEY_FLAGS, type KeyInput, readKey, toKeyInput } from "./read-key.ts";
import { refuseExposedKey } from "./refuse-exposed-key.ts";
import { shadowWarnings } from "./shadow-warnings.ts";

export type CodingPlanOptions = GlobalOptions & {
  readonly region: PlanRegion | undefined;
  readonly key: KeyInput | undefined;
  readonly models: readonly string[] | undefined;
  readonly model: string | undefined;
  readonly scope: "user" | "project";
  readonly force: boolean;
  readonly json: boolean;
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
    ...KEY_FLAGS,
    model: { type: "string", alias: ["m"], value: "ID", description: "The default model" },
    models: { type: "string", value: "A,B", description: "Models to offer instead of the list" },
    scope: { type: "string", value: "SCOPE", description: "Settings to write: user or project" },
    force: {
      type: "boolean",
      description: "Write a key to a project file that git does not ignore",
    },
    json: { type: "boolean", description: "Print one JSON object" },
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
  const models = textOf(values, "models")
    ?.split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
  if (models?.length === 0) {
    throw new UsageError("Cannot use `--models`: it names no model", { code: "invalid-value" });
  }
  return {
    ...globals,
    region: toRegion(textOf(values, "region"), textOf(values, "base-url")),
    key: toKeyInput(values),
    models: models && [...new Set(models)],
    model: toModel(textOf(values, "model"), models),
    scope: toScope(textOf(values, "scope")),
    force: values.force === true,
    json: values.json === true,
  };
}

/** Sets up the plan: ask for what is missing, one write, one report. */
export async function runCodingPlan(
  runtime: Runtime,
  options: CodingPlanOptions,
): Promise<ExitCode> {
  const { region, key } = await askForMissing(runtime, options);
  const path = options.scope === "user" ? userSettingsPath(runtime) : projectSettingsPath(runtime);
  if (options.scope === "project" && !options.force) {
    await refuseExposedKey(runtime, path);
  }
  const answer: CodingPlanAnswer = { region, key, models: options.models, model: options.model };
  let model = "";
  const updated = await updateSettings(runtime, {
    scope: options.scope,
    path,
    edits: (current: JsonObject) => {
      model = plannedModel(current, answer);
      return applyCodingPlan(current, answer);
    },
  });
  await report(runtime, options, { answer, model, updated });
  return EXIT.ok;
}

/** Asks for region and key where they were not given; Esc at the key goes back to the region. */
async function askForMissing(
  runtime: Runtime,
  options: CodingPlanOptions,
): Promise<{ region: PlanRegion; key: string }> {
  const canAsk = await canPrompt(runtime, options);
  for (;;) {
    const region = options.region ?? (await askForRegion(runtime, canAsk));
    const answer = await readKey(runtime, options.key, {
      prompt: "Enter your Coding Plan API key:",
      canPrompt: canAsk,
    });
    if (answer.kind !== "back" || options.region !== undefined) {
      return { region, key: answered(answer) };
    }
  }
}

type Done = {
  readonly answer: CodingPlanAnswer;
  readonly model: string;
  readonly updated: SettingsUpdated;
};

async function report(
  runtime: Runtime,
  options: CodingPlanOptions,
  { answer, model, updated }: Done,
): Promise<void> {
  const warnings = [
    ...(answer.key.startsWith(CODING_PLAN_KEY_PREFIX)
      ? []
      : [`keys of the Coding Plan begin with ${CODING_PLAN_KEY_PREFIX}; this one does not`]),
    ...updated.tightened,
    ...(await shadowWarnings(runtime, {
      envKey: CODING_PLAN.envKey,
      key: answer.key,
      baseUrl: planBaseUrl(answer.region),
      model,
      options,
    })),
  ];
  if (options.json) {
    await runtime.stdout.write(jsonText(describeLogin({ answer, model, updated }, warnings)));
    return;
  }
  const style = await chooseStyle(runtime, runtime.stderr, options.color);
  for (const warning of warnings) {
    await runtime.stderr.write(`${style.yellow("warning:")} ${visibleText(warning)}\n`);
  }
  if (!options.quiet) {
    const verb = updated.changed ? "is set up" : "was set up already";
    await runtime.stderr.write(
      `${style.green("✓")} ${CODING_PLAN.label} (${answer.region}) ${verb}, default model ${visibleText(model)}\n` +
        `  Settings: ${visibleText(updated.path)}\n  Check it: qwen auth status\n`,
    );
  }
}

function describeLogin({ answer, model, updated }: Done, warnings: readonly string[]): object {
  return {
    schemaVersion: 1,
    provider: CODING_PLAN.id,
    method: CODING_PLAN.id,
    region: answer.region,
    protocol: CODING_PLAN.protocol,
    baseUrl: planBaseUrl(answer.region),
    models: planModelIds(answer),
    model,
    store: "settings",
    path: updated.path,
    verified: { state: "unchecked" },
    warnings,
  };
}

function toRegion(name: string | undefined, baseUrl: string | undefined): PlanRegion | undefined {
  const named = name === undefined ? undefined : regionNamed(name);
  const byUrl = baseUrl === undefined ? undefined : regionAt(baseUrl);
  if (named !== undefined && byUrl !== undefined && named !== byUrl) {
    throw new UsageError(
      `Cannot use \`--region ${named}\` with \`--base-url\`: that endpoint is the one of ${byUrl}`,
      { code: "invalid-value", hint: "leave one of the two out" },
    );
  }
  return named ?? byUrl;
}

function regionNamed(name: string): PlanRegion {
  const region = parsePlanRegion(name);
  if (region === undefined) {
    throw new UsageError(`Cannot use the region "${name}": it is unknown`, {
      code: "invalid-value",
      hint: "choose china (cn, beijing) or global (intl, international, singapore)",
      suggest: { word: name, from: PLAN_REGION_NAMES },
    });
  }
  return region;
}

function regionAt(baseUrl: string): PlanRegion {
  const region = planRegionOf(baseUrl);
  if (region === undefined) {
    throw new UsageError(`Cannot use "${baseUrl}": it is no endpoint of the Coding Plan`, {
      code: "invalid-value",
      hint: `choose ${CODING_PLAN.endpoints.map((endpoint) => endpoint.baseUrl).join(" or ")}`,
    });
  }
  return region;
}

function toModel(
  model: string | undefined,
  models: readonly string[] | undefined,
): string | undefined {
  const known = planModelIds({ models });
  if (model !== undefined && !known.includes(model)) {
    throw new UsageError(`Cannot make "${model}" the default: it is not among the models`, {
      code: "invalid-value",
      hint: `choose one of ${known.join(", ")}, or name yours with \`--models\``,
      suggest: { word: model, from: known },
    });
  }
  return model;
}

function toScope(scope = "user"): "user" | "project" {
  if (scope !== "user" && scope !== "project") {
    throw new UsageError(`Cannot use the scope "${scope}": it is unknown`, {
      code: "invalid-value",
      hint: "choose user or project",
    });
  }
  return scope;
}

async function askForRegion(runtime: Runtime, canAsk: boolean): Promise<PlanRegion> {
  if (!canAsk) {
    throw new UsageError(
      "Cannot choose the region: none was given and there is no terminal to ask",
      {
        code: "missing-input",
        hint: "give `--region china` or `--region global`",
      },
    );
  }
  const answer = await runtime.prompter.select({
    message: "Select the region of your Coding Plan:",
    choices: CODING_PLAN.endpoints.map(({ region, label, baseUrl }) => ({
      value: region,
      label: `${label} - ${baseUrl}`,
    })),
  });
  return answered(answer);
}
