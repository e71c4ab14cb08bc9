import { chmodSync, closeSync, rmSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { throwIfNested } from "../../auth/inside-run.ts";
import { assertFree, removeOwn } from "../../broker/env-file.ts";
import { freeSocket } from "../../broker/free-socket.ts";
import { isOpenToOthers, parseListener, urlOf } from "../../broker/listener.ts";
import { PREFIXES } from "../../broker/mount.ts";
import type { Listener } from "../../broker/serve-broker.ts";
import { TOKEN_VARIABLE } from "../../broker/tools/recipe.ts";
import { GENERIC } from "../../broker/tools/recipes.ts";
import { makeRunDirectory, type RunDirectory } from "../../broker/tools/run-directory.ts";
import {
  type BrokerOptions,
  type BrokerPlan,
  planBroker,
  prepareBroker,
} from "../../connect/open-broker.ts";
import { EXIT, type ExitCode, QwenError, UsageError } from "../../errors.ts";
import { toBrokerValues } from "../../flags/broker-flags.ts";
import { toConnectionFlags } from "../../flags/connection-flags.ts";
import { type FlagValues, namesOf, textOf } from "../../flags/flag.ts";
import { updatePrivateFile } from "../../lib/files/private-file.ts";
import { describeSystemError } from "../../lib/system-error.ts";
import { visibleText } from "../../lib/visible-text.ts";
import type { Runtime } from "../../runtime.ts";
import { qwenHome } from "../../settings/paths.ts";
import { toolFacts } from "../broker/tool-facts.ts";
import type { Command } from "../command.ts";

export type ServeOptions = BrokerOptions & {
  readonly listen: string | undefined;
  readonly envFile: string | undefined;
  readonly readyFd: number | undefined;
  readonly json: boolean;
};

export const serveCommand: Command<ServeOptions> = {
  details: [
    "The broker of `qwen auth run` by itself. Its token and address are written to a",
    "file of variables that only you can read, and end with the command. Only this",
    "machine can connect, unless --listen says otherwise.",
  ],
  examples: [
    "qwen auth serve --env-file run.env",
    "qwen auth serve --listen unix:run/broker.sock --env-file run/env",
    "qwen auth serve --listen 172.17.0.1:8765 --allow-host host.docker.internal",
  ],
  toOptions: (values, globals) => ({
    ...globals,
    ...toBrokerValues(values),
    connection: toConnectionFlags(values),
    allowHosts: toHosts(namesOf(values, "allow-host")),
    listen: textOf(values, "listen"),
    envFile: textOf(values, "env-file") || undefined,
    readyFd: toDescriptor(textOf(values, "ready-fd")),
    json: values.json === true,
  }),
  run: runServe,
};

function toHosts(names: readonly string[] = []): readonly string[] {
  const wrong = names.find((name) => !/^(?:[\w.-]+|\[[0-9a-f:.]+\])$/i.test(name));
  if (wrong !== undefined) {
    throw new UsageError("Cannot use `--allow-host`: it is no name of a host", {
      code: "invalid-value",
      hint: "write the name alone, such as `--allow-host host.docker.internal`",
    });
  }
  return names;
}

function toDescriptor(text: FlagValues[string]): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  if (typeof text !== "string" || !/^\d{1,6}$/.test(text) || Number(text) < 2) {
    throw new UsageError("Cannot use `--ready-fd`: it is no number of a descriptor from 2 on", {
      code: "invalid-value",
      hint: "write `--ready-fd 3`",
    });
  }
  return Number(text);
}

/** How long requests in flight may take when it is to end. */
const LAST_REQUESTS_MS = 2000;

/**
 * Lends the key until a signal comes (`spec/broker.md`).
 * @throws UsageError, ConfigError, AuthError or QwenError before it listens
 */
