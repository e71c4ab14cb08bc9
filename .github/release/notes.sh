#!/bin/sh
# notes.sh VERSION: prints what CHANGELOG.md says of a version; 1 when it says nothing.
set -eu

awk -v version="$1" '
  /^## / { inside = ($2 == version); next }
  inside { print; found = found || /[^ ]/ }
  END { exit !found }
' CHANGELOG.md
