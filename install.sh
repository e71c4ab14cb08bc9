#!/bin/sh
{
# Installs qwen: see `sh install.sh --help`. It asks nothing and needs no terminal.
# All of it stands inside one { … }, so that a download cut short runs nothing. Children get
# </dev/null, because under `curl | sh` the script itself is stdin. No `local`: ksh has none.

set -u && umask 022
export LC_ALL=C
unset CDPATH GREP_OPTIONS TAR_OPTIONS GZIP
# shellcheck disable=SC3044 # Only zsh runs this.
[ -z "${ZSH_VERSION-}" ] || emulate -R sh

usage() {
  cat <<'EOF'
Usage: sh install.sh --from-source [options]

Builds the checkout that install.sh stands in and installs the binary.

  --from-source      build this checkout (needs Bun, npm, curl or wget)
  --bin-dir DIR      where `qwen` goes [QWEN_INSTALL_BIN_DIR; default: $XDG_BIN_HOME,
                     else ~/.local/bin; as root /usr/local/bin]
  --no-modify-path   leave shell start-up files alone [QWEN_NO_MODIFY_PATH]
  --modify-path      edit them even in CI or without a terminal [QWEN_MODIFY_PATH]
  --print-target     print the target of this machine, as linux-x64-musl, and exit
  -q, --quiet        print errors only [QWEN_INSTALL_QUIET]
  -v, --verbose      show what the tools print [QWEN_INSTALL_VERBOSE]
  -h, --help         print this help

Exit codes: 0 installed, 1 the build failed, 2 usage, 3 unsupported machine, 4 missing tool,
5 checksum, 6 the binary does not start, 7 destination, 8 disk space, 9 network.
EOF
}

say() { [ "$quiet" = 1 ] || printf 'qwen-install: %s\n' "$*" >&2; }

# die CODE WHAT [DETAIL]...
die() {
  exit_code=$1
  printf 'qwen-install: error: %s\n' "$2" >&2
  shift 2
  [ $# = 0 ] || printf '  %s\n' "$@" >&2
  exit "$exit_code"
}

usage_error() { usage >&2 && die 2 "$1"; }
is_on() { [ "${1:-0}" != 0 ]; }

# Runs a command; what it prints goes to a log, shown when it fails, or to stderr under --verbose.
run() {
  if [ "$verbose" = 1 ]; then "$@" </dev/null >&2; else "$@" </dev/null >>"$work/log" 2>&1; fi
}
show_log() { [ ! -s "$work/log" ] || cat "$work/log" >&2; }

# Sets os, arch, libc (empty or -musl) and target.
detect_target() {
  libc=
  case $(uname -s)/$(uname -m) in
    Linux/x86_64 | Linux/amd64) os=linux arch=x64 ;;
    Linux/aarch64 | Linux/arm64) os=linux arch=arm64 ;;
    Darwin/x86_64) os=darwin arch=x64 ;;
    Darwin/arm64) os=darwin arch=arm64 ;;
    *) die 3 "there is no build for $(uname -s) on $(uname -m)" \
      'qwen runs on Linux and macOS, x64 and arm64 (on Windows: in WSL)' ;;
  esac
  # Under Rosetta, uname says x86_64.
  [ "$(sysctl -n hw.optional.arm64 2>/dev/null)" != 1 ] || arch=arm64
  [ "$os" != linux ] || detect_linux
  target=$os-$arch$libc
}

detect_linux() {
  [ "$(uname -o 2>/dev/null)" != Android ] || die 3 'there is no build for Android'
  ! is_32_bit /bin/sh || die 3 'this is a 64-bit kernel with 32-bit userland'
  [ "$arch" != x64 ] || has_sse42 /proc/cpuinfo ||
    die 3 'the CPU lacks SSE4.2' 'qwen needs an x86-64-v2 processor (2008 or later)'
  # Loader files come last: a glibc system can have musl's loader, and the reverse.
  case $(loader_of /bin/sh) in
    musl) libc=-musl ;;
    '') case "$(ldd --version 2>&1 </dev/null) $(ls /lib/ld-* /lib64/ld-* 2>/dev/null)" in
      musl*) libc=-musl ;;
      *GLIBC* | *GNU* | *ld-linux*) ;;
      *ld-musl*) libc=-musl ;;
    esac ;;
  esac
}

