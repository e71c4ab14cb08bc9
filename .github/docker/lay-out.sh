#!/bin/sh
# lay-out.sh RELEASE CONTEXT: unpacks the Linux archives of a release as the Dockerfile wants them,
# a directory for each C library and Docker architecture, after checking their sums.
set -eu

release=$1 context=$2
(cd "$release" && sha256sum -c --strict SHA256SUMS)
for libc in glibc musl; do
  for arch in amd64 arm64; do
    target=linux-$arch
    [ "$arch" != amd64 ] || target=linux-x64
    [ "$libc" != musl ] || target=$target-musl
    mkdir -p "$context/$libc/$arch"
    tar -xzf "$release/qwen-$target.tar.gz" -C "$context/$libc/$arch"
  done
done
