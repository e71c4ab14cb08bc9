/** What becomes of a model that is none of the endpoint's. */
export type ModelRule = "replace" | "refuse" | "pass";

export type Models = {
  readonly selected: string;
  /** Those of this endpoint, the selected one among them. */
  readonly known: ReadonlySet<string>;
  readonly rule: ModelRule;
};

/** What a request says of its model. */
export type AskedModel =
  | { readonly kind: "named"; readonly model: string }
  | { readonly kind: "unnamed" }
  /** Something is said that cannot be told. */
  | { readonly kind: "unread"; readonly why: string };

/**
 * What a field of a body has to do with the model: it names one, lists those that are tried after it,
 * or lets the service choose in a way that no name tells.
 */
export type ModelField = "model" | "list" | "chooser" | "other";

/**
 * Beside `model`: what OpenRouter, Vercel's gateway and LiteLLM read, the first for every protocol.
 * `fallbacks` is what it calls `models` for Anthropic's clients.
 */
const FIELDS: ReadonlyMap<string, ModelField> = new Map([
  ["model", "model"],
  ["models", "list"],
  ["fallbacks", "list"],
  ["route", "chooser"],
  ["provider", "chooser"],
  ["preset", "chooser"],
  ["plugins", "chooser"],
  ["provideroptions", "chooser"],
  ["provider_options", "chooser"],
  ["extra_body", "chooser"],
  ["context_window_fallbacks", "chooser"],
  ["content_policy_fallbacks", "chooser"],
]);

/** What a field of the outermost object is; some readers heed no case. */
export function modelFieldOf(name: string): ModelField {
  return FIELDS.get(name.toLowerCase()) ?? "other";
}

export type Choice =
  | { readonly kind: "keep" }
  | { readonly kind: "replace"; readonly model: string }
  | { readonly kind: "refuse"; readonly isUnknown: boolean; readonly message: string };

const KEEP: Choice = { kind: "keep" };

/**
 * What a request may ask for (`spec/broker.md` §1): the one rule for models in paths and in bodies.
 * Where others are to be refused, so is what does not say what it asks for.
 */
export function chooseModel({ selected, known, rule }: Models, asked: AskedModel): Choice {
  if (rule === "pass" || (asked.kind === "named" && known.has(asked.model))) {
    return KEEP;
  }
  if (rule === "replace") {
    return asked.kind === "named" ? { kind: "replace", model: selected } : KEEP;
  }
  return { kind: "refuse", isUnknown: asked.kind === "named", message: whyRefused(asked) };
}

function whyRefused(asked: AskedModel): string {
  switch (asked.kind) {
    case "named":
      return `the model ${JSON.stringify(asked.model)} is not one of this connection`;
    case "unnamed":
      return "the request names no model, and the service would choose one";
    default:
      return `the model of the request cannot be told: ${asked.why}`;
  }
}
