import { PROVIDERS } from "../auth/providers/providers.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import type { FlagValues } from "../flags/flag.ts";
import type { Configuration } from "../models/configuration.ts";
import { qualifiedId } from "../models/entries/match-entries.ts";
import { loadConfiguration } from "../models/load-configuration.ts";
import { secretsOf } from "../models/secrets-of.ts";
import type { Runtime } from "../runtime.ts";
import { createRedactor } from "../secrets/redact.ts";
import { type Candidate, type ConfiguredOffer, FILES, offersFor } from "./offers-for.ts";
import type { Arguments } from "./parse-arguments.ts";

/**
 * `__complete COUNT -- WORD…`, which the scripts of `qwen completion` call: what may stand in place
 * of the word behind the first COUNT words after `qwen`, a line each, with a tab before its
 * description. Asks nothing, connects to nothing, and a failure has no candidates.
 */
export async function complete(
  runtime: Runtime,
  { words: [, count = ""], afterDashes }: Pick<Arguments, "words" | "afterDashes">,
): Promise<ExitCode> {
  const position = {
    before: afterDashes.slice(0, Number(count)),
    current: afterDashes[Number(count)] ?? "",
  };
  const candidates = await offersFor(position, (what, given) =>
    configuredNames(runtime, what, given),
  );
  const lines = candidates === FILES ? [FILES] : candidates.map(toLine);
  await runtime.stdout.writeExact(lines.map((line) => `${line}\n`).join(""));
  return EXIT.ok;
}

function toLine({ value, description }: Candidate): string {
  return description === undefined ? value : `${value}\t${description}`;
}

/** What needs no quotes in any shell; an id with anything else is left out. */
const PLAIN_ID = /^[\p{L}\p{N}][\p{L}\p{N}._:/@+-]*$/u;

/**
 * The ids that `--model` takes, `id@host` where several endpoints have one, and what accounts are
 * called. None, rather than an error, when a file cannot be used; none that is a key, or holds one.
 */
async function configuredNames(
  runtime: Runtime,
  what: ConfiguredOffer,
  given: FlagValues,
): Promise<readonly string[]> {
  try {
    const configuration = await loadConfiguration(runtime, {
      trust: false,
      noProject: given["no-project"] === true,
      names: [],
    });
    const redactor = createRedactor();
    secretsOf(configuration).forEach(redactor.add);
    const names = [
      ...(what === "accounts" ? [] : modelIds(configuration)),
      ...(what === "models" ? [] : accountNames(configuration, what)),
    ];
    return [...new Set(names)].filter((id) => PLAIN_ID.test(id) && redactor.redact(id) === id);
  } catch {
    return [];
  }
}

function modelIds({ models: { entries } }: Configuration): string[] {
  const isOnly = (id: string): boolean => entries.filter((entry) => entry.id === id).length === 1;
  return entries.map((entry) => (isOnly(entry.id) ? entry.id : qualifiedId(entry, entries)));
}

/** Names alone, or with their provider or variable before them. */
function accountNames({ accounts }: Configuration, what: ConfiguredOffer): string[] {
  return [...accounts].flatMap(([envKey, own]) => {
    const owner = PROVIDERS.find((provider) => provider.envKey === envKey)?.id ?? envKey;
    return [...own.keys()].map((name) => (what === "accounts" ? name : `${owner}@${name}`));
  });
}
