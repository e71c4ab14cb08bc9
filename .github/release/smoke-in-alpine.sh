#!/bin/sh
# smoke-in-alpine.sh RELEASE TARGET: runs in a container of Alpine. The installer first says what is
# missing, before it downloads anything; then the release is installed and used.
set -eu

code=0
QWEN_INSTALL_BASE_URL=http://127.0.0.1:9/flat sh "$1/install.sh" 2>/tmp/errors || code=$?
cat /tmp/errors
[ "$code" = 6 ]
grep -q 'apk add --no-cache libstdc++' /tmp/errors

# As in the image (.github/docker/Dockerfile).
apk add --no-cache libgcc=14.2.0-r6 libstdc++=14.2.0-r6
sh .github/release/get-bun.sh /tmp/bun
/tmp/bun/bun test/release/smoke.ts "$1" "$2"