export async function runServe(runtime: Runtime, options: ServeOptions): Promise<ExitCode> {
  const { env, cwd, home, stderr } = runtime;
  throwIfNested(env);
  const listener = parseListener(options.listen, (path) => resolve(cwd, path));
  if (options.envFile !== undefined) {
    await assertFree(resolve(cwd, options.envFile));
  }
  const plan = await planBroker(runtime, options, "serve the key");
  for (const notice of options.quiet ? [] : plan.notices) {
    await stderr.write(`${visibleText(notice)}\n`);
  }
  const prepared = await prepareBroker(runtime, options, plan);
  const { plan: opened } = prepared;
  if (listener.kind === "unix") {
    await freeSocket(listener.path);
  }
  const stopped = runtime.processes.untilStopped();
  const listening = prepared.listen(listener);
  if (listener.kind === "unix") {
    chmodSync(listener.path, 0o600);
  }
  const { envFile, directory } = placeForVariables(runtime, options);
  try {
    const url = urlOf(listener, listening.port);
    const facts = toolFacts({ plan: opened, home, url, token: prepared.token, directory: "" });
    const text = envText({
      ...GENERIC.variables(facts),
      [TOKEN_VARIABLE]: prepared.token,
      QWEN_RUN: "1",
      QWEN_RUN_URL: url,
      ...socketVariables(listener),
    });
    await updatePrivateFile(runtime, {
      path: envFile,
      confinedTo: dirname(envFile),
      read: () => "",
      rewrite: () => text,
    });
    await runtime.processes.makePrivate();
    await tellReady(runtime, options, { plan: opened, listener, url, envFile });
    await stopped;
  } finally {
    await listening.stop(LAST_REQUESTS_MS);
    removeOwn(envFile, prepared.token);
    directory?.remove();
    if (listener.kind === "unix") {
      rmSync(listener.path, { force: true });
    }
  }
  for (const line of options.quiet ? [] : listening.report(undefined)) {
    await stderr.write(`${visibleText(line)}\n`);
  }
  return EXIT.ok;
}

type VariablesPlace = { readonly envFile: string; readonly directory?: RunDirectory };

/** The file of variables: where it was said, or in a directory that is there as long as we are. */
function placeForVariables(runtime: Runtime, { envFile }: ServeOptions): VariablesPlace {
  const { env, cwd } = runtime;
  if (envFile !== undefined) {
    return { envFile: resolve(cwd, envFile) };
  }
  const directory = makeRunDirectory({ env, qwenHome: qwenHome(runtime) });
  return { envFile: join(directory.path, "serve.env"), directory };
}

/** `NAME=value`, as `docker run --env-file` and `set -a` read it. */
function envText(variables: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(variables)
    .map(([name, value]) => (value === undefined ? "" : `${name}=${value}\n`))
    .join("");
}

/** claude is the one tool that knows sockets. */
function socketVariables(listener: Listener): Readonly<Record<string, string>> {
  return listener.kind === "unix"
    ? { ANTHROPIC_UNIX_SOCKET: listener.path, QWEN_RUN_SOCKET: listener.path }
    : {};
}

type Ready = {
  readonly plan: BrokerPlan;
  readonly listener: Listener;
  readonly url: string;
  readonly envFile: string;
};

async function tellReady(
  { stdout, stderr }: Runtime,
  { json, quiet, readyFd }: ServeOptions,
  { plan, listener, url, envFile }: Ready,
): Promise<void> {
  const { model } = plan.configured;
  if (isOpenToOthers(listener)) {
    await stderr.write(
      "warning: other machines may reach this address; the token is all they need\n",
    );
  }
  if (json) {
    await stdout.writeJson({
      schemaVersion: 1,
      url,
      ...(listener.kind === "unix" ? { socket: listener.path } : {}),
      envFile,
      model: model.value,
      mounts: plan.mounts.map(({ name, upstream }) => ({
        path: PREFIXES[name],
        upstream: upstream.baseUrl,
      })),
    });
  } else if (!quiet) {
    const where = listener.kind === "unix" ? listener.path : url;
    await stderr.write(visibleText(`serving ${model.value} on ${where}; variables in ${envFile}`));
    await stderr.write("\n");
  }
  if (readyFd !== undefined) {
    tellDescriptor(readyFd);
  }
}

function tellDescriptor(descriptor: number): void {
  try {
    writeSync(descriptor, "ready\n");
    if (descriptor > 2) {
      closeSync(descriptor);
    }
  } catch (error) {
    throw new QwenError(`Cannot write to descriptor ${descriptor}: ${describeSystemError(error)}`, {
      code: "write-failed",
      hint: "open the descriptor of `--ready-fd` before",
      cause: error,
    });
  }
}
