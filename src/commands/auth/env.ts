import {
  configuredOrThrow,
  expiredTokenProblem,
  keylessProblem,
} from "../../auth/connection-problem.ts";
import { endpointNotice } from "../../auth/endpoint-notice.ts";
import { throwIfInsideRun } from "../../auth/inside-run.ts";
import { loadConnection } from "../../connect/load-connection.ts";
import { loadKey } from "../../connect/load-key.ts";
import { isDeniedName } from "../../env/denied-names.ts";
import { AuthError, EXIT, type ExitCode, UsageError } from "../../errors.ts";
import { toConnectionFlags } from "../../flags/connection-flags.ts";
import { type FlagValues, textOf } from "../../flags/flag.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import { exportLine, SHELLS, type Shell } from "../../lib/shell.ts";
import { visibleText } from "../../lib/visible-text.ts";
import type { Configuration } from "../../models/configuration.ts";
import type { ConnectionFlags } from "../../models/connection-flags.ts";
import { isUntrusted, untrustedPart } from "../../models/project-folder.ts";
import { KEYLESS, STANDARD } from "../../models/protocol.ts";
import type { Configured, LoadedResolution } from "../../models/resolution.ts";
import type { Runtime } from "../../runtime.ts";
import { describeSource } from "../../source.ts";
import type { Command } from "../command.ts";

export type EnvOptions = GlobalOptions & {
  readonly shell: Shell;
  readonly connection: ConnectionFlags;
};

export const envCommand: Command<EnvOptions> = {
  details: [
    "Prints lines that export key, base URL and model under the names that other",
    "tools read, quoted for the shell. Those for sh suit bash, zsh and fish, too.",
  ],
  examples: [
    'eval "$(qwen auth env)"',
    "qwen auth env --shell fish | source",
    "qwen auth env --shell pwsh | Out-String | Invoke-Expression",
  ],
  toOptions: (values, globals) => ({
    ...globals,
    shell: toShell(values),
    connection: toConnectionFlags(values),
  }),
  run: runEnv,
};

function toShell(values: FlagValues): Shell {
  const name = textOf(values, "shell") ?? "sh";
  const shell = SHELLS.find((known) => known === ALIASES[name] || known === name);
  if (shell === undefined) {
    throw new UsageError(`Cannot write for the shell "${name}": it is unknown`, {
      code: "invalid-value",
      hint: "choose sh (bash, zsh), fish or pwsh",
      suggest: { word: name, from: SHELLS },
    });
  }
  return shell;
}

const ALIASES: Readonly<Record<string, Shell>> = {
  bash: "sh",
  zsh: "sh",
  dash: "sh",
  powershell: "pwsh",
};

/**
 * Prints the lines.
 * @throws AuthError when nothing could be sent, or the project chose the key or where it goes
 */
export async function runEnv(runtime: Runtime, options: EnvOptions): Promise<ExitCode> {
  throwIfInsideRun(runtime.env, "print variables");
  const { configuration, resolution } = await loadConnection(runtime, options, options.connection);
  const doing = "print variables";
  const configured = configuredOrThrow(resolution, doing);
  const { key, endpoint } = configured;
  const isHeld = key.kind === "keyless" && (key.isUnset === true || key.header !== undefined);
  const problem = isHeld
    ? keylessProblem(key, { doing, endpoint: endpoint.value })
    : expiredTokenProblem(configured, doing);
  if (problem !== undefined) {
    throw problem;
  }
  throwIfOfProject(configuration, configured);
  const loaded = await loadKey(runtime, configured);
  const { variables, notes } = exportedVariables(configuration, loaded);
  const notice = endpointNotice(resolution);
  for (const note of notice === undefined || options.quiet ? notes : [...notes, notice]) {
    await runtime.stderr.write(`${visibleText(note)}\n`);
  }
  // Nobody evaluates what a terminal shows; what reads a pipe gets the values as they are.
  const isTerminal = await runtime.stdout.isTerminal();
  const lines = variables
    .map(([name, value]) => exportLine(options.shell, name, value))
    .map((line) => (isTerminal ? visibleText(line) : line));
  await runtime.stdout.writeSecret(lines.map((line) => `${line}\n`).join(""));
  return EXIT.ok;
}

type ExportedVariables = {
  readonly variables: readonly (readonly [name: string, value: string])[];
  readonly notes: readonly string[];
};

/** What other tools read, each name once; nothing of a project that is not trusted. */
function exportedVariables(
  configuration: Configuration,
  { key, endpoint, model, protocol, entry }: LoadedResolution,
): ExportedVariables {
  const value = key.kind === "present" ? key.value : KEYLESS;
  const isBearer = key.kind === "present" && key.scheme === "bearer";
  const { keys, baseUrls, models } = STANDARD[protocol.value];
  const isLeftOut = isUntrusted(configuration, model.source);
  const named: readonly (readonly [string | undefined, string | undefined])[] = [
    [isBearer ? keys[1] : keys[0], value],
    [baseUrls[0], endpoint.value],
    [models[0], isLeftOut ? undefined : model.value],
    [entry?.envKey, value],
  ];
  const variables = new Map<string, string>();
  for (const [name, text] of named) {
    if (name !== undefined && text !== undefined && isExportable(name)) {
      variables.set(name, text);
    }
  }
  const notes = isLeftOut
    ? [`left out: the model, which ${describeSource(model.source)} chose`]
    : [];
  return { variables: [...variables], notes };
}

function isExportable(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !isDeniedName(name);
}

/** Each value by the trust of the directory that holds its own file, wherever `cwd` is. */
function throwIfOfProject(
  configuration: Configuration,
  { key, endpoint, entry }: Configured,
): void {
  const isNamed = key.envKey !== undefined && key.envKey === entry?.envKey;
  const sources = [
    endpoint.source,
    key.kind === "present" ? key.source : undefined,
    isNamed ? entry?.sourceOf("envKey") : undefined,
  ].filter((candidate) => candidate !== undefined);
  const source = untrustedPart(configuration, sources);
  if (source !== undefined) {
    throw new AuthError(
      `Cannot print variables: ${describeSource(source)} is a project's, and its folder is not trusted`,
      {
        code: "key-withheld",
        hint: "add `--trust` if you trust this folder, or `--no-project` to leave its files out",
      },
    );
  }
}
