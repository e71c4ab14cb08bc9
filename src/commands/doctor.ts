import { describeAuth } from "../auth/describe-auth.ts";
import { failureRowsAt } from "../auth/providers/failure-rows.ts";
import { type Connection, loadConnection } from "../connect/load-connection.ts";
import { openHttp } from "../connect/open-http.ts";
import type { Check, Failure } from "../doctor/check.ts";
import { checkBroker } from "../doctor/check-broker.ts";
import {
  checkConnection,
  checkVariables,
  checkWarnings,
  skipConnection,
} from "../doctor/check-connection.ts";
import {
  checkDotenv,
  checkHome,
  checkSettings,
  checkTracked,
  checkWorkTree,
  saidOfSettings,
} from "../doctor/check-files.ts";
import { checkLeftovers } from "../doctor/check-leftovers.ts";
import { checkBuild, checkClock, checkTerminal } from "../doctor/check-machine.ts";
import { checkNetwork, skipNetwork } from "../doctor/check-network.ts";
import { checkCertificates, checkProxy } from "../doctor/check-proxy.ts";
import { checkTrust } from "../doctor/check-trust.ts";
import { gatherBroker } from "../doctor/gather-broker.ts";
import {
  gatherDotenv,
  gatherHome,
  gatherKeyFiles,
  gatherSettings,
  gatherWorkTree,
  toFailure,
} from "../doctor/gather-files.ts";
import { gatherCertificates, gatherProxy } from "../doctor/gather-proxy.ts";
import { gatherTrust } from "../doctor/gather-trust.ts";
import { hideHome } from "../doctor/hide-home.ts";
import { ConfigError, EXIT, type ExitCode } from "../errors.ts";
import { toConnectionFlags } from "../flags/connection-flags.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import { throwIfOffline } from "../flags/verify-flags.ts";
import { shownUrl } from "../lib/endpoint-url.ts";
import { findTemporaryFiles } from "../lib/files/find-temporary-files.ts";
import { realDirectory } from "../lib/files/inspect-file.ts";
import { shellHints } from "../lib/shell-hints.ts";
import type { Configuration } from "../models/configuration.ts";
import type { ConnectionFlags } from "../models/connection-flags.ts";
import type { Resolution } from "../models/resolution.ts";
import { canPrompt } from "../prompts/can-prompt.ts";
import { probeEndpoint } from "../protocols/probe-endpoint.ts";
import type { Runtime } from "../runtime.ts";
import { qwenHome } from "../settings/paths.ts";
import { withProgress } from "../terminal/progress.ts";
import { chooseStyle, PLAIN } from "../terminal/style.ts";
import type { Command } from "./command.ts";
import { renderChecks, renderFindings, renderGroups } from "./output/render-checks.ts";

export type DoctorOptions = GlobalOptions & {
  readonly json: boolean;
  readonly network: boolean;
  readonly all: boolean;
  readonly connection: ConnectionFlags;
};

export const doctorCommand: Command<DoctorOptions> = {
  details: [
    "Looks at settings, .env, keys, trust, proxy and terminal, and says what to do.",
    "Changes nothing; connects to nothing without --network, and sends no key then.",
    "What it prints holds no key and not the path of your home: it can be shared.",
    "A terminal shows what failed, with --all every check; a pipe gets them all.",
    "Exit status: 1 when a check failed, else 0.",
  ],
  examples: [
    "qwen doctor",
    "qwen doctor --network",
    `qwen doctor --json | jq '.checks[] | select(.status == "failed")'`,
  ],
  toOptions: (values, globals) => ({
    ...globals,
    json: values.json === true,
    network: values.network === true,
    all: values.all === true,
    connection: toConnectionFlags(values),
  }),
  run: runDoctor,
};

/**
 * Makes every check and prints what each found, first what failed; exit 1 when one failed.
 * @throws UsageError when flags contradict each other or the network must not be used
 */
export async function runDoctor(runtime: Runtime, options: DoctorOptions): Promise<ExitCode> {
  if (options.network) {
    throwIfOffline(runtime, options, "--network");
  }
  const known = await attemptConnection(runtime, options);
  const found = [
    checkBuild({ ...runtime, bun: Bun.version }),
    checkHome(gatherHome(runtime), runtime.uid),
    checkWorkTree(await gatherWorkTree(runtime)),
    ...(await examineConfiguration(runtime, options, known)),
    ...examineWay(runtime, options, known),
    checkBroker(await gatherBroker(runtime.env, { isTried: options.network })),
    checkClock(runtime.now()),
    await examineTerminal(runtime, options),
    checkLeftovers(findTemporaryFiles(qwenHome(runtime)), runtime.now()),
    ...(await examineNetwork(runtime, options, known)),
  ];
  const checks = hideHome(found, [runtime.home, realDirectory(runtime.home)]).map((check) => ({
    ...check,
    ...(check.remedy === undefined ? {} : { remedy: shellHints(check.remedy, runtime.platform) }),
  }));
  const ok = checks.every(({ status }) => status !== "failed");
  if (options.json) {
    await runtime.stdout.writeJson({ schemaVersion: 1, ok, checks });
  } else {
    await writeChecks(runtime, options, checks);
  }
  return ok ? EXIT.ok : EXIT.failed;
}

