import { closeSync, constants, fchmodSync, fstatSync, openSync, writeSync } from "node:fs";
import { QwenError } from "../../errors.ts";
import { describeSystemError } from "../../lib/system-error.ts";
import { jsonLine } from "../../lib/visible-text.ts";
import type { MountName } from "../mount.ts";
import type { Refused } from "../refusal.ts";
import type { TokenUsage } from "./usage-fields.ts";

/** One request, without anything that it said (`spec/broker.md` §6). */
export type LogLine = {
  readonly mount: MountName | undefined;
  readonly method: string;
  /** Below the mount, without a query. */
  readonly path: string;
  /** As the tool asked, and as the service was asked. */
  readonly model?: string | undefined;
  readonly sentModel?: string | undefined;
  /** Why it cannot be told what the body asks for, or all of it. */
  readonly modelUnread?: string | undefined;
  readonly status: number;
  readonly durationMs: number;
  readonly firstByteMs?: number | undefined;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly usage?: TokenUsage | undefined;
  readonly outcome: "ok" | "client-abort" | "upstream-cut" | "unreachable" | "refused";
  readonly refusedBy?: Refused | undefined;
};

export type RequestLog = {
  readonly write: (line: LogLine | { readonly note: string }) => void;
  readonly close: () => void;
};

/** Where nobody wants one. */
export const NO_LOG: RequestLog = { write: () => undefined, close: () => undefined };

const APPEND =
  constants.O_CREAT | constants.O_APPEND | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);
const PRIVATE = 0o600;

/**
 * Opens the log before anything starts; one that others can read is closed to them. A disk that is
 * full later loses lines, never a request.
 * @throws QwenError when it cannot be written
 */
export function openLog(path: string, now: () => number): RequestLog {
  const file = openPrivately(path);
  return {
    write: (line) => {
      const all = { schemaVersion: 1, at: new Date(now()).toISOString(), ...line };
      try {
        writeSync(file, jsonLine(all));
      } catch {
        // Told to nobody: the terminal belongs to the tool.
      }
    },
    close: () => closeSync(file),
  };
}

function openPrivately(path: string): number {
  let file: number | undefined;
  try {
    file = openSync(path, APPEND, PRIVATE);
    if (fstatSync(file).isFile()) {
      fchmodSync(file, PRIVATE);
    }
    return file;
  } catch (error) {
    if (file !== undefined) {
      closeSync(file);
    }
    throw new QwenError(`Cannot write the log \`${path}\`: ${describeSystemError(error)}`, {
      code: "write-failed",
      hint: "name a file in a directory of yours with `--log FILE`",
      cause: error,
    });
  }
}
