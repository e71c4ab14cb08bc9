import { EXIT, type ExitCode } from "../errors.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import { isDirectory } from "../lib/files/inspect-file.ts";
import { visibleText } from "../lib/visible-text.ts";
import type { Runtime } from "../runtime.ts";
import { ownRule, qwenHome } from "../settings/paths.ts";
import { chooseStyle, type Style } from "../terminal/style.ts";
import { type FolderRule, loadTrust } from "../trust/trusted-folders.ts";

type ListedRule = FolderRule & { readonly exists: boolean };

/** Prints every rule; exit 0 also when there is none. */
export async function listTrust(
  runtime: Runtime,
  { json, color }: GlobalOptions & { readonly json: boolean },
): Promise<ExitCode> {
  const loaded = await loadTrust(qwenHome(runtime), ownRule(runtime));
  const rules = Object.entries(loaded.rules).map(
    ([folder, rule]): ListedRule => ({ folder, rule, exists: isDirectory(folder) }),
  );
  const onStderr = await chooseStyle(runtime, runtime.stderr, color);
  for (const warning of loaded.warnings) {
    await runtime.stderr.write(`${onStderr.yellow("warning:")} ${visibleText(warning)}\n`);
  }
  if (json) {
    await runtime.stdout.writeJson({ schemaVersion: 1, rules });
  } else if (rules.length === 0) {
    await runtime.stderr.write("No folder has a rule; run `qwen trust` in one to trust it\n");
  } else {
    const style = await chooseStyle(runtime, runtime.stdout, color);
    await runtime.stdout.write(rules.map((rule) => renderRule(rule, style)).join(""));
  }
  return EXIT.ok;
}

function renderRule({ folder, rule, exists }: ListedRule, style: Style): string {
  const gone = exists ? "" : `  ${style.yellow("(does not exist)")}`;
  return `${rule.padEnd("TRUST_FOLDER".length)}  ${visibleText(folder)}${gone}\n`;
}
