import { LICENSE } from "../project.ts";

export type DefinitionInput = {
  /** `owner/name`. */
  readonly repository: string;
  readonly version: string;
  /** Of the release, by the names of its files. */
  readonly digests: ReadonlyMap<string, { readonly sha256: string; readonly sha512: string }>;
};

const SUMMARY = "Credentials for Qwen Code models and compatible providers";

/**
 * What the package managers of others take of a release, by path: made from its files, so that
 * every sum in them is one that was tested. One that has no form for this version, or for this
 * owner, is left out.
 * @throws Error when the release lacks a file
 */
export function renderDefinitions(input: DefinitionInput): ReadonlyMap<string, string> {
  const id = wingetId(input.repository);
  const pkgver = alpineVersion(input.version);
  return new Map([
    ...(pkgver === undefined ? [] : [["alpine/APKBUILD", renderApkbuild(input, pkgver)] as const]),
    ["aqua/registry.yaml", renderAqua(input)],
    ["homebrew/qwen.rb", renderFormula(input)],
    ["scoop/qwen.json", renderScoop(input)],
    ...(id === undefined ? [] : renderWinget(input, id)),
  ]);
}

/**
 * The version as apk compares it: `1.3.0-rc.1` is `1.3.0_rc1`. `undefined` for one that apk has no
 * form for (`-dev.1`, `-beta.2.3`, build metadata).
 */
function alpineVersion(version: string): string | undefined {
  const parts = version.match(/^(\d+(?:\.\d+)*)(?:-(alpha|beta|pre|rc)\.?(\d*))?$/);
  return parts === null
    ? undefined
    : `${parts[1]}${parts[2] === undefined ? "" : `_${parts[2]}${parts[3]}`}`;
}

/**
 * Publisher and package. `undefined` where winget's schema has no room for them: it wants one to
 * eight parts of at most 32 letters, and a publisher of two.
 */
function wingetId(repository: string): string | undefined {
  const [owner = "", name = ""] = repository.split("/");
  const id = `${owner}.${name}`;
  return owner.length > 1 && /^[\w-]{1,32}(\.[\w-]{1,32}){1,7}$/.test(id) ? id : undefined;
}

function url({ repository, version }: DefinitionInput, name: string): string {
  return `https://github.com/${repository}/releases/download/v${version}/${name}`;
}

function digestsOf({ digests }: DefinitionInput, name: string) {
  const found = digests.get(name);
  if (found === undefined) {
    throw new Error(`the release has no ${name}, which a definition names`);
  }
  return found;
}

function renderFormula(input: DefinitionInput): string {
  const source = (name: string, indent: string) =>
    `${indent}url "${url(input, name)}"\n${indent}sha256 "${digestsOf(input, name).sha256}"`;
  const system = (word: string, os: string) => `  on_${word} do
    on_arm do
${source(`qwen-${os}-arm64.tar.gz`, "      ")}
    end
    on_intel do
${source(`qwen-${os}-x64.tar.gz`, "      ")}
    end
  end
`;
  return `class Qwen < Formula
  desc "${SUMMARY}"
  homepage "https://github.com/${input.repository}"
  version "${input.version}"
  license "${LICENSE}"

${system("macos", "darwin")}
${system("linux", "linux")}
  # The program is a part of the file that no symbol names.
  skip_clean "bin"

  resource "share" do
${source("qwen-share.tar.gz", "    ")}
  end

  def install
    bin.install "qwen"
    resource("share").stage do
      man1.install Dir["man/*.1"]
      bash_completion.install "completions/qwen.bash" => "qwen"
      zsh_completion.install "completions/_qwen"
      fish_completion.install "completions/qwen.fish"
    end
  end

  test do
    assert_equal version.to_s, shell_output("#{bin}/qwen --version").strip
  end
end
`;
}

function renderScoop(input: DefinitionInput): string {
  const latest = `https://github.com/${input.repository}/releases/download/v$version`;
  const names = { "64bit": "qwen-windows-x64.zip", arm64: "qwen-windows-arm64.zip" };
  const architecture = Object.fromEntries(
    Object.entries(names).map(([key, name]) => [
      key,
      { url: url(input, name), hash: digestsOf(input, name).sha256 },
    ]),
  );
  const next = Object.fromEntries(
    Object.entries(names).map(([key, name]) => [key, { url: `${latest}/${name}` }]),
  );
  const manifest = {
    version: input.version,
    description: SUMMARY,
    homepage: `https://github.com/${input.repository}`,
    license: LICENSE,
    architecture,
    bin: "qwen.exe",
    checkver: { github: `https://github.com/${input.repository}` },
    autoupdate: { architecture: next, hash: { url: "$baseurl/SHA256SUMS" } },
  };
  return `${JSON.stringify(manifest, undefined, 4)}\n`;
}

