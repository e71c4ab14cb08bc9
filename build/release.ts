import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packArchive, packTarball } from "./archive.ts";
import type { ArchiveEntry } from "./archive-entry.ts";
import { type Binary, readBinary } from "./binaries.ts";
import { MAX_ARCHIVE_SIZE } from "./check-binary.ts";
import { type InstallerStamp, stampInstaller } from "./installer.ts";
import { renderLicences } from "./licences.ts";
import { type Asset, describeTarget, renderManifest } from "./manifest.ts";
import { readPackages } from "./packages.ts";
import { renderDefinitions } from "./packaging/definitions.ts";
import { buildDeb, buildRpm } from "./packaging/linux-packages.ts";
import { packNpm } from "./packaging/npm-packages.ts";
import { NPM_PACKAGE, REPOSITORY, ROOT, type Stamp, VERSION } from "./project.ts";
import { renderSbom } from "./sbom.ts";
import { sha256 } from "./sha256.ts";
import { writeTar } from "./tar.ts";
import { archiveName, binaryName, TARGETS, type Target } from "./targets.ts";

export type PackOptions = {
  /** Where the binaries are; the release goes to `release` in it. */
  readonly out: string;
  readonly stamp: Stamp;
  /** The text of `install.sh`. */
  readonly installer: string;
  readonly hasOfflineBundle: boolean;
  /** Whether packages for distributions are made, by their own tools. */
  readonly hasPackages: boolean;
  /** What packages install beside the program. */
  readonly share: readonly ArchiveEntry[];
};

/**
 * Packs compiled binaries and writes all files of a release into a new directory, whose path it
 * returns.
 */
export function packRelease(
  targets: readonly Target[],
  { out, stamp, installer, hasOfflineBundle, hasPackages, share }: PackOptions,
): string {
  const packages = readPackages();
  const documents = readDocuments(renderLicences(packages));
  const packed = targets.map((target) => {
    const binary = readBinary(target, out);
    const archive = pack(binary, { documents, stamp });
    console.log(`packed ${archive.name}: ${archive.content.length} bytes`);
    const packaged = hasPackages ? packLinux(binary, { documents, stamp, share }) : [];
    const described = [target.id, describeTarget(binary, archive)] as const;
    return { binary, archive, packaged, described };
  });
  if (hasPackages && NPM_PACKAGE !== "") {
    const binaries = packed.map(({ binary }) => binary);
    const npm = packNpm({ name: NPM_PACKAGE, binaries, documents, stamp });
    write(
      [...npm].map(([name, content]) => asset(name, content)),
      join(out, "npm"),
    );
  }
  const archives = packed.map(({ archive }) => archive);
  const described = packed.map((one) => one.described);
  const knows = { repository: REPOSITORY, version: VERSION, sums: renderSums(archives) };
  const extras = [
    asset("qwen-share.tar.gz", packTarball(share, stamp.epoch)),
    ...packed.flatMap(({ packaged }) => packaged),
  ];
  const listed = [
    ...archives,
    ...extras,
    ...packDefinitions([...archives, ...extras], stamp),
    asset("install.sh", stampInstaller(installer, knows)),
    ...packWindowsInstaller(targets, knows),
    asset("manifest.json", renderManifest(Object.fromEntries(described), stamp)),
    asset("sbom.cdx.json", renderSbom({ packages, targets, stamp })),
  ];
  const assets = [
    ...listed,
    asset("SHA256SUMS", renderSums(listed)),
    asset("LATEST", `${VERSION}\n`),
    asset("install.sh.sha256", renderSums(listed.filter(({ name }) => name === "install.sh"))),
  ];
  const bundle = hasOfflineBundle ? bundleOffline(assets, stamp) : [];
  return write([...assets, ...bundle], join(out, "release"));
}

/** The documents of an archive: everything in it but the program. */
export function readDocuments(licences: string): readonly ArchiveEntry[] {
  return [
    { name: "LICENSE", mode: 0o644, content: readFileSync(join(ROOT, "LICENSE")) },
    { name: "README.md", mode: 0o644, content: readFileSync(join(ROOT, "README.md")) },
    { name: "THIRD_PARTY_LICENSES", mode: 0o644, content: Buffer.from(licences) },
  ];
}

