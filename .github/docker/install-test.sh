#!/bin/sh
# Runs in a container of a distribution: installs the release in /release, which is also served on
# loopback, with install.sh and the download tool $TOOL, and runs the result.
set -eu
: "${TOOL:?curl or wget}"

install_packages() {
  if command -v apk; then
    apk add --no-cache "$@"
  elif command -v apt-get; then
    apt-get update -q && apt-get install -q -y --no-install-recommends "$@"
  elif command -v dnf; then
    dnf install -q -y --allowerasing "$@"
  elif command -v yum; then
    yum install -q -y "$@"
  elif command -v zypper; then
    zypper --non-interactive install "$@"
  else
    pacman -Sy --noconfirm "$@"
  fi >/dev/null 2>&1
}

# install.sh takes curl where both are there: for wget, curl must not be on PATH.
if [ "$TOOL" = wget ] && command -v curl >/dev/null; then
  rm -f "$(command -v curl)"
fi
command -v "$TOOL" >/dev/null || install_packages "$TOOL"
for tool in tar gzip; do
  command -v "$tool" >/dev/null || install_packages "$tool"
done

export QWEN_INSTALL_BASE_URL=http://127.0.0.1:8000/flat
version=$(cat /release/LATEST)

# The musl build needs the C++ library, which Alpine's base image lacks: the installer says so.
if command -v apk >/dev/null; then
  code=0
  sh /release/install.sh --bin-dir /usr/local/bin 2>/tmp/errors || code=$?
  cat /tmp/errors
  [ "$code" = 6 ] && grep -q 'apk add --no-cache libstdc++' /tmp/errors
  install_packages libstdc++
fi

sh /release/install.sh --bin-dir /usr/local/bin
[ "$(qwen --version)" = "$version" ]
printf 'installed %s with %s\n' "$version" "$TOOL"
