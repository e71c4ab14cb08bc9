import type { Processes } from "../processes.ts";

type Self = Pick<NodeJS.Process, "on" | "off" | "once" | "removeAllListeners" | "kill"> & {
  readonly pid: number;
  readonly platform: string;
  readonly arch: string;
  readonly execPath: string;
};

/** Bun ignores them, or knows them by no name. */
const NEVER_ENDS_US: ReadonlySet<NodeJS.Signals> = new Set([
  "SIGPIPE",
  "SIGXFSZ",
  "SIGSTKFLT",
  "SIGPWR",
]);

/** Those of a real process; everything is loaded at its first use. */
export function processesOf(self: Self): Processes {
  return {
    runTool: async (tool) => (await import("./run-tool.ts")).runTool(self, tool),
    endBy: async (signal) => {
      const { constants } = await import("node:os");
      self.removeAllListeners(signal);
      if (!NEVER_ENDS_US.has(signal)) {
        self.kill(self.pid, signal);
        // It comes at once, unless somebody who started us has it ignored.
        await Bun.sleep(1000);
      }
      return 128 + constants.signals[signal];
    },
    untilStopped: () =>
      new Promise((resolve) => {
        for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
          // A second one would end us in the middle of the end; some supervisors send two.
          self.on(signal, () => resolve(signal));
        }
      }),
    makePrivate: async () => {
      if (self.platform === "linux") {
        (await import("./make-undumpable.ts")).makeUndumpable(self.arch);
      }
    },
    executable: self.execPath,
  };
}
