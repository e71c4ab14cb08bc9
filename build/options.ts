import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "./project.ts";
import { RUNTIME_DIRECTORY, type RuntimeOptions } from "./runtimes.ts";
import { hostTarget, TARGETS, type Target } from "./targets.ts";

export const USAGE = `Usage: bun build.ts [options]

Without options: builds the binary of this machine, dist/<target>/qwen, and dist/qwen links to it.

  --all                  build and pack every target, with SHA256SUMS, manifest and the rest
  --target T             the same for one target; repeatable
  --no-archive           only the binaries, as input for signing
  --prebuilt             pack the binaries that --no-archive left, signed or not
  --offline-bundle       also write qwen-offline-<version>.tar, for hosts without a network
  --packages             also write .deb and .rpm, with dpkg-deb and rpmbuild
  --check-repro          build twice and compare; keeps nothing
  --out DIR              instead of dist
  --bun-runtime-dir DIR  where the npm packages of Bun are, or are kept
  --offline              fetch nothing: they must be there
  --help                 print this

Targets: ${TARGETS.map(({ id }) => id).join(" ")}`;

export type Options = {
  readonly action: "host" | "release" | "check-repro" | "help";
  readonly targets: readonly Target[];
  readonly out: string;
  /** `compile`: only the binaries; `pack`: only what is made of them. */
  readonly steps: "both" | "compile" | "pack";
  readonly hasOfflineBundle: boolean;
  readonly hasPackages: boolean;
  readonly runtimes: RuntimeOptions;
};

/** Reads the command line; throws, with what is wrong as the message. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      all: { type: "boolean", default: false },
      target: { type: "string", multiple: true, default: [] },
      "no-archive": { type: "boolean", default: false },
      prebuilt: { type: "boolean", default: false },
      "offline-bundle": { type: "boolean", default: false },
      packages: { type: "boolean", default: false },
      "check-repro": { type: "boolean", default: false },
      out: { type: "string", default: join(ROOT, "dist") },
      "bun-runtime-dir": { type: "string", default: RUNTIME_DIRECTORY },
      offline: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const isRelease = values.all || values.target.length > 0;
  const needsTargets = [
    values["no-archive"],
    values.prebuilt,
    values["offline-bundle"],
    values.packages,
    values["check-repro"],
  ];
  if (!isRelease && !values.help && needsTargets.includes(true)) {
    throw new Error("say for which targets: --all, or --target");
  }
  if (values["no-archive"] && (values.prebuilt || values["offline-bundle"] || values.packages)) {
    throw new Error("--no-archive leaves nothing to pack");
  }
  return {
    action: actionOf(values, isRelease),
    targets: chooseTargets(values, isRelease),
    out: resolve(values.out),
    steps: stepsOf(values),
    hasOfflineBundle: values["offline-bundle"],
    hasPackages: values.packages,
    runtimes: { directory: resolve(values["bun-runtime-dir"]), isOffline: values.offline },
  };
}

type Flags = Readonly<Record<"help" | "check-repro" | "no-archive" | "prebuilt" | "all", boolean>>;

function actionOf(flags: Flags, isRelease: boolean): Options["action"] {
  if (flags.help) {
    return "help";
  }
  if (flags["check-repro"]) {
    return "check-repro";
  }
  return isRelease ? "release" : "host";
}

function stepsOf(flags: Flags): Options["steps"] {
  if (flags.prebuilt) {
    return "pack";
  }
  return flags["no-archive"] ? "compile" : "both";
}

function chooseTargets(
  { all, target: ids }: { readonly all: boolean; readonly target: readonly string[] },
  isRelease: boolean,
): readonly Target[] {
  if (!isRelease) {
    const host = hostTarget();
    if (host === undefined) {
      throw new Error(`there is no target for ${process.platform} on ${process.arch}`);
    }
    return [host];
  }
  const unknown = ids.find((id) => !TARGETS.some((target) => target.id === id));
  if (unknown !== undefined) {
    throw new Error(`unknown target ${JSON.stringify(unknown)}`);
  }
  return TARGETS.filter(({ id }) => all || ids.includes(id));
}
