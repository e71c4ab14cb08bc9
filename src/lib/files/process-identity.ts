import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { kill, pid } from "node:process";
import { systemErrorCode } from "../system-error.ts";

/** Names one process for good: a pid alone is given to another process sooner or later. */
export type ProcessIdentity = {
  readonly pid: number;
  /** Clock ticks from boot to the start, and the boot; `undefined` where there is no /proc. */
  readonly startTime: string | undefined;
};

export type ProcessOnHost = ProcessIdentity & {
  /** Where the pid has a meaning. */
  readonly host: string;
};

/** The highest pid that `kill` takes. */
const MAX_PID = 0x7fffffff;

/**
 * This process. Its `host` is the host name and, where there is one, the pid namespace, because
 * containers may share a host name and a directory but not their pids. All parts are safe in a
 * file name, and none contains a comma.
 */
export function currentProcess(): ProcessOnHost {
  const name = hostname()
    .replace(/[^\w.-]/g, "_")
    .slice(0, 64);
  const namespace = attempt(() => readlinkSync("/proc/self/ns/pid"))?.replace(/\D/g, "");
  return {
    pid,
    startTime: readStat(pid)?.startTime,
    host: namespace === undefined ? name : `${name}+${namespace}`,
  };
}

/**
 * Whether a process of this host still runs. One that has ended but was not waited for does not.
 * In doubt it does: a process that hides its start time is told by its pid alone.
 */
export function isAlive(identity: ProcessIdentity): boolean {
  if (!isPid(identity.pid) || !hasProcess(identity.pid)) {
    return false;
  }
  const stat = readStat(identity.pid);
  if (stat === undefined) {
    return true;
  }
  return (
    !stat.hasEnded && (identity.startTime === undefined || identity.startTime === stat.startTime)
  );
}

/** Whether a process ran on this host and does no more; of another host nothing is known. */
export function isKnownDead(identity: ProcessOnHost): boolean {
  return identity.host === currentProcess().host && !isAlive(identity);
}

function isPid(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value <= MAX_PID;
}

/** Signal 0 is not sent; a process of another user answers EPERM. */
function hasProcess(id: number): boolean {
  try {
    return kill(id, 0);
  } catch (error) {
    return systemErrorCode(error) !== "ESRCH";
  }
}

/** Fields 3 and 22 of proc_pid_stat(5); field 2, the name, may hold spaces and parentheses. */
function readStat(id: number): { startTime: string; hasEnded: boolean } | undefined {
  const stat = attempt(() => readFileSync(`/proc/${id}/stat`, "latin1"));
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields?.[0];
  const ticks = fields?.[19];
  if (state === undefined || ticks === undefined) {
    return undefined;
  }
  const boot = attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "latin1")) ?? "";
  return {
    startTime: `${ticks}.${boot.replace(/[^\da-f]/g, "")}`,
    hasEnded: state === "Z" || state === "X",
  };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
