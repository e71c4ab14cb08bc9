import { describeProblem } from "../../auth/connection-problem.ts";
import {
  describeOauth,
  describeProviders,
  type ListedProvider,
} from "../../auth/describe-providers.ts";
import { withStoredLogin } from "../../auth/oauth/stored-login.ts";
import { CATALOGUE } from "../../auth/providers/catalogue.ts";
import { type Connection, loadConnection } from "../../connect/load-connection.ts";
import { tellWarnings } from "../../connect/tell-warnings.ts";
import { verifyProviders } from "../../connect/verify-providers.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import { prepareRequest } from "../../models/prepare-request.ts";
import type { Complete } from "../../models/resolution.ts";
import { resolveConnection } from "../../models/resolve-connection.ts";
import type { Runtime } from "../../runtime.ts";
import { chooseStyle } from "../../terminal/style.ts";
import type { Command } from "../command.ts";
import { type ProviderRow, renderProvider } from "../output/render-providers.ts";
import { screenOf } from "../output/screen-of.ts";
import { connectionWarnings, warnOfProblem } from "../output/warn-of-problem.ts";

export type ListOptions = GlobalOptions & { readonly json: boolean; readonly verify: boolean };

export const listCommand: Command<ListOptions> = {
  details: [
    "Lists configured providers and stored credentials, the one in force marked",
    "with *. Connects to nothing without --verify, which asks all services at once.",
    "Exit status: 4 when a key is rejected, 5 when a service could not be asked.",
  ],
  examples: ["qwen auth list --verify", "qwen auth list --json | jq -r '.providers[].id'"],
  toOptions: (values, globals) => ({
    ...globals,
    json: values.json === true,
    verify: values.verify === true,
  }),
  run: runList,
};

/** Lists the providers; exit 0 also when there is none. */
export async function runList(runtime: Runtime, options: ListOptions): Promise<ExitCode> {
  const connection = await loadConnection(runtime, options);
  const { configuration, resolution } = connection;
  const listed = [
    ...describeProviders(configuration, resolution),
    ...(await otherTokens(runtime, options, connection)),
  ];
  const providers: readonly ProviderRow[] = options.verify
    ? await verifyProviders(runtime, options, { connection, listed })
    : listed;
  const warnings = connectionWarnings(connection);
  if (options.json) {
    const document = { schemaVersion: 1, providers, ...describeProblem(resolution), warnings };
    await runtime.stdout.writeJson(document);
    return exitCodeOf(providers);
  }
  await tellWarnings(runtime, options, warnings);
  if (providers.length === 0) {
    await runtime.stderr.write("No provider is configured; run `qwen auth`\n");
    return EXIT.ok;
  }
  const style = await chooseStyle(runtime, runtime.stdout, options.color);
  const screen = await screenOf(runtime, runtime.stdout);
  const rendered = providers.map((it) => renderProvider(it, { style, screen }));
  await runtime.stdout.write(rendered.join("\n"));
  return exitCodeOf(providers);
}

/** Tokens of Qwen OAuth that are stored though something else is in force. */
async function otherTokens(
  runtime: Runtime,
  options: ListOptions,
  { configuration, resolution }: Connection,
): Promise<readonly ListedProvider[]> {
  if (resolution.isQwenOauth) {
    return [];
  }
  const flags = { authType: "qwen-oauth" };
  const selected = resolveConnection(configuration, flags, CATALOGUE);
  const prepare = (complete: Complete) => prepareRequest(configuration, complete, CATALOGUE);
  const stored = withStoredLogin(runtime, selected, { flags, prepare });
  if (selected.problem === undefined && !options.json) {
    await warnOfProblem(runtime, options, stored);
  }
  return stored.oauth === undefined ? [] : [{ ...describeOauth(stored), active: false }];
}

function exitCodeOf(rows: readonly ProviderRow[]): ExitCode {
  const states = rows.flatMap(({ verified, accounts = [] }) => [
    verified?.state,
    ...accounts.map((account) => account.verified?.state),
  ]);
  if (states.includes("rejected")) {
    return EXIT.auth;
  }
  return states.includes("unreachable") ? EXIT.unreachable : EXIT.ok;
}
