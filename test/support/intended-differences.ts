import { valueAt } from "../../src/lib/json/json-object.ts";
import type { SetUp } from "./random-set-up.ts";
import {
  askedEntries,
  entriesOf,
  flagOf,
  isKeyless,
  isSent,
  isToVendor,
  keyOf,
  modelOf,
  placeOf,
  protocolOf,
  selectedType,
  standardKeysOf,
  userSetting,
  variableOf,
  wantedModel,
} from "./read-set-up.ts";
import type { Outcome } from "./record-request.ts";

type Compared = {
  readonly setUp: SetUp;
  readonly theirs: Outcome;
  readonly ours: Outcome;
  /** What ours said, where it sent nothing. */
  readonly said: string;
};

type Rule = {
  /** What `spec/settings-and-env.md` says, where Qwen Code does something else. */
  readonly rule: string;
  readonly holds: (compared: Compared) => boolean;
};

/**
 * Where a question goes out differently on purpose, each with its rule. The first that holds counts;
 * a difference without one is a fault. A rule says as much of both outcomes as it decides; that a
 * key goes where it belongs is asked of every request besides (`faultOf`).
 */
export const INTENDED: readonly Rule[] = [
  {
    rule: "no type is selected: the protocol is inferred from models and keys",
    holds: ({ setUp, theirs, ours }) =>
      theirs.kind === "refused" &&
      isSent(ours) &&
      selectedType(setUp) === undefined &&
      flagOf(setUp, "--auth-type") === undefined &&
      isInferred(setUp, ours),
  },
  {
    rule: "`null` is absent, also where Qwen Code refuses it",
    holds: ({ setUp, theirs, ours }) =>
      theirs.kind === "refused" &&
      isSent(ours) &&
      JSON.stringify(setUp.files).includes('"wireApi":null'),
  },
  {
    rule: "a private server is asked without a key where none applies",
    holds: ({ theirs, ours }) => theirs.kind === "refused" && isKeyless(ours),
  },
  {
    rule: "an entry gets the key of its own `envKey`, and no standard variable or stored key for another endpoint",
    holds: ({ setUp, theirs, ours }) =>
      isKeyless(ours) &&
      sameRequest(theirs, ours, [...DEFAULTS, ...dropped(setUp, ours)], KEY_HEADERS) &&
      isForeignKey(setUp, ours, keyOf(theirs)),
  },
  {
    rule: "a model of another protocol selects that protocol",
    holds: ({ setUp, ours }) =>
      isSent(ours) &&
      entriesOf(setUp).length > 0 &&
      entriesOf(setUp).every(({ protocol }) => protocol !== chosenType(setUp)) &&
      askedEntries(setUp, ours).some(({ id }) => id === modelOf(ours)),
  },
  {
    rule: "the user's key is withheld from an endpoint that a project names",
    holds: ({ setUp, ours, said }) =>
      ours.kind === "refused" &&
      said.includes(" is withheld from ") &&
      valueAt(setUp.files["p/.qwen/settings.json"], ["modelProviders"]) !== undefined,
  },
  {
    rule: "`--openai-base-url` goes before the entry's endpoint, and nothing of the entry's goes there",
    holds: ({ setUp, theirs, ours }) =>
      flagOf(setUp, "--openai-base-url") !== undefined &&
      placeOf(ours) === "B/v1/chat/completions" &&
      (isBare(ours) || askedEntries(setUp, ours).some(({ at }) => at === "B")) &&
      (placeOf(theirs) !== placeOf(ours) || !isBare(theirs)),
  },
  {
    rule: "`--openai-api-key` goes before the entry's key",
    holds: ({ setUp, theirs, ours }) =>
      keyOf(ours) === flagOf(setUp, "--openai-api-key") &&
      keyOf(ours) !== undefined &&
      sameRequest(theirs, ours, [], KEY_HEADERS) &&
      askedEntries(setUp, ours).some(
        ({ envKey }) => envKey !== undefined && variableOf(setUp, envKey) === keyOf(theirs),
      ),
  },
  {
    rule: "`--openai-base-url` and `--openai-api-key` mean openai, whatever type is selected, and are named as the reason",
    holds: ({ setUp, theirs, ours, said }) => {
      const [flag] = ["--openai-api-key", "--openai-base-url"].filter((name) =>
        flagOf(setUp, name),
      );
      return (
        flag !== undefined &&
        chosenType(setUp) !== "openai" &&
        ours.kind === "refused" &&
        isSent(theirs) &&
        said.includes(`\`${flag}\``)
      );
    },
  },
  {
    rule: "what stands at the top level of `model.generationConfig` is not for an entry",
    holds: ({ setUp, theirs, ours }) =>
      String(userSetting(setUp, "model", "name")).startsWith("$runtime|") &&
      askedEntries(setUp, ours).some(({ id }) => id === modelOf(ours)) &&
      sameRequest(theirs, ours, ["reasoning", "generationConfig"]),
  },
  {
    rule: "a key goes to no endpoint that nothing names",
    holds: ({ setUp, theirs, ours, said }) =>
      isToVendor(theirs) &&
      ours.kind === "refused" &&
      said.includes("Cannot tell where") &&
      entriesOf(setUp).every(({ id, at }) => id !== wantedModel(setUp) || at === undefined),
  },
  {
    rule: "no other key stands in for the variable that would hold it",
    holds: ({ setUp, theirs, ours, said }) => {
      const [, name] = /no key: (\w+)(?: or \w+)* is not set/.exec(said) ?? [];
      return (
        isToVendor(theirs) &&
        ours.kind === "refused" &&
        name !== undefined &&
        variableOf(setUp, name) === undefined
      );
    },
  },
  {
    rule: "without a model nothing is asked",
    holds: ({ setUp, theirs, ours, said }) =>
      isToVendor(theirs) &&
      ours.kind === "refused" &&
      said.includes("no model is chosen") &&
      wantedModel(setUp) === undefined &&
      entriesOf(setUp).every(({ isUnfit, protocol }) => isUnfit || protocol !== chosenType(setUp)),
  },
  {
    rule: "an entry that answers no chat is refused with the reason",
    holds: ({ setUp, theirs, ours, said }) =>
      (isToVendor(theirs) || wantedModel(setUp) === undefined) &&
      ours.kind === "refused" &&
      /wants `wireApi`|answers no chat/.test(said) &&
      entriesOf(setUp).some(({ isUnfit }) => isUnfit),
  },
  {
    rule: "a model that is not configured is sent as it is, never replaced",
    holds: ({ setUp, theirs, ours }) => {
      const wanted = wantedModel(setUp);
      return (
        wanted !== undefined &&
        wanted === flagOf(setUp, "-m") &&
        entriesOf(setUp).every(({ id }) => id !== wanted) &&
        modelOf(ours) === wanted &&
        modelOf(theirs) !== wanted
      );
    },
  },
  {
    rule: "without a model's name the first entry serves, whatever the environment would ask",
    holds: ({ setUp, theirs, ours }) =>
      wantedModel(setUp) === undefined &&
      isSent(ours) &&
      modelOf(ours) === firstModel(setUp) &&
      modelOf(theirs) !== modelOf(ours),
  },
  {
    rule: "an entry of anthropic without a base URL takes that of the variable or the public one",
    holds: ({ setUp, theirs, ours }) =>
      theirs.kind === "refused" &&
      protocolOf(ours) === "anthropic" &&
      setUp.env.ANTHROPIC_BASE_URL === (isSent(ours) ? ours.to : undefined) &&
      askedEntries(setUp, ours).some((entry) => entry.at === undefined),
  },
  {
    rule: "a service of Anthropic's protocol that nothing is known of gets the key both ways, and no limits or thinking that nobody asked for",
    holds: ({ setUp, theirs, ours }) =>
      protocolOf(ours) === "anthropic" &&
      isSent(ours) &&
      `Bearer ${ours.headers?.["x-api-key"]}` === ours.headers?.authorization &&
      sameRequest(theirs, ours, DEFAULTS, ["x-api-key"]) &&
      isAskedFor(setUp, ours),
  },
  {
    rule: "Gemini's defaults are the service's own",
    holds: ({ setUp, theirs, ours }) =>
      protocolOf(ours) === "gemini" &&
      sameRequest(theirs, ours, ["generationConfig"]) &&
      isAskedFor(setUp, ours),
  },
  {
    rule: "`samplingParams` and `reasoning` of one entry are both sent",
    holds: ({ setUp, theirs, ours }) =>
      dropped(setUp, ours).length > 0 && sameRequest(theirs, ours, ["reasoning"]),
  },
];

