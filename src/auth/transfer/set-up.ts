import * as v from "valibot";
import { UsageError } from "../../errors.ts";
import { baseUrlComplaint } from "../../lib/endpoint-url.ts";
import { isWholeText } from "../../lib/files/read-text.ts";
import { formatJsonPath, isJsonObject } from "../../lib/json/json-object.ts";
import { loadJsonc } from "../../lib/json/load-jsonc.ts";
import { entryTwin } from "../../models/entries/entry-endpoint.ts";
import { whyNoChat } from "../../models/entries/entry-fields.ts";
import { generationFault, inexactFault } from "../../models/entries/generation-fault.ts";
import { canHoldKey } from "../../models/entries/key-variable.ts";
import { modelIdsComplaint } from "../../models/entries/model-ids.ts";
import { KEYLESS, PROTOCOLS, type Protocol } from "../../models/protocol.ts";
import { isAccountName } from "../../secrets/account-name.ts";
import { isReference, parseKey } from "../../secrets/parse-key.ts";
import { unfilledName } from "../../settings/interpolate-settings.ts";
import { unkeptField } from "../../settings/merge-settings.ts";
import { isAtSelected, selectedEntry } from "./selected-entry.ts";

/** More than anybody has, and few enough to write at once. */
const MOST_ENTRIES = 1000;

/** A text that `complaint` has nothing against. */
function text(complaint: (value: string) => string | undefined) {
  return v.pipe(
    v.string(),
    v.rawCheck(({ dataset, addIssue }) => {
      const message = dataset.typed ? complaint(dataset.value) : undefined;
      if (message !== undefined) {
        addIssue({ message });
      }
    }),
  );
}

const Variable = text((name) => (canHoldKey(name) ? undefined : "it is no variable for a key"));

/** A reference is filled where the set-up is used. */
const Endpoint = text((url) =>
  unfilledName(url) === undefined ? baseUrlComplaint(url) : undefined,
);

/** A key as a login would store it: without quotes or `Bearer` around it. */
function keyText(isKept: (text: string) => boolean) {
  const complaint = (key: string): string | undefined => {
    const parsed = isKept(key) ? undefined : parseKey(key);
    return parsed?.kind === "invalid" ? parsed.reason : undefined;
  };
  const bare = (key: string): string => {
    const parsed = isKept(key) ? undefined : parseKey(key);
    return parsed?.kind === "key" ? parsed.key : key;
  };
  return v.pipe(text(complaint), v.transform(bare));
}

const Key = keyText((key) => isReference(key) || key === KEYLESS);

/** Accounts are not settings: a reference in them would be filled only once it is in force. */
const NamedKey = keyText(() => false);

const Configured = v.pipe(
  v.record(v.string(), v.unknown()),
  v.rawCheck(({ dataset, addIssue }) => {
    const fault = dataset.typed ? generationFault(dataset.value) : undefined;
    if (fault !== undefined) {
      addIssue({ message: `\`${fault.field}\`: ${fault.why}` });
    }
  }),
);

const Exact = v.pipe(
  v.unknown(),
  v.rawCheck(({ dataset, addIssue }) => {
    const fault = dataset.typed ? inexactFault(dataset.value) : undefined;
    if (fault !== undefined) {
      addIssue({ message: fault.why });
    }
  }),
);

/** An item of `modelProviders`, with the fields that Qwen Code or this program read. */
const ENTRY = {
  id: text((id) => modelIdsComplaint([id]) ?? (id === "" ? "it is empty" : undefined)),
  name: v.optional(v.string()),
  description: v.optional(v.string()),
  wireApi: v.optional(v.string()),
  baseUrl: v.optional(Endpoint),
  anthropicBaseUrl: v.optional(Endpoint),
  envKey: v.optional(Variable),
  generationConfig: v.optional(Configured),
  delisted: v.optional(v.boolean()),
  imageOnly: v.optional(v.boolean()),
  voiceOnly: v.optional(v.boolean()),
  realtimeOnly: v.optional(v.boolean()),
  fastOnly: v.optional(v.boolean()),
  visionOnly: v.optional(v.boolean()),
  supportsImageGeneration: v.optional(v.boolean()),
  capabilities: v.optional(Exact),
};

/** Whether an exported entry may have a field. */
export function isEntryField(field: string): boolean {
  return Object.hasOwn(ENTRY, field);
}

const Entries = v.optional(v.array(v.strictObject(ENTRY)));

const Account = v.strictObject({ key: v.optional(NamedKey), baseUrl: v.optional(Endpoint) });

/** A set-up as `auth export` writes it and `auth import` reads it (`spec/accounts.md`). */
const SetUpSchema = v.strictObject({
  schemaVersion: v.literal(1, "expected 1"),
  modelProviders: v.optional(
    v.strictObject({ openai: Entries, anthropic: Entries, gemini: Entries }),
  ),
  /** What is used by default. */
  selection: v.optional(
    v.strictObject({
      selectedType: v.picklist(PROTOCOLS),
      model: v.string(),
      baseUrl: v.optional(Endpoint),
    }),
  ),
  codingPlan: v.optional(v.strictObject({ region: v.picklist(["china", "global"]) })),
  /** Keys by variable, or the names of the variables that they come from. */
  env: v.optional(v.record(Variable, Key)),
  accounts: v.optional(
    v.record(
      Variable,
      v.record(
        text((name) => (isAccountName(name) ? undefined : "it is no name of an account")),
        Account,
      ),
    ),
  ),
});

