import type { ListedAccount } from "../../auth/describe-accounts.ts";
import type { ListedProvider } from "../../auth/describe-providers.ts";
import type { VerifiedField } from "../../auth/verify/verification.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { describeSource } from "../../source.ts";
import type { Style } from "../../terminal/style.ts";
import { NOT_FETCHED, verifiedText } from "./render-status.ts";

export type Row = Omit<ListedProvider, "accounts"> & {
  readonly verified?: VerifiedField;
  readonly accounts?: readonly (ListedAccount & { readonly verified?: VerifiedField })[];
};

function accountRows({ accounts = [] }: Row): readonly (readonly [string, string])[] {
  return accounts.map(({ name, active, key, verified }, index) => [
    index === 0 ? "Accounts" : "",
    [
      `${active === true ? "*" : " "} ${name}`,
      key.masked ?? NOT_FETCHED,
      ...(verified === undefined ? [] : [verifiedText(verified)]),
    ].join("  "),
  ]);
}

function keyText({ key, envKey }: Row): string {
  if (key.unusable !== undefined && key.source !== undefined) {
    return `unusable: ${key.unusable}  from ${describeSource(key.source)}`;
  }
  if (key.source !== undefined) {
    return `${key.masked ?? NOT_FETCHED}  from ${describeSource(key.source)}`;
  }
  if (key.needed === false) {
    return "none needed";
  }
  return envKey === undefined ? "none" : `missing (${envKey})`;
}

export function renderProvider(provider: Row, style: Style): string {
  const { id, label, protocol, baseUrl, models, active, problem, verified } = provider;
  const rows: readonly (readonly [string, string])[] = [
    ["Base URL", `${baseUrl ?? "unknown"} (${protocol})`],
    ["Key", keyText(provider)],
    ...accountRows(provider),
    ...(problem === undefined ? [] : [["Problem", problem.reason] as const]),
    ["Models", models.length === 0 ? "none" : models.join(", ")],
    ...(verified === undefined ? [] : [["Verified", verifiedText(verified)] as const]),
  ];
  const head = `${active ? style.green("*") : " "} ${style.bold(visibleText(id))}  ${visibleText(label)}`;
  const lines = rows.map(
    ([name, text]) => `    ${style.dim(name.padEnd(8))}  ${visibleText(text)}`,
  );
  return `${[head, ...lines].join("\n")}\n`;
}
