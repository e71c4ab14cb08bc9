import { valueAt } from "../../src/lib/json/json-object.ts";
import type { SetUp } from "./random-set-up.ts";
import type { Outcome } from "./record-request.ts";

/** What a set-up says, read without a line of the program: for rules about what is done with it. */

export type Sent = Extract<Outcome, { readonly kind: "sent" }>;

export type Protocol = "openai" | "anthropic" | "gemini";

export type SetUpEntry = {
  readonly protocol: string;
  readonly id: unknown;
  /** `A` or `B`; `undefined` for an entry without a base URL. */
  readonly at: string | undefined;
  readonly envKey: string | undefined;
  /** For images or voice alone, or asked over another interface. */
  readonly isUnfit: boolean;
  readonly generationConfig: unknown;
};

/** The entries in force: a project's list replaces the user's of its protocol. */
export function entriesOf({ files }: SetUp): readonly SetUpEntry[] {
  const [user, project] = [files[".qwen/settings.json"], files["p/.qwen/settings.json"]].map(
    (file): object => Object(valueAt(file, ["modelProviders"])),
  );
  return Object.entries({ ...user, ...project }).flatMap(([protocol, items]) =>
    (Array.isArray(items) ? items : []).map((item) => entryOf(protocol, item)),
  );
}

function entryOf(protocol: string, item: unknown): SetUpEntry {
  const [id, baseUrl, envKey, wireApi] = ["id", "baseUrl", "envKey", "wireApi"].map((field) =>
    valueAt(item, [field]),
  );
  const isUnfit = ["imageOnly", "voiceOnly"].some((field) => valueAt(item, [field]) === true);
  return {
    protocol,
    id,
    at: typeof baseUrl === "string" ? baseUrl.slice(0, 1) : undefined,
    envKey: typeof envKey === "string" ? envKey : undefined,
    isUnfit: isUnfit || wireApi === "responses",
    generationConfig: valueAt(item, ["generationConfig"]),
  };
}

/** A variable: of the shell, of the one `.env` that is read, of the settings; empty is not set. */
export function variableOf({ files, env }: SetUp, name: string): string | undefined {
  const dotenv = files["p/.env"] ?? files[".qwen/.env"];
  const [, inDotenv] = new RegExp(`^${name}=(.+)$`, "m").exec(String(dotenv)) ?? [];
  const inSettings = valueAt(files[".qwen/settings.json"], ["env", name]);
  const stored = typeof inSettings === "string" ? inSettings : undefined;
  return env[name] || inDotenv || stored || undefined;
}

/** The keys of models without an entry, and of entries that name no variable. */
export function standardKeysOf(setUp: SetUp, protocol: string): readonly string[] {
  const stored = userSetting(setUp, "security", "auth", "apiKey");
  return [variableOf(setUp, `${protocol.toUpperCase()}_API_KEY`), stored].filter(
    (key) => typeof key === "string",
  );
}

export function userSetting({ files }: SetUp, ...path: readonly string[]): unknown {
  return valueAt(files[".qwen/settings.json"], path);
}

export function selectedType(setUp: SetUp): unknown {
  return userSetting(setUp, "security", "auth", "selectedType");
}

/** What a flag of the command line is given. */
export function flagOf({ args }: SetUp, name: string): string | undefined {
  const at = args.indexOf(name);
  return at === -1 ? undefined : args[at + 1];
}

/** The model that a flag or settings ask for, a runtime's name without what it begins with. */
export function wantedModel(setUp: SetUp): string | undefined {
  const project = valueAt(setUp.files["p/.qwen/settings.json"], ["model", "name"]);
  const name = flagOf(setUp, "-m") ?? project ?? userSetting(setUp, "model", "name");
  return String(name ?? "").trim() === ""
    ? undefined
    : String(name).replace(/^\$runtime\|\w+\|/, "");
}

export function isSent(outcome: Outcome): outcome is Sent {
  return outcome.kind === "sent";
}

/** To a vendor's host, of which no more is known than its name. */
export function isToVendor(outcome: Outcome): boolean {
  return isSent(outcome) && outcome.path === undefined;
}

