import type { ListedAccount } from "../../auth/describe-accounts.ts";
import type { ListedProvider } from "../../auth/describe-providers.ts";
import type { VerifiedField } from "../../auth/verify/verification.ts";
import { visibleText } from "../../lib/visible-text.ts";
import type { Style } from "../../terminal/style.ts";
import { layOutRows, type Row, type Screen } from "./lay-out-rows.ts";
import { NOT_FETCHED, verifiedText } from "./status-rows.ts";

/** A provider of the list, and what it answered where it was asked. */
export type ProviderRow = Omit<ListedProvider, "accounts"> & {
  readonly verified?: VerifiedField;
  readonly accounts?: readonly (ListedAccount & { readonly verified?: VerifiedField })[];
};

/** One provider of `qwen auth list`. */
export function renderProvider(
  provider: ProviderRow,
  { style, screen }: { readonly style: Style; readonly screen: Screen | undefined },
): string {
  const { id, label, protocol, baseUrl, anthropicBaseUrl, models, active, problem, verified } =
    provider;
  const rows: readonly Row[] = [
    { label: "Base URL", value: `${baseUrl ?? "unknown"} (${protocol})` },
    ...(anthropicBaseUrl === undefined
      ? []
      : [{ label: "", value: `${anthropicBaseUrl} (anthropic)` }]),
    keyRow(provider),
    ...accountRows(provider),
    ...(problem === undefined ? [] : [{ label: "Problem", value: problem.reason }]),
    { label: "Models", value: models.length === 0 ? "none" : models.join(", ") },
    ...(verified === undefined ? [] : [{ label: "Verified", value: verifiedText(verified) }]),
  ];
  const head = `${active ? style.green("*") : " "} ${style.bold(visibleText(id))}  ${visibleText(label)}`;
  const lines = layOutRows(rows, { style, screen, indent: 4, labelWidth: 8 });
  return `${[head, ...lines].join("\n")}\n`;
}

function accountRows({ accounts = [] }: ProviderRow): readonly Row[] {
  return accounts.map(({ name, active, key, verified }, index) => ({
    label: index === 0 ? "Accounts" : "",
    value: [
      `${active === true ? "*" : " "} ${name}`,
      key.masked ?? NOT_FETCHED,
      ...(verified === undefined ? [] : [verifiedText(verified)]),
    ].join("  "),
  }));
}

function keyRow({ key, envKey }: ProviderRow): Row {
  const label = "Key";
  if (key.unusable !== undefined && key.source !== undefined) {
    return { label, value: `unusable: ${key.unusable}`, source: key.source };
  }
  if (key.source !== undefined) {
    return { label, value: key.masked ?? NOT_FETCHED, source: key.source };
  }
  if (key.needed === false) {
    return { label, value: "none needed" };
  }
  return { label, value: envKey === undefined ? "none" : `missing (${envKey})` };
}
