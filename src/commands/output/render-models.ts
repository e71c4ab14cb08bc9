import type { ModelRow } from "../../auth/describe-models.ts";
import { formatTokens } from "../../lib/format-tokens.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { shownName } from "../../models/entries/match-entries.ts";
import { PROTOCOLS } from "../../models/protocol.ts";
import type { Style } from "../../terminal/style.ts";

export function renderModels(models: readonly ModelRow[], style: Style): string {
  const width = Math.max(...models.map(({ id }) => Bun.stringWidth(visibleText(id))));
  const groups = PROTOCOLS.map((protocol) => ({
    protocol,
    rows: models.filter((model) => model.protocol === protocol),
  })).filter(({ rows }) => rows.length > 0);
  return groups
    .map(({ protocol, rows }) =>
      [style.bold(protocol), ...rows.map((row) => renderRow(row, width, style))]
        .map((line) => `${line}\n`)
        .join(""),
    )
    .join("\n");
}

function renderRow(model: ModelRow, width: number, style: Style): string {
  const id = visibleText(model.id);
  const padding = " ".repeat(width - Bun.stringWidth(id));
  const name = shownName(model);
  const details = [
    name === undefined ? undefined : visibleText(name),
    visibleText(model.baseUrl),
    model.contextWindow === undefined ? undefined : formatTokens(model.contextWindow),
    model.keyPresent ? undefined : style.yellow("no key"),
  ].filter((part) => part !== undefined);
  return `${model.active ? style.green("*") : " "} ${id}${padding}  ${details.join("  ")}`;
}
