import { homedir } from "node:os";
import type { Image } from "./image.ts";
import { signatureProblem } from "./mach-o.ts";
import { ROOT } from "./project.ts";
import { readImage } from "./read-image.ts";
import type { Target } from "./targets.ts";

const MIB = 1024 * 1024;
const MAX_BINARY_SIZE = 120 * MIB;
export const MAX_ARCHIVE_SIZE = 56 * MIB;

/** RHEL 7, Debian 8, Ubuntu 14.04 and everything after them. */
const MAX_GLIBC = "2.17";

/** What the installer asks for, too. */
const MAX_MACOS = "13.0";

type Expected = {
  readonly format: Image["format"];
  /** Per architecture. */
  readonly interpreters: Readonly<Partial<Record<Target["arch"], string>>>;
  /** What may be needed: nothing that a plain installation of the system lacks. */
  readonly libraries: readonly RegExp[];
};

const EXPECTED: Readonly<Record<"glibc" | "musl" | "darwin" | "windows", Expected>> = {
  glibc: {
    format: "elf",
    interpreters: { x64: "/lib64/ld-linux-x86-64.so.2", arm64: "/lib/ld-linux-aarch64.so.1" },
    libraries: [
      /^lib(c|m)\.so\.6$/,
      /^lib(pthread\.so\.0|dl\.so\.2)$/,
      /^ld-linux-[\w-]+\.so\.\d$/,
    ],
  },
  musl: {
    format: "elf",
    interpreters: { x64: "/lib/ld-musl-x86_64.so.1", arm64: "/lib/ld-musl-aarch64.so.1" },
    libraries: [/^libc\.musl-(x86_64|aarch64)\.so\.1$/, /^libstdc\+\+\.so\.6$/],
  },
  darwin: {
    format: "mach-o",
    interpreters: {},
    libraries: [/^\/usr\/lib\/lib(System\.B|c\+\+\.1|resolv\.9|icucore\.A)\.dylib$/],
  },
  windows: {
    format: "pe",
    interpreters: {},
    libraries: [/^(ntdll|kernel32|bcryptprimitives|api-ms-win-core-synch-l1-2-0)\.dll$/],
  },
};

/** Things that must not get into our code, where everybody could read them. */
const SECRETS = /sk-(?:[a-z0-9]+-)*[A-Za-z0-9]{32,}|gh[pousr]_[A-Za-z0-9]{36}|npm_[A-Za-z0-9]{36}/;

/** Says all that is wrong with a target's binary; `[]` when it can be shipped. */
export function findProblems(file: Buffer, target: Target): string[] {
  try {
    const image = readImage(file);
    if (file.length < image.end) {
      return [`is cut short: it has ${file.length} of ${image.end} bytes`];
    }
    return [...inspect(image, target), ...inspectWhole(file, target)];
  } catch (error) {
    return [`cannot be read: ${error instanceof Error ? error.message : error}`];
  }
}

/** The newest GLIBC that the file asks for, such as `2.17`. */
export function neededGlibc({ versions }: Pick<Image, "versions">): string | undefined {
  return versions
    .filter((version) => version.startsWith("GLIBC_"))
    .map((version) => version.slice("GLIBC_".length))
    .sort(Bun.semver.order)
    .at(-1);
}

function inspect(image: Image, target: Target): string[] {
  const { format, interpreters, libraries } = EXPECTED[target.libc ?? systemOf(target)];
  const problems: string[] = [];
  if (image.format !== format || image.arch !== target.arch) {
    problems.push(`is ${image.format} for ${image.arch}, not ${format} for ${target.arch}`);
  }
  if (image.interpreter !== interpreters[target.arch]) {
    problems.push(`asks for the loader ${image.interpreter}, not ${interpreters[target.arch]}`);
  }
  const unknown = image.needed.filter((name) => !libraries.some((known) => known.test(name)));
  if (unknown.length > 0 || image.needed.length === 0) {
    problems.push(`needs ${unknown.join(", ") || "no library at all"}`);
  }
  const glibc = neededGlibc(image);
  if (glibc !== undefined && isNewer(glibc, MAX_GLIBC)) {
    problems.push(`needs glibc ${glibc}, newer than ${MAX_GLIBC}`);
  }
  if (image.macos !== undefined && isNewer(image.macos, MAX_MACOS)) {
    problems.push(`needs macOS ${image.macos}, newer than ${MAX_MACOS}`);
  }
  return [...problems, ...inspectPayload(image.payload)];
}

function systemOf({ os }: Target): "glibc" | "darwin" | "windows" {
  return os === "linux" ? "glibc" : os;
}

function isNewer(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split(".").map(Number);
  return major === thanMajor ? minor > thanMinor : major > thanMajor;
}

/** What the bundler ends the code with that it embeds. */
const PROGRAM_END = "\n---- Bun! ----\n";

/** Where Bun mounts what it embeds; no directory of any machine. */
const MOUNTED = /(?:\/\$bunfs|B:\/(?:~|%7E)BUN)\/root\//g;

function inspectPayload(payload: Buffer | undefined): string[] {
  if (payload === undefined || !payload.includes(PROGRAM_END)) {
    return ["holds no program: it is plain Bun"];
  }
  const text = payload.toString("latin1").replace(MOUNTED, "");
  const places = [ROOT, homedir()].filter((path) => path.length > 1 && text.includes(`${path}/`));
  const problems = places.map((path) => `names a directory of this machine: ${path}`);
  return SECRETS.test(text) ? [...problems, "holds what looks like a secret"] : problems;
}

function inspectWhole(file: Buffer, { os }: Target): string[] {
  const problems: string[] = [];
  if (file.length > MAX_BINARY_SIZE) {
    problems.push(`has ${file.length} bytes, more than ${MAX_BINARY_SIZE}`);
  }
  const signature = os === "darwin" ? signatureProblem(file) : undefined;
  return signature === undefined ? problems : [...problems, signature];
}
