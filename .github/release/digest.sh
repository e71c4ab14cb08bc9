#!/bin/sh
# digest.sh DIRECTORY [DIGEST]: prints one SHA-256 for the names and bytes of all files directly in
# a directory. With DIGEST, refuses any other: what is tested, attested and published is what was
# packed, whoever could put another artifact of the same name beside it.
set -eu

sum() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }
# On Windows a name has a `*` before it.
actual=$(cd "$1" && for file in *; do sum "$file"; done | sed 's/ \*/  /' | LC_ALL=C sort | sum)
actual=${actual%% *}
printf '%s\n' "$actual"
[ "${2-$actual}" = "$actual" ] || {
  printf '::error::%s is not what was packed: %s, not %s\n' "$1" "$actual" "$2" >&2
  exit 1
}