export function placeOf(outcome: Outcome): string | undefined {
  return isSent(outcome) ? `${outcome.to}${outcome.path ?? ""}` : undefined;
}

/** The protocol of a request to one of the servers. */
export function protocolOf(outcome: Outcome): Protocol | undefined {
  const path = isSent(outcome) ? outcome.path : undefined;
  if (path === undefined) {
    return undefined;
  }
  return path.endsWith(":streamGenerateContent")
    ? "gemini"
    : path.endsWith("/messages")
      ? "anthropic"
      : "openai";
}

/** The model that a request asks; of Gemini's it stands in the path. */
export function modelOf(outcome: Outcome): unknown {
  if (!isSent(outcome)) {
    return undefined;
  }
  const [, inPath] = /\/models\/([^/:]+):/.exec(outcome.path ?? "") ?? [];
  return inPath ?? outcome.body?.model;
}

/** The key of a request to one of the servers, in whichever header. */
export function keyOf(outcome: Outcome): string | undefined {
  const headers = isSent(outcome) ? (outcome.headers ?? {}) : {};
  const key = headers.authorization ?? headers["x-api-key"] ?? headers["x-goog-api-key"];
  return key?.replace(/^Bearer /, "");
}

/** Without a key, to one of the servers. */
export function isKeyless(outcome: Outcome): boolean {
  return isSent(outcome) && outcome.path !== undefined && keyOf(outcome) === undefined;
}

/** The entries that a request may have been made by: its model's, else those of its server. */
export function askedEntries(setUp: SetUp, outcome: Outcome): readonly SetUpEntry[] {
  const protocol = protocolOf(outcome);
  const there = entriesOf(setUp).filter(
    (entry) =>
      entry.protocol === protocol &&
      isSent(outcome) &&
      (entry.at === undefined || entry.at === outcome.to),
  );
  const own = there.filter(({ id }) => id === modelOf(outcome));
  return own.length > 0 ? own : there;
}

/**
 * Why a request to one of the servers should not have been made so: a key that is for another place
 * or model, or none where one is set, or parameters of an entry that was not asked.
 */
export function faultOf(setUp: SetUp, outcome: Outcome): string | undefined {
  const protocol = protocolOf(outcome);
  if (protocol === undefined) {
    return undefined;
  }
  const flag = flagOf(setUp, "--openai-api-key");
  const entries = askedEntries(setUp, outcome);
  const isElsewhere = flagOf(setUp, "--openai-base-url") !== undefined || entries.length === 0;
  const keys = [
    ...entries.map(({ envKey }) =>
      envKey === undefined ? standardKeysOf(setUp, protocol) : [variableOf(setUp, envKey)],
    ),
    ...(isElsewhere ? [standardKeysOf(setUp, protocol)] : []),
  ];
  if (sendsHeaders(outcome) && !mayHaveHeaders(setUp, entries)) {
    return "headers of another entry are sent";
  }
  const key = keyOf(outcome);
  if (flag !== undefined) {
    return key === flag ? undefined : `the flag's key is not sent, but ${key}`;
  }
  if (key === undefined) {
    const isMissing = keys.some((some) => some.every((one) => one === undefined));
    const isUnnamed = entries.some(({ envKey }) => envKey === undefined);
    return isMissing || isUnnamed || isElsewhere ? undefined : "no key is sent, though one is set";
  }
  return keys.flat().includes(key) ? undefined : `${key} is for another place`;
}

function sendsHeaders(outcome: Outcome): boolean {
  return (
    isSent(outcome) && Object.keys(outcome.headers ?? {}).some((name) => name.startsWith("x-one"))
  );
}

/** Headers are an entry's own, or those of models without an entry. */
function mayHaveHeaders({ files }: SetUp, entries: readonly SetUpEntry[]): boolean {
  const configs =
    entries.length === 0
      ? Object.values(files).map((file) => valueAt(file, ["model", "generationConfig"]))
      : entries.map(({ generationConfig }) => generationConfig);
  return configs.some((config) => valueAt(config, ["customHeaders", "X-One"]) !== undefined);
}