# The class byte of an ELF file is 1 for 32 bits.
is_32_bit() { [ "$(dd if="$1" bs=1 skip=4 count=1 2>/dev/null | od -An -tu1 | tr -d ' ')" = 1 ]; }
has_sse42() { [ ! -r "$1" ] || grep -q sse4_2 "$1"; }
# Prints whose loader an ELF file asks for: its path stands near the start (PT_INTERP).
loader_of() {
  case $(dd if="$1" bs=4096 count=1 2>/dev/null | tr -cd ' -~') in
    *ld-musl-*) echo musl ;;
    *ld-linux*) echo glibc ;;
  esac
}

# Sets checkout, version and bun_version. A piped script has the shell as $0: then it is the cwd.
find_checkout() {
  checkout=.
  case $script in
    /*.sh) checkout=${script%/*}/ ;;
    */*.sh) checkout=./${script%/*} ;;
  esac
  checkout=$(cd "$checkout" && pwd -P) || die 2 'the directory of install.sh cannot be read'
  [ "$(package_value name)$(ls "$checkout/build.ts" 2>/dev/null)" = "qwen$checkout/build.ts" ] ||
    die 2 "$checkout is not a checkout of qwen" 'fix: run sh install.sh --from-source in one'
  version=$(package_value version)
  bun_version=$(package_value packageManager)
  bun_version=${bun_version#bun@}
}

# Prints the first value of a key of package.json, which holds one key a line.
package_value() {
  sed -n '/^ *"'"$1"'": *"/{s/^[^:]*: *"\([^"]*\)".*/\1/p;q;}' "$checkout/package.json" 2>/dev/null
}

# Sets bun to a Bun of the pinned version: no other builds the same bytes.
find_bun() {
  for bun in "$(command -v bun)" "$checkout/node_modules/.bin/bun"; do
    [ "$("$bun" --version 2>/dev/null </dev/null)" != "$bun_version" ] || return 0
  done
  fetch_bun
}

# Downloads the npm package that is Bun for this target; its SHA-512 is pinned in package.json.
fetch_bun() {
  package=bun-$os-$arch$libc
  [ "$arch" != arm64 ] || package=bun-$os-aarch64$libc
  expected=$(package_value "$target")
  [ "${#expected}" = 128 ] || die 5 "package.json has no SHA-512 of Bun for $target"
  download
  actual=$(sha512_of "$work/bun.tgz")
  [ -n "$actual" ] || die 5 'no SHA-512 tool (tried sha512sum, shasum, openssl)' \
    'nothing was installed' 'fix: install coreutils or openssl'
  [ "$actual" = "$expected" ] || die 5 "checksum mismatch for @oven/$package $bun_version" \
    "expected $expected" "actual   $actual" 'nothing was installed'
  command -v tar >/dev/null || die 4 'tar is missing'
  tar -xzf "$work/bun.tgz" -C "$work" package/bin/bun </dev/null ||
    die 8 "cannot unpack Bun in $work" 'nothing was installed'
  bun=$work/package/bin/bun
  check_runs "$bun" "$bun_version" 'the downloaded Bun'
}

