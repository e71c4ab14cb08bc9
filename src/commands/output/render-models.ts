import type { ModelRow } from "../../auth/describe-models.ts";
import { formatTokens } from "../../lib/format-tokens.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { shownName } from "../../models/entries/match-entries.ts";
import { PROTOCOLS } from "../../models/protocol.ts";
import type { Style } from "../../terminal/style.ts";

/** `qwen models` for scripts: by protocol, and all of a model on its line. */
export function renderModels(models: readonly ModelRow[], style: Style): string {
  const width = widthOf(models);
  return PROTOCOLS.map((protocol) => models.filter((model) => model.protocol === protocol))
    .filter((rows) => rows.length > 0)
    .map((rows) =>
      toText([
        style.bold(rows[0]?.protocol ?? ""),
        ...rows.map((row) => {
          const name = shownName(row);
          const parts = [...(name === undefined ? [] : [name]), row.baseUrl];
          return renderRow(row, parts, { width, style });
        }),
      ]),
    )
    .join("\n");
}

/** The same for a person: by endpoint, and what its models share is said once. */
export function renderEndpoints(models: readonly ModelRow[], style: Style): string {
  const width = widthOf(models);
  const groups = Map.groupBy(models, ({ protocol, baseUrl }) => `${protocol} ${baseUrl}`);
  return [...groups.values()]
    .map((rows) => {
      const names = new Set(rows.map(shownName));
      const [shared] = rows.length > 1 && names.size === 1 ? names : [];
      const { baseUrl = "", protocol = "" } = rows[0] ?? {};
      return toText([
        `${style.bold(visibleText(baseUrl || "no endpoint"))}  ${style.dim(protocol)}`,
        ...(shared === undefined ? [] : [style.dim(visibleText(shared))]),
        ...rows.map((row) => {
          const name = shownName(row);
          const parts = name === undefined || name === shared ? [] : [name];
          return renderRow(row, parts, { width, style });
        }),
      ]);
    })
    .join("\n");
}

function toText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

function widthOf(models: readonly ModelRow[]): number {
  return Math.max(...models.map(({ id }) => Bun.stringWidth(visibleText(id))));
}

function renderRow(
  { id, active, contextWindow, keyPresent, delisted }: ModelRow,
  parts: readonly string[],
  { width, style }: { readonly width: number; readonly style: Style },
): string {
  const shown = visibleText(id);
  const details = [
    ...parts.map(visibleText),
    ...(contextWindow === undefined ? [] : [formatTokens(contextWindow)]),
    ...(keyPresent ? [] : [style.yellow("no key")]),
    ...(delisted === true ? [style.yellow("no longer listed")] : []),
  ];
  const padding = " ".repeat(width - Bun.stringWidth(shown));
  const row = `${active ? style.green("*") : " "} ${shown}${padding}  ${details.join("  ")}`;
  return details.length === 0 ? row.trimEnd() : row;
}