/** Packs one binary with the documents. */
export function pack(
  { target, content }: Pick<Binary, "target" | "content">,
  { documents, stamp }: { readonly documents: readonly ArchiveEntry[]; readonly stamp: Stamp },
): Asset {
  const entries = [{ name: binaryName(target), mode: 0o755, content }, ...documents];
  const archive = asset(archiveName(target), packArchive(target, { entries, mtime: stamp.epoch }));
  if (archive.content.length > MAX_ARCHIVE_SIZE) {
    throw new Error(
      `${archive.name} has ${archive.content.length} bytes, more than ${MAX_ARCHIVE_SIZE}`,
    );
  }
  return archive;
}

/** The installer of a release that has something for Windows. */
function packWindowsInstaller(targets: readonly Target[], knows: InstallerStamp): Asset[] {
  if (!targets.some(({ os }) => os === "windows")) {
    return [];
  }
  const script = readFileSync(join(import.meta.dir, "packaging", "install.ps1"), "utf8");
  return [asset("install.ps1", stampInstaller(script, knows, "install.ps1"))];
}

/** Packages of distributions that have glibc. */
function packLinux(
  { target, content: binary }: Binary,
  packing: { readonly documents: readonly ArchiveEntry[]; readonly stamp: Stamp } & Pick<
    PackOptions,
    "share"
  >,
): Asset[] {
  if (target.libc !== "glibc") {
    return [];
  }
  const input = { target, binary, ...packing };
  return [
    asset(`qwen-${target.id}.deb`, buildDeb(input)),
    asset(`qwen-${target.id}.rpm`, buildRpm(input)),
  ];
}

/** What other package managers take of a release that has all targets and a home. */
function packDefinitions(assets: readonly Asset[], { epoch }: Stamp): Asset[] {
  const isWhole = TARGETS.every((target) =>
    assets.some(({ name }) => name === archiveName(target)),
  );
  if (REPOSITORY === "" || !isWhole) {
    return [];
  }
  const digests = digestsOf(assets);
  const input = { repository: REPOSITORY, version: VERSION, digests };
  const entries = [...renderDefinitions(input)].map(([name, text]) => ({
    name,
    mode: 0o644,
    content: Buffer.from(text),
  }));
  return [asset("qwen-definitions.tar.gz", packTarball(entries, epoch))];
}

/** The sums that definitions name, by file. */
export function digestsOf(assets: readonly Pick<Asset, "name" | "content" | "sha256">[]) {
  return new Map(
    assets.map(({ name, content, sha256: digest }) => [
      name,
      { sha256: digest, sha512: new Bun.SHA512().update(content).digest("hex") },
    ]),
  );
}

function asset(name: string, content: string | Uint8Array<ArrayBuffer>): Asset {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return { name, content: bytes, sha256: sha256(bytes) };
}

/** Lines as `sha256sum` reads them, sorted by name. */
function renderSums(assets: readonly Asset[]): string {
  return assets
    .map(({ name, sha256: digest }) => ({ name, line: `${digest}  ${name}\n` }))
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .map(({ line }) => line)
    .join("");
}

/** Of other systems, or for those who build packages. */
const NOT_CARRIED = /^qwen-(darwin|windows|definitions|share)|\.(deb|rpm|ps1)$/;

/** One file to carry to hosts without a network, and its own sum, which cannot be in it. */
function bundleOffline(assets: readonly Asset[], { epoch }: Stamp): Asset[] {
  const guide = asset("AIR-GAPPED.md", readFileSync(join(ROOT, "docs", "air-gapped.md")));
  const carried = [guide, ...assets.filter(({ name }) => !NOT_CARRIED.test(name))];
  const entries = carried
    .map(({ name, content }) => ({ name, mode: 0o644, content }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
  const bundle = asset(`qwen-offline-${VERSION}.tar`, writeTar(entries, epoch));
  return [bundle, asset(`${bundle.name}.sha256`, renderSums([bundle]))];
}

/** Nothing of an older release stays in the directory. */
function write(assets: readonly Asset[], directory: string): string {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const { name, content } of assets) {
    writeFileSync(join(directory, name), content);
  }
  return directory;
}
