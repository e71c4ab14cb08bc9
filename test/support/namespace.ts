import { missingPrograms } from "./needs.ts";

/** Why nothing can be mounted here, not even where nobody else sees it. */
export function cannotMount(): string | undefined {
  const missing = missingPrograms("unshare", "mount");
  if (missing !== undefined) {
    return missing;
  }
  const probe = ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"];
  const { success } = Bun.spawnSync(probe, { stdio: ["ignore", "ignore", "ignore"] });
  return success ? undefined : "nothing can be mounted here";
}

/** Why no file can be made immutable here. */
export function cannotProtect(): string | undefined {
  const missing = missingPrograms("chattr");
  if (missing !== undefined) {
    return missing;
  }
  const script = "f=$(mktemp) && chattr +i $f && chattr -i $f && rm $f";
  const { success } = Bun.spawnSync(["sh", "-c", script], {
    stdio: ["ignore", "ignore", "ignore"],
  });
  return success ? undefined : "no file can be made immutable here";
}

/** A `sh` script in a mount namespace of its own: what it mounts ends with it. */
export function inNamespace(script: string): readonly string[] {
  return ["unshare", "-m", "sh", "-eu", "-c", script];
}
