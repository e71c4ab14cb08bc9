import { connectionProblem } from "../../auth/connection-problem.ts";
import { type AuthStatus, describeAuth } from "../../auth/describe-auth.ts";
import { throwIfInsideRun } from "../../auth/inside-run.ts";
import { UNCHECKED, type Verification } from "../../auth/verify/verification.ts";
import { type Connection, loadConnection } from "../../connect/load-connection.ts";
import { AuthError, EXIT, type ExitCode } from "../../errors.ts";
import { toConnectionFlags } from "../../flags/connection-flags.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import { visibleText } from "../../lib/visible-text.ts";
import type { ConnectionFlags } from "../../models/connection-flags.ts";
import { namesNetwork } from "../../models/names-network.ts";
import type { Resolution } from "../../models/resolution.ts";
import type { Reveal, Runtime } from "../../runtime.ts";
import { chooseStyle } from "../../terminal/style.ts";
import type { Command } from "../command.ts";
import { renderStatus } from "../output/render-status.ts";
import { screenOf } from "../output/screen-of.ts";

export type StatusOptions = GlobalOptions & {
  readonly json: boolean;
  readonly showToken: boolean;
  readonly verify: boolean;
  readonly connection: ConnectionFlags;
  readonly isInSession?: boolean;
};

export const statusCommand: Command<StatusOptions> = {
  details: [
    "Reads settings and .env; writes nothing, connects to nothing without --verify.",
    "Exit status: 0 configured, 4 nothing, incomplete or rejected, 3 a file cannot be",
    "used, 5 the service could not be asked.",
  ],
  examples: [
    "qwen auth status",
    "qwen auth status --json | jq .baseUrl.source",
    "qwen auth status --verify",
  ],
  toOptions: (values, globals) => ({
    ...globals,
    json: values.json === true,
    verify: values.verify === true,
    showToken: values["show-token"] === true,
    connection: toConnectionFlags(values),
  }),
  run: runStatus,
};

/** Prints the status of what is in force. */
export async function runStatus(runtime: Runtime, options: StatusOptions): Promise<ExitCode> {
  if (options.showToken) {
    throwIfInsideRun(runtime.env, "show the key");
  }
  return printStatus(runtime, options, await loadConnection(runtime, options, options.connection));
}

/**
 * Prints the status of a connection. Exit 0 configured, 4 otherwise; throws what makes the
 * configuration unusable.
 */
export async function printStatus(
  runtime: Runtime,
  options: StatusOptions,
  connection: Connection,
): Promise<ExitCode> {
  if (connection.resolution.problem?.exitCode === EXIT.config) {
    throw connectionProblem(connection.resolution, "show the status");
  }
  // Who asks the service finds out there.
  if (connection.resolution.state === "configured" && !options.verify) {
    await throwIfNoWayOut(runtime, options, connection);
  }
  const fetched = {
    ...connection,
    resolution: await fetchKey(runtime, options, connection.resolution),
  };
  const verification = options.verify
    ? await verifyResolution(runtime, options, fetched)
    : UNCHECKED;
  // Asking may have refreshed the tokens of Qwen OAuth.
  const { configuration, resolution } =
    options.verify && connection.resolution.isQwenOauth
      ? await loadConnection(runtime, options, options.connection)
      : fetched;
  const status = describeAuth(configuration, resolution, verification);
  await writeStatus(runtime, options, { status, resolution });
  const isUnreachable = status.verified.state === "unreachable";
  return status.loggedIn ? (isUnreachable ? EXIT.unreachable : EXIT.ok) : EXIT.auth;
}

/** A proxy or certificates that cannot be used keep every question from being sent. */
async function throwIfNoWayOut(
  { env }: Runtime,
  options: StatusOptions,
  { configuration }: Connection,
): Promise<void> {
  const given = { ...options, env };
  if (namesNetwork(configuration, given)) {
    await (await import("../../models/resolve-network.ts")).checkNetwork(configuration, given);
  }
}

async function writeStatus(
  runtime: Runtime,
  options: StatusOptions,
  { status, resolution }: { readonly status: AuthStatus; readonly resolution: Resolution },
): Promise<void> {
  const key = options.showToken ? shownKey(resolution) : undefined;
  const shown = key === undefined ? status : withKey(status, PLACEHOLDER);
  if (options.json) {
    await runtime.stdout.writeJson(
      shown,
      key === undefined ? undefined : revealed(JSON.stringify(key).slice(1, -1)),
    );
  } else {
    const text = renderStatus(shown, resolution, {
      style: await chooseStyle(runtime, runtime.stdout, options.color),
      // A key that is shown is wider than what stands for it here.
      screen: key === undefined ? await screenOf(runtime, runtime.stdout) : undefined,
      platform: runtime.platform,
      isInSession: options.isInSession === true,
      now: runtime.now(),
    });
    await (key === undefined
      ? runtime.stdout.write(text)
      : runtime.stdout.writeSecret(text, revealed(visibleText(key))));
  }
}

/** Only what shows or sends a key fetches it; one that cannot be fetched is what is wrong. */
async function fetchKey(
  runtime: Runtime,
  { verify, showToken }: StatusOptions,
  resolution: Resolution,
): Promise<Resolution> {
  const isAsked = resolution.state === "configured" && (showToken || verify);
  if (resolution.key.kind !== "deferred" || !isAsked) {
    return resolution;
  }
  const { loadKey } = await import("../../connect/load-key.ts");
  try {
    return await loadKey(runtime, resolution);
  } catch (error) {
    if (error instanceof AuthError) {
      return { ...resolution, state: "incomplete", problem: error, unread: [] };
    }
    throw error;
  }
}

/** Loads what the network needs, which a status without it does not. */
async function verifyResolution(
  runtime: Runtime,
  options: StatusOptions,
  known: Connection,
): Promise<Verification> {
  const { verifyConnection } = await import("../../connect/verify-connection.ts");
  return verifyConnection(runtime, options, known);
}

/** A character of nobody's: it stands for the key until everything else is redacted. */
const PLACEHOLDER = "\ue000";

/** A key that the pairing rule withholds is shown no more than it is sent. */
function shownKey({ key, pairing }: Resolution): string | undefined {
  return key.kind === "present" && pairing.kind !== "withheld" ? key.value : undefined;
}

function revealed(secret: string): Reveal {
  return { placeholder: PLACEHOLDER, secret };
}

function withKey(status: AuthStatus, value: string): AuthStatus {
  return { ...status, key: { ...status.key, value } };
}
