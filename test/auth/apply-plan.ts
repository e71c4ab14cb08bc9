import { readFileSync } from "node:fs";
import { join } from "node:path";
import { applyCodingPlan, type CodingPlanAnswer } from "../../src/auth/coding-plan.ts";
import { isJsonObject, type JsonObject, valueAt } from "../../src/lib/json-object.ts";
import { editJsonc } from "../../src/lib/jsonc-edit.ts";
import { parseSettingsText } from "../../src/settings/load-settings.ts";

export const KEY = "BAILIAN_CODING_PLAN_API_KEY";
export const CHINA = "https://coding.dashscope.aliyuncs.com/v1";
export const GLOBAL = "https://coding-intl.dashscope.aliyuncs.com/v1";

type Changes = Partial<CodingPlanAnswer>;

export function answer(changes: Changes = {}): CodingPlanAnswer {
  return { region: "china", key: "sk-sp-aaa", models: undefined, model: undefined, ...changes };
}

/** Applies the plan to the text of a settings file. */
export async function apply(text: string, changes: Changes = {}) {
  const current = await parseSettingsText(text, "settings.json");
  const edited = editJsonc(text, applyCodingPlan(current, answer(changes)));
  return { text: edited, value: await parseSettingsText(edited, "settings.json") };
}

export async function applied(current: object, changes: Changes = {}): Promise<JsonObject> {
  return (await apply(JSON.stringify(current), changes)).value;
}

/** A settings file that Qwen Code wrote, or its starting point. */
export function fixture(name: string): string {
  return readFileSync(join(import.meta.dir, "../fixtures/settings", name), "utf8");
}

/** The entries of `modelProviders.openai`, also of version 5. */
export function entriesOf(settings: unknown): readonly JsonObject[] {
  const group = valueAt(settings, ["modelProviders", "openai"]);
  const items = isJsonObject(group) ? group.models : group;
  return Array.isArray(items) ? items : [];
}
