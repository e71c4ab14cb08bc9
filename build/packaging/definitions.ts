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
 * every sum in them is one that was tested.
 * @throws Error when the release lacks a file
 */
export function renderDefinitions(input: DefinitionInput): ReadonlyMap<string, string> {
  const id = wingetId(input.repository);
  return new Map([
    ["alpine/APKBUILD", renderApkbuild(input)],
    ["aqua/registry.yaml", renderAqua(input)],
    ["homebrew/qwen.rb", renderFormula(input)],
    ["scoop/qwen.json", renderScoop(input)],
    [`winget/${id}.installer.yaml`, renderWingetInstaller(input)],
    [`winget/${id}.locale.en-US.yaml`, renderWingetLocale(input)],
    [`winget/${id}.yaml`, renderWingetVersion(input)],
  ]);
}

/** Publisher and package, each in the letters that winget allows. */
function wingetId(repository: string): string {
  const [owner = "", name = ""] = repository.split("/");
  return `${owner}.${name}`.replace(/[^\w.-]/g, "");
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
  resource "share" do
${source("qwen-share.tar.gz", "    ")}
  end

  # The program is a part of the file that no symbol names.
  skip_clean "bin"

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

function wingetHead({ repository, version }: DefinitionInput, type: string): string {
  return `# yaml-language-server: $schema=https://aka.ms/winget-manifest.${type}.${WINGET}.schema.json

PackageIdentifier: ${wingetId(repository)}
PackageVersion: "${version}"
`;
}

function wingetTail(type: string): string {
  return `ManifestType: ${type}\nManifestVersion: ${WINGET}\n`;
}

function renderWingetVersion(input: DefinitionInput): string {
  return `${wingetHead(input, "version")}DefaultLocale: en-US\n${wingetTail("version")}`;
}

function renderWingetInstaller(input: DefinitionInput): string {
  const installers = ["x64", "arm64"].map((arch) => {
    const name = `qwen-windows-${arch}.zip`;
    return `  - Architecture: ${arch}
    InstallerUrl: ${url(input, name)}
    InstallerSha256: ${digestsOf(input, name).sha256.toUpperCase()}
`;
  });
  return `${wingetHead(input, "installer")}Platform:
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
${installers.join("")}${wingetTail("installer")}`;
}

function renderWingetLocale(input: DefinitionInput): string {
  const [owner] = input.repository.split("/");
  return `${wingetHead(input, "defaultLocale")}PackageLocale: en-US
Publisher: ${owner}
PackageName: qwen
PackageUrl: https://github.com/${input.repository}
License: ${LICENSE}
LicenseUrl: https://github.com/${input.repository}/blob/v${input.version}/LICENSE
ShortDescription: ${SUMMARY}
Tags:
  - cli
  - qwen
${wingetTail("defaultLocale")}`;
}

/** Alpine takes binaries in repositories of one's own alone; abuild makes the package of this. */
function renderApkbuild(input: DefinitionInput): string {
  const x64 = "qwen-linux-x64-musl.tar.gz";
  const arm64 = "qwen-linux-arm64-musl.tar.gz";
  const named = (name: string) => name.replace("qwen-", `qwen-${input.version}-`);
  const base = url(input, "").replace(/\/$/, "").replace(input.version, "$pkgver");
  const line = (name: string) => `${digestsOf(input, name).sha512}  ${named(name)}`;
  return `# Maintainer: ${input.repository.split("/")[0]} <${input.repository.split("/")[0]}@users.noreply.github.com>
pkgname=qwen
pkgver=${input.version.replace(/-(alpha|beta|rc|pre)\.?/, "_$1")}
pkgrel=0
pkgdesc="${SUMMARY}"
url="https://github.com/${input.repository}"
arch="x86_64 aarch64"
license="${LICENSE}"
depends="libstdc++"
# The program is a part of the file that no symbol names; its tests need its sources.
options="!check !strip !tracedeps"
_base=${base}
source="qwen-share-$pkgver.tar.gz::$_base/qwen-share.tar.gz"
case "$CARCH" in
x86_64)
	_binary=${named(x64).replace(input.version, "$pkgver")}
	source="$source $_binary::$_base/${x64}"
	;;
aarch64)
	_binary=${named(arm64).replace(input.version, "$pkgver")}
	source="$source $_binary::$_base/${arm64}"
	;;
esac
builddir="$srcdir"

package() {
	install -Dm755 qwen "$pkgdir"/usr/bin/qwen
	install -Dm644 -t "$pkgdir"/usr/share/man/man1 man/*.1
	install -Dm644 completions/qwen.bash "$pkgdir"/usr/share/bash-completion/completions/qwen
	install -Dm644 completions/_qwen "$pkgdir"/usr/share/zsh/site-functions/_qwen
	install -Dm644 completions/qwen.fish "$pkgdir"/usr/share/fish/vendor_completions.d/qwen.fish
	install -Dm644 -t "$pkgdir"/usr/share/licenses/qwen LICENSE THIRD_PARTY_LICENSES
}

sha512sums="
${digestsOf(input, "qwen-share.tar.gz").sha512}  qwen-share-${input.version}.tar.gz
${line(x64)}
${line(arm64)}
"
`;
}

/** An entry of aqua's registry, which mise reads as well. */
function renderAqua({ repository }: DefinitionInput): string {
  const [owner, name] = repository.split("/");
  return `# yaml-language-server: $schema=https://raw.githubusercontent.com/aquaproj/aqua/main/json-schema/registry.json
packages:
  - type: github_release
    repo_owner: ${owner}
    repo_name: ${name}
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
