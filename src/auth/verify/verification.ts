import type { ListedModel } from "../../protocols/listed-model.ts";

/** What asking the service told about a key; `verified` of every JSON (`spec/cli.md`). */
export type Verification =
  | { readonly state: "unchecked" }
  | {
      /** `unverifiable`: the service has nothing that would prove the key. */
      readonly state: "ok" | "rejected" | "unreachable" | "unverifiable";
      /** ISO 8601. */
      readonly checkedAt: string;
      readonly httpStatus?: number;
      /** One clause for people, not yet made visible. */
      readonly detail: string;
      /** `false`: the key is good, but the service does not have the model, or not for this key. */
      readonly modelListed?: boolean;
      /** The base URL that was probably meant, where nothing is at the one that was given. */
      readonly workingBaseUrl?: string;
      /** What the account has left to spend, with the currency; else where a person sees it. */
      readonly left?: string;
      readonly consoleUrl?: string;
      /** What the endpoint lists, if it has a list and was asked for it. */
      readonly models?: readonly ListedModel[];
    };

export const UNCHECKED: Verification = { state: "unchecked" };

/** A verification as JSON has it: without the list of models. */
export type VerifiedField = {
  readonly state: Verification["state"];
  readonly checkedAt?: string;
  readonly httpStatus?: number;
  readonly detail?: string;
  readonly modelListed?: boolean;
  readonly workingBaseUrl?: string;
  readonly left?: string;
  readonly consoleUrl?: string;
};

/** Whether the service takes the key and has the model: what is said with a tick. */
export function isAllWell({
  state,
  modelListed,
}: Pick<VerifiedField, "state" | "modelListed">): boolean {
  return state === "ok" && modelListed !== false;
}

export function describeVerification(verification: Verification): VerifiedField {
  if (verification.state === "unchecked") {
    return UNCHECKED;
  }
  const { models: _models, ...field } = verification;
  return field;
}
