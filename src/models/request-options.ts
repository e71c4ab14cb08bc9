import type { JsonObject } from "../lib/json/json-object.ts";
import { unfilledReference } from "../settings/interpolate-settings.ts";
import { findSetting } from "../settings/settings-layer.ts";
import type { Configuration } from "./configuration.ts";
import { readCustomHeaders } from "./custom-headers.ts";
import {
  type Field,
  type GenerationFields,
  generationFields,
} from "./entries/generation-fields.ts";
import { toCount, toCounts, toFlag, toObject } from "./entries/generation-values.ts";
import { projectPartsWithin } from "./project-folder.ts";
import { readReasoning } from "./read-reasoning.ts";
import type { Catalogue, Complete, RequestOptions } from "./resolution.ts";

type Understood = {
  readonly request: RequestOptions;
  /** What was left out or not understood, and why. */
  readonly warnings: readonly string[];
};

const NO_HEADERS = { headers: {}, warnings: [] };

const DEFAULT_TIMEOUT_MS = 120_000;
const DEFAULT_IDLE_TIMEOUT_MS = 240_000;
/** No project keeps a question waiting for longer. */
const LONGEST_OF_PROJECT_MS = 600_000;
const DEFAULT_RETRIES = 3;
/** A typing error must not become an hour of tries. */
const MOST_RETRIES = 10;
/** As long as the wait that a server may ask for. */
const LONGEST_BACKOFF_MS = 60_000;

/**
 * Understands `generationConfig`, merged and judged by `generationFields`, and the variables that
 * stand beside it (`spec/settings-and-env.md`).
 * @throws ConfigError for headers that cannot be sent
 */
export function resolveRequestOptions(
  configuration: Configuration,
  connection: Complete,
  catalogue: Pick<Catalogue, "knownPairs">,
): Understood {
  const fields = generationFields(configuration, connection, catalogue);
  const { read, warnings } = fields;
  const samplingParams = bodyOf(fields, "samplingParams");
  const extraBody = bodyOf(fields, "extra_body");
  const { value: model } = connection.model;
  const reference = unfilledReference(model);
  if (reference !== undefined) {
    warnings.push(`the model "${model}" is asked for as it is: nothing fills \`${reference}\``);
  }
  const thinking = readReasoning({
    reasoning: read("reasoning"),
    effort: findSetting(configuration.layers, ["model", "reasoningEffort"]),
    isMandatory: checked(fields, read("thinkingMandatory"), toFlag) === true,
  });
  warnings.push(...thinking.warnings);
  const custom = read("customHeaders");
  const { headers, warnings: leftOut } =
    custom === undefined ? NO_HEADERS : readCustomHeaders(custom.value, custom.source);
  warnings.push(...leftOut);
  const limits = limitReader(configuration, connection, fields);
  const sampling = withOutputLimit(configuration, { samplingParams, extraBody, warnings });
  const statuses = checked(fields, read("retryErrorCodes"), toCounts);
  const request: RequestOptions = {
    timeoutMs: limits("timeout", "QWEN_CODE_API_TIMEOUT_MS") ?? DEFAULT_TIMEOUT_MS,
    idleTimeoutMs:
      limits("streamIdleTimeoutMs", "QWEN_STREAM_IDLE_TIMEOUT_MS") ?? DEFAULT_IDLE_TIMEOUT_MS,
    maxRetries: atMost(fields, "maxRetries", MOST_RETRIES) ?? DEFAULT_RETRIES,
    retry: {
      ...delayOf(fields, "retryInitialDelayMs", "firstMs"),
      ...delayOf(fields, "retryMaxDelayMs", "longestMs"),
      ...(statuses === undefined ? {} : { statuses }),
    },
    body: {
      ...(sampling === undefined ? {} : { samplingParams: sampling }),
      ...(extraBody === undefined ? {} : { extraBody }),
      ...(thinking.reasoning === undefined ? {} : { reasoning: thinking.reasoning }),
    },
    customHeaders: headers,
  };
  return { request, warnings };
}

