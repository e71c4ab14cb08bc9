import { readFileSync } from "node:fs";
import { join } from "node:path";
import { applyLogin } from "../../../src/auth/login/apply-login.ts";
import type { Login } from "../../../src/auth/login/login.ts";
import { CODING_PLAN } from "../../../src/auth/providers/alibaba-providers.ts";
import { findRegion } from "../../../src/auth/providers/find-provider.ts";
import type { Provider } from "../../../src/auth/providers/provider.ts";
import { entryLabel } from "../../../src/auth/providers/provider-entries.ts";
import { isJsonObject, type JsonObject, valueAt } from "../../../src/lib/json/json-object.ts";
import { editJsonc } from "../../../src/lib/json/jsonc-edit.ts";
import type { Protocol } from "../../../src/models/protocol.ts";
import { parseSettingsText } from "../../../src/settings/load-settings.ts";

export const KEY = "BAILIAN_CODING_PLAN_API_KEY";
export const CHINA = "https://coding.dashscope.aliyuncs.com/v1";
export const GLOBAL = "https://coding-intl.dashscope.aliyuncs.com/v1";

export type Changes = Partial<Pick<Login, "key" | "models" | "model" | "store" | "envKey">> & {
  readonly region?: string;
  readonly baseUrl?: string;
};

/** A login to a provider of the catalogue, at its first endpoint unless a region is given. */
export function login(provider: Provider, changes: Changes = {}): Login {
  const { region: name, ...rest } = changes;
  const endpoint = name === undefined ? provider.endpoints[0] : findRegion(provider, name);
  return {
    provider,
    region: endpoint?.region,
    protocol: provider.protocol,
    baseUrl: endpoint?.baseUrl ?? "",
    envKey: provider.envKey ?? "",
    key: "sk-sp-aaa",
    store: "settings",
    models: undefined,
    model: undefined,
    label: entryLabel(provider, endpoint),
    ...rest,
  };
}

/** A login to the Coding Plan. */
export function answer(changes: Changes = {}): Login {
  return login(CODING_PLAN, changes);
}

/** Applies a login to the text of a settings file. */
export async function applyTo(text: string, wanted: Login) {
  const current = await parseSettingsText(text, "settings.json");
  const edited = editJsonc(text, applyLogin(current, wanted));
  return { text: edited, value: await parseSettingsText(edited, "settings.json") };
}

/** Applies the Coding Plan to the text of a settings file. */
export function apply(text: string, changes: Changes = {}) {
  return applyTo(text, answer(changes));
}

export async function applied(current: object, changes: Changes = {}): Promise<JsonObject> {
  return (await apply(JSON.stringify(current), changes)).value;
}

/** A settings file that Qwen Code wrote, or its starting point. */
export function fixture(name: string): string {
  return readFileSync(join(import.meta.dir, "../../fixtures/settings", name), "utf8");
}

/** The entries of a protocol, also of version 5. */
export function entriesOf(settings: unknown, protocol: Protocol = "openai"): readonly JsonObject[] {
  const group = valueAt(settings, ["modelProviders", protocol]);
  const items = isJsonObject(group) ? group.models : group;
  return Array.isArray(items) ? items : [];
}