const KEY_HEADERS = ["authorization", "x-api-key", "x-goog-api-key"];
/** What the release says of every question where nobody did. */
const DEFAULTS = ["max_tokens", "temperature", "thinking", "output_config", "generationConfig"];

/** Whether two requests are alike but for fields of the body and headers. */
function sameRequest(
  theirs: Outcome,
  ours: Outcome,
  fields: readonly string[],
  headers: readonly string[] = [],
): boolean {
  const rest = (outcome: Outcome): string => {
    const without = (of: object | undefined, names: readonly string[]) =>
      Object.entries(of ?? {})
        .filter(([name]) => !names.includes(name))
        .sort();
    return isSent(outcome)
      ? JSON.stringify([
          placeOf(outcome),
          without(outcome.headers, headers),
          without(outcome.body, [...fields, "max_tokens"]),
        ])
      : "";
  };
  return isSent(theirs) && isSent(ours) && rest(theirs) === rest(ours);
}

/** What the release leaves out of a request by an entry that has both. */
function dropped(setUp: SetUp, ours: Outcome): readonly string[] {
  const hasBoth = askedEntries(setUp, ours).some(({ generationConfig }) =>
    ["samplingParams", "reasoning"].every(
      (name) => (valueAt(generationConfig, [name]) ?? null) !== null,
    ),
  );
  return hasBoth ? ["reasoning"] : [];
}

