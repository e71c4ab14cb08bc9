import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DEPENDENCIES, ROOT } from "./project.ts";

/** An npm package that is part of the program. */
export type Package = {
  readonly name: string;
  readonly version: string;
  /** An SPDX identifier or expression. */
  readonly license: string;
  readonly licenseText: string;
  /** Of the package as published, in hex. */
  readonly sha512: string;
  /** Names. */
  readonly dependencies: readonly string[];
};

type LockedPackage = readonly [
  id: string,
  registry: string,
  details: { readonly dependencies?: Readonly<Record<string, string>> },
  integrity: string,
];

/**
 * The dependencies of package.json and theirs, one version each, sorted by name: versions and hashes are those of
 * `bun.lock`, licences those of the installed packages.
 */
export function readPackages(
  root: string = ROOT,
  dependencies: readonly string[] = DEPENDENCIES,
): readonly Package[] {
  const lock = Bun.JSONC.parse(readFileSync(join(root, "bun.lock"), "utf8")) as Lock;
  const found = new Map<string, Package>();
  const waiting = [...dependencies];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const locked = lock.packages[name];
    if (locked === undefined) {
      throw new Error(`bun.lock does not have \`${name}\``);
    }
    if (!found.has(name)) {
      const described = describe(name, { locked, directory: join(root, "node_modules", name) });
      const second = described.dependencies.find((other) => `${name}/${other}` in lock.packages);
      if (second !== undefined) {
        throw new Error(`bun.lock has a second version of \`${second}\`, for ${name}`);
      }
      found.set(name, described);
      waiting.push(...described.dependencies);
    }
  }
  return [...found.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** The boundary to bun.lock: its shape is Bun's, which is pinned. */
type Lock = { readonly packages: Readonly<Record<string, LockedPackage>> };

function describe(
  name: string,
  { locked, directory }: { readonly locked: LockedPackage; readonly directory: string },
): Package {
  const [id, , details, integrity] = locked;
  const installed = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  const version = id.slice(name.length + 1);
  if (installed.version !== version) {
    throw new Error(`node_modules has ${name} ${installed.version}, bun.lock ${version}`);
  }
  if (typeof installed.license !== "string") {
    throw new Error(`${name} does not say what its licence is`);
  }
  return {
    name,
    version,
    license: installed.license,
    licenseText: readLicense(name, directory),
    sha512: Buffer.from(integrity.replace("sha512-", ""), "base64").toString("hex"),
    dependencies: Object.keys(details.dependencies ?? {}),
  };
}

function readLicense(name: string, directory: string): string {
  const file = readdirSync(directory).find((entry) => /^licen[cs]e(\.md|\.txt)?$/i.test(entry));
  if (file === undefined) {
    throw new Error(`${name} has no licence file, which has to go with the program`);
  }
  return readFileSync(join(directory, file), "utf8").replaceAll("\r\n", "\n").trim();
}
