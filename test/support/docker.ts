import { chmodSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Machine, machine, QWEN } from "./qwen.ts";

const ROOT = join(import.meta.dir, "..", "..");

export const DOCKERFILE = readFileSync(join(ROOT, ".github", "docker", "Dockerfile"), "utf8");

/**
 * As much of `docker run` as is used: the home that the image has, volumes that take owner
 * and mode from it, the user, the environment, a read-only root. Without a daemon it is a mount
 * namespace.
 */
const DOCKER = String.raw`#!/bin/sh
set -eu
[ "$1" = run ] || exit 0
shift
user=$IMAGE_USER env='' mounts='' ro=''
while :; do
  case $1 in
    -i | --rm | --init) ;;
    --read-only) ro=1 ;;
    --user) user=$2 && shift ;;
    -e) env="$env $2" && shift ;;
    -v) mounts="$mounts $2" && shift ;;
    --cap-drop | --network) shift ;;
    *) break ;;
  esac
  shift
done
shift # The name of the image.
export user env mounts ro
exec unshare -m sh -euc '
  umask 022
  mount -t tmpfs -o mode=755 image /home
  mount -t tmpfs -o mode=755 image /mnt
  eval "$IMAGE_HOME"
  chown -R "$IMAGE_USER" /home/nonroot
  for it in $mounts; do
    from=$(printf %s "$it" | cut -d: -f1) to=$(printf %s "$it" | cut -d: -f2)
    case $from in
      /*) ;;
      *)
        from=$VOLUMES/$from
        if [ ! -d "$from" ]; then
          mkdir -m 755 "$from"
          [ ! -d "$to" ] || { chown --reference="$to" "$from" && chmod --reference="$to" "$from"; }
        fi
        ;;
    esac
    mkdir -p "$to"
    mount --bind "$from" "$to"
  done
  [ -z "$ro" ] || mount -o remount,ro /home
  cd /
  exec env -i PATH=/usr/bin:/bin HOME=/home/nonroot $env \
    setpriv --reuid="$(echo "$user" | cut -d: -f1)" --regid="$(echo "$user" | cut -d: -f2)" \
    --clear-groups "$QWEN" "$@"
' sh "$@"
`;

/** What the image has below `/home`, and who runs in it. */
export const IMAGE_HOME = /^RUN (mkdir .*) && \\$/m.exec(DOCKERFILE)?.[1] ?? "false";
export const IMAGE_USER = /^USER (\S+)$/m.exec(DOCKERFILE)?.[1] ?? "";

/** A machine with that `docker` and more in its environment; `volumes` is where volumes lie. */
export function withDocker(env: Readonly<Record<string, string>> = {}): {
  readonly at: Machine;
  readonly volumes: string;
} {
  const bare = machine();
  const volumes = join(bare.home, "volumes");
  const bin = join(bare.home, "bin");
  mkdirSync(volumes);
  mkdirSync(bin);
  for (const directory of [bare.home, volumes]) {
    chmodSync(directory, 0o755);
  }
  writeFileSync(join(bin, "docker"), DOCKER, { mode: 0o755 });
  const image = { IMAGE_HOME, IMAGE_USER, VOLUMES: volumes, QWEN: realpathSync(QWEN) };
  const PATH = `${bin}:${bare.env.PATH}`;
  return { volumes, at: { ...bare, env: { ...bare.env, ...image, ...env, PATH } } };
}
