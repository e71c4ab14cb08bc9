#!/bin/sh
# get-bun.sh DIRECTORY: puts the pinned Bun for this machine into DIRECTORY, and on the PATH of the
# steps that follow. It is the npm package whose SHA-512 stands in package.json: what compiles a
# release is known by its bytes, as what is embedded in it.
set -eu

directory=$1
manifest=$(dirname "$0")/../../package.json
registry=${npm_config_registry:-https://registry.npmjs.org}
value() { sed -n 's/^ *"'"$1"'": *"\([^"]*\)".*/\1/p' "$manifest" | head -n 1; }

program=bun
case $(uname -s) in
  Linux) os=linux ;;
  Darwin) os=darwin ;;
  *) os=windows program=bun.exe ;;
esac
# An emulated shell on Windows does not know the machine's own architecture.
case ${RUNNER_ARCH:-$(uname -m)} in
  X64 | x86_64 | amd64) arch=x64 cpu=x64 ;;
  *) arch=arm64 cpu=aarch64 ;;
esac
libc=''
[ ! -e /etc/alpine-release ] || libc=-musl

version=$(value packageManager)
version=${version#bun@}
expected=$(value "$os-$arch$libc")
package=bun-$os-$cpu$libc
mkdir -p "$directory"
archive=$directory/bun.tgz
url=${registry%/}/@oven/$package/-/$package-$version.tgz
if command -v curl >/dev/null; then
  curl -fsSL --retry 3 -o "$archive" "$url"
else
  wget -q -O "$archive" "$url"
fi

if command -v sha512sum >/dev/null; then
  actual=$(sha512sum <"$archive")
else
  actual=$(shasum -a 512 <"$archive")
fi
actual=${actual%% *}
if [ "$actual" != "$expected" ]; then
  printf 'Cannot use %s %s: expected SHA-512 %s, got %s\n' "$package" "$version" "$expected" "$actual" >&2
  exit 1
fi
# From stdin: to the tar of Windows, the colon of a drive ends the name of a host.
tar -xzf - -C "$directory" --strip-components=2 "package/bin/$program" <"$archive"
rm "$archive"
chmod 755 "$directory/$program"
printf '%s\n' "$directory" >>"${GITHUB_PATH:-/dev/null}"
