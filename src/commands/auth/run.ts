import { throwIfNested } from "../../auth/inside-run.ts";
import { providerOf } from "../../auth/providers/catalogue.ts";
import { PROVIDERS } from "../../auth/providers/providers.ts";
import { PREFIXES } from "../../broker/mount.ts";
import { type ChosenTool, chooseTool, throwIfUnfit } from "../../broker/tools/choose-tool.ts";
import {
  makeRunDirectory,
  NO_DIRECTORY,
  type RunDirectory,
} from "../../broker/tools/run-directory.ts";
import { type ToolEnvironment, toolEnvironment } from "../../broker/tools/tool-environment.ts";
import {
  type BrokerOptions,
  type BrokerPlan,
  type Listening,
  type PreparedBroker,
  planBroker,
  prepareBroker,
} from "../../connect/open-broker.ts";
import { EXIT, ToolError } from "../../errors.ts";
import { toConnectionFlags } from "../../flags/connection-flags.ts";
import { listOf } from "../../flags/flag.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { KEYLESS } from "../../models/protocol.ts";
import type { ToolEnd } from "../../processes.ts";
import type { Runtime } from "../../runtime.ts";
import { qwenHome } from "../../settings/paths.ts";
import { type RunValues, toRunValues } from "../broker/run-values.ts";
import { configuredEnvKeys, toolFacts } from "../broker/tool-facts.ts";
import type { Command } from "../command.ts";

export type RunOptions = BrokerOptions &
  RunValues & {
    /** The program and its arguments. */
    readonly tool: readonly string[];
  };

export const runCommand: Command<RunOptions> = {
  details: [
    "The tool gets a worthless token; what it sends goes on with the key. That stops",
    "leaks (dumps, logs, children, the tool's files), not theft: what runs as you can",
    "read your settings. Only a container or another user is a boundary.",
    "Knows claude, codex, opencode, qwen (Qwen Code) and gemini by name; others by",
    "the usual variables. Exits as the tool does; 127: not found, 126: cannot run.",
  ],
  examples: [
    "qwen auth run -- claude",
    "qwen auth run --max-requests 50 -- claude -p 'Fix the tests'",
    "qwen auth run --dry-run -- opencode",
  ],
  toOptions: (values, globals) => ({
    ...globals,
    ...toRunValues(values),
    connection: toConnectionFlags(values),
    allowHosts: [],
    tool: listOf(values, "TOOL") ?? [],
  }),
  run: runRun,
};

/** How long requests in flight may take once the tool has ended: a child of it may read on. */
const AFTER_THE_TOOL_MS = 2000;

/**
 * Runs a tool behind a broker (`spec/broker.md`).
 * @throws UsageError, ConfigError, AuthError or QwenError before the tool starts; never after
 */
export async function runRun(runtime: Runtime, options: RunOptions): Promise<number> {
  throwIfNested(runtime.env);
  const tool = chooseTool(runtime, options.tool, options.recipe);
  const plan = await planBroker(runtime, options, `run ${tool.name}`);
  throwIfUnfit(tool.recipe, plan.mounts, plan.configured);
  const run = { runtime, options, tool, plan };
  if (options.isDry) {
    return printPlan(run);
  }
  for (const notice of options.quiet ? [] : [...plan.notices, ...(await noticesOf(run))]) {
    await runtime.stderr.write(`${visibleText(notice)}\n`);
  }
  const prepared = await prepareBroker(runtime, options, plan);
  return runPrepared({ ...run, plan: prepared.plan }, prepared);
}

type Run = {
  readonly runtime: Runtime;
  readonly options: RunOptions;
  readonly tool: ChosenTool;
  readonly plan: BrokerPlan;
};

async function runPrepared(run: Run, prepared: PreparedBroker): Promise<number> {
  const { runtime, options, tool } = run;
  const { key, token } = prepared;
  const directory =
    tool.recipe.files === undefined
      ? NO_DIRECTORY
      : makeRunDirectory({ env: runtime.env, qwenHome: qwenHome(runtime) });
  let listening: Listening | undefined;
  let end: ToolEnd;
  try {
    listening = options.isDirect
      ? undefined
      : prepared.listen({ kind: "tcp", hostname: "127.0.0.1", port: 0 });
    const url = listening === undefined ? undefined : `http://127.0.0.1:${listening.port}`;
    const real = key.kind === "present" ? key.value : undefined;
    const shown = url === undefined ? (real ?? KEYLESS) : token;
    const start = startOf(run, { url, token: shown, key: real, directory });
    runtime.trace?.(() => [`running ${tool.path} with the recipe ${tool.recipe.name}`]);
    await runtime.processes.makePrivate();
    end = await runtime.processes.runTool(start);
    await listening?.stop(AFTER_THE_TOOL_MS);
  } finally {
    directory.remove();
  }
  return endAs(run, end, listening);
}

