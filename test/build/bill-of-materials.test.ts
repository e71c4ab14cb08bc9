import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BUN_LIBRARIES, BUN_POLYFILLS } from "../../build/bun-libraries.ts";
import { licencesIn, renderLicences } from "../../build/licences.ts";
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
  readonly cpe?: string;
  readonly copyright?: string;
  readonly licenses: readonly object[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly components?: readonly Component[];
};
const components: readonly Component[] = bill.components;
const bun = components.find(({ name }) => name === "bun");
const all = [bill.metadata.component, ...components, ...(bun?.components ?? [])];

/** The npm packages of which the bundle has a file. */
/** `node_modules/.cache` holds words of our own, packed for the binary: no package. */
function bundledPackages(): string[] {
  const { inputs } = JSON.parse(readFileSync(METAFILE, "utf8"));
  const names = Object.keys(inputs).map(
    (path) => /^node_modules\/((?:@[^/]+\/)?[^/.][^/]*)\//.exec(path)?.[1],
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

  test("does not take the name of a package of npm", () => {
    expect(bill.metadata.component.purl).toBe(`pkg:generic/qwen@${VERSION}`);
  });

  test("has the revision of every library that the pinned Bun tells of itself", () => {
    const told = BUN_LIBRARIES.flatMap((library) => library.told ?? []);
    expect(told.length).toBeGreaterThan(12);
    for (const { name, told: key, version, revision } of BUN_LIBRARIES) {
      if (key !== undefined) {
        expect({ name, told: [version, revision] }).toEqual({
          name,
          told: expect.arrayContaining([process.versions[key]]),
        });
      }
    }
    // What it tells more than these is no library, is Node's interface, or is Bun's own.
    const others = Object.keys(process.versions).filter((key) => !told.includes(key));
    expect(others.sort()).toEqual(
      "bun llhttp modules napi node openssl typescript unicode usockets uv uwebsockets v8 zig".split(
        " ",
      ),
    );
  });

  test("says of every library what a scanner looks for, and whose it is", () => {
    for (const { name, version, revision, cpe, copyright } of BUN_LIBRARIES) {
      const component = bun?.components?.find((one) => one.name === name);
      expect(component?.version).toBe(version ?? revision);
      expect(component?.copyright).toBe(copyright.join("\n"));
      expect(component?.purl === undefined).toBe(revision === undefined);
      expect(component?.purl ?? "pkg:github/a/b@c").toMatch(
        /^pkg:github\/[a-z0-9._+-]+\/[a-z0-9._+-]+@[\w.-]+$/,
      );
      expect(component?.cpe === undefined).toBe(cpe === undefined);
      expect(component?.cpe ?? "cpe:2.3:a:b:c:1:*:*:*:*:*:*:*").toMatch(
        /^cpe:2\.3:a:[\w-]+:[\w-]+:[\d.]+(:\*){7}$/,
      );
    }
  });

  test("has one reference for everything, and dependencies between those alone", () => {
    const references = all.map((component) => component["bom-ref"]);
    expect(new Set(references).size).toBe(references.length);
    const graph: readonly { ref: string; dependsOn: readonly string[] }[] = bill.dependencies;
    const named = graph.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]);
    expect(named.filter((reference) => !references.includes(reference))).toEqual([]);
    const direct = graph.find(({ ref }) => ref === `pkg:generic/qwen@${VERSION}`);
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

  test("has the notice of Bun and of all that is linked into it, and the text of every licence", () => {
    expect(text).toContain(`Bun ${BUN_VERSION} (MIT)\n`);
    expect(text).toContain("\nCopyright (c) 2022 BUN\n");
    for (const library of BUN_LIBRARIES) {
      const { name, home, license, copyright } = library;
      expect(copyright.join()).toMatch(/copyright|\(C\)/i);
      expect(text).toContain(
        `(${license}), ${home}\n${copyright.map((line) => `  ${line}\n`).join("")}`,
      );
      expect(text).toMatch(new RegExp(`^${RegExp.escape(name)} `, "m"));
      for (const id of licencesIn(library)) {
        expect(text.split(`\nText of ${id}\n`).length).toBe(2);
      }
    }
    for (const name of BUN_POLYFILLS) {
      expect(text).toMatch(new RegExp(`MIT licence: .*\\b${name}\\b`));
    }
  });

  test.each([
    ["LGPL-2.1-or-later", "GNU LESSER GENERAL PUBLIC LICENSE"],
    ["MIT", "Permission is hereby granted, free of charge"],
    ["Apache-2.0", "Grant of Patent License"],
    ["BSD-3-Clause", "Neither the name of the copyright holder"],
    ["IJG", "based in part on the work of"],
    ["Unicode-3.0", "Third-Party Software Licenses"],
    ["Zlib", "must not be misrepresented"],
  ])("has the text of %s whole", (id, part) => {
    const [, after = ""] = text.split(`\nText of ${id}\n`);
    const [section = ""] = after.split("\nText of ");
    expect(section).toContain(part);
    expect(section.length).toBeGreaterThan(700);
  });

  test("promises public sources only where it says where they are", () => {
    expect(text).not.toContain("sources of qwen, of Bun");
    expect(text).toContain("those of qwen come with it on request");
  });
});