# Tries npm first, which knows its registry's settings best; the bytes are the same either way.
download() {
  registry=${npm_config_registry:-${NPM_CONFIG_REGISTRY:-}}
  [ -n "$registry" ] || registry=$(sed -n 's/^ *registry *= *\([^ ;#]*\).*/\1/p' \
    "${HOME-}/.npmrc" 2>/dev/null | tail -n 1)
  registry=${registry:-https://registry.npmjs.org}
  tried=
  for tool in npm curl wget; do
    # The curl of a snap cannot write here.
    case $(command -v "$tool") in '' | */snap/*) continue ;; esac
    say "downloading Bun $bun_version for the build with $tool"
    ! download_with "$tool" "${registry%/}/@oven/$package/-/$package-$bun_version.tgz" || return 0
    tried="$tried $tool"
  done
  [ -n "$tried" ] || die 4 'no download tool: need npm, curl or wget' \
    "there is no Bun $bun_version here to build with" 'fix: install npm, curl or wget'
  show_log
  host=${registry#*://}
  host=${host%%/*}
  die 9 "cannot download @oven/$package $bun_version from ${host##*@} (tried$tried)" \
    'fix: check the network, https_proxy, no_proxy and npm_config_registry'
}

# download_with TOOL URL
download_with() {
  case $1 in
    npm) (cd "$work" && run npm pack --ignore-scripts --fetch-retries=1 \
      --fetch-retry-mintimeout=1000 "@oven/$package@$bun_version" &&
      mv "oven-$package-$bun_version.tgz" bun.tgz) ;;
    curl)
      protocols='=https'
      case $2 in http:*) protocols='=http,https' ;; esac # As the registry's owner has it.
      run curl -fsSL --proto "$protocols" --tlsv1.2 --connect-timeout 15 --retry 3 \
        --speed-limit 1024 --speed-time 60 -o "$work/bun.tgz" "$2" ;;
    wget)
      limits= # BusyBox has none; GNU wget would try for ever.
      case $(wget --version 2>&1 </dev/null) in *GNU*) limits='--tries=3 --timeout=30' ;; esac
      # shellcheck disable=SC2086 # Two words, or none.
      run wget -q $limits -O "$work/bun.tgz" "$2" ;;
  esac
}

# Prints 128 hex digits, or nothing when there is no tool.
sha512_of() {
  for tool in 'sha512sum' 'shasum -a 512' 'openssl dgst -sha512 -r'; do
    # shellcheck disable=SC2086 # A command with its options.
    digest=$($tool "$1" 2>/dev/null </dev/null)
    digest=${digest%% *}
    [ "${#digest}" != 128 ] || { printf '%s\n' "$digest" && return; }
  done
}

build() {
  say "building qwen $version for $target with Bun $bun_version"
  : >"$work/log"
  (cd "$checkout" && run "$bun" install --frozen-lockfile --production && run "$bun" build.ts) &&
    [ -f "$checkout/dist/qwen" ] && return
  show_log
  die 1 "cannot build qwen $version" 'nothing was installed'
}

# Sets bin_dir to an absolute path without a slash at the end.
resolve_bin_dir() {
  [ -n "$bin_dir" ] || case $(id -u)/${XDG_BIN_HOME-} in
    0/*) bin_dir=/usr/local/bin ;;
    *//*) bin_dir=$XDG_BIN_HOME ;;
    *) bin_dir=${HOME:+$HOME/.local/bin} ;;
  esac
  [ -n "$bin_dir" ] || die 2 'HOME is not set' 'fix: say where with --bin-dir DIR'
  case $bin_dir in /*) ;; *) bin_dir=$(pwd)/$bin_dir ;; esac
  while [ "${bin_dir%/}" != "$bin_dir" ]; do bin_dir=${bin_dir%/}; done
  case $bin_dir in *:* | *'
'*) die 2 "a directory on PATH can have no colon and no line break in its name: $bin_dir" ;; esac
  destination=$bin_dir/qwen
}

# Sets work: a directory inside bin_dir, so that the last step is a rename on one file system.
prepare_destination() {
  [ ! -e "$bin_dir" ] || [ -d "$bin_dir" ] || die 7 "$bin_dir is not a directory"
  [ ! -d "$destination" ] || die 7 "$destination is a directory" 'fix: choose another --bin-dir'
  case $(readlink "$destination") in *node_modules*)
    die 7 "$destination belongs to an npm package" 'fix: remove it, or choose another --bin-dir' ;;
  esac
  mkdir -p "$bin_dir" 2>/dev/null
  # shellcheck disable=SC2016 # The reader's shell expands $HOME.
  work=$(mktemp -d "$bin_dir/.qwen-install.XXXXXX" 2>/dev/null) ||
    die 7 "$bin_dir is not writable" 'fix: re-run with --bin-dir "$HOME/.local/bin" or as root'
}

# Stages, probes, renames: an old binary stays, and may be running, to the last moment.
install_binary() {
  cp "$checkout/dist/qwen" "$work/qwen" || die 8 "cannot write to $bin_dir" 'nothing was installed'
  chmod 755 "$work/qwen"
  check_runs "$work/qwen" "$version" 'the built binary'
  mv -f "$work/qwen" "$destination" || die 7 "cannot replace $destination" 'nothing was installed'
  say "installed qwen $version: $destination"
}

# check_runs FILE VERSION NAME
check_runs() {
  answer=$(env -i PATH="$PATH" HOME="$work" "$1" --version 2>"$work/log" </dev/null)
  probe_code=$?
  [ "$answer" != "$2" ] || return 0
  why="--version ended with $probe_code and printed \"$answer\""
  [ "$probe_code" != 126 ] || why="$bin_dir may be on a noexec mount"
  ! grep -q 'libstdc++' "$work/log" || why='fix: apk add --no-cache libstdc++'
  show_log
  die 6 "$3 does not start" 'nothing was installed' "$why"
}

update_path() {
  case ":$PATH:" in *":$bin_dir:"* | *":$bin_dir/:"*) return 0 ;; esac
  quoted=\'$(printf %s "$bin_dir" | sed "s/'/'\\\\''/g")\'
  export_line="export PATH=$quoted:\"\$PATH\""
  line="case \":\$PATH:\" in *:$quoted:*) ;; *) $export_line ;; esac"
  case $modify_path in
    never) ;;
    auto) if [ -z "${CI-}" ] && [ -t 1 ]; then
        edit_start_up_file
      elif [ -w "${GITHUB_PATH-}" ] && ! grep -qxF "$bin_dir" "$GITHUB_PATH"; then
        printf '%s\n' "$bin_dir" >>"$GITHUB_PATH"
      fi ;;
    always) edit_start_up_file ;;
  esac
  say "$bin_dir is not on this shell's PATH; run: $export_line"
}

# Puts one marked block into the one file that the person's shell reads, and nowhere else.
edit_start_up_file() {
  [ -n "${HOME-}" ] || return 0
  shell=${SHELL-}
  file=$HOME/.profile
  case $os/${shell##*/} in
    */zsh) file=${ZDOTDIR:-$HOME}/.zshrc ;;
    linux/bash) file=$HOME/.bashrc ;;
    darwin/bash) [ ! -e "$HOME/.bash_profile" ] || file=$HOME/.bash_profile ;;
    */fish)
      file=${XDG_CONFIG_HOME:-$HOME/.config}/fish/conf.d/qwen.fish
      quoted=\'$(printf %s "$bin_dir" | sed "s/[\\\\']/\\\\&/g")\'
      export_line="set -gx PATH $quoted \$PATH"
      line="contains -- $quoted \$PATH; or $export_line" ;;
  esac
  old=/dev/null
  [ ! -e "$file" ] || old=$file
  # A block without its end is somebody's edit: then awk fails, and the file stays as it is.
  # cat, not mv, writes: the file may be a link, and it keeps its mode.
  if qwen_line=$line awk '
    BEGIN { first = "# >>> qwen installer >>>"; last = "# <<< qwen installer <<<" }
    function block() { print first; print ENVIRON["qwen_line"]; print last; written = 1 }
    $0 == first { if (!written) block(); inside = 1 }
    !inside { print }
    $0 == last { inside = 0 }
    END { if (inside) exit 1; if (!written) block() }
  ' <"$old" >"$work/start-up" && mkdir -p "${file%/*}"; then
    ! cmp -s "$work/start-up" "$old" || return 0
    cat "$work/start-up" >"$file" && say "added $bin_dir to PATH in $file; to undo," \
      "delete the lines marked 'qwen installer'" && return 0
  fi
  say "cannot edit $file; add this line to it: $line"
}

