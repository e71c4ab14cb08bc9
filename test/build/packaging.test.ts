import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderDefinitions } from "../../build/packaging/definitions.ts";
import { buildDeb, buildRpm } from "../../build/packaging/linux-packages.ts";
import { packNpm } from "../../build/packaging/npm-packages.ts";
import { readShare } from "../../build/packaging/share.ts";
import { VERSION } from "../../build/project.ts";
import { digestsOf } from "../../build/release.ts";
import { archiveName, hostTarget, TARGETS } from "../../build/targets.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import { missingPrograms, testUnless } from "../support/needs.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { STAMP } from "./built-release.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(60_000);

const share = await readShare(STAMP);
const documents = [
  { name: "LICENSE", mode: 0o644, content: Buffer.from("terms\n") },
  { name: "README.md", mode: 0o644, content: Buffer.from("# qwen\n") },
  { name: "THIRD_PARTY_LICENSES", mode: 0o644, content: Buffer.from("theirs\n") },
];
/** In the place of the binary; what makes packages may not touch it. */
const PROGRAM = Buffer.from(`#!/bin/sh\n[ "$1" != --version ] || echo ${VERSION}\nexit 7\n`);

function target(id: string) {
  const found = TARGETS.find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no target ${id}`);
  return found;
}

function run(argv: readonly string[], cwd = "/") {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...argv], {
    cwd,
    env: { PATH: process.env.PATH ?? "" },
  });
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}

describe("man pages", () => {
  const pages = share.filter(({ name }) => name.startsWith("man/"));

  test("are there for the program and for each command", () => {
    const names = COMMANDS.map(({ words }) => `man/${["qwen", ...words].join("-")}.1`);
    expect(pages.map(({ name }) => name)).toEqual(["man/qwen.1", ...names].sort());
  });

  test("have every flag that help lists, and the date of the release", async () => {
    for (const { words, load, flags } of COMMANDS) {
      const { examples } = await load();
      const page = pages.find(({ name }) => name === `man/${["qwen", ...words].join("-")}.1`);
      const text = page?.content.toString() ?? "";
      expect(text).toStartWith(
        `.TH QWEN-${words.join("-").toUpperCase()} 1 "2026-01-02" "qwen ${VERSION}"`,
      );
      for (const [name, { hidden, description }] of Object.entries(flags)) {
        const written = `\\fB\\-\\-${name.replaceAll("-", "\\-")}\\fR`;
        expect([name, text.includes(written)]).toEqual([name, hidden !== true]);
        if (hidden !== true) {
          expect(text).toContain(description.replaceAll("\\", "\\e").replaceAll("-", "\\-"));
        }
      }
      expect(text.split("\n.SH EXAMPLES\n").length).toBe(examples.length === 0 ? 1 : 2);
    }
  });

  testUnless(missingPrograms("mandoc"))("mandoc has nothing to say", () => {
    const directory = temporaryDirectory();
    for (const { name, content } of pages) {
      const path = join(directory, name.slice(4));
      writeFileSync(path, content);
      expect(run(["mandoc", "-T", "lint", "-W", "warning", path])).toEqual({
        exitCode: 0,
        stdout: "",
        stderr: "",
      });
    }
  });
});

const INSTALLED = [
  "usr/bin/qwen",
  "usr/share/bash-completion/completions/qwen",
  "usr/share/doc/qwen/copyright",
  "usr/share/fish/vendor_completions.d/qwen.fish",
  "usr/share/man/man1/qwen-auth-status.1.gz",
  "usr/share/man/man1/qwen.1.gz",
];

const input = { target: target("linux-x64"), binary: PROGRAM, share, documents, stamp: STAMP };

function expectInstalled(root: string, zsh: string): void {
  for (const name of [...INSTALLED, zsh]) {
    expect(statSync(join(root, name)).size).toBeGreaterThan(0);
  }
  expect(readFileSync(join(root, "usr/bin/qwen"))).toEqual(PROGRAM);
  expect(statSync(join(root, "usr/bin/qwen")).mode & 0o777).toBe(0o755);
  expect(readFileSync(join(root, "usr/share/doc/qwen/copyright"), "utf8")).toBe("terms\ntheirs\n");
  const page = Bun.gunzipSync(readFileSync(join(root, "usr/share/man/man1/qwen.1.gz")));
  expect(Buffer.from(page).toString()).toContain(".SH COMMANDS");
}

describe("a .deb", () => {
  const skip = missingPrograms("dpkg-deb");

  testUnless(skip)("is the same when it is made again, and holds the binary as it is", () => {
    const packed = buildDeb(input);
    expect(buildDeb(input).equals(packed)).toBe(true);
    const directory = temporaryDirectory();
    const file = join(directory, "qwen.deb");
    writeFileSync(file, packed);
    expect(run(["dpkg-deb", "-x", file, join(directory, "root")]).exitCode).toBe(0);
    expectInstalled(join(directory, "root"), "usr/share/zsh/vendor-completions/_qwen");
    const field = (name: string) => run(["dpkg-deb", "-f", file, name]).stdout.trim();
    expect(["Package", "Version", "Architecture", "Depends"].map(field)).toEqual([
      "qwen",
      VERSION,
      "amd64",
      "libc6 (>= 2.17)",
    ]);
    const owners = run(["dpkg-deb", "-c", file]).stdout.trim().split("\n");
    expect(owners.filter((line) => !line.includes(" root/root "))).toEqual([]);
  });

  testUnless(skip)("does not replace Qwen Code of npm", () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "qwen.deb"), buildDeb(input));
    run(["dpkg-deb", "-e", "qwen.deb", "control"], directory);
    const script = readFileSync(join(directory, "control", "preinst"), "utf8");
    const asked = (link: string) => run(["sh", "-c", `readlink() { echo ${link}; }\n${script}`]);
    expect(asked("../lib/node_modules/@qwen-code/qwen-code/cli.js")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("is Qwen Code, of npm; remove it first"),
    });
    expect(asked("")).toMatchObject({ exitCode: 0, stderr: "" });
  });
});

describe("an .rpm", () => {
  testUnless(missingPrograms("rpmbuild", "rpm", "rpm2cpio", "cpio"))(
    "is the same when it is made again, passes `rpm -K`, and holds the binary as it is",
    () => {
      const packed = buildRpm(input);
      expect(buildRpm(input).equals(packed)).toBe(true);
      const directory = temporaryDirectory();
      const file = join(directory, "qwen.rpm");
      writeFileSync(file, packed);
      expect(run(["rpm", "-K", file]).stdout).toBe(`${file}: digests OK\n`);
      mkdirSync(join(directory, "root"));
      const extract = `rpm2cpio ../qwen.rpm | cpio -idm --quiet`;
      expect(run(["sh", "-c", extract], join(directory, "root")).exitCode).toBe(0);
      expectInstalled(join(directory, "root"), "usr/share/zsh/site-functions/_qwen");
      const query = "%{NAME} %{VERSION} %{ARCH} %{LICENSE} %{BUILDHOST} %{BUILDTIME}";
      expect(run(["rpm", "-qp", "--queryformat", query, file]).stdout).toBe(
        `qwen ${VERSION} x86_64 Apache-2.0 qwen ${STAMP.epoch}`,
      );
      expect(run(["rpm", "-qp", "--requires", file]).stdout).toContain(
        "libc.so.6(GLIBC_2.17)(64bit)\n",
      );
      writeFileSync(file, buildRpm({ ...input, target: target("linux-arm64") }));
      expect(run(["rpm", "-qp", "--queryformat", "%{ARCH}", file]).stdout).toBe("aarch64");
    },
  );
});

describe("packages for npm", () => {
  const name = "@scope/qwen";
  const host = hostTarget();
  const binaries = TARGETS.map((one) => ({ target: one, content: PROGRAM }));
  const packed = packNpm({ name, binaries, documents, stamp: STAMP });

  test("are one a platform, and one that names them", async () => {
    expect([...packed.keys()]).toEqual([
      ...TARGETS.map(({ id }) => `scope-qwen-${id}-${VERSION}.tgz`),
      `scope-qwen-${VERSION}.tgz`,
    ]);
    const again = packNpm({ name, binaries, documents, stamp: STAMP });
    for (const [file, content] of packed) {
      expect(Buffer.from(again.get(file) ?? []).equals(Buffer.from(content))).toBe(true);
    }
    const musl = packed.get(`scope-qwen-linux-arm64-musl-${VERSION}.tgz`);
    const files = await new Bun.Archive(musl ?? new Uint8Array()).files("package/package.json");
    const manifest = JSON.parse((await files.get("package/package.json")?.text()) ?? "{}");
    const { os, cpu, libc, scripts } = manifest;
    expect({ os, cpu, libc, scripts }).toEqual({
      os: ["linux"],
      cpu: ["arm64"],
      libc: ["musl"],
      scripts: undefined,
    });
  });

  testUnless(missingPrograms("npm", "node") ?? (host?.os === "linux" ? undefined : "not Linux"))(
    "are installed by npm, and started by Node with the end of the program",
    async () => {
      const directory = temporaryDirectory();
      for (const [file, content] of packed) {
        writeFileSync(join(directory, file), content);
      }
      // As a registry would give them; npm leaves out those of other platforms.
      using registry = serveRegistry(name, packed);
      const npm = ["npm", "install", "--global", "--no-audit", "--no-fund", "--ignore-scripts"];
      const where = ["--prefix", join(directory, "prefix"), "--cache", join(directory, "cache")];
      const child = Bun.spawn([...npm, ...where, `--registry=${registry.url}`, name], {
        env: { PATH: process.env.PATH ?? "", HOME: directory, NO_PROXY: "127.0.0.1" },
        stdout: "pipe",
        stderr: "pipe",
      });
      const [stderr, code] = await Promise.all([child.stderr.text(), child.exited]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const modules = join(
        directory,
        "prefix",
        "lib",
        "node_modules",
        name,
        "node_modules",
        "@scope",
      );
      expect(readdirSync(modules)).toEqual([`qwen-${host?.id}`]);
      const started = run([join(directory, "prefix", "bin", "qwen"), "--version"]);
      expect(started).toEqual({ exitCode: 7, stdout: `${VERSION}\n`, stderr: "" });
    },
  );
});

/** As much of a registry as `npm install` asks. */
function serveRegistry(name: string, packed: ReadonlyMap<string, Uint8Array<ArrayBuffer>>) {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const path = decodeURIComponent(new URL(request.url).pathname).slice(1);
      const file = packed.get(path);
      if (file !== undefined) return new Response(file);
      const content = packed.get(`${path.replace("@", "").replace("/", "-")}-${VERSION}.tgz`);
      if (content === undefined) return new Response("{}", { status: 404 });
      const files = await new Bun.Archive(content).files("package/package.json");
      const manifest = await files.get("package/package.json")?.json();
      const tarball = `${new URL(request.url).origin}/${path.replace("@", "").replace("/", "-")}-${VERSION}.tgz`;
      const integrity = `sha512-${new Bun.CryptoHasher("sha512").update(content).digest("base64")}`;
      const version = { ...manifest, dist: { tarball, integrity } };
      return Response.json({
        name: path,
        "dist-tags": { latest: VERSION },
        versions: { [VERSION]: version },
      });
    },
  });
  return { url: server.url.href, [Symbol.dispose]: () => server.stop(true), name };
}

describe("definitions for other package managers", () => {
  const assets = [...TARGETS.map(archiveName), "qwen-share.tar.gz"].map((name) => ({
    name,
    content: Buffer.from(name),
    sha256: new Bun.SHA256().update(name).digest("hex"),
  }));
  const digests = digestsOf(assets);
  const definitions = renderDefinitions({
    repository: "Owner/qwen-cli",
    version: "1.2.3",
    digests,
  });
  const text = (name: string) => definitions.get(name) ?? "";
  const sum = (name: string) => digests.get(name)?.sha256 ?? "none";
  const url = (name: string) =>
    `https://github.com/Owner/qwen-cli/releases/download/v1.2.3/${name}`;

  test("name every file of the release that they download, with its sum", () => {
    for (const definition of definitions.values()) {
      const named = definition.match(/https:\/\/\S+?\/v1\.2\.3\/[\w.-]+/g) ?? [];
      for (const address of named) {
        const name = address.slice(address.lastIndexOf("/") + 1);
        if (name === "LICENSE") continue;
        const { sha256 = "none", sha512 = "none" } = digests.get(name) ?? {};
        const found = [sha256, sha256.toUpperCase(), sha512].some((one) =>
          definition.includes(one),
        );
        expect([name, found]).toEqual([name, true]);
      }
    }
    expect(() =>
      renderDefinitions({ repository: "o/n", version: "1", digests: new Map() }),
    ).toThrow("the release has no ");
  });

  testUnless(missingPrograms("ruby"))("the formula of Homebrew is read, for each platform", () => {
    const file = join(temporaryDirectory(), "qwen.rb");
    writeFileSync(file, text("homebrew/qwen.rb"));
    for (const [os, arch, name] of [
      ["macos", "arm", "qwen-darwin-arm64.tar.gz"],
      ["macos", "intel", "qwen-darwin-x64.tar.gz"],
      ["linux", "arm", "qwen-linux-arm64.tar.gz"],
      ["linux", "intel", "qwen-linux-x64.tar.gz"],
    ] as const) {
      const { stdout, stderr } = run(["ruby", "-W", "-e", FORMULA_READER, file, os, arch]);
      expect({ stderr, facts: JSON.parse(stdout) }).toEqual({
        stderr: "",
        facts: {
          url: url(name),
          sha256: sum(name),
          version: "1.2.3",
          license: "Apache-2.0",
          homepage: "https://github.com/Owner/qwen-cli",
          "resource share": { url: url("qwen-share.tar.gz"), sha256: sum("qwen-share.tar.gz") },
          "skip_clean bin": true,
          methods: ["install"],
        },
      });
    }
  });

  test("the manifest of Scoop has what its schema asks for", () => {
    const manifest = JSON.parse(text("scoop/qwen.json"));
    expect(manifest).toMatchObject({
      version: "1.2.3",
      license: "Apache-2.0",
      bin: "qwen.exe",
      checkver: { github: "https://github.com/Owner/qwen-cli" },
      architecture: {
        "64bit": { url: url("qwen-windows-x64.zip"), hash: sum("qwen-windows-x64.zip") },
        arm64: { url: url("qwen-windows-arm64.zip"), hash: sum("qwen-windows-arm64.zip") },
      },
    });
    const allowed = "version description homepage license architecture bin checkver autoupdate";
    expect(Object.keys(manifest)).toEqual(allowed.split(" "));
    expect(manifest.autoupdate.architecture["64bit"].url.replaceAll("$version", "1.2.3")).toBe(
      manifest.architecture["64bit"].url,
    );
  });

  test("the manifests of winget have what their schemas ask for", () => {
    const parse = (name: string) => JSON.parse(JSON.stringify(Bun.YAML.parse(text(name))));
    const [version, installer, locale] = ["", ".installer", ".locale.en-US"].map((suffix) =>
      parse(`winget/Owner.qwen-cli${suffix}.yaml`),
    );
    const common = {
      PackageIdentifier: expect.stringMatching(
        /^[^.\s\\/:*?"<>|]{1,32}(\.[^.\s\\/:*?"<>|]{1,32}){1,7}$/,
      ),
      PackageVersion: "1.2.3",
      ManifestVersion: expect.stringMatching(/^1\.\d+\.0$/),
    };
    expect(version).toEqual({ ...common, DefaultLocale: "en-US", ManifestType: "version" });
    expect(locale).toMatchObject({
      ...common,
      PackageLocale: "en-US",
      ManifestType: "defaultLocale",
    });
    for (const field of ["Publisher", "PackageName", "License", "ShortDescription"]) {
      expect(locale[field]).toMatch(/^.{3,256}$/);
    }
    expect(installer).toEqual({
      ...common,
      ManifestType: "installer",
      Platform: ["Windows.Desktop"],
      MinimumOSVersion: "10.0.17763.0",
      InstallerType: "zip",
      NestedInstallerType: "portable",
      NestedInstallerFiles: [{ RelativeFilePath: "qwen.exe", PortableCommandAlias: "qwen" }],
      Commands: ["qwen"],
      Installers: ["x64", "arm64"].map((arch) => ({
        Architecture: arch,
        InstallerUrl: url(`qwen-windows-${arch}.zip`),
        InstallerSha256: sum(`qwen-windows-${arch}.zip`).toUpperCase(),
      })),
    });
  });

  test("the entry of aqua leads to every archive but those for musl", () => {
    const parsed = JSON.parse(JSON.stringify(Bun.YAML.parse(text("aqua/registry.yaml"))));
    const [entry] = parsed.packages;
    const architectures: Readonly<Record<string, string>> = entry.replacements;
    const names = ["linux", "darwin", "windows"].flatMap((os) =>
      ["amd64", "arm64"].map((arch) => {
        const format = entry.overrides.find((one: { goos: string }) => one.goos === os)?.format;
        return entry.asset
          .replace("{{.OS}}", os)
          .replace("{{.Arch}}", architectures[arch] ?? arch)
          .replace("{{.Format}}", format ?? entry.format);
      }),
    );
    const expected = TARGETS.filter(({ libc }) => libc !== "musl").map(archiveName);
    expect(names.sort()).toEqual(expected.sort());
    expect(entry).toMatchObject({
      type: "github_release",
      repo_owner: "Owner",
      repo_name: "qwen-cli",
    });
    expect(entry.checksum).toEqual({
      type: "github_release",
      asset: "SHA256SUMS",
      algorithm: "sha256",
    });
  });

  test("the APKBUILD installs what it downloads, with the C++ library as a dependency", () => {
    const directory = temporaryDirectory();
    for (const { name, content } of [...share, ...documents, { name: "qwen", content: PROGRAM }]) {
      mkdirSync(join(directory, "src", name, ".."), { recursive: true });
      writeFileSync(join(directory, "src", name), content);
    }
    writeFileSync(join(directory, "APKBUILD"), text("alpine/APKBUILD"));
    const script = `set -eu; CARCH=aarch64; srcdir=$PWD/src; pkgdir=$PWD/pkg; . ./APKBUILD
      cd "$builddir"; package; printf '%s\\n' "$pkgname $depends $subpackages" "$options"`;
    expect(run(["sh", "-c", script], directory)).toEqual({
      exitCode: 0,
      stderr: "",
      stdout: "qwen libstdc++ qwen-doc\n!check !strip !tracedeps\n",
    });
    expect(readFileSync(join(directory, "pkg/usr/bin/qwen"))).toEqual(PROGRAM);
    expect(readdirSync(join(directory, "pkg/usr/share/man/man1"))).toContain("qwen-auth.1");
  });

  // abuild takes the sums in the order of the sources, and no sum more.
  test.each([
    ["1.2.3", "1.2.3", "x86_64", "qwen-linux-x64-musl.tar.gz"],
    ["1.2.3", "1.2.3", "aarch64", "qwen-linux-arm64-musl.tar.gz"],
    ["1.2.3-rc.1", "1.2.3_rc1", "x86_64", "qwen-linux-x64-musl.tar.gz"],
    ["0.1.0-alpha", "0.1.0_alpha", "aarch64", "qwen-linux-arm64-musl.tar.gz"],
  ])(
    "the APKBUILD of %s, %s there, has for %s a sum for each download",
    (version, pkgver, cpu, binary) => {
      const directory = temporaryDirectory();
      const apkbuild = renderDefinitions({ repository: "Owner/qwen-cli", version, digests }).get(
        "alpine/APKBUILD",
      );
      writeFileSync(join(directory, "APKBUILD"), apkbuild ?? "exit 1");
      const script = `set -eu; CARCH=${cpu}; srcdir=src; . ./APKBUILD
      echo "$pkgver"; printf '%s\\n' $source; printf '%s\\n' "$sha512sums"`;
      const { exitCode, stdout } = run(["sh", "-c", script], directory);
      const [first, ...rest] = stdout.split("\n").filter((line) => line !== "");
      const names = ["qwen-share.tar.gz", binary];
      const local = names.map((name) => name.replace("qwen-", `qwen-${version}-`));
      const base = `https://github.com/Owner/qwen-cli/releases/download/v${version}`;
      expect({ exitCode, first, rest }).toEqual({
        exitCode: 0,
        first: pkgver,
        rest: [
          ...names.map((name, index) => `${local[index]}::${base}/${name}`),
          ...names.map((name, index) => `${digests.get(name)?.sha512}  ${local[index]}`),
        ],
      });
    },
  );

  test.each([
    ["Owner/qwen-cli", "1.2.3-dev.1", ["alpine"]],
    ["Owner/qwen-cli", "1.2.3-beta.2.3", ["alpine"]],
    ["Owner/qwen-cli", "1.2.3+b1", ["alpine"]],
    ["o/qwen-cli", "1.2.3", ["winget"]],
    [`${"o".repeat(33)}/qwen-cli`, "1.2.3", ["winget"]],
    ["Owner/.github", "1.2.3", ["winget"]],
    ["Owner/a.b.c.d.e.f.g.h", "1.2.3", ["winget"]],
    ["Owner/qwen.cli", "1.2.3-alpha", []],
  ])("of %s %s lack what has no form for it: %j", (repository, version, missing) => {
    const paths = [...renderDefinitions({ repository, version, digests }).keys()];
    const kinds = new Set(paths.map((path) => path.split("/")[0]));
    const all = ["alpine", "aqua", "homebrew", "scoop", "winget"];
    expect(all.filter((kind) => !kinds.has(kind))).toEqual(missing);
  });

  test("of an owner that looks like a number name it as text", () => {
    const made = renderDefinitions({ repository: "123/456", version: "1.2.3", digests });
    const parse = (path: string) =>
      JSON.parse(JSON.stringify(Bun.YAML.parse(made.get(path) ?? "")));
    expect(parse("winget/123.456.locale.en-US.yaml")).toMatchObject({
      PackageIdentifier: "123.456",
      Publisher: "123",
    });
    expect(parse("aqua/registry.yaml").packages[0]).toMatchObject({
      repo_owner: "123",
      repo_name: "456",
    });
  });
});

