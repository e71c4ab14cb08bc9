import { shellWord } from "../lib/shell.ts";
import type { FolderRule } from "../trust/trusted-folders.ts";
import { type Check, check, type Failure, failed } from "./check.ts";

export type TrustFacts =
  | { readonly kind: "broken"; readonly failure: Failure }
  | {
      readonly kind: "known";
      readonly folder: string;
      readonly isTrusted: boolean;
      /** Whether a key needs the trust to be sent. */
      readonly isRequired: boolean;
      /** The flag or variable that trusts every folder. */
      readonly trustAll: string | undefined;
      readonly rule: FolderRule | undefined;
      /** The rule that trusts the home directory, if there is one. */
      readonly trustedHome: FolderRule | undefined;
    };

export function checkTrust(facts: TrustFacts): Check {
  if (facts.kind === "broken") {
    return failed("trust", facts.failure);
  }
  const { folder, isTrusted, isRequired, trustedHome } = facts;
  if (trustedHome !== undefined) {
    return check("trust", {
      status: "warning",
      summary: `${describeRule(trustedHome)} trusts your home directory, with all below it`,
      remedy: `run \`qwen trust --revoke ${shellWord(trustedHome.folder)}\``,
    });
  }
  if (isTrusted) {
    return check("trust", {
      status: "ok",
      summary: `\`${folder}\` is trusted, by ${trusterOf(facts)}`,
    });
  }
  return isRequired
    ? check("trust", {
        status: "warning",
        summary: `\`${folder}\` is not trusted, so that its files cannot use your key`,
        remedy: `run \`qwen trust ${shellWord(folder)}\` if you trust it`,
      })
    : check("trust", {
        status: "ok",
        summary: `\`${folder}\` is not trusted, and nothing here needs it`,
      });
}

function trusterOf({ trustAll, rule }: Extract<TrustFacts, { kind: "known" }>): string {
  return trustAll === undefined && rule !== undefined ? describeRule(rule) : `\`${trustAll}\``;
}

function describeRule({ folder, rule }: FolderRule): string {
  return `the rule ${rule} of \`${folder}\``;
}