/** A request with a model and nothing else of an entry's; an effort may be for whatever is asked. */
function isBare(outcome: Outcome): boolean {
  return (
    isSent(outcome) &&
    Object.keys(outcome.headers ?? {}).every((name) => name === "authorization") &&
    Object.keys(outcome.body ?? {}).every((name) => /^(?:model|max_tokens|reasoning)$/.test(name))
  );
}

/** Whether no parameter is in a body that settings do not have somewhere. */
function isAskedFor({ files }: SetUp, outcome: Outcome): boolean {
  const settings = JSON.stringify(files);
  const isThought = /"reasoning":(?!null)|"reasoningEffort"/.test(settings);
  const { model: _model, generationConfig, ...body } = isSent(outcome) ? (outcome.body ?? {}) : {};
  return Object.keys({ ...body, ...Object(generationConfig) }).every((name) => {
    if (/^(?:thinking|thinkingConfig|output_config)$/.test(name)) {
      return isThought;
    }
    const written = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const setting = written === "max_output_tokens" ? "max_tokens" : written;
    return settings.includes(`"${setting}"`) || (name === "max_tokens" && isLimited(outcome));
  });
}

/** Anthropic's protocol wants a limit of every question. */
function isLimited(outcome: Outcome): boolean {
  return protocolOf(outcome) === "anthropic";
}

/** Whether a key is one that the asked entry does not name: a standard variable's or a stored one. */
function isForeignKey(setUp: SetUp, ours: Outcome, key: string | undefined): boolean {
  const protocol = protocolOf(ours);
  return (
    protocol !== undefined &&
    key !== undefined &&
    standardKeysOf(setUp, protocol).includes(key) &&
    askedEntries(setUp, ours).some(
      ({ envKey }) => envKey === undefined || variableOf(setUp, envKey) === undefined,
    )
  );
}

/** Whether a protocol is that of the model, of the only entries, or of a key that is set. */
function isInferred(setUp: SetUp, ours: Outcome): boolean {
  const protocol = protocolOf(ours);
  const has = entriesOf(setUp).map((entry) => entry.protocol);
  return (
    protocol === undefined ||
    has.includes(protocol) ||
    standardKeysOf(setUp, protocol).length > 0 ||
    setUp.args.some((argument) => argument.startsWith("--openai-"))
  );
}

/** The type that the command line asks for, else the selected one. */
function chosenType(setUp: SetUp): unknown {
  return flagOf(setUp, "--auth-type") ?? selectedType(setUp);
}

/** The first entry that answers chats. */
function firstModel(setUp: SetUp): unknown {
  return entriesOf(setUp).find(({ isUnfit }) => !isUnfit)?.id;
}