type Place = {
  readonly url: string | undefined;
  readonly token: string;
  readonly key: string | undefined;
  readonly directory: RunDirectory;
};

/** What is started, once its files are there. */
function startOf(run: Run, { url, token, key, directory }: Place) {
  const { plan, runtime, tool } = run;
  const facts = toolFacts({ plan, home: runtime.home, url, token, directory: directory.path });
  directory.write(tool.recipe.files?.(facts) ?? []);
  const [, ...given] = run.options.tool;
  const added = tool.recipe.arguments?.(facts) ?? [];
  const before = given.slice(0, tool.insertAt - 1);
  return {
    argv: [tool.path, ...before, ...added, ...given.slice(tool.insertAt - 1)],
    env: environmentOf(run, { url, token, key }, tool.recipe.variables(facts)).env,
  };
}

function environmentOf(
  { runtime, options, plan }: Run,
  { url, token, key }: Omit<Place, "directory">,
  variables: Readonly<Record<string, string | undefined>>,
): ToolEnvironment {
  const ofCatalogue = PROVIDERS.flatMap(({ envKey }) => (envKey === undefined ? [] : [envKey]));
  return toolEnvironment({
    env: runtime.env,
    keyNames: [...configuredEnvKeys(plan.connection.configuration), ...ofCatalogue],
    variables,
    token,
    key,
    kept: options.kept,
    url,
  });
}

/** Nothing more is thrown: the tool's end is ours. */
async function endAs(
  { runtime, options, tool }: Run,
  end: ToolEnd,
  listening: Listening | undefined,
): Promise<number> {
  if (end.kind === "not-started") {
    throw new ToolError(`Cannot run \`${tool.name}\`: the system does not start it (${end.code})`, {
      isThere: true,
      hint: "look at its first line: it may name an interpreter that is missing",
    });
  }
  const isTold = options.summary ?? (await runtime.stderr.isTerminal());
  for (const line of isTold ? (listening?.report(tool.name) ?? []) : []) {
    await runtime.stderr.write(`${visibleText(line)}\n`);
  }
  if (end.kind === "exited") {
    return end.code;
  }
  return runtime.processes.endBy(end.signal);
}

/** What a person should know before a tool starts, a line each. */
async function noticesOf({ runtime, options, tool, plan }: Run): Promise<string[]> {
  const { env } = runtime;
  const { recipe, other, name } = tool;
  const { endpoint, protocol } = plan.configured;
  const facts = toolFacts({
    plan,
    home: runtime.home,
    url: options.isDirect ? undefined : "",
    token: "",
    directory: "",
  });
  const proxy = ["HTTPS_PROXY", "https_proxy"].find((variable) => Boolean(env[variable]));
  const isPlan = providerOf(endpoint.value, protocol.value)?.provider.isPlan === true;
  return [
    ...(other === undefined
      ? []
      : [`${name} is this program, which uses the broker itself; for Qwen Code run ${other}`]),
    ...(options.isDirect ? [`${name} gets the key itself: nothing hides it`] : []),
    ...(recipe.notes?.(facts) ?? []),
    ...(recipe.name === "qwen" && other === undefined && proxy !== undefined && !options.isDirect
      ? [
          `warning: ${proxy} is set: releases of Qwen Code that ignore NO_PROXY (such as 0.15.6) do not reach the broker`,
        ]
      : []),
    ...(isPlan && recipe.name === "generic" && !(await runtime.stdin.isTerminal())
      ? ["warning: the terms of the plan are for interactive coding tools, not for scripts"]
      : []),
  ];
}

/** `--dry-run`: names and places, no value that is a secret. */
async function printPlan(run: Run): Promise<number> {
  const { runtime, options, tool, plan } = run;
  const url = options.isDirect ? undefined : "http://127.0.0.1:PORT";
  const facts = toolFacts({
    plan,
    home: runtime.home,
    url,
    token: "TOKEN",
    directory: "DIRECTORY",
  });
  const variables = tool.recipe.variables(facts);
  const { set, removed } = environmentOf(run, { url, token: "TOKEN", key: undefined }, variables);
  const rows: readonly (readonly [string, string])[] = [
    ["program", tool.path],
    ["recipe", tool.recipe.name],
    ["model", plan.configured.model.value],
    ...plan.mounts.map(
      ({ name, upstream }) => ["mount", `${PREFIXES[name]} → ${upstream.baseUrl}`] as const,
    ),
    ...set.map((name) => ["set", name] as const),
    ...removed.map((name) => ["removed", name] as const),
    ...(tool.recipe.arguments?.(facts) ?? []).map((argument) => ["argument", argument] as const),
    ...(tool.recipe.files?.(facts) ?? []).map(({ path }) => ["file", path] as const),
  ];
  const lines = rows.map(([name, value]) => `${name.padEnd(8)}  ${visibleText(value)}\n`);
  await runtime.stdout.write(lines.join(""));
  return EXIT.ok;
}
