import { closeSync, openSync, readSync } from "node:fs";

/** One platform that releases have a binary for (`spec/distribution.md`). */
export type Target = {
  /** As in the names of archives: `linux-x64-musl`. */
  readonly id: string;
  readonly os: "linux" | "darwin" | "windows";
  readonly arch: "x64" | "arm64";
  /** Linux only. */
  readonly libc: "glibc" | "musl" | undefined;
};

export const TARGETS: readonly Target[] = [
  { id: "linux-x64", os: "linux", arch: "x64", libc: "glibc" },
  { id: "linux-arm64", os: "linux", arch: "arm64", libc: "glibc" },
  { id: "linux-x64-musl", os: "linux", arch: "x64", libc: "musl" },
  { id: "linux-arm64-musl", os: "linux", arch: "arm64", libc: "musl" },
  { id: "darwin-arm64", os: "darwin", arch: "arm64", libc: undefined },
  { id: "darwin-x64", os: "darwin", arch: "x64", libc: undefined },
  { id: "windows-x64", os: "windows", arch: "x64", libc: undefined },
  { id: "windows-arm64", os: "windows", arch: "arm64", libc: undefined },
];

/** Without a version, so that `latest/download/<name>` always finds it. */
export function archiveName({ id, os }: Target): string {
  return `qwen-${id}.${os === "windows" ? "zip" : "tar.gz"}`;
}

/** The base name is embedded in the binary, hence `qwen` for every target. */
export function binaryName({ os }: Target): string {
  return os === "windows" ? "qwen.exe" : "qwen";
}

/** The npm package, in the scope `@oven`, that holds Bun for a target. */
export function runtimePackage({ os, arch, libc }: Target): string {
  const cpu = arch === "arm64" ? "aarch64" : arch;
  return `bun-${os}-${cpu}${libc === "musl" ? "-musl" : ""}`;
}

/** The target of the machine that builds, or `undefined` when there is none for it. */
export function hostTarget(): Target | undefined {
  const os = process.platform === "win32" ? "windows" : process.platform;
  const libc = os === "linux" && isMusl(process.execPath) ? "-musl" : "";
  const id = `${os}-${process.arch}${libc}`;
  return TARGETS.find((target) => target.id === id);
}

/** Whether an ELF file asks for musl's loader, whose path stands near its start. */
function isMusl(file: string): boolean {
  const head = Buffer.alloc(4096);
  const descriptor = openSync(file, "r");
  readSync(descriptor, head);
  closeSync(descriptor);
  return head.includes("/ld-musl-");
}
