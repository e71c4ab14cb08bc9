import { applyOauth } from "../../auth/oauth/apply-oauth.ts";
import { DISCONTINUED_ON } from "../../auth/oauth/discontinued.ts";
import { describeVerification, UNCHECKED } from "../../auth/verify/verification.ts";
import { loadConnection } from "../../connect/load-connection.ts";
import { EXIT, type ExitCode, QwenError } from "../../errors.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import { visibleText } from "../../lib/visible-text.ts";
import type { Resolution } from "../../models/resolution.ts";
import type { Runtime } from "../../runtime.ts";
import { userSettingsPath } from "../../settings/paths.ts";
import { updateSettings } from "../../settings/update-settings.ts";
import { describeSource } from "../../source.ts";
import { report } from "../output/report.ts";

type Outcome = {
  /** They were good, they were refreshed, or a person logged in. */
  readonly tokens: "stored" | "refreshed" | "new";
  /** What was made stricter, for one line on stderr. */
  readonly notes?: readonly string[];
};

type FinishOptions = GlobalOptions & { readonly json: boolean };

/** Selects Qwen OAuth, then says what is in force and what still wins over it. */
export async function finishOauth(
  runtime: Runtime,
  options: FinishOptions,
  { tokens, notes = [] }: Outcome,
): Promise<ExitCode> {
  const path = userSettingsPath(runtime);
  const updated = await updateSettings(runtime, { scope: "user", path, edits: applyOauth });
  const { resolution, problem } = await resolveAgain(runtime, options);
  const warnings = [
    ...notes,
    ...updated.notes,
    ...(resolution?.warnings ?? []),
    ...(problem === undefined ? [] : [problem]),
  ];
  await report(runtime, options, {
    document: describeOauth(resolution, { path, warnings }),
    warnings,
    lines: (style) => [
      `${style.green("✓")} ${SAID[tokens]}`,
      ...detailLines(resolution, path).map(visibleText),
    ],
  });
  return EXIT.ok;
}

const SAID: Readonly<Record<Outcome["tokens"], string>> = {
  stored: "Qwen OAuth is set up with the tokens that are stored",
  refreshed: "Qwen OAuth is set up; its token was refreshed",
  new: "Logged in with Qwen OAuth",
};

/** Reads everything again: a flag of the shell or a project may still choose something else. */
async function resolveAgain(
  runtime: Runtime,
  options: GlobalOptions,
): Promise<{ readonly resolution?: Resolution; readonly problem?: string }> {
  try {
    const { resolution } = await loadConnection(runtime, options);
    const unusable = resolution.problem;
    if (unusable !== undefined) {
      return { problem: `the settings cannot be used as they are: ${unusable.message}` };
    }
    if (!resolution.isQwenOauth) {
      const source = resolution.protocol?.source;
      const what = source === undefined ? "something else" : describeSource(source);
      return { problem: `${what} wins over Qwen OAuth; see \`qwen auth status\`` };
    }
    return { resolution };
  } catch (error) {
    if (error instanceof QwenError) {
      return { problem: `the settings cannot be used as they are: ${error.message}` };
    }
    throw error;
  }
}

function detailLines(resolution: Resolution | undefined, path: string): string[] {
  const { oauth, endpoint, model } = resolution ?? {};
  return [
    ...(endpoint === undefined ? [] : [`  Model: ${model?.value} at ${endpoint.value}`]),
    ...(oauth === undefined ? [] : [`  Tokens: ${oauth.path}`]),
    `  Settings: ${path}`,
    "  Check it: qwen auth status --verify",
  ];
}

function describeOauth(
  resolution: Resolution | undefined,
  { path, warnings }: { readonly path: string; readonly warnings: readonly string[] },
): object {
  const { oauth, endpoint, model, protocol } = resolution ?? {};
  return {
    schemaVersion: 1,
    provider: "qwen-oauth",
    method: "qwen-oauth",
    ...(protocol === undefined ? {} : { protocol: protocol.value }),
    ...(endpoint === undefined ? {} : { baseUrl: endpoint.value }),
    ...(model === undefined ? {} : { models: [model.value], model: model.value }),
    store: "oauth-file",
    path,
    ...(oauth === undefined ? {} : { tokensPath: oauth.path }),
    discontinuedOn: DISCONTINUED_ON,
    verified: describeVerification(UNCHECKED),
    warnings,
  };
}
