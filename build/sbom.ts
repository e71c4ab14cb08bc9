import { BUN_LIBRARIES, type Library } from "./bun-libraries.ts";
import type { Package } from "./packages.ts";
import {
  BUN_SHA512,
  BUN_VERSION,
  DEPENDENCIES,
  LICENSE,
  REPOSITORY,
  type Stamp,
  VERSION,
} from "./project.ts";
import { runtimePackage, type Target } from "./targets.ts";

type SbomOptions = {
  readonly packages: readonly Package[];
  readonly targets: readonly Target[];
  readonly stamp: Stamp;
};

/**
 * A bill of materials in CycloneDX 1.6: the npm packages in the program, and Bun with the libraries
 * that are linked into it. Serial number and time follow from the sources.
 */
export function renderSbom({ packages, targets, stamp }: SbomOptions): string {
  const { commit, epoch } = stamp;
  const root = { ...rootReference(), name: "qwen", version: VERSION };
  const bun = npmReference("bun", BUN_VERSION);
  const direct = packages.filter(({ name }) => DEPENDENCIES.includes(name));
  const document = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${Bun.randomUUIDv5(`qwen ${VERSION} ${commit}`, "url")}`,
    version: 1,
    metadata: {
      timestamp: new Date(epoch * 1000).toISOString(),
      component: {
        type: "application",
        ...root,
        licenses: [{ license: { id: LICENSE } }],
        properties: [{ name: "qwen:commit", value: commit }],
      },
    },
    components: [...packages.map(packageComponent), bunComponent(targets)],
    dependencies: [
      { ref: root["bom-ref"], dependsOn: [...direct.map(packageReference), bun["bom-ref"]] },
      ...packages.map((entry) => ({
        ref: packageReference(entry),
        dependsOn: packages
          .filter(({ name }) => entry.dependencies.includes(name))
          .map(packageReference),
      })),
      { ref: bun["bom-ref"], dependsOn: [] },
    ],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** Not a package of npm, where another project has the name. */
function rootReference(): { purl: string; "bom-ref": string } {
  const purl =
    REPOSITORY === ""
      ? `pkg:generic/qwen@${VERSION}`
      : `pkg:github/${REPOSITORY.toLowerCase()}@v${VERSION}`;
  return { purl, "bom-ref": purl };
}

function npmReference(name: string, version: string): { purl: string; "bom-ref": string } {
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  return { purl, "bom-ref": purl };
}

function packageReference({ name, version }: Package): string {
  return npmReference(name, version)["bom-ref"];
}

function packageComponent({ name, version, license, sha512 }: Package): object {
  return {
    type: "library",
    ...npmReference(name, version),
    name,
    version,
    scope: "required",
    licenses: [licenseOf(license)],
    hashes: [{ alg: "SHA-512", content: sha512 }],
  };
}

/** Bun, with the package for each target, whose hash is checked before it is used. */
function bunComponent(targets: readonly Target[]): object {
  return {
    type: "framework",
    ...npmReference("bun", BUN_VERSION),
    name: "bun",
    version: BUN_VERSION,
    scope: "required",
    licenses: [{ license: { id: "MIT" } }],
    externalReferences: [{ type: "vcs", url: "https://github.com/oven-sh/bun" }],
    components: [
      ...targets.map((target) => ({
        type: "framework",
        ...npmReference(`@oven/${runtimePackage(target)}`, BUN_VERSION),
        name: `@oven/${runtimePackage(target)}`,
        version: BUN_VERSION,
        licenses: [{ license: { id: "MIT" } }],
        hashes: [{ alg: "SHA-512", content: BUN_SHA512[target.id] }],
      })),
      ...BUN_LIBRARIES.map(libraryComponent),
    ],
  };
}

/** With what scanners look for, as far as the library has it. */
function libraryComponent(library: Library): object {
  const { name, license, copyright, home, version, revision, told, cpe } = library;
  const [, repository] = /^https:\/\/github\.com\/(.+)$/.exec(home) ?? [];
  return {
    type: "library",
    "bom-ref": `bun/${name}`,
    name,
    ...((version ?? revision) && { version: version ?? revision }),
    ...(repository !== undefined &&
      revision !== undefined && { purl: `pkg:github/${repository.toLowerCase()}@${revision}` }),
    ...(cpe !== undefined &&
      version !== undefined && { cpe: `cpe:2.3:a:${cpe}:${version}:*:*:*:*:*:*:*` }),
    licenses: [licenseOf(license)],
    copyright: copyright.join("\n"),
    externalReferences: [{ type: "website", url: home }],
    properties: [
      {
        name: "qwen:version-from",
        value: told === undefined ? "the build scripts of Bun" : "the pinned Bun itself",
      },
    ],
  };
}

function licenseOf(spdx: string): object {
  return /^[\w.+-]+$/.test(spdx) ? { license: { id: spdx } } : { expression: spdx };
}
