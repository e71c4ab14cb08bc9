#!/bin/sh
# sign.sh RELEASE SIGNATURES: signs what a host without a network can check with ssh-keygen alone.
# The private key is $SIGNING_KEY, and its public half stands in package.json. A dry run has no key,
# and takes one that is forgotten at once.
set -eu

release=$1 signatures=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 077
if [ "$PUBLISH" = true ]; then
  printf '%s\n' "$SIGNING_KEY" >"$work/key"
  public=$(sed -n 's/^ *"signingKey": *"\([^"]*\)".*/\1/p' package.json)
else
  ssh-keygen -q -t ed25519 -N '' -f "$work/key"
  public=$(cat "$work/key.pub")
fi
printf 'qwen namespaces="qwen-release" %s\n' "$public" >"$work/signers"

mkdir -p "$signatures"
for file in "$release"/SHA256SUMS "$release"/qwen-offline-*.tar; do
  signature=$signatures/${file##*/}.sig
  ssh-keygen -Y sign -q -f "$work/key" -n qwen-release <"$file" >"$signature"
  ssh-keygen -Y verify -f "$work/signers" -I qwen -n qwen-release -s "$signature" <"$file"
done
chmod 644 "$signatures"/*.sig