/** What goes over the wire as it is; a reference in it may be what the service wants. */
function bodyOf(fields: GenerationFields, name: string): JsonObject | undefined {
  const field = fields.read(name);
  const body = checked(fields, field, toObject);
  const reference = unfilledReference(body);
  if (field !== undefined && reference !== undefined) {
    const { source } = field;
    fields.warnings.push(
      `\`${source.name}\` of \`${source.path}\` is sent as it is: nothing fills \`${reference}\``,
    );
  }
  return body;
}

function checked<Value>(
  { warnings }: GenerationFields,
  field: Field | undefined,
  as: (value: unknown) => Value | undefined,
): Value | undefined {
  const value = field === undefined ? undefined : as(field.value);
  if (field !== undefined && value === undefined) {
    const { name, path } = field.source;
    warnings.push(`\`${name}\` of \`${path}\` is ignored: its type is wrong`);
  }
  return value;
}

/** A limit of the entry, of the shell's variable, of `model.generationConfig`, in this order. */
function limitReader(
  configuration: Configuration,
  { entry }: Complete,
  fields: GenerationFields,
): (name: string, variable: string) => number | undefined {
  return (name, variable) => {
    const field = fields.read(name);
    const value = shortened(configuration, fields, {
      field,
      value: checked(fields, field, toCount),
    });
    const named = numberOf(configuration, variable, fields);
    const isOwn = typeof entry?.generationConfig?.[name] === "number";
    return isOwn ? value : (named ?? value);
  };
}

function numberOf(
  configuration: Configuration,
  variable: string,
  { warnings }: GenerationFields,
): number | undefined {
  const text = configuration.variable(variable)?.value;
  if (text !== undefined && !/^\d+$/.test(text)) {
    warnings.push(`${variable} is ignored: it is no number of milliseconds`);
    return undefined;
  }
  return text === undefined ? undefined : Number(text);
}

type Limit = { readonly field: Field | undefined; readonly value: number | undefined };

function shortened(
  configuration: Configuration,
  { warnings }: GenerationFields,
  { field, value }: Limit,
): number | undefined {
  const isLong = value !== undefined && value > LONGEST_OF_PROJECT_MS;
  if (
    field === undefined ||
    !isLong ||
    projectPartsWithin(configuration, field.source).length === 0
  ) {
    return value;
  }
  const { name, path } = field.source;
  warnings.push(
    `\`${name}\` of \`${path}\` is cut to ${LONGEST_OF_PROJECT_MS} ms: it is the project's`,
  );
  return LONGEST_OF_PROJECT_MS;
}

function delayOf(
  fields: GenerationFields,
  name: string,
  as: "firstMs" | "longestMs",
): RequestOptions["retry"] {
  const delay = atMost(fields, name, LONGEST_BACKOFF_MS);
  return delay === undefined ? {} : { [as]: delay };
}

/** A count that is cut, and said to be, where more was meant by mistake. */
function atMost(fields: GenerationFields, name: string, most: number): number | undefined {
  const field = fields.read(name);
  const count = checked(fields, field, toCount);
  if (field === undefined || count === undefined || count <= most) {
    return count;
  }
  fields.warnings.push(`\`${field.source.name}\` of \`${field.source.path}\` is cut to ${most}`);
  return most;
}

type Sampling = {
  readonly samplingParams: JsonObject | undefined;
  readonly extraBody: JsonObject | undefined;
  readonly warnings: string[];
};

const OUTPUT_LIMIT = "QWEN_CODE_MAX_OUTPUT_TOKENS";

/** The variable's limit of an answer, where the settings name none. */
function withOutputLimit(
  { variable }: Configuration,
  { samplingParams, extraBody, warnings }: Sampling,
): JsonObject | undefined {
  const text = variable(OUTPUT_LIMIT)?.value;
  const named = { ...samplingParams, ...extraBody };
  const isNamed = ["max_tokens", "max_completion_tokens", "max_new_tokens"].some(
    (name) => named[name] !== undefined,
  );
  if (text === undefined || isNamed) {
    return samplingParams;
  }
  if (!/^[1-9]\d*$/.test(text)) {
    warnings.push(`${OUTPUT_LIMIT} is ignored: it is no number of tokens`);
    return samplingParams;
  }
  return { ...samplingParams, max_tokens: Number(text) };
}
