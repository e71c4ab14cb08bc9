import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BUN_LIBRARIES } from "../../build/bun-libraries.ts";
import { renderLicences } from "../../build/licences.ts";
import { readPackages } from "../../build/packages.ts";
import { BUN_SHA512, BUN_VERSION, DEPENDENCIES, ROOT, VERSION } from "../../build/project.ts";
import { renderSbom } from "../../build/sbom.ts";
import { TARGETS } from "../../build/targets.ts";
import { testUnless } from "../support/needs.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { STAMP } from "./built-release.ts";

const METAFILE = join(ROOT, "dist", "metafile.json");
const noBuild = existsSync(METAFILE) ? undefined : "dist/metafile.json is missing: build first";

const packages = readPackages();
const sbom = renderSbom({ packages, targets: TARGETS, stamp: STAMP });
const bill = JSON.parse(sbom);

type Component = {
  readonly name: string;
  readonly version?: string;
  readonly "bom-ref": string;
  readonly purl?: string;
  readonly licenses: readonly object[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly components?: readonly Component[];
};
const components: readonly Component[] = bill.components;
const bun = components.find(({ name }) => name === "bun");
const all = [bill.metadata.component, ...components, ...(bun?.components ?? [])];

/** The npm packages of which the bundle has a file. */
function bundledPackages(): string[] {
  const { inputs } = JSON.parse(readFileSync(METAFILE, "utf8"));
  const names = Object.keys(inputs).map(
    (path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1],
  );
  return [...new Set(names)].filter((name) => name !== undefined).sort();
}

describe("the bill of materials", () => {
  test("is CycloneDX 1.6, with a number and a time that follow from the sources", () => {
    expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6", version: 1 });
    expect(bill.serialNumber).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(bill.metadata).toMatchObject({
      timestamp: "2026-01-02T00:00:00.000Z",
      component: { type: "application", name: "qwen", version: VERSION },
    });
    expect(renderSbom({ packages, targets: TARGETS, stamp: STAMP })).toBe(sbom);
    const other = renderSbom({ packages, targets: TARGETS, stamp: { ...STAMP, commit: "beef" } });
    expect(JSON.parse(other).serialNumber).not.toBe(bill.serialNumber);
  });

  testUnless(noBuild)("names every package that the bundle has a file of", () => {
    const bundled = bundledPackages();
    const named = components.map(({ name }) => name);
    expect(bundled.length).toBeGreaterThanOrEqual(DEPENDENCIES.length);
    expect(bundled.filter((name) => !named.includes(name))).toEqual([]);
  });

  test("gives every package a purl, one hash as in bun.lock, and a licence", () => {
    const lock = readFileSync(join(ROOT, "bun.lock"), "utf8");
    for (const { name, version, purl, hashes = [], licenses } of components) {
      if (name === "bun") continue;
      expect(purl).toBe(`pkg:npm/${name.replace("@", "%40")}@${version}`);
      const [hash] = hashes;
      expect(hash).toEqual({ alg: "SHA-512", content: expect.stringMatching(/^[0-9a-f]{128}$/) });
      const integrity = Buffer.from(hash?.content ?? "", "hex").toString("base64");
      expect(lock).toContain(`"${name}@${version}", "", `);
      expect(lock).toContain(`"sha512-${integrity}"`);
      expect(licenses).toEqual([{ license: { id: expect.any(String) } }]);
    }
  });

  test("names Bun, the package of every target with its pinned hash, and what is linked in", () => {
    expect(bun).toMatchObject({ version: BUN_VERSION, purl: `pkg:npm/bun@${BUN_VERSION}` });
    const hashes = bun?.components?.flatMap(({ hashes: found = [] }) => found) ?? [];
    expect(hashes.map(({ content }) => content).sort()).toEqual(Object.values(BUN_SHA512).sort());
    expect(bun?.components?.length).toBe(TARGETS.length + BUN_LIBRARIES.length);
  });

  test("has one reference for everything, and dependencies between those alone", () => {
    const references = all.map((component) => component["bom-ref"]);
    expect(new Set(references).size).toBe(references.length);
    const graph: readonly { ref: string; dependsOn: readonly string[] }[] = bill.dependencies;
    const named = graph.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]);
    expect(named.filter((reference) => !references.includes(reference))).toEqual([]);
    const direct = graph.find(({ ref }) => ref === `pkg:npm/qwen@${VERSION}`);
    expect(direct?.dependsOn.length).toBe(DEPENDENCIES.length + 1);
    const reached = new Set(graph.flatMap(({ dependsOn }) => dependsOn));
    expect(components.filter((component) => !reached.has(component["bom-ref"]))).toEqual([]);
  });
});

describe("readPackages()", () => {
  const LOCK = '{ "packages": { "a": ["a@1.0.0", "", {}, "sha512-AAAA"], }, }';
  const FILES = { "package.json": '{ "version": "1.0.0", "license": "MIT" }', LICENSE: "terms\n" };

  function read(lock: string, files: Readonly<Record<string, string>>): unknown {
    const root = temporaryDirectory();
    mkdirSync(join(root, "node_modules", "a"), { recursive: true });
    writeFileSync(join(root, "bun.lock"), lock);
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(root, "node_modules", "a", name), content);
    }
    return readPackages(root, ["a"]);
  }

  test("takes versions from bun.lock and licences from what is installed", () => {
    expect(read(LOCK, FILES)).toEqual([
      {
        name: "a",
        version: "1.0.0",
        license: "MIT",
        licenseText: "terms",
        sha512: "000000",
        dependencies: [],
      },
    ]);
  });

  const { "package.json": manifest } = FILES;
  const TWO_VERSIONS = `{ "packages": {
    "a": ["a@1.0.0", "", { "dependencies": { "b": "1" } }, "sha512-AAAA"],
    "a/b": ["b@1.0.0", "", {}, "sha512-AAAA"],
  } }`;
  test.each([
    ["a package that is not locked", '{ "packages": {} }', FILES, "bun.lock does not have `a`"],
    ["another version", LOCK.replace("1.0.0", "2.0.0"), FILES, "node_modules has a 1.0.0"],
    ["two versions", TWO_VERSIONS, FILES, "bun.lock has a second version of `b`, for a"],
    ["no licence", LOCK, { "package.json": '{ "version": "1.0.0" }' }, "what its licence is"],
    ["no text of it", LOCK, { "package.json": manifest, README: "" }, "a has no licence file"],
  ])("refuses %s", (_name, lock, files, message) => {
    expect(() => read(lock, files)).toThrow(message);
  });
});

describe("THIRD_PARTY_LICENSES", () => {
  const text = renderLicences(packages);

  test.each(packages.map(({ name, version, licenseText }) => [`${name} ${version}`, licenseText]))(
    "has the licence of %s, which names a holder",
    (title, licence) => {
      expect(text).toContain(`${title} (`);
      expect(text).toContain(licence);
      expect(licence).toMatch(/copyright/i);
    },
  );

  test("names Bun, all that is linked into it, and the terms of those that ask for their text", () => {
    expect(text).toContain(`Bun ${BUN_VERSION} (MIT)`);
    for (const { name, home } of BUN_LIBRARIES) {
      expect(text).toContain(`  ${name}: `);
      expect(text).toContain(home);
    }
    expect(text).toContain("GNU LESSER GENERAL PUBLIC LICENSE");
  });
});
