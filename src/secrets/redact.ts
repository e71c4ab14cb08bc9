import { hideCredentialWords } from "./credentials.ts";
import { createHider } from "./spellings.ts";

/** Collects the user's secrets and removes them from output. One per process, at the sinks. */
export type Redactor = {
  /** Makes `secret` known; shorter ones than 8 characters are no secrets. */
  readonly add: (secret: string) => void;
  /** Makes what may be a key known: it stands in no output, but for an answer that has it. */
  readonly suspect: (word: string) => void;
  /** The text without any known secret, and without what looks like a credential in a word. */
  readonly redact: (text: string) => string;
  /** The same for what is to become JSON, before it does: keys and words of ours stay. */
  readonly redactJson: (value: unknown) => unknown;
  /** Only the known secrets: what looks like a credential may be an example in an answer. */
  readonly hideSecrets: (text: string) => string;
  /** The same for what is to become JSON. */
  readonly hideSecretsInJson: (value: unknown) => unknown;
};

/** Fields whose values are words of our own, which scripts compare. */
const ENUMERATIONS: ReadonlySet<string> = new Set([
  "code",
  "kind",
  "origin",
  "protocol",
  "scope",
  "state",
  "status",
  "subtype",
  "type",
]);

/**
 * Replaces every known secret, however it is written, and what sits where credentials sit
 * (`spec/trust-and-secrets.md`, "Secrets in motion").
 */
export function createRedactor(): Redactor {
  const { add, hide } = createHider();
  const suspects = createHider();
  const redact = (text: string): string => hideCredentialWords(suspects.hide(hide(text)));
  return {
    add,
    suspect: suspects.add,
    redact,
    redactJson: (value) => mapTexts(value, redact),
    hideSecrets: hide,
    hideSecretsInJson: (value) => mapTexts(value, hide),
  };
}

/** The same value with every text in it, save keys and enumerations, replaced. */
function mapTexts(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === "string") {
    return replace(value);
  }
  if (Array.isArray(value)) {
    return value.map((item) => mapTexts(item, replace));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      key,
      ENUMERATIONS.has(key) && typeof child === "string" ? child : mapTexts(child, replace),
    ]),
  );
}
