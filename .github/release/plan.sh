#!/bin/sh
# plan.sh: says on stdout, as outputs of a step, which version this run makes, whether it publishes
# it, whether it is a pre-release, and whether it is the latest, which one for an older line is not.
# Refuses to publish what does not belong together: the tag, the version, the change log, the
# branch, the repository and the key that signs.
set -eu

refuse() {
  printf '::error::%s\n' "$1" >&2
  exit 1
}
value() { sed -n 's/^ *"'"$1"'": *"\([^"]*\)".*/\1/p' package.json | head -n 1; }

version=$(value version)
prerelease=false latest=false publish=false
case $version in *-*) prerelease=true ;; esac
highest=$({ echo "v$version" && git tag --list 'v*'; } | grep -v -e - | sort -V | tail -n 1)
[ "$highest" != "v$version" ] || latest=true
if [ "$EVENT" = push ] || [ "$DRY_RUN" = false ]; then
  publish=true
  [ "$REF" = "refs/tags/v$version" ] || refuse "$REF is not v$version"
  sh "$(dirname "$0")/notes.sh" "$version" >/dev/null || refuse "CHANGELOG.md lacks $version"
  git merge-base --is-ancestor "$COMMIT" origin/main || refuse "$COMMIT is not on main"
  [ "$(value repository)" = "$REPOSITORY" ] || refuse "qwen.repository is '$(value repository)'"
  [ -n "$(value signingKey)" ] || refuse 'qwen.signingKey is empty: nobody could check the signature'
fi
printf '%s=%s\n' version "$version" publish "$publish" prerelease "$prerelease" latest "$latest"
