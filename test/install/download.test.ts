import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BUN_VERSION,
  directory,
  fakeBun,
  fakeCheckout,
  files,
  hostTarget,
  install,
  PINNED,
  REPOSITORY,
  searchPath,
  testWith,
  writeScript,
} from "./run-installer.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(30_000);

const name = `bun-${hostTarget.replace("arm64", "aarch64")}`;

/** The npm package of a fake Bun, as the registry would send it. */
function pack() {
  const folder = directory("npm");
  mkdirSync(join(folder, "package/bin"), { recursive: true });
  writeScript(join(folder, "package/bin/bun"), fakeBun());
  const bytes = Bun.spawnSync(["tar", "-czf", "-", "-C", folder, "package"]).stdout;
  const digest = createHash("sha512").update(bytes).digest();
  return { bytes, hex: digest.toString("hex"), integrity: `sha512-${digest.toString("base64")}` };
}

describe.if(process.platform === "linux")("the download of Bun", () => {
  const packed = pack();
  const right = { [hostTarget]: packed.hex };
  const server = Bun.serve({
    port: 0,
    fetch(request) {
      const { pathname, origin } = new URL(request.url);
      const tarball = `/@oven/${name}/-/${name}-${BUN_VERSION}.tgz`;
      if (pathname === tarball) return new Response(packed.bytes);
      if (decodeURIComponent(pathname) !== `/@oven/${name}`)
        return new Response("", { status: 404 });
      const dist = { tarball: `${origin}${tarball}`, integrity: packed.integrity };
      const version = { name: `@oven/${name}`, version: BUN_VERSION, dist };
      return Response.json({ name: version.name, versions: { [BUN_VERSION]: version } });
    },
  });
  afterAll(() => server.stop(true));

  const env = {
    npm_config_registry: `${server.url.origin}/`,
    npm_config_update_notifier: "false",
  };
  const downloader = Bun.which("curl") === null ? "wget" : "curl";
  const pathWith = (tool: string) =>
    searchPath([tool, "sha512sum", tool === "npm" ? "node" : tool]);

  describe.each(["npm", "curl", "wget"])("with %s", (tool) =>
    testWith(tool)(
      "brings the pinned bytes, which build",
      async () => {
        const run = { checkout: fakeCheckout(right), path: pathWith(tool), env };
        const { code, stderr, home } = await install(run);
        expect(stderr).toStartWith(
          `qwen-install: downloading Bun ${BUN_VERSION} for the build with ${tool}\n`,
        );
        expect(code).toBe(0);
        expect(files(join(home, ".local"))).toEqual(["bin", "bin/qwen"]);
      },
      30_000,
    ),
  );

  describe.each(["npm", "curl", "wget"])("with %s", (tool) =>
    testWith(tool)(
      "brings other bytes, which are refused: 5",
      async () => {
        const args = ["--from-source", "-q"];
        const { code, stderr, home } = await install({ path: pathWith(tool), env, args });
        expect({ code, stderr, files: files(join(home, ".local")) }).toEqual({
          code: 5,
          stderr: `qwen-install: error: checksum mismatch for @oven/${name} ${BUN_VERSION}
  expected ${PINNED[hostTarget]}
  actual   ${packed.hex}
  nothing was installed
`,
          files: ["bin"],
        });
      },
      30_000,
    ),
  );

  test("a tool that fails is followed by the next", async () => {
    const path = searchPath([downloader, "sha512sum"], { npm: "exit 1" });
    const { code, stderr } = await install({ checkout: fakeCheckout(right), path, env });
    expect(code).toBe(0);
    expect(stderr.match(/with (npm|curl|wget)$/gm)).toEqual(["with npm", `with ${downloader}`]);
  });

  test("the registry can come from ~/.npmrc", async () => {
    const home = directory("home");
    writeFileSync(join(home, ".npmrc"), `registry = ${server.url.origin} ; ours\n`);
    const path = searchPath([downloader, "sha512sum"]);
    const run = { checkout: fakeCheckout(right), path, env: { HOME: home } };
    expect(await install(run)).toMatchObject({ code: 0 });
  });

  describe.each(["openssl", "shasum"])("%s", (tool) =>
    testWith(tool)("will do for SHA-512", async () => {
      const path = searchPath([downloader, "perl", tool]);
      const { code } = await install({ checkout: fakeCheckout(right), path, env });
      expect(code).toBe(0);
    }),
  );

  test("without a tool for SHA-512 nothing is unpacked: 5", async () => {
    const { code, stderr } = await install({ path: searchPath([downloader]), env });
    expect(code).toBe(5);
    expect(
      stderr,
    ).toEndWith(`error: no SHA-512 tool (tried sha512sum, shasum, openssl, sha512, cksum, busybox, perl, python3); install coreutils or openssl
  nothing was installed
`);
  });

  test("without npm, curl and wget there is nothing to try: 4", async () => {
    const { code, stderr } = await install({ path: searchPath([]) });
    expect({ code, stderr }).toEqual({
      code: 4,
      stderr: `qwen-install: error: no download tool: need npm, curl or wget
  to get Bun ${BUN_VERSION}
  nothing was installed
`,
    });
  });

  describe.each(["curl", "wget"])("%s", (tool) =>
    testWith(tool)("names a registry that it cannot reach, without its password: 9", async () => {
      const path = searchPath([tool]);
      const registry = "http://me:hunter2@127.0.0.1:1/npm";
      const { code, stderr } = await install({ path, env: { npm_config_registry: registry } });
      expect(code).toBe(9);
      expect(stderr).toContain(`error: cannot download @oven/${name} ${BUN_VERSION}
  cannot reach 127.0.0.1:1 (${tool} exit `);
      expect(stderr).not.toContain("hunter2");
    }),
  );
});

test("package.json pins the same bytes as bun.lock", () => {
  const lock = readFileSync(join(REPOSITORY, "bun.lock"), "utf8").split("\n");
  for (const [target, pinned] of Object.entries(PINNED)) {
    const bun = `"@oven/bun-${target.replace("arm64", "aarch64")}@${BUN_VERSION}"`;
    const line = lock.find((candidate) => candidate.includes(bun));
    expect(line).toContain(`"sha512-${Buffer.from(pinned, "hex").toString("base64")}"`);
  }
});
