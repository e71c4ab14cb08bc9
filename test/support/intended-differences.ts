import { valueAt } from "../../src/lib/json/json-object.ts";
import type { SetUp } from "./random-set-up.ts";
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
 * a difference without one is a fault.
 */
export const INTENDED: readonly Rule[] = [
  {
    rule: "no type is selected: the protocol is inferred from models and keys",
    holds: ({ setUp, theirs, ours }) =>
      theirs.kind === "refused" && isSent(ours) && selectedType(setUp) === undefined,
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
    holds: ({ theirs, ours }) => theirs.kind === "refused" && isSent(ours) && isKeyless(ours),
  },
  {
    rule: "an entry gets the key of its own `envKey`, and no standard variable or stored key for another endpoint",
    holds: ({ theirs, ours }) =>
      isSent(theirs) &&
      isSent(ours) &&
      isKeyless(ours) &&
      !isKeyless(theirs) &&
      ours.to === theirs.to,
  },
  {
    rule: "a model of another protocol selects that protocol",
    holds: ({ setUp, ours }) => {
      const selected = selectedType(setUp);
      const has = Object.keys(providersOf(setUp));
      return (
        isSent(ours) && typeof selected === "string" && !has.includes(selected) && has.length > 0
      );
    },
  },
  {
    rule: "the user's key is withheld from an endpoint that a project names",
    holds: ({ ours, said }) => ours.kind === "refused" && said.includes(" is withheld from "),
  },
  {
    rule: "`--openai-base-url` goes before the entry's endpoint",
    holds: ({ setUp, theirs, ours }) =>
      setUp.args.includes("--openai-base-url") &&
      placeOf(ours) === "B/v1/chat/completions" &&
      placeOf(theirs) !== placeOf(ours),
  },
  {
    rule: "`--openai-api-key` goes before the entry's key",
    holds: ({ setUp, theirs, ours }) =>
      setUp.args.includes("--openai-api-key") &&
      placeOf(theirs) === placeOf(ours) &&
      bearerOf(ours) === "Bearer of-the-flag" &&
      bearerOf(theirs) !== bearerOf(ours),
  },
  {
    rule: "`--openai-base-url` and `--openai-api-key` mean openai, whatever type is selected",
    holds: ({ setUp, theirs, ours }) =>
      setUp.args.some((argument) => argument.startsWith("--openai-")) &&
      chosenType(setUp) !== "openai" &&
      ours.kind === "refused" &&
      isSent(theirs),
  },
  {
    rule: "what stands at the top level of `model.generationConfig` is not for an entry",
    holds: ({ setUp, theirs, ours }) =>
      String(wantedModel(setUp)).startsWith("$runtime|") &&
      sameRequest(theirs, ours, ["reasoning", "generationConfig"]),
  },
  {
    rule: "a key goes to no endpoint that nothing names",
    holds: ({ theirs, ours, said }) =>
      isToVendor(theirs) && ours.kind === "refused" && said.includes("Cannot tell where"),
  },
  {
    rule: "no other key stands in for the variable that would hold it",
    holds: ({ theirs, ours, said }) =>
      isToVendor(theirs) && ours.kind === "refused" && said.includes("no key: "),
  },
  {
    rule: "without a model nothing is asked",
    holds: ({ theirs, ours, said }) =>
      isToVendor(theirs) && ours.kind === "refused" && said.includes("no model is chosen"),
  },
  {
    rule: "an entry that answers no chat is refused with the reason",
    holds: ({ theirs, ours, said }) =>
      isToVendor(theirs) && ours.kind === "refused" && said.includes("wants `wireApi`"),
  },
  {
    rule: "a `model.name` that no entry has is refused by its name",
    holds: ({ theirs, ours, said }) =>
      isSent(theirs) && ours.kind === "refused" && said.includes("Cannot find the model"),
  },
  {
    rule: "a model that is not configured is sent as it is, never replaced",
    holds: ({ setUp, theirs, ours }) => {
      const wanted = wantedModel(setUp);
      return (
        typeof wanted === "string" &&
        !knownIds(setUp).includes(wanted) &&
        modelOf(ours) === wanted &&
        modelOf(theirs) !== wanted
      );
    },
  },
  {
    rule: "without a model's name the first entry serves, whatever the environment would ask",
    holds: ({ setUp, theirs, ours }) =>
      String(wantedModel(setUp) ?? "").trim() === "" &&
      isSent(ours) &&
      modelOf(ours) === firstModel(setUp) &&
      modelOf(theirs) !== modelOf(ours),
  },
  {
    rule: "an entry of anthropic without a base URL takes that of the variable or the public one",
    holds: ({ setUp, theirs, ours }) =>
      theirs.kind === "refused" &&
      pathOf(ours) === "/v1/messages" &&
      entriesOf(setUp).some((entry) => entry.id === modelOf(ours) && entry.baseUrl === undefined),
  },
  {
    rule: "a service of Anthropic's protocol that nothing is known of gets the key both ways, and no limits or thinking that nobody asked for",
    holds: ({ theirs, ours }) =>
      pathOf(ours) === "/v1/messages" &&
      isSent(ours) &&
      `Bearer ${ours.headers?.["x-api-key"]}` === bearerOf(ours) &&
      sameRequest(
        theirs,
        ours,
        ["max_tokens", "temperature", "thinking", "output_config"],
        ["x-api-key"],
      ),
  },
  {
    rule: "Gemini's defaults are the service's own",
    holds: ({ theirs, ours }) =>
      pathOf(ours)?.endsWith(":streamGenerateContent") === true &&
      sameRequest(theirs, ours, ["generationConfig"]),
  },
];

