import { describeBug, EXIT, type ExitCode, QwenError, type Suggestion } from "../errors.ts";
import { shellHints } from "../lib/shell-hints.ts";
import { visibleText } from "../lib/visible-text.ts";
import type { Runtime } from "../runtime.ts";
import { hideCredentials } from "../secrets/credentials.ts";
import { chooseStyle } from "../terminal/style.ts";
import { colorOf } from "./color-of.ts";
import type { Arguments } from "./parse-arguments.ts";

type Reporting = Pick<
  Runtime,
  "env" | "stdout" | "stderr" | "version" | "build" | "trace" | "platform"
>;

/** What of the command line says how an error is shown. */
type ErrorContext = Pick<Arguments, "values" | "jsonWanted">;

/**
 * Says what went wrong and returns the exit code: text on stderr, with `--json` an object on
 * stdout (`spec/cli.md`, "Streams"). The one place where errors end.
 */
export async function reportError(
  runtime: Reporting,
  given: ErrorContext,
  error: unknown,
): Promise<ExitCode> {
  const expected = error instanceof QwenError ? error : undefined;
  const message = visibleText(expected?.message ?? hideCredentials(describeBug(error, runtime)));
  const hint = await hintOf(expected, runtime.platform);
  const exitCode = expected?.exitCode ?? EXIT.failed;
  const report = { code: expected?.code ?? "failed", message, hint, exitCode };
  const shape = expected?.code === "output-failed" ? "text" : shapeOf(given);
  const outputFailure =
    shape === "text" ? undefined : await failureOf(writeJson(runtime, shape, report));
  if (shape === "text" || outputFailure !== undefined) {
    await writeText(runtime, given, report);
  }
  runtime.trace?.(() => stackOf(error));
  // Standard output takes nothing: the rest is said on stderr, as if without `--json`.
  return outputFailure === undefined
    ? exitCode
    : reportError(runtime, { values: { color: colorOf(given) }, jsonWanted: false }, outputFailure);
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
  runtime: Pick<Runtime, "env" | "stderr">,
  given: ErrorContext,
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
  const style = await chooseStyle(runtime, runtime.stderr, colorOf(given));
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

/**
 * A command whose output format is one of JSON ends with a `result`; elsewhere `--json` asks for an
 * object, also where it is what the command refuses.
 */
function shapeOf({ values, jsonWanted }: ErrorContext): "result" | "object" | "text" {
  const format = values["output-format"];
  if (format === "json" || format === "stream-json") {
    return "result";
  }
  return jsonWanted ? "object" : "text";
}

async function writeJson(
  { stdout }: Pick<Runtime, "stdout">,
  shape: "result" | "object",
  error: object,
): Promise<void> {
  if (shape === "result") {
    const result = { type: "result", subtype: "error_during_execution", is_error: true, error };
    await stdout.writeJsonLines([result], { isAnswer: false });
  } else {
    await stdout.writeJson({ error });
  }
}

function stackOf(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return hideCredentials(stack).split("\n");
}
