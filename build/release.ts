import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ArchiveEntry, packArchive } from "./archive.ts";
import { type Binary, readBinary } from "./binaries.ts";
import { MAX_ARCHIVE_SIZE } from "./check-binary.ts";
import { stampInstaller } from "./installer.ts";
import { renderLicences } from "./licences.ts";
import { type Asset, describeTarget, renderManifest } from "./manifest.ts";
import { readPackages } from "./packages.ts";
import { REPOSITORY, ROOT, type Stamp, VERSION } from "./project.ts";
import { renderSbom } from "./sbom.ts";
import { sha256 } from "./sha256.ts";
import { writeTar } from "./tar.ts";
import { archiveName, binaryName, type Target } from "./targets.ts";

export type PackOptions = {
  /** Where the binaries are; the release goes to `release` in it. */
  readonly out: string;
  readonly stamp: Stamp;
  /** The text of `install.sh`. */
  readonly installer: string;
  readonly hasOfflineBundle: boolean;
};

/**
 * Packs compiled binaries and writes all files of a release into a new directory, whose path it
 * returns.
 */
export function packRelease(
  targets: readonly Target[],
  { out, stamp, installer, hasOfflineBundle }: PackOptions,
): string {
  const packages = readPackages();
  const documents = readDocuments(renderLicences(packages));
  const packed = targets.map((target) => {
    const binary = readBinary(target, out);
    const archive = pack(binary, { documents, stamp });
    console.log(`packed ${archive.name}: ${archive.content.length} bytes`);
    return { archive, described: [target.id, describeTarget(binary, archive)] as const };
  });
  const archives = packed.map(({ archive }) => archive);
  const described = packed.map((one) => one.described);
  const stamped = stampInstaller(installer, {
    repository: REPOSITORY,
    version: VERSION,
    sums: renderSums(archives),
  });
  const listed = [
    ...archives,
    asset("install.sh", stamped),
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

/** One file to carry to hosts without a network, and its own sum, which cannot be in it. */
function bundleOffline(assets: readonly Asset[], { epoch }: Stamp): Asset[] {
  const guide = asset("AIR-GAPPED.md", readFileSync(join(ROOT, "docs", "air-gapped.md")));
  const carried = [guide, ...assets.filter(({ name }) => !/^qwen-(darwin|windows)-/.test(name))];
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
