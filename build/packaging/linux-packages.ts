import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ArchiveEntry } from "../archive-entry.ts";
import { LICENSE, REPOSITORY, type Stamp, VERSION } from "../project.ts";
import type { Target } from "../targets.ts";

export type PackageInput = {
  readonly target: Target;
  readonly binary: Uint8Array<ArrayBuffer>;
  /** From `readShare`. */
  readonly share: readonly ArchiveEntry[];
  /** LICENSE and THIRD_PARTY_LICENSES. */
  readonly documents: readonly ArchiveEntry[];
  readonly stamp: Stamp;
};

const SUMMARY = "credentials for Qwen Code models and compatible providers";
const DESCRIPTION = `Sets up credentials, shows what is in force and why, talks to the models, and
lends the key to other tools. The program must not be stripped: that would take it apart.`;

const ARCHITECTURES = {
  x64: { deb: "amd64", rpm: "x86_64" },
  arm64: { deb: "arm64", rpm: "aarch64" },
} as const;

/** A package of Debian and its kin, by `dpkg-deb`: the same input gives the same bytes. */
export function buildDeb(input: PackageInput): Buffer<ArrayBuffer> {
  return inStage(input, DEBIAN_PLACES, (stage, work) => {
    const architecture = ARCHITECTURES[input.target.arch].deb;
    const control = [
      "Package: qwen",
      `Version: ${packageVersion()}`,
      `Architecture: ${architecture}`,
      `Maintainer: The developers of qwen <${address()}>`,
      `Installed-Size: ${Math.ceil(input.binary.length / 1024)}`,
      "Depends: libc6 (>= 2.17)",
      "Section: utils",
      "Priority: optional",
      ...(REPOSITORY === "" ? [] : [`Homepage: https://github.com/${REPOSITORY}`]),
      `Description: ${SUMMARY}`,
      ...DESCRIPTION.split("\n").map((line) => ` ${line}`),
    ];
    const directory = join(stage, "DEBIAN");
    makeDirectories(stage, directory);
    place(join(directory, "control"), `${control.join("\n")}\n`, 0o644);
    place(join(directory, "preinst"), `#!/bin/sh\n${REFUSE_NPM}`, 0o755);
    const file = join(work, "qwen.deb");
    run(["dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build", stage, file], input, work);
    return readFileSync(file);
  });
}

