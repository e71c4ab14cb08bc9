import type { Connection } from "../connect/load-connection.ts";
import { CancelledError, type QwenError } from "../errors.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import { realDirectory } from "../lib/files/inspect-file.ts";
import { shortenHome } from "../lib/shorten-home.ts";
import { visibleText } from "../lib/visible-text.ts";
import type { Runtime } from "../runtime.ts";
import { qwenHome } from "../settings/paths.ts";
import { applyRule } from "../trust/apply-trust.ts";
import { updateTrust } from "../trust/update-trust.ts";

/**
 * Asks once what to do about a key that is withheld from a project's endpoint, and keeps the answer
 * that trusts (`spec/trust-and-secrets.md`).
 * @returns what changes for the session
 * @throws CancelledError when the person leaves, `problem` when there is no folder to trust
 */
export async function askForTrust(
  runtime: Runtime,
  problem: QwenError,
  { resolution }: Connection,
): Promise<Partial<GlobalOptions>> {
  const folder = resolution.trustFolder;
  if (folder === undefined) {
    throw problem;
  }
  await runtime.stderr.write(`${visibleText(problem.message)}\n`);
  const answer = await runtime.prompter.select({
    message: "What do you want to do?",
    choices: [
      { value: "own", label: "Use my own settings", description: "as if the project had none" },
      {
        value: "trust",
        label: "Trust this folder",
        description: shortenHome(visibleText(folder), runtime.home),
      },
      { value: "leave", label: "Leave" },
    ],
  });
  switch (answer.kind === "value" ? answer.value : "leave") {
    case "trust":
      await updateTrust(runtime, {
        qwenHome: qwenHome(runtime),
        edits: (rules) => applyRule(rules, { folder: realDirectory(folder), rule: "TRUST_FOLDER" }),
      });
      return {};
    case "own":
      return { noProject: true };
    default:
      throw new CancelledError("Left; nothing was sent");
  }
}