type Sent = Extract<Outcome, { readonly kind: "sent" }>;

function isSent(outcome: Outcome): outcome is Sent {
  return outcome.kind === "sent";
}

/** To a vendor's host, and not to one of the two servers. */
function isToVendor(outcome: Outcome): boolean {
  return isSent(outcome) && outcome.path === undefined;
}

function placeOf(outcome: Outcome): string | undefined {
  return isSent(outcome) ? `${outcome.to}${outcome.path ?? ""}` : undefined;
}

function bearerOf(outcome: Outcome): string | undefined {
  return isSent(outcome) ? outcome.headers?.authorization : undefined;
}

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

function isKeyless(outcome: Sent): boolean {
  const names = Object.keys(outcome.headers ?? {});
  return !names.some((name) => /^(?:authorization|x-api-key|x-goog-api-key)$/.test(name));
}

function pathOf(outcome: Outcome): string | undefined {
  return isSent(outcome) ? outcome.path : undefined;
}

/** The model that a request asks; of Gemini's it stands in the path. */
function modelOf(outcome: Outcome): unknown {
  const [, inPath] = /\/models\/([^/:]+):/.exec(pathOf(outcome) ?? "") ?? [];
  return isSent(outcome) ? (inPath ?? outcome.body?.model) : undefined;
}

function selectedType(setUp: SetUp): unknown {
  return userSetting(setUp, "security", "auth", "selectedType");
}

/** The type that the command line asks for, else the selected one. */
function chosenType(setUp: SetUp): unknown {
  const at = setUp.args.indexOf("--auth-type");
  return at === -1 ? selectedType(setUp) : setUp.args[at + 1];
}

type Entry = { readonly id: unknown; readonly baseUrl: unknown };

function entriesOf(setUp: SetUp): readonly Entry[] {
  return Object.values(providersOf(setUp))
    .flat()
    .map((entry) => ({ id: valueAt(entry, ["id"]), baseUrl: valueAt(entry, ["baseUrl"]) }));
}

/** A project's list replaces the user's. */
function firstModel({ files }: SetUp): unknown {
  const [list] = [files["p/.qwen/settings.json"], files[".qwen/settings.json"]]
    .map((file) => Object.values(Object(valueAt(file, ["modelProviders"]))).flat())
    .filter((items) => items.length > 0);
  return valueAt(list?.[0], ["id"]);
}

function userSetting({ files }: SetUp, ...path: readonly string[]): unknown {
  return valueAt(files[".qwen/settings.json"], path);
}

function providersOf(setUp: SetUp): object {
  return Object(userSetting(setUp, "modelProviders"));
}

function knownIds(setUp: SetUp): readonly unknown[] {
  return entriesOf(setUp).map(({ id }) => id);
}

function wantedModel({ args, files }: SetUp): unknown {
  const at = args.indexOf("-m");
  return at === -1 ? valueAt(files[".qwen/settings.json"], ["model", "name"]) : args[at + 1];
}
