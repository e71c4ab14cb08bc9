import { ConfigError } from "../errors.ts";
import { sameEndpoint } from "../lib/endpoint-url.ts";
import { isJsonObject, type JsonObject, valueAt } from "../lib/json-object.ts";
import type { JsoncEdit, JsonPath } from "../lib/jsonc-edit.ts";
import { CODING_PLAN_MODELS, type PlanModel } from "./coding-plan-models.ts";
import { CODING_PLAN } from "./providers.ts";

export type PlanRegion = (typeof CODING_PLAN.endpoints)[number]["region"];

/** What a person answers, checked: everything that is written follows from it. */
export type CodingPlanAnswer = {
  readonly region: PlanRegion;
  readonly key: string;
  /** The ids to offer instead of the built-in list. */
  readonly models: readonly string[] | undefined;
  /** The one that becomes the default; otherwise the first. */
  readonly model: string | undefined;
};

const REGION_NAMES: Readonly<Record<string, PlanRegion>> = {
  china: "china",
  cn: "china",
  beijing: "china",
  global: "global",
  intl: "global",
  international: "global",
  singapore: "global",
};

/** What a key of the plan begins with. */
export const CODING_PLAN_KEY_PREFIX = "sk-sp-";

/** The names that `--region` takes, in any letter case (`spec/cli.md`). */
export const PLAN_REGION_NAMES = Object.keys(REGION_NAMES);

export function parsePlanRegion(name: string): PlanRegion | undefined {
  const spelling = name.trim().toLowerCase();
  return Object.hasOwn(REGION_NAMES, spelling) ? REGION_NAMES[spelling] : undefined;
}

/** The region whose endpoint `baseUrl` is. */
export function planRegionOf(baseUrl: string): PlanRegion | undefined {
  return CODING_PLAN.endpoints.find((endpoint) => sameEndpoint(endpoint.baseUrl, baseUrl))?.region;
}

export function planBaseUrl(region: PlanRegion): string {
  return (region === "china" ? CODING_PLAN.endpoints[0] : CODING_PLAN.endpoints[1]).baseUrl;
}

/** The ids that an answer configures, the list's order kept. */
export function planModelIds({ models }: Pick<CodingPlanAnswer, "models">): readonly string[] {
  return models ?? CODING_PLAN_MODELS.map(({ id }) => id);
}

/**
 * The edits that make `current`, the raw content of one settings file, use the Coding Plan
 * (`spec/providers.md`, "What is written"): the region's entries first, all entries of others after
 * them, key, selected type, default model, region. Fields that a person added to a plan entry stay.
 * @throws ConfigError when something else stands where the entries belong
 */
export function applyCodingPlan(current: JsonObject, answer: CodingPlanAnswer): JsoncEdit[] {
  const arrayPath = entriesPath(current);
  const existing = valueAt(current, arrayPath);
  if (existing !== undefined && !Array.isArray(existing)) {
    throw new ConfigError("Cannot add models to `modelProviders.openai`: it is not an array", {
      code: "settings-invalid",
      hint: "correct the file with an editor; it was left as it is",
    });
  }
  const items = existing ?? [];
  const planned = planEntries(items, answer);
  const others = items.filter((item) => !isPlanEntry(item));
  return [
    { kind: "set", path: ["env", CODING_PLAN.envKey], value: answer.key },
    ...entryEdits(arrayPath, existing, planned),
    { kind: "set", path: ["security", "auth", "selectedType"], value: CODING_PLAN.protocol },
    ...modelEdits(current, others, answer),
    { kind: "set", path: ["codingPlan", "region"], value: answer.region },
    { kind: "remove", path: ["codingPlan", "version"] },
    ...metadataEdits(current),
  ];
}

/** The model that is the default once `answer` is applied to `current`. */
export function plannedModel(current: JsonObject, answer: CodingPlanAnswer): string {
  const ids = planModelIds(answer);
  const kept = valueAt(current, ["model", "name"]);
  const baseUrl = valueAt(current, ["model", "baseUrl"]);
  const isPlanChoice =
    typeof kept === "string" &&
    ids.includes(kept) &&
    (typeof baseUrl !== "string" || baseUrl === "" || planRegionOf(baseUrl) !== undefined) &&
    hasPlanEntry(current, kept);
  return answer.model ?? (isPlanChoice ? kept : undefined) ?? ids[0] ?? "";
}

/** `modelProviders.openai`, or its `models` in the objects of `$version` 5. */
function entriesPath(current: JsonObject): JsonPath {
  const path = ["modelProviders", CODING_PLAN.protocol];
  const group = valueAt(current, path);
  return isJsonObject(group) && Array.isArray(group.models) ? [...path, "models"] : path;
}