warn_of_another() {
  found=$(command -v qwen) && [ "$(cd "${found%/*}/" && pwd -P)" != "$(cd "$bin_dir" && pwd -P)" ] &&
    say "warning: another qwen comes first on PATH: $found"
}

script=$0 work='' quiet=0 verbose=0 modify_path=auto from_source=0
bin_dir=${QWEN_INSTALL_BIN_DIR-}
! is_on "${QWEN_INSTALL_QUIET-}" || quiet=1
! is_on "${QWEN_INSTALL_VERBOSE-}" || verbose=1
! is_on "${QWEN_MODIFY_PATH-}" || modify_path=always
! is_on "${QWEN_NO_MODIFY_PATH-}" || modify_path=never

while [ $# -gt 0 ]; do
  case $1 in
    --from-source) from_source=1 ;;
    --bin-dir=?*) bin_dir=${1#*=} ;;
    --bin-dir) [ -n "${2-}" ] || usage_error '--bin-dir needs a directory'
      bin_dir=$2 && shift ;;
    --no-modify-path) modify_path=never ;;
    --modify-path) modify_path=always ;;
    --print-target) detect_target && printf '%s\n' "$target" && exit 0 ;;
    -q | --quiet) quiet=1 ;;
    -v | --verbose) verbose=1 ;;
    -h | --help) usage && exit 0 ;;
    *) usage_error "unknown option: $1" ;;
  esac
  shift
done

[ "$from_source" = 1 ] || die 2 'no release source configured' \
  'this copy of the installer can only build a checkout' 'fix: sh install.sh --from-source'
find_checkout
detect_target
resolve_bin_dir
trap '[ -z "$work" ] || rm -rf "$work"' EXIT
trap 'exit 129' HUP && trap 'exit 130' INT && trap 'exit 143' TERM
prepare_destination
find_bun
build
install_binary
update_path
warn_of_another
say 'next: qwen auth'
exit 0
}
