import { join } from "node:path";
import { providerOf } from "../../auth/providers/catalogue.ts";
import { type Mount, type MountName, PREFIXES } from "../../broker/mount.ts";
import type { ToolFacts } from "../../broker/tools/recipe.ts";
import type { BrokerPlan } from "../../connect/open-broker.ts";
import { readText } from "../../lib/files/read-text.ts";
import { isJsonObject, type JsonObject, valueAt } from "../../lib/json/json-object.ts";
import { parseJson } from "../../lib/json/parse-json.ts";
import type { Configuration } from "../../models/configuration.ts";
import { envKeysOf } from "../../settings/env-keys.ts";

type FactSources = {
  readonly plan: BrokerPlan;
  readonly home: string;
  /** Where the broker is; `undefined`: the tool goes to the service itself. */
  readonly url: string | undefined;
  /** The token, or the key. */
  readonly token: string;
  readonly directory: string;
};

/** What a recipe is made from. */
export function toolFacts({ plan, home, url, token, directory }: FactSources): ToolFacts {
  const { configured, connection, mounts } = plan;
  const { protocol, endpoint, model, entry } = configured;
  const bases = Object.fromEntries(
    mounts.map((mount) => [mount.name, baseOf(mount, url)]),
  ) satisfies Partial<Record<MountName, string>>;
  const provider = providerOf(endpoint.value, protocol.value)?.provider.id;
  const anthropic = mounts.find(({ name }) => name === "anthropic");
  return {
    bases,
    responses: responsesBase(mounts, url),
    token,
    model: model.value,
    protocol: protocol.value,
    contextWindowSize: entry?.contextWindowSize,
    isAnthropic: provider === "anthropic",
    isAnthropicKey: url === undefined && isPlainKey(plan, anthropic),
    // Without a broker each keeps the key that is its own.
    envKeys: url === undefined ? [] : configuredEnvKeys(connection.configuration),
    systemSettings: withoutKeys(connection.configuration),
    isKeySelected: selectsKey(home),
    directory,
  };
}

function isPlainKey({ configured: { key } }: BrokerPlan, mount: Mount | undefined): boolean {
  const scheme = mount?.scheme ?? (key.kind === "present" ? key.scheme : "key");
  return scheme === "key";
}

function baseOf({ name, upstream }: Mount, url: string | undefined): string {
  return url === undefined
    ? upstream.baseUrl.replace(APPENDED[name] ?? "", "")
    : `${url}${PREFIXES[name]}`;
}

/** Versions that clients append by themselves, and that an endpoint may end with. */
const APPENDED: Readonly<Partial<Record<MountName, RegExp>>> = {
  anthropic: /\/v1$/,
  gemini: /\/v1(?:beta)?$/,
};

function responsesBase(mounts: readonly Mount[], url: string | undefined): string | undefined {
  const openai = mounts.find(({ name }) => name === "openai");
  if (openai === undefined || openai.responses === "none") {
    return undefined;
  }
  return url === undefined && typeof openai.responses === "object"
    ? openai.responses.baseUrl
    : baseOf(openai, url);
}

/** Every variable that any entry names, in whatever file. */
export function configuredEnvKeys({ layers }: Pick<Configuration, "layers">): string[] {
  return [...new Set(layers.flatMap(({ value }) => [...envKeysOf(value)]))];
}

/** What the system's settings are today, which ours take the place of; keys stay behind. */
function withoutKeys(configuration: Configuration): JsonObject {
  const {
    env,
    apiKeyHelper: _,
    ...rest
  } = configuration.files.find(({ scope }) => scope === "system")?.value ?? {};
  const hidden = new Set(configuredEnvKeys(configuration));
  const kept = isJsonObject(env)
    ? Object.fromEntries(
        Object.entries(env).filter(([name]) => !hidden.has(name) && !/KEY|TOKEN|SECRET/.test(name)),
      )
    : {};
  const auth = valueAt(rest, ["security", "auth"]);
  const { apiKey: __, ...others } = isJsonObject(auth) ? auth : {};
  const security = isJsonObject(rest.security) ? rest.security : {};
  return {
    ...rest,
    ...(Object.keys(kept).length === 0 ? {} : { env: kept }),
    security: { ...security, auth: others },
  };
}

/** Bytes. */
const LARGEST_SETTINGS = 1024 * 1024;

/** Whether gemini's own settings select a key, so that it needs no home of ours. */
function selectsKey(home: string): boolean {
  const file = readText(join(home, ".gemini", "settings.json"), LARGEST_SETTINGS);
  const settings = file.kind === "text" ? parseJson(file.text) : undefined;
  return valueAt(settings, ["security", "auth", "selectedType"]) === "gemini-api-key";
}
