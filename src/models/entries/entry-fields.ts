import { formatJsonPath, type JsonObject } from "../../lib/json/json-object.ts";
import { looksLikeKeyForVariable } from "../../secrets/looks-like-key.ts";
import { isKeyField } from "../../settings/env-keys.ts";
import {
  ENTRY_SPELLING,
  GENERATION_SPELLING,
  type Slip,
  slipsOf,
} from "../../settings/misspelt.ts";

/** `$NAME`, `NAME=`, `"NAME"`, white space: what no variable is called. */
const NO_NAME = /[\s=$"'`{}]/;

/** An item of `modelProviders` that has the types it should have. */
export type EntryFields = {
  readonly id: string;
  readonly name?: unknown;
  readonly description?: unknown;
  readonly envKey?: string;
  readonly baseUrl?: string;
  /** Where the same service speaks Anthropic's protocol; Qwen Code does not read it. */
  readonly anthropicBaseUrl?: unknown;
  readonly wireApi?: string;
  /** `models --update` found it gone. */
  readonly delisted?: unknown;
  readonly imageOnly?: unknown;
  readonly voiceOnly?: unknown;
  readonly realtimeOnly?: unknown;
  readonly generationConfig?: JsonObject;
  readonly capabilities?: unknown;
};

/** What is to be said of an entry that can be used. */
export type Remark = {
  /** Path, file, and what is wrong. */
  readonly complaint: string;
  /** The field that was meant, where it decides which key goes where and stands nowhere else. */
  readonly decides?: "envKey" | "baseUrl" | undefined;
};

const PURPOSES = ["imageOnly", "voiceOnly", "realtimeOnly"] as const;
const WIRE_APIS: readonly string[] = ["chat-completions", "responses"];

type Purpose = Pick<EntryFields, "imageOnly" | "voiceOnly" | "realtimeOnly"> & {
  readonly wireApi?: string | undefined;
};

/**
 * Why an entry answers no chat, for all that it is right: what it is for, or its interface.
 * @param groupApi that of entries that do not name one
 */
export function whyNoChat(entry: Purpose, groupApi: string): string | undefined {
  const purpose = PURPOSES.find((field) => entry[field] === true);
  if (purpose !== undefined) {
    return `answers no chat: it is \`${purpose}\``;
  }
  return (entry.wireApi || groupApi) === "responses"
    ? 'wants `wireApi` "responses", which is not supported here'
    : undefined;
}

type Path = readonly (string | number)[];

/** Wrong types without effect, fields that nothing reads, a key in the place of a name. */
export function remarksOn(entry: EntryFields, place: Path, file: string): readonly Remark[] {
  const at = (...inner: Path): string =>
    `\`${formatJsonPath([...place, ...inner])}\` in \`${file}\``;
  const remarks: Remark[] = [];
  for (const [inner, expected] of wrongFields(entry)) {
    remarks.push({ complaint: `${at(...inner)} is ignored: ${expected}` });
  }
  for (const slip of slipsOf(entry, ENTRY_SPELLING)) {
    remarks.push(remarkOn(slip, entry, at(slip.field)));
  }
  for (const { field, meant } of slipsOf(entry.generationConfig ?? {}, GENERATION_SPELLING)) {
    remarks.push({ complaint: `${at("generationConfig", field)} ${notRead(meant)}` });
  }
  const envKey = entry.envKey?.trim() ?? "";
  if (looksLikeKeyForVariable(envKey)) {
    const complaint = `${at("envKey")} holds a key; it wants the name of a variable`;
    remarks.push({ complaint, decides: "envKey" });
  } else if (NO_NAME.test(envKey)) {
    const complaint = `${at("envKey")} is no name of a variable`;
    remarks.push({ complaint, decides: "envKey" });
  }
  return remarks;
}

/** Fields that count for nothing, as they hold something else than is understood. */
function wrongFields(entry: EntryFields): readonly (readonly [inner: Path, expected: string])[] {
  const wrong: (readonly [inner: Path, expected: string])[] = [];
  for (const field of ["name", "description", "anthropicBaseUrl"] as const) {
    if (entry[field] !== undefined && typeof entry[field] !== "string") {
      wrong.push([[field], "expected a string"]);
    }
  }
  for (const field of PURPOSES) {
    if (entry[field] !== undefined && typeof entry[field] !== "boolean") {
      wrong.push([[field], "expected true or false"]);
    }
  }
  if (entry.wireApi && !WIRE_APIS.includes(entry.wireApi)) {
    wrong.push([["wireApi"], `it knows ${WIRE_APIS.join(", ")}`]);
  }
  const size = entry.generationConfig?.contextWindowSize;
  if (size !== undefined && (typeof size !== "number" || size <= 0)) {
    wrong.push([["generationConfig", "contextWindowSize"], "it is a number of tokens"]);
  }
  return wrong;
}

function remarkOn({ field, meant }: Slip, entry: EntryFields, where: string): Remark {
  if (isKeyField(field)) {
    const advice = "write the key to `env.NAME` and NAME to `envKey`, or run `qwen auth api-key`";
    return { complaint: `${where} is not read: ${advice}` };
  }
  const isDecisive = (meant === "baseUrl" || meant === "envKey") && !entry[meant];
  return { complaint: `${where} ${notRead(meant)}`, decides: isDecisive ? meant : undefined };
}

function notRead(meant: string): string {
  return `is not read: did you mean \`${meant}\`?`;
}
