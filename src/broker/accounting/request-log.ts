import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  openSync,
  readSync,
  type Stats,
  writeSync,
} from "node:fs";
import { QwenError } from "../../errors.ts";
import { describeSystemError, systemErrorCode } from "../../lib/system-error.ts";
import { jsonLine } from "../../lib/visible-text.ts";
import type { MountName } from "../mount.ts";
import type { RefusalReason } from "../refusal.ts";
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
  readonly refusedBy?: RefusalReason | undefined;
};

export type RequestLog = {
  readonly write: (line: LogLine | { readonly note: string }) => void;
  readonly close: () => void;
  /** What a person should know of it once it is over. */
  readonly loss: () => string | undefined;
};

/** Where nobody wants one. */
export const NO_LOG: RequestLog = {
  write: () => undefined,
  close: () => undefined,
  loss: () => undefined,
};

/** A pipe that nobody reads, or reads slowly, must hold up neither the start nor a request. */
const APPEND =
  constants.O_CREAT |
  constants.O_APPEND |
  constants.O_WRONLY |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0);
const PRIVATE = 0o600;

/** What every line begins with. */
const FIRST_FIELD = '{"schemaVersion":';

/**
 * Opens the log before anything starts; one that others can read is closed to them, and what holds
 * something else is left alone. A disk that is full later loses lines, never a request.
 * @throws QwenError when it cannot be written
 */
export function openLog(path: string, now: () => number): RequestLog {
  const file = openPrivately(path);
  let lost = 0;
  let why = "";
  return {
    write: (line) => {
      const all = { schemaVersion: 1, at: new Date(now()).toISOString(), ...line };
      try {
        writeSync(file, jsonLine(all));
      } catch (error) {
        // Told later: the terminal belongs to the tool.
        lost += 1;
        why = describeSystemError(error);
      }
    },
    close: () => closeSync(file),
    loss: () =>
      lost === 0 ? undefined : `the log lost ${lost} ${lost === 1 ? "line" : "lines"}: ${why}`,
  };
}

function openPrivately(path: string): number {
  let file: number | undefined;
  try {
    file = openSync(path, APPEND, PRIVATE);
    if (fstatSync(file).isFile()) {
      assertLog(path, fstatSync(file));
      fchmodSync(file, PRIVATE);
    }
    return file;
  } catch (error) {
    if (file !== undefined) {
      closeSync(file);
    }
    throw notWritten(path, error);
  }
}

/** Lines behind settings would be the end of them. */
function assertLog(path: string, opened: Stats): void {
  if (opened.size === 0) {
    return;
  }
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const first = Buffer.alloc(FIRST_FIELD.length);
    readSync(file, first, 0, first.length, 0);
    const { dev, ino } = fstatSync(file);
    const isThis = dev === opened.dev && ino === opened.ino;
    if (!isThis || first.toString() !== FIRST_FIELD) {
      throw new Error("something else stands in it");
    }
  } finally {
    closeSync(file);
  }
}

function notWritten(path: string, error: unknown): QwenError {
  const isPipe = systemErrorCode(error) === "ENXIO";
  const why = isPipe ? "nobody reads the pipe" : describeSystemError(error);
  return new QwenError(`Cannot write the log \`${path}\`: ${why}`, {
    code: "write-failed",
    hint: "name a file in a directory of yours with `--log FILE`",
    cause: error,
  });
}
