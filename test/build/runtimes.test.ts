import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BUN_SHA512, BUN_VERSION, ROOT } from "../../build/project.ts";
import { writeRuntime } from "../../build/runtimes.ts";
import { runtimePackage, TARGETS } from "../../build/targets.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const [target] = TARGETS;

function write(directory: string, isOffline: boolean): Promise<void> {
  if (target === undefined) {
    throw new Error("there are no targets");
  }
  return writeRuntime(target, { directory, isOffline, destination: join(directory, "bun") });
}

describe("the Bun of every target", () => {
  const lock = readFileSync(join(ROOT, "bun.lock"), "utf8");
  test.each(TARGETS.map((each) => [each.id, each] as const))(
    "%s is pinned by the hash that bun.lock has from the registry",
    (id, each) => {
      const name = `@oven/${runtimePackage(each)}`;
      const line = lock.split("\n").find((text) => text.startsWith(`    "${name}": `));
      expect(line).toContain(`"${name}@${BUN_VERSION}"`);
      const integrity = Buffer.from(BUN_SHA512[id] ?? "", "hex").toString("base64");
      expect(line).toContain(`"sha512-${integrity}"`);
    },
  );

  test("there is no pin for anything else", () => {
    expect(Object.keys(BUN_SHA512).sort()).toEqual(TARGETS.map(({ id }) => id).sort());
  });
});

describe("writeRuntime()", () => {
  const packed = `oven-bun-linux-x64-${BUN_VERSION}.tgz`;

  test("names the package that is missing when it may fetch nothing", async () => {
    await expect(write(temporaryDirectory(), true)).rejects.toThrow(
      `${packed}\` is missing: \`npm pack @oven/bun-linux-x64@${BUN_VERSION}\` makes it`,
    );
  });

  test("takes no package that was changed", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, packed), "changed");
    await expect(write(directory, true)).rejects.toThrow("checksum mismatch for");
    expect(existsSync(join(directory, "bun"))).toBe(false);
  });

  test.each([
    ["another package", () => new Response("not Bun"), "checksum mismatch for @oven/bun-linux-x64"],
    ["an error", () => new Response("gone", { status: 404 }), /cannot download.*: HTTP 404$/],
  ])("keeps nothing of what a registry answers with %s", async (_name, answer, message) => {
    const asked: string[] = [];
    using server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: ({ url }) => {
        asked.push(new URL(url).pathname);
        return answer();
      },
    });
    const directory = temporaryDirectory();
    process.env.npm_config_registry = `${server.url}npm/`;
    try {
      expect(await write(directory, false).catch((error: Error) => error.message)).toMatch(message);
    } finally {
      delete process.env.npm_config_registry;
    }
    expect(asked).toEqual([`/npm/@oven/bun-linux-x64/-/bun-linux-x64-${BUN_VERSION}.tgz`]);
    expect(readdirSync(directory)).toEqual([]);
  });
});
