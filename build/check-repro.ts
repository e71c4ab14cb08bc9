import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "./compile.ts";
import { renderLicences } from "./licences.ts";
import { readPackages } from "./packages.ts";
import type { Stamp } from "./project.ts";
import { pack, readDocuments } from "./release.ts";
import type { RuntimeOptions } from "./runtimes.ts";
import { sha256 } from "./sha256.ts";
import type { Target } from "./targets.ts";

type CheckOptions = { readonly stamp: Stamp; readonly runtimes: RuntimeOptions | undefined };

type Digests = { readonly binary: string; readonly archive: string };

/** Builds every target twice, each time elsewhere; throws when a byte differs. */
export async function checkReproducible(
  targets: readonly Target[],
  options: CheckOptions,
): Promise<void> {
  const different: string[] = [];
  for (const target of targets) {
    const first = await buildElsewhere(target, options);
    const second = await buildElsewhere(target, options);
    const isSame = first.binary === second.binary && first.archive === second.archive;
    console.log(`${isSame ? "same" : "DIFFERENT"} ${target.id}: ${first.binary}`);
    if (!isSame) {
      different.push(target.id);
    }
  }
  if (different.length > 0) {
    throw new Error(`two builds differ for ${different.join(", ")}`);
  }
}

async function buildElsewhere(target: Target, { stamp, runtimes }: CheckOptions): Promise<Digests> {
  const out = mkdtempSync(join(tmpdir(), "qwen-build-"));
  try {
    const { path } = await compile(target, { out, stamp, runtimes });
    const content = readFileSync(path);
    const documents = readDocuments(renderLicences(readPackages()));
    return {
      binary: sha256(content),
      archive: pack({ target, content }, { documents, stamp }).sha256,
    };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
