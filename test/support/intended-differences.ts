import { valueAt } from "../../src/lib/json/json-object.ts";
import type { SetUp } from "./random-set-up.ts";
import type { Outcome } from "./record-request.ts";

type Compared = { readonly setUp: SetUp; readonly theirs: Outcome; readonly ours: Outcome };

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
    holds: ({ setUp, theirs }) =>
      theirs.kind === "refused" &&
      userSetting(setUp, "security", "auth", "selectedType") === undefined,
  },
  {
    rule: "`null` is absent, also where Qwen Code refuses it",
    holds: ({ setUp, theirs }) =>
      theirs.kind === "refused" && JSON.stringify(setUp.files).includes('"wireApi":null'),
  },
  {
    rule: "a private server is asked without a key where none applies",
    holds: ({ theirs, ours }) => theirs.kind === "refused" && isSent(ours) && isKeyless(ours),
  },
  {
    rule: "an entry gets the key of its own `envKey`, and no standard variable or stored key for another endpoint",
    holds: ({ theirs, ours }) =>
      isSent(theirs) && isSent(ours) && isKeyless(ours) && !isKeyless(theirs),
  },
  {
    rule: "a model of another protocol selects that protocol",
    holds: ({ setUp, ours }) => {
      const selected = userSetting(setUp, "security", "auth", "selectedType");
      const has = Object.keys(providersOf(setUp));
      return (
        isSent(ours) && typeof selected === "string" && !has.includes(selected) && has.length > 0
      );
    },
  },
  {
    rule: "a flag goes before the entry, and what belongs to the entry stays with its endpoint",
    holds: ({ setUp }) => setUp.args.some((argument) => argument.startsWith("--openai-")),
  },
  {
    rule: "`--auth-type` chooses among what is configured for it",
    holds: ({ setUp }) => setUp.args.includes("--auth-type"),
  },
  {
    rule: "`$runtime|TYPE|ID` means the entry, of which only its own `generationConfig` counts",
    holds: ({ setUp, theirs, ours }) =>
      isSent(theirs) && isSent(ours) && String(wantedModel(setUp)).startsWith("$runtime|"),
  },
  {
    rule: "a key goes to no public default because nothing else is named",
    holds: ({ theirs, ours }) => ours.kind === "refused" && isSent(theirs) && !isRecorded(theirs),
  },
  {
    rule: "an entry without `baseUrl` takes the base URL that settings or variables name",
    holds: ({ theirs, ours }) => isSent(theirs) && !isRecorded(theirs) && isRecorded(ours),
  },
  {
    rule: "a model that is not configured is sent as it is, or refused by its name, never replaced",
    holds: ({ setUp, theirs, ours }) => {
      const wanted = wantedModel(setUp);
      const isNamed = typeof wanted === "string" && wanted.trim() !== "";
      return isNamed && isSent(theirs) && isSent(ours)
        ? modelOf(theirs) !== modelOf(ours)
        : isNamed && !knownIds(setUp).includes(wanted);
    },
  },
  {
    rule: "without a model's name the first entry serves, whatever the environment would ask",
    holds: ({ setUp, theirs, ours }) =>
      String(wantedModel(setUp) ?? "").trim() === "" && modelOf(theirs) !== modelOf(ours),
  },
  {
    rule: "what Anthropic's protocol says of credentials and thinking where settings say nothing",
    holds: ({ theirs, ours }) => pathOf(theirs) === pathOf(ours) && pathOf(ours) === "/v1/messages",
  },
  {
    rule: "Gemini's defaults are the service's own",
    holds: ({ theirs, ours }) =>
      pathOf(ours)?.includes("generateContent") === true ||
      pathOf(ours)?.includes("GenerateContent") === true ||
      pathOf(theirs)?.includes("enerateContent") === true,
  },
  {
    rule: "protocols that Qwen Code wants a base URL or a key variable for have a default here",
    holds: ({ theirs, ours }) => theirs.kind === "refused" && isSent(ours),
  },
];

type Sent = Extract<Outcome, { readonly kind: "sent" }>;

function isSent(outcome: Outcome): outcome is Sent {
  return outcome.kind === "sent";
}

/** To one of the two servers, not to a vendor's host. */
function isRecorded(outcome: Outcome): boolean {
  return isSent(outcome) && outcome.path !== undefined;
}

function isKeyless(outcome: Sent): boolean {
  const names = Object.keys(outcome.headers ?? {});
  return !names.some((name) => /^(?:authorization|x-api-key|x-goog-api-key)$/.test(name));
}

function pathOf(outcome: Outcome): string | undefined {
  return isSent(outcome) ? outcome.path : undefined;
}

function modelOf(outcome: Outcome): unknown {
  return isSent(outcome) ? outcome.body?.model : undefined;
}

function userSetting({ files }: SetUp, ...path: readonly string[]): unknown {
  return valueAt(files[".qwen/settings.json"], path);
}

function providersOf(setUp: SetUp): object {
  return Object(userSetting(setUp, "modelProviders"));
}

function knownIds(setUp: SetUp): readonly unknown[] {
  return Object.values(providersOf(setUp))
    .flat()
    .map((entry) => valueAt(entry, ["id"]));
}

function wantedModel({ args, files }: SetUp): unknown {
  const at = args.indexOf("-m");
  return at === -1 ? valueAt(files[".qwen/settings.json"], ["model", "name"]) : args[at + 1];
}