const WINGET = "1.10.0";

function renderWinget(input: DefinitionInput, id: string): readonly (readonly [string, string])[] {
  const { version, repository } = input;
  const render = (
    type: string,
    fields: string,
  ) => `# yaml-language-server: $schema=https://aka.ms/winget-manifest.${type}.${WINGET}.schema.json

PackageIdentifier: "${id}"
PackageVersion: "${version}"
${fields}ManifestType: ${type}
ManifestVersion: ${WINGET}
`;
  const installers = ["x64", "arm64"].map((arch) => {
    const name = `qwen-windows-${arch}.zip`;
    return `  - Architecture: ${arch}
    InstallerUrl: ${url(input, name)}
    InstallerSha256: ${digestsOf(input, name).sha256.toUpperCase()}
`;
  });
  const installer = `Platform:
  - Windows.Desktop
MinimumOSVersion: 10.0.17763.0
InstallerType: zip
NestedInstallerType: portable
NestedInstallerFiles:
  - RelativeFilePath: qwen.exe
    PortableCommandAlias: qwen
Commands:
  - qwen
Installers:
${installers.join("")}`;
  const locale = `PackageLocale: en-US
Publisher: "${repository.split("/")[0]}"
PackageName: qwen
PackageUrl: https://github.com/${repository}
License: ${LICENSE}
LicenseUrl: https://github.com/${repository}/blob/v${version}/LICENSE
ShortDescription: ${SUMMARY}
Tags:
  - cli
  - qwen
`;
  return [
    [`winget/${id}.installer.yaml`, render("installer", installer)],
    [`winget/${id}.locale.en-US.yaml`, render("defaultLocale", locale)],
    [`winget/${id}.yaml`, render("version", "DefaultLocale: en-US\n")],
  ];
}

/**
 * Alpine takes binaries in repositories of one's own alone; abuild makes the package of this. It
 * pairs `source` with `sha512sums` one by one, so both are those of one CPU.
 */
function renderApkbuild(input: DefinitionInput, pkgver: string): string {
  const { repository, version } = input;
  const [owner] = repository.split("/");
  const file = (name: string) => ({
    source: `${name.replace("qwen-", `qwen-${version}-`)}::${url(input, name)}`,
    sum: `${digestsOf(input, name).sha512}  ${name.replace("qwen-", `qwen-${version}-`)}`,
  });
  const share = file("qwen-share.tar.gz");
  const only = (cpu: string, name: string) => {
    const { source, sum } = file(name);
    return `${cpu})
	source="$source ${source}"
	sha512sums="$sha512sums
${sum}
"
	;;
`;
  };
  return `# Maintainer: ${owner} <${owner}@users.noreply.github.com>
pkgname=qwen
pkgver=${pkgver}
pkgrel=0
pkgdesc="${SUMMARY}"
url="https://github.com/${repository}"
arch="x86_64 aarch64"
license="${LICENSE}"
depends="libstdc++"
# abuild compresses the man pages of a package of documents, and refuses them in another.
subpackages="$pkgname-doc"
# The program is a part of the file that no symbol names; its tests need its sources.
options="!check !strip !tracedeps"
source="${share.source}"
sha512sums="${share.sum}"
case "$CARCH" in
${only("x86_64", "qwen-linux-x64-musl.tar.gz")}${only("aarch64", "qwen-linux-arm64-musl.tar.gz")}esac
builddir="$srcdir"

package() {
	install -Dm755 qwen "$pkgdir"/usr/bin/qwen
	install -Dm644 -t "$pkgdir"/usr/share/man/man1 man/*.1
	install -Dm644 completions/qwen.bash "$pkgdir"/usr/share/bash-completion/completions/qwen
	install -Dm644 completions/_qwen "$pkgdir"/usr/share/zsh/site-functions/_qwen
	install -Dm644 completions/qwen.fish "$pkgdir"/usr/share/fish/vendor_completions.d/qwen.fish
	install -Dm644 -t "$pkgdir"/usr/share/licenses/qwen LICENSE THIRD_PARTY_LICENSES
}
`;
}

/** An entry of aqua's registry, which mise reads as well. */
function renderAqua({ repository }: DefinitionInput): string {
  const [owner, name] = repository.split("/");
  return `# yaml-language-server: $schema=https://raw.githubusercontent.com/aquaproj/aqua/main/json-schema/registry.json
packages:
  - type: github_release
    repo_owner: "${owner}"
    repo_name: "${name}"
    description: ${SUMMARY}
    asset: qwen-{{.OS}}-{{.Arch}}.{{.Format}}
    format: tar.gz
    replacements:
      amd64: x64
    overrides:
      - goos: windows
        format: zip
    files:
      - name: qwen
    checksum:
      type: github_release
      asset: SHA256SUMS
      algorithm: sha256
`;
}
