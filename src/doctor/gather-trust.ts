import { realDirectory } from "../lib/files/inspect-file.ts";
import type { Runtime } from "../runtime.ts";
import { ownRule, qwenHome } from "../settings/paths.ts";
import { folderTrust } from "../trust/folder-trust.ts";
import { decidingRule, loadTrust } from "../trust/trusted-folders.ts";
import type { TrustFacts } from "./check-trust.ts";
import { toFailure } from "./gather-files.ts";

type TrustQuestion = {
  /** `--trust` */
  readonly trust: boolean;
  /** The folder whose trust counts, and whether it does. */
  readonly folder: string;
  readonly isRequired: boolean;
};

export async function gatherTrust(
  machine: Pick<Runtime, "env" | "cwd" | "home" | "uid">,
  { trust, folder, isRequired }: TrustQuestion,
): Promise<TrustFacts> {
  const { env, home } = machine;
  try {
    const { rules } = await loadTrust(qwenHome(machine), ownRule(machine));
    const isTrusted = folderTrust({ trustAll: trust, env, rules })(folder);
    const rule = decidingRule(rules, realDirectory(folder));
    const ofHome = decidingRule(rules, realDirectory(home));
    const trustAll = trust
      ? "--trust"
      : env.QWEN_TRUST_WORKSPACE === "true"
        ? "QWEN_TRUST_WORKSPACE"
        : undefined;
    const trustedHome = ofHome?.rule === "DO_NOT_TRUST" ? undefined : ofHome;
    return { kind: "known", folder, isTrusted, isRequired, trustAll, rule, trustedHome };
  } catch (error) {
    return { kind: "broken", failure: toFailure(error) };
  }
}