async function writeChecks(
  runtime: Runtime,
  { color, all, network }: DoctorOptions,
  checks: readonly Check[],
): Promise<void> {
  const style = await chooseStyle(runtime, runtime.stdout, color);
  if (!(await runtime.stdout.isTerminal())) {
    await runtime.stdout.write(renderChecks(checks, style));
  } else if (all) {
    await runtime.stdout.write(renderGroups(checks, style));
  } else {
    const isShown = ({ id }: Check): boolean => network && id.startsWith("network");
    await runtime.stdout.write(renderFindings(checks, { style, isShown }));
  }
}

/** What is in force, or why that cannot be told. */
type AttemptedConnection =
  | { readonly connection: Connection }
  | { readonly connection: undefined; readonly failure: Failure };

async function attemptConnection(
  runtime: Runtime,
  options: DoctorOptions,
): Promise<AttemptedConnection> {
  try {
    return { connection: await loadConnection(runtime, options, options.connection) };
  } catch (error) {
    if (error instanceof ConfigError) {
      return { connection: undefined, failure: toFailure(error) };
    }
    throw error;
  }
}

/** Settings, `.env`, trust, and what follows from them. */
async function examineConfiguration(
  runtime: Runtime,
  options: DoctorOptions,
  known: AttemptedConnection,
): Promise<readonly Check[]> {
  const { cwd, uid } = runtime;
  const { connection } = known;
  const status = connection && describeAuth(connection.configuration, connection.resolution);
  const settings = await gatherSettings(runtime, options);
  const dotenv = await gatherDotenv(runtime, connection?.configuration.dotenv, options);
  const trust = await gatherTrust(runtime, {
    trust: options.trust,
    folder: status?.trust.folder ?? cwd,
    isRequired: status?.trust.required ?? false,
  });
  const files = [
    ...settings.map((facts) => checkSettings(facts, uid)),
    checkDotenv(dotenv),
    checkTracked(await gatherKeyFiles(runtime, dotenv)),
    checkTrust(trust),
  ];
  if (known.connection === undefined) {
    const { failure } = known;
    const isSaid = files.some(({ summary }) => summary === failure.message);
    return [...files, ...skipConnection(isSaid ? undefined : failure)];
  }
  const { configuration, resolution } = known.connection;
  const said = [...settings.flatMap(saidOfSettings), ...configuration.dotenv.warnings];
  return [
    ...files,
    checkVariables([...configuration.failures.values()].map(toFailure)),
    ...checkConnection(resolution),
    checkWarnings(status?.warnings ?? [], said),
  ];
}

/** What the shell alone says, where settings and `.env` cannot be used. */
const NO_FILES: Pick<Configuration, "layers" | "dotenv"> = {
  layers: [],
  dotenv: { variables: new Map(), denied: [], shadowed: [], warnings: [] },
};

function filesOf(known: AttemptedConnection): typeof NO_FILES {
  return known.connection?.configuration ?? NO_FILES;
}

function examineWay(
  runtime: Runtime,
  options: DoctorOptions,
  known: AttemptedConnection,
): readonly Check[] {
  const { proxy, caCert } = options;
  const baseUrl = known.connection?.resolution.endpoint?.value;
  return [
    checkProxy(gatherProxy(runtime, filesOf(known), { proxy, baseUrl })),
    checkCertificates(gatherCertificates(runtime, filesOf(known), { caCert })),
  ];
}

async function examineTerminal(runtime: Runtime, options: DoctorOptions): Promise<Check> {
  const streams = ["stdin", "stdout", "stderr"] as const;
  const terminals = await Promise.all(
    streams.map(async (name) => ((await runtime[name].isTerminal()) ? [name] : [])),
  );
  const style = await chooseStyle(runtime, runtime.stdout, options.color);
  return checkTerminal({
    term: runtime.env.TERM,
    terminals: terminals.flat(),
    hasColor: style !== PLAIN,
    canPrompt: await canPrompt(runtime, options),
    columns: runtime.terminal.size().columns,
  });
}

/** Milliseconds for all steps together. */
const NETWORK_TIMEOUT_MS = 10_000;

async function examineNetwork(
  runtime: Runtime,
  options: DoctorOptions,
  known: AttemptedConnection,
): Promise<readonly Check[]> {
  if (!options.network) {
    return [skipNetwork("not tried; add `--network`")];
  }
  const { endpoint, protocol }: Partial<Resolution> = known.connection?.resolution ?? {};
  if (endpoint === undefined || protocol === undefined || !URL.canParse(endpoint.value)) {
    return [skipNetwork("there is no endpoint to reach")];
  }
  const target = {
    protocol: protocol.value,
    baseUrl: endpoint.value,
    failureRows: failureRowsAt(endpoint.value),
  };
  try {
    const http = await openHttp(runtime, filesOf(known), { ...options, quiet: true });
    const { quiet } = options;
    const probe = await withProgress(runtime.stderr, { text: "Trying the network", quiet }, () =>
      probeEndpoint(http, target, { timeoutMs: NETWORK_TIMEOUT_MS }),
    );
    return checkNetwork(probe, { baseUrl: shownUrl(endpoint.value), now: runtime.now() });
  } catch (error) {
    // The checks of proxy and certificates have failed for the same reason.
    return [skipNetwork(`not tried: ${toFailure(error).message}`)];
  }
}