function hasPlanEntry(current: JsonObject, id: string): boolean {
  const items = valueAt(current, entriesPath(current));
  return Array.isArray(items) && items.some((item) => isPlanEntry(item) && item.id === id);
}

/** An entry belongs to the plan when its `envKey` and `baseUrl` are the plan's. */
function isPlanEntry(item: unknown): item is JsonObject {
  return (
    isJsonObject(item) &&
    item.envKey === CODING_PLAN.envKey &&
    typeof item.baseUrl === "string" &&
    planRegionOf(item.baseUrl) !== undefined
  );
}

function planEntries(items: readonly unknown[], answer: CodingPlanAnswer): JsonObject[] {
  const baseUrl = planBaseUrl(answer.region);
  const known: readonly PlanModel[] = CODING_PLAN_MODELS;
  return planModelIds(answer).map((id) => {
    const template = planEntry(
      id,
      answer.region,
      known.find((model) => model.id === id),
    );
    const old = items.find(
      (item) => isPlanEntry(item) && item.id === id && sameEndpoint(String(item.baseUrl), baseUrl),
    );
    return isJsonObject(old) ? mergeEntry(old, template) : template;
  });
}

function planEntry(id: string, region: PlanRegion, model: PlanModel | undefined): JsonObject {
  const suffix = region === "china" ? "" : " for Global/Intl";
  return {
    id,
    name: `[ModelStudio Coding Plan${suffix}] ${id}`,
    ...(model?.description === undefined ? {} : { description: model.description }),
    baseUrl: planBaseUrl(region),
    envKey: CODING_PLAN.envKey,
    ...(model === undefined
      ? {}
      : {
          generationConfig: {
            ...(model.thinking ? { extra_body: { enable_thinking: true } } : {}),
            contextWindowSize: model.contextWindowSize,
            ...(model.vision ? { modalities: { image: true, video: true } } : {}),
          },
        }),
  };
}

/** The template's fields over the old ones, one level into `generationConfig`. */
function mergeEntry(old: JsonObject, template: JsonObject): JsonObject {
  const { generationConfig } = template;
  const oldConfig = isJsonObject(old.generationConfig) ? old.generationConfig : {};
  return {
    ...old,
    ...template,
    ...(isJsonObject(generationConfig)
      ? { generationConfig: { ...oldConfig, ...generationConfig } }
      : {}),
  };
}

/** No edit at all when the plan's entries already stand first, as they should be. */
function entryEdits(
  path: JsonPath,
  existing: unknown,
  planned: readonly JsonObject[],
): JsoncEdit[] {
  if (!Array.isArray(existing)) {
    return [{ kind: "set", path, value: planned }];
  }
  const isPlanned =
    Bun.deepEquals(existing.slice(0, planned.length), planned) &&
    !existing.slice(planned.length).some(isPlanEntry);
  if (isPlanned) {
    return [];
  }
  const removals = existing
    .map((item, index): JsoncEdit | undefined =>
      isPlanEntry(item) ? { kind: "remove", path: [...path, index] } : undefined,
    )
    .filter((edit) => edit !== undefined)
    .reverse();
  const insertions = planned.map(
    (value, index): JsoncEdit => ({ kind: "insert", path: [...path, index], value }),
  );
  return [...removals, ...insertions];
}

/** `model.baseUrl` only where another entry has the same id (`spec/settings-and-env.md`). */
function modelEdits(
  current: JsonObject,
  others: readonly unknown[],
  answer: CodingPlanAnswer,
): JsoncEdit[] {
  const name = plannedModel(current, answer);
  const isAmbiguous = others.some((item) => isJsonObject(item) && item.id === name);
  return [
    { kind: "set", path: ["model", "name"], value: name },
    isAmbiguous
      ? { kind: "set", path: ["model", "baseUrl"], value: planBaseUrl(answer.region) }
      : { kind: "remove", path: ["model", "baseUrl"] },
  ];
}

/** A foreign version there makes Qwen Code offer an "update" at every start. */
function metadataEdits({ providerMetadata }: JsonObject): JsoncEdit[] {
  if (!isJsonObject(providerMetadata) || !Object.hasOwn(providerMetadata, CODING_PLAN.id)) {
    return [];
  }
  const isOnly = Object.keys(providerMetadata).length === 1;
  const path = ["providerMetadata", CODING_PLAN.id];
  return [{ kind: "remove", path: isOnly ? path.slice(0, 1) : path }];
}