/** Reads a formula as Homebrew does for one platform, and says what it found. */
const FORMULA_READER = `require "json"
$os, $arch = ARGV[1], ARGV[2]
class Reader
  attr_reader :facts
  def initialize; @facts = {}; end
  %w[url sha256 version license homepage].each { |name| define_method(name) { |value| @facts[name] = value } }
end
class Formula
  @@reader = Reader.new
  class << self
    %w[url sha256 version license homepage].each { |name| define_method(name) { |value| @@reader.send(name, value) } }
    def desc(text); raise "too long" if text.length > 80 || text =~ /^(A|An|The) /; end
    def skip_clean(path); @@reader.facts["skip_clean #{path}"] = true; end
    def test; end
    %w[macos linux].each { |os| define_method("on_#{os}") { |&block| instance_eval(&block) if $os == os } }
    %w[arm intel].each { |arch| define_method("on_#{arch}") { |&block| instance_eval(&block) if $arch == arch } }
    def resource(name, &block)
      inner = Reader.new
      inner.instance_eval(&block)
      @@reader.facts["resource #{name}"] = inner.facts
    end
    def facts; @@reader.facts; end
  end
end
load ARGV[0]
puts JSON.generate(Formula.facts.merge("methods" => Qwen.instance_methods(false)))
`;