export type SetUp = v.InferOutput<typeof SetUpSchema>;
export type SetUpEntry = NonNullable<NonNullable<SetUp["modelProviders"]>["openai"]>[number];

/** The entries of a set-up with the protocol of each, in order. */
export function entriesOf({ modelProviders }: SetUp) {
  return PROTOCOLS.flatMap((protocol) =>
    (modelProviders?.[protocol] ?? []).map((entry) => ({ protocol, entry })),
  );
}

/**
 * Understands an exported set-up.
 * @param from what it comes from, for messages
 * @throws UsageError that names the field; no value of it is repeated
 */
export async function parseSetUp(document: string, from: string): Promise<SetUp> {
  if (!isWholeText(document)) {
    throw refused(from, "it is no text in UTF-8");
  }
  const parsed = await loadJsonc(document);
  if (parsed.kind === "error") {
    const why = parsed.isEmpty
      ? "it is empty"
      : `line ${parsed.line}, column ${parsed.column}: ${parsed.message}`;
    throw refused(from, why);
  }
  if (!isJsonObject(parsed.value)) {
    throw refused(from, "it is no JSON object");
  }
  const unkept = unkeptField(parsed.value);
  if (unkept !== undefined) {
    throw refused(from, `\`${unkept}\` is no field of a set-up`);
  }
  const checked = v.safeParse(SetUpSchema, parsed.value, { abortEarly: true });
  if (!checked.success) {
    throw refused(from, complaintOf(checked.issues[0]));
  }
  throwIfInconsistent(checked.output, from);
  return withoutTwins(checked.output, from);
}

/**
 * Each entry once, however often the file has it: nobody would reach the second.
 * @throws UsageError where two that should be one differ
 */
function withoutTwins(setUp: SetUp, from: string): SetUp {
  const seen = new Map<string, SetUpEntry>();
  const isFirst = (protocol: Protocol, entry: SetUpEntry, index: number): boolean => {
    const twin = `${protocol} ${entryTwin(protocol, entry)}`;
    const first = seen.get(twin);
    seen.set(twin, first ?? entry);
    if (first !== undefined && !Bun.deepEquals({ ...entry, baseUrl: first.baseUrl }, first)) {
      const place = formatJsonPath(["modelProviders", protocol, index]);
      throw refused(from, `\`${place}\` is there already, with other fields`);
    }
    return first === undefined;
  };
  const { modelProviders } = setUp;
  const lists = PROTOCOLS.flatMap((protocol) => {
    const entries = modelProviders?.[protocol];
    return entries === undefined
      ? []
      : [[protocol, entries.filter((entry, index) => isFirst(protocol, entry, index))]];
  });
  return modelProviders === undefined
    ? setUp
    : { ...setUp, modelProviders: Object.fromEntries(lists) };
}

function complaintOf(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
  const place = path.length === 0 ? "it" : `\`${formatJsonPath(path)}\``;
  if (issue.expected === "never") {
    return `${place} is no field of a set-up`;
  }
  const isOwn = issue.type === "raw_check";
  return `${place}: ${isOwn ? issue.message : `expected ${issue.expected ?? "something else"}`}`;
}

/** @throws UsageError for what only the whole tells: a key that nothing uses, a lost selection */
function throwIfInconsistent(setUp: SetUp, from: string): void {
  const entries = entriesOf(setUp);
  const { selection, env = {}, accounts = {} } = setUp;
  if (entries.length > MOST_ENTRIES) {
    throw refused(from, `it has ${entries.length} models, more than ${MOST_ENTRIES}`);
  }
  const named = Object.values(accounts).flatMap((own) => Object.keys(own)).length;
  if (named > MOST_ENTRIES) {
    throw refused(from, `it has ${named} accounts, more than ${MOST_ENTRIES}`);
  }
  const selected = selection && selectedEntry(entries, selection);
  if (selection !== undefined && selected === undefined) {
    throw refused(from, "`selection.model` is none of its models");
  }
  if (selected !== undefined && whyNoChat(selected, "") !== undefined) {
    throw refused(from, "`selection.model` answers no chat");
  }
  if (selection !== undefined && !isAtSelected(entries, selection)) {
    throw refused(from, "`selection.baseUrl` is the endpoint of none of its models");
  }
  if (entries.length === 0 && Object.keys(accounts).length === 0) {
    throw refused(from, "it has neither models nor accounts");
  }
  const used = new Set([...entries.map(({ entry }) => entry.envKey), ...Object.keys(accounts)]);
  const unused = Object.keys(env).find((name) => !used.has(name));
  if (unused !== undefined) {
    throw refused(from, `\`env.${unused}\` is used by none of its models`);
  }
}

function refused(from: string, why: string): UsageError {
  return new UsageError(`Cannot import ${from}: ${why}`, {
    code: "invalid-value",
    hint: "make the file with `qwen auth export`",
  });
}