/** A package of Fedora, RHEL, SUSE and their kin, by `rpmbuild`; likewise. */
export function buildRpm(input: PackageInput): Buffer<ArrayBuffer> {
  return inStage(input, RPM_PLACES, (stage, work) => {
    const architecture = ARCHITECTURES[input.target.arch].rpm;
    const files = [...placed(input, RPM_PLACES).keys()].map((name) => `/${name}`);
    const spec = `%global debug_package %{nil}
%global __os_install_post %{nil}
%global _build_id_links none
%global _buildhost qwen
%global use_source_date_epoch_as_buildtime 1
%global clamp_mtime_to_source_date_epoch 1
%global _binary_payload w6.gzdio
Name: qwen
Version: ${packageVersion()}
Release: 1
Summary: ${SUMMARY[0]?.toUpperCase()}${SUMMARY.slice(1)}
License: ${LICENSE}
${REPOSITORY === "" ? "" : `URL: https://github.com/${REPOSITORY}\n`}AutoReqProv: no
Requires: libc.so.6(GLIBC_2.17)(64bit)
%description
${DESCRIPTION}
%pre
${REFUSE_NPM}%install
cp -a ${stage}/. %{buildroot}/
%files
%defattr(-,root,root)
${files.join("\n")}
`;
    const specFile = join(work, "qwen.spec");
    writeFileSync(specFile, spec);
    const argv = ["rpmbuild", "-bb", "--quiet", "--target", `${architecture}-linux`];
    run([...argv, "--define", `_topdir ${work}/rpm`, specFile], input, work);
    const name = `qwen-${packageVersion()}-1.${architecture}.rpm`;
    return readFileSync(join(work, "rpm", "RPMS", architecture, name));
  });
}

/** A pre-release comes before its release, also for package managers. */
function packageVersion(): string {
  return VERSION.replace("-", "~").replaceAll("-", ".");
}

function address(): string {
  const [owner] = REPOSITORY.split("/");
  return owner ? `${owner}@users.noreply.github.com` : "nobody@localhost";
}

/**
 * Qwen Code may be at the same path, as a link to an npm package or a script that starts it: a
 * package manager would replace it without a word.
 */
const REFUSE_NPM = `case $({ readlink /usr/bin/qwen && exit; head -c 4096 /usr/bin/qwen | tr -cd ' -~'; } 2>/dev/null) in
  *node_modules* | *qwen-code*)
    echo 'Cannot install qwen: /usr/bin/qwen is Qwen Code, of npm; remove it first' >&2
    exit 1
    ;;
esac
exit 0
`;

/** Where a distribution has completions. */
type Places = Readonly<Record<"bash" | "zsh" | "fish", string>>;

const BASH = "usr/share/bash-completion/completions/qwen";
const FISH = "usr/share/fish/vendor_completions.d/qwen.fish";
const DEBIAN_PLACES: Places = {
  bash: BASH,
  zsh: "usr/share/zsh/vendor-completions/_qwen",
  fish: FISH,
};
const RPM_PLACES: Places = { bash: BASH, zsh: "usr/share/zsh/site-functions/_qwen", fish: FISH };

/** The files of a package, by their paths. */
function placed(
  { binary, share, documents }: PackageInput,
  places: Places,
): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>([["usr/bin/qwen", binary]]);
  const known: Readonly<Record<string, string>> = {
    "completions/qwen.bash": places.bash,
    "completions/_qwen": places.zsh,
    "completions/qwen.fish": places.fish,
  };
  for (const { name, content } of share) {
    const path = known[name];
    if (path !== undefined) {
      files.set(path, content);
    } else if (name.startsWith("man/")) {
      const packed = Bun.gzipSync(content, { level: 9, library: "libdeflate" });
      files.set(`usr/share/man/man1/${name.slice(4)}.gz`, packed);
    }
  }
  const texts = documents.filter(({ name }) => name !== "README.md");
  files.set("usr/share/doc/qwen/copyright", Buffer.concat(texts.map(({ content }) => content)));
  return files;
}

function inStage(
  input: PackageInput,
  places: Places,
  build: (stage: string, work: string) => Buffer<ArrayBuffer>,
): Buffer<ArrayBuffer> {
  const work = mkdtempSync(join(tmpdir(), "qwen-package-"));
  try {
    const stage = join(work, "stage");
    for (const [name, content] of placed(input, places)) {
      const path = join(stage, name);
      makeDirectories(stage, dirname(path));
      place(path, content, name === "usr/bin/qwen" ? 0o755 : 0o644);
    }
    chmodSync(stage, 0o755);
    return build(stage, work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function place(path: string, content: string | Uint8Array, mode: number): void {
  writeFileSync(path, content);
  chmodSync(path, mode);
}

/** All may enter them, whatever the umask of who builds. */
function makeDirectories(stage: string, directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (let path = directory; path.startsWith(stage); path = dirname(path)) {
    chmodSync(path, 0o755);
  }
}

/**
 * Without the settings of who builds (`~/.rpmmacros`, `DPKG_DEB_…`), and with one thread, since
 * xz packs otherwise with several.
 * @throws Error with the tool's words when it is missing or refuses
 */
function run(argv: readonly string[], { stamp }: PackageInput, work: string): void {
  const [tool = ""] = argv;
  if (Bun.which(tool) === null) {
    throw new Error(`\`${tool}\` is not installed, which makes the packages`);
  }
  const { exitCode, stderr } = Bun.spawnSync([...argv], {
    env: {
      PATH: process.env.PATH,
      HOME: work,
      TMPDIR: work,
      SOURCE_DATE_EPOCH: `${stamp.epoch}`,
      DPKG_DEB_THREADS_MAX: "1",
      LC_ALL: "C",
      TZ: "UTC",
    },
    stdout: "ignore",
  });
  if (exitCode !== 0) {
    throw new Error(`\`${tool}\` made no package: ${stderr.toString().trim()}`);
  }
}
