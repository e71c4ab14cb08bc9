import { describeBug, EXIT, type ExitCode, QwenError, type Suggestion } from "../errors.ts";
import { shellHints } from "../lib/shell-hints.ts";
import { visibleText } from "../lib/visible-text.ts";
import type { Runtime } from "../runtime.ts";
import { hideCredentials } from "../secrets/credentials.ts";
import { chooseStyle, colorFlag } from "../terminal/style.ts";

/**
 * Says what went wrong and returns the exit code: text on stderr, with `--json` an object on
 * stdout (`spec/cli.md`, "Streams"). The one place where errors end.
 */
export async function reportError(
  runtime: Pick<
    Runtime,
    "argv" | "env" | "stdout" | "stderr" | "version" | "build" | "trace" | "platform"
  >,
  error: unknown,
): Promise<ExitCode> {
  const expected = error instanceof QwenError ? error : undefined;
  const message = visibleText(expected?.message ?? hideCredentials(describeBug(error, runtime)));
  const hint = await hintOf(expected, runtime.platform);
  const exitCode = expected?.exitCode ?? EXIT.failed;
  const report = { code: expected?.code ?? "failed", message, hint, exitCode };
  const isJson = wantsJson(runtime.argv) && expected?.code !== "output-failed";
  const outputFailure = isJson ? await failureOf(writeJson(runtime, report)) : undefined;
  if (!isJson || outputFailure !== undefined) {
    await writeText(runtime, report);
  }
  runtime.trace?.(() => stackOf(error));
  // Standard output takes nothing: the rest is said on stderr, as if without `--json`.
  return outputFailure === undefined
    ? exitCode
    : reportError({ ...runtime, argv: withoutJson(runtime.argv) }, outputFailure);
}

async function failureOf(work: Promise<void>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error;
  }
}

async function writeText(
  runtime: Pick<Runtime, "argv" | "env" | "stderr">,
  report: {
    readonly message: string;
    readonly hint: string | undefined;
    readonly exitCode: ExitCode;
  },
): Promise<void> {
  if (report.exitCode === EXIT.interrupted) {
    await runtime.stderr.write(`${report.message}\n`);
    return;
  }
  const style = await chooseStyle(runtime, runtime.stderr, colorFlag(runtime.argv));
  const hint = report.hint === undefined ? "" : `\n${style.bold("hint:")} ${report.hint}\n`;
  await runtime.stderr.write(`${style.red("error:")} ${report.message}\n${hint}`);
}

/** The hint, with a "did you mean" in front when something known is near. */
async function hintOf(error: QwenError | undefined, platform: string): Promise<string | undefined> {
  const meant = error?.suggest === undefined ? undefined : await nearest(error.suggest);
  const parts = [meant === undefined ? undefined : `did you mean "${meant}"?`, error?.hint];
  const hint = parts.filter((part) => part !== undefined).join(" ");
  return hint === "" ? undefined : shellHints(visibleText(hint), platform);
}

async function nearest({ word, from }: Suggestion): Promise<string | undefined> {
  const { closestTo, onlyLonger } = await import("../lib/closest.ts");
  return closestTo(word, from) ?? onlyLonger(word, from);
}

function wantsJson(argv: readonly string[]): boolean {
  return flagsOf(argv).some((flag) => /^--json(?:=true)?$/.test(flag)) || wantsResult(argv);
}

/**
 * Whether the output format of a chat is one of JSON, which ends with a `result`. Word by word: a
 * prompt may hold such a flag in its text.
 */
function wantsResult(argv: readonly string[]): boolean {
  return flagsOf(argv).some(
    (flag, index, flags) =>
      /^(?:--output-format=|-o=?)(?:stream-)?json$/.test(flag) ||
      (/^(?:--output-format|-o)$/.test(flag) && /^(?:stream-)?json$/.test(flags[index + 1] ?? "")),
  );
}

/** The words among which flags stand: behind `--` there are none. */
export function flagsOf(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf("--");
  return end === -1 ? argv : argv.slice(0, end);
}

async function writeJson(
  { argv, stdout }: Pick<Runtime, "argv" | "stdout">,
  error: object,
): Promise<void> {
  if (wantsResult(argv)) {
    const result = { type: "result", subtype: "error_during_execution", is_error: true, error };
    await stdout.writeJsonLines([result], { isAnswer: false });
  } else {
    await stdout.writeJson({ error });
  }
}

function withoutJson(argv: readonly string[]): string[] {
  return argv.filter((argument) => !/json(?:=true)?$/.test(argument));
}

function stackOf(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return hideCredentials(stack).split("\n");
}
