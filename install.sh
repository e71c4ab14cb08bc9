#!/bin/sh
{
  # Installs qwen: see `sh install.sh --help`. It asks nothing and needs no terminal.
  # All of it stands inside one { ... }, so that a download cut short runs nothing. Children do not
  # read stdin: under `curl | sh` that is the script itself. No `local`: ksh has none.

  # A release is stamped with its repository (owner/name), its version and its SHA256SUMS.
  QWEN_DEFAULT_REPO=''
  QWEN_DEFAULT_VERSION='latest'
  QWEN_DEFAULT_SUMS=''

  set -u && umask 022 && export LC_ALL=C
  unset CDPATH IFS GREP_OPTIONS TAR_OPTIONS GZIP
  is_lost='' # The working directory, when it was removed.
  [ -d "$(pwd -P 2>/dev/null)" ] || { is_lost=1 && cd /; }
  # shellcheck disable=SC3044 # Only zsh runs this.
  [ -z "${ZSH_VERSION-}" ] || emulate -R sh

  usage() {
    cat <<'EOF'
Usage: sh install.sh [options]
Downloads qwen, checks its SHA-256 and installs it. An option wins over its [variable].

  --version V             such as 1.2.3, or latest [QWEN_INSTALL_VERSION]
  --bin-dir DIR           where `qwen` goes [QWEN_INSTALL_BIN_DIR], instead of $XDG_BIN_HOME or
                          ~/.local/bin, or for root /usr/local/bin
  --repo OWNER/NAME       the GitHub repository of the releases [QWEN_INSTALL_GITHUB_REPO]
  --base-url 'URL...'     mirrors of them, tried in order [QWEN_INSTALL_BASE_URL]; they may want
                          QWEN_INSTALL_LAYOUT=flat and QWEN_INSTALL_TOKEN, a bearer token
  --archive FILE          an archive or binary, for use offline [QWEN_INSTALL_ARCHIVE]
  --sums FILE             SHA256SUMS, if not that of this release or beside the archive
                          [QWEN_INSTALL_SUMS]; online also a URL
  --sha256 HEX            the digest of the archive, instead [QWEN_INSTALL_SHA256]
  --signing-key FILE      a public key; SHA256SUMS.sig must be of it [QWEN_INSTALL_SIGNING_KEY]
  --verify-attestation    also ask `gh attestation verify` [QWEN_INSTALL_VERIFY=attest]
  --insecure-skip-verify  check no digest [QWEN_INSTALL_SKIP_VERIFY]
  --allow-http            allow mirrors without TLS [QWEN_INSTALL_ALLOW_HTTP]
  --target T, --libc L    such as linux-x64-musl, glibc [QWEN_INSTALL_TARGET, QWEN_INSTALL_LIBC]
  --modify-path           edit start-up files even without a terminal [QWEN_MODIFY_PATH]
  --no-modify-path        never edit them [QWEN_NO_MODIFY_PATH]
  --force                 replace what is there, whatever it is [QWEN_INSTALL_FORCE]
  --from-source           build the checkout of install.sh (needs Bun, npm, curl or wget)
  --uninstall             remove qwen and its lines in start-up files; --purge: settings too
  --dry-run               print what would be done; --print-target: the target of this machine
  -q, --quiet, -v, --verbose, -h, --help    [QWEN_INSTALL_QUIET, QWEN_INSTALL_VERBOSE]

Exit codes: 0 done, 1 build failed, 2 usage, 3 unsupported machine, 4 missing tool, 5 not
verified, 6 does not start, 7 destination, 8 disk full, 9 network, 10 no such version or target.
EOF
  }

  say() { [ "$quiet" = 1 ] || printf 'qwen-install: %s\n' "$*" >&2; }
  # die CODE WHAT [DETAIL]...
  die() {
    exit_code=$1 && shift
    [ -z "$work" ] || [ "$mode" = --uninstall ] || set -- "$@" 'nothing was installed'
    printf '%s\n' "$@" | sed '1s/^/qwen-install: error: /; 2,$s/^/  /' >&2
    exit "$exit_code"
  }
  usage_error() { usage >&2 && die 2 "$1"; }
  has() { command -v "$1" >/dev/null 2>&1; }
  absolute() {
    case $is_lost$1 in 1[!/]*) die 2 "the working directory is gone, and $1 with it" ;; esac
    case $1 in /*) printf '%s\n' "$1" ;; *) printf '%s/%s\n' "$(pwd)" "$1" ;; esac
  }
  # Runs a command in the background, because a trap waits for others; its stdin is descriptor 3.
  attend() {
    "$@" <&3 3<&- &
    child=$!
    wait "$child"
    set -- $?
    child=''
    return "$1"
  }
  # What a tool prints goes to a log, shown when it fails, or to stderr under --verbose.
  run() {
    if [ "$verbose" = 1 ]; then attend "$@" >&2; else attend "$@" >>"$work/log" 2>&1; fi 3</dev/null
  }
  # Without control characters: it may be the words of what is not verified.
  show_log() { [ ! -s "$work/log" ] || tr -d '\000-\010\013-\037\177' <"$work/log" >&2; }

  resolve_target() {
    [ -n "$target" ] || { detect_target && machine=$target; }
    os=${target%%-*}
    case $target in
      linux-x64 | linux-arm64 | linux-x64-musl | linux-arm64-musl | darwin-x64 | darwin-arm64) ;;
      *) die 2 "no such target: $target" 'linux-x64 is one, linux-arm64-musl or darwin-arm64' ;;
    esac
  }
  detect_target() {
    case $(uname -s)/$(uname -m) in
      Linux/x86_64 | Linux/amd64) target=linux-x64 && detect_linux ;;
      Linux/aarch64 | Linux/arm64) target=linux-arm64 && detect_linux ;;
      Darwin/arm64) target=darwin-arm64 && detect_macos ;;
      Darwin/x86_64)
        target=darwin-x64 && detect_macos
        [ "$(sysctl -n hw.optional.arm64 2>/dev/null)" != 1 ] ||
          { target=darwin-arm64 && say 'under Rosetta, this is the build for arm64'; }
        ;;
      MINGW* | MSYS* | CYGWIN*) die 3 'not for Windows' 'fix: run install.ps1 in PowerShell' ;;
      *) die 3 "there is no build for $(uname -s) on $(uname -m)" ;;
    esac
  }
  detect_macos() {
    system=$(sw_vers -productVersion 2>/dev/null)
    case $system in 10.* | 1[12].*) die 3 "macOS $system is older than 13" ;; esac
  }
  detect_linux() {
    [ "$(uname -o 2>/dev/null)" != Android ] || die 3 'there is no build for Android'
    ! is_32_bit /bin/sh || die 3 'this is a 64-bit kernel with 32-bit userland'
    [ "$target" != linux-x64 ] || has_sse42 /proc/cpuinfo || die 3 'CPU lacks SSE4.2 (x86-64-v2)'
    # Loader files come last: a glibc system can have musl's loader, and the reverse.
    libc=${libc:-$(loader_of /bin/sh)}
    case ${libc:-$(ldd --version 2>&1 </dev/null) $(ls /lib/ld-* /lib64/ld-* 2>/dev/null)} in
      musl*) target=$target-musl ;;
      glibc | *GLIBC* | *GNU* | *ld-linux*) ;;
      *ld-musl*) target=$target-musl ;;
      *)
        [ -z "$libc" ] || die 2 "no such libc: $libc (there are glibc and musl)"
        say 'warning: cannot tell the libc; taking glibc (see --libc)'
        ;;
    esac
  }
  # Dies where the musl build could not start, before anything is downloaded.
  require_libstdcxx() {
    case $machine in *-musl) ;; *) return 0 ;; esac
    places=$(cat /etc/ld-musl-*.path 2>/dev/null):${LD_LIBRARY_PATH-}
    for directory in $(printf '%s\n' "$places" | tr : ' ') /lib /usr/local/lib /usr/lib; do
      [ ! -e "$directory/libstdc++.so.6" ] || return 0
    done
    die 6 'missing libstdc++.so.6, which the build for musl needs' 'run: apk add --no-cache libstdc++'
  }
  # The class byte of an ELF file is 1 for 32 bits.
  is_32_bit() { [ "$(dd if="$1" bs=1 skip=4 count=1 2>/dev/null | od -An -tu1 | tr -d ' ')" = 1 ]; }
  has_sse42() { [ ! -r "$1" ] || grep -q sse4_2 "$1"; }
  # Prints whose loader an ELF file asks for: its path stands near the start (PT_INTERP).
  loader_of() { case $(head_of "$1") in *ld-musl-*) echo musl ;; *ld-linux*) echo glibc ;; esac }
  head_of() { dd if="$1" bs=4096 count=1 2>/dev/null | tr -cd ' -~'; }

  resolve_source() {
    version=${version:-$QWEN_DEFAULT_VERSION}
    [ -z "$repo" ] || printf '%s\n' "$repo" | grep -Eqx '[A-Za-z0-9._-]+/[A-Za-z0-9._-]+' ||
      die 2 "not OWNER/NAME: $repo"
    base_urls=${base_url:-${repo:+https://github.com/$repo/releases}}
    [ -n "$base_urls" ] || die 2 "no release source configured: set \
QWEN_INSTALL_GITHUB_REPO=owner/name or QWEN_INSTALL_BASE_URL" 'fix: in a checkout, --from-source'
    for url in $base_urls; do check_url "$url"; done
    case $sums in *://*) check_url "$sums" ;; esac
    find_downloader || die 4 'no download tool: need curl or wget' 'fix: install one'
    [ -z "$token" ] || [ "$downloader" = curl ] || die 4 'QWEN_INSTALL_TOKEN is safe with curl only'
    case $token in *[!A-Za-z0-9._~+/=:-]*) die 2 'QWEN_INSTALL_TOKEN is not a bearer token' ;; esac
  }
  resolve_archive() {
    version=${version#latest} archive=$(absolute "$archive") || exit
    [ -f "$archive" ] || die 2 "no such file: $archive"
    name=${archive##*/}
    case $sums in *://*) die 2 'with --archive, --sums must be a file' ;; esac
    # The installer of a release knows its archives better than a file that lies beside one.
    case ${sums:+given}$QWEN_DEFAULT_SUMS in
      given* | *"  $name"*) ;;
      *) sums=${archive%/*}/SHA256SUMS ;;
    esac
  }
  check_url() {
    case $1 in
      *[!][A-Za-z0-9:/._~%@+=,-]*) die 2 "not the URL of a mirror: $(public_url "$1")" ;;
      https://?*) ;;
      http://?*) [ "$allow_http" = 1 ] || is_loopback "$(host_of "$1")" ||
        die 2 "plain http is refused: $(public_url "$1")" 'fix: use https, or --allow-http' ;;
      *) die 2 "not an http or https URL: $(public_url "$1")" ;;
    esac
  }
  is_loopback() { case $1: in localhost:* | 127.0.0.1:* | '[::1]:'*) ;; *) return 1 ;; esac }
  host_of() { printf '%s\n' "$1" | sed 's,^[^/]*//,,; s,/.*,,; s,.*@,,'; }
  public_url() { printf '%s\n' "$1" | sed 's,//[^/]*@,//,; s/?.*//'; }

  find_downloader() {
    # The curl of a snap cannot write here.
    case $(command -v curl) in '' | */snap/*) downloader=wget ;; *) downloader=curl && return ;; esac
    has wget || return 1
    wget_options=-q # BusyBox has no limit that does not crash it.
    case $(wget --version 2>&1 </dev/null) in
      *GNU*) wget_options='-nv --tries=3 --timeout=30' ;;
      *) say 'warning: this wget leaves TLS versions and certificates to the system' ;;
    esac
    for option in --https-only --secure-protocol=TLSv1_2; do
      case $(wget --help 2>&1 </dev/null) in *"${option%=*}"*) wget_options="$wget_options $option" ;; esac
    done
  }
  # fetch URL FILE [404]; on failure answers 1 and sets problem and problem_code (10 for a 404, else 9).
  fetch() {
    schemes='=https' authorization=''
    case $1 in http:*) schemes='=http,https' ;; esac
    case ${token:+$1} in "${base%/}"/*) authorization="header = \"Authorization: Bearer $token\"" ;; esac
    exec 5>"$work/log" 6>&5
    look=-sS # A progress bar, on a terminal.
    [ "$2" != "$work/archive" ] || [ "$quiet" = 1 ] || [ ! -t 2 ] || { exec 6>&2 && look='-#'; }
    if [ "$downloader" = curl ]; then # The token comes on stdin, because arguments can be seen.
      attend curl -fL "$look" --proto "$schemes" --proto-redir "$schemes" --tlsv1.2 \
        --connect-timeout 15 --retry 3 --retry-delay 1 --speed-limit 1024 --speed-time 60 \
        --config - -w '\nHTTP/ %{http_code}\n' -o "$2" "$1" >&5 2>&6 3<<EOF
$authorization
EOF
    else
      # shellcheck disable=SC2086 # Several words.
      attend wget $wget_options -S -O "$2" "$1" >&5 2>&5 3</dev/null
    fi
    code=$?
    exec 5>&- 6>&-
    [ "$verbose" = 0 ] || show_log
    http_status=$(sed -n 's/.*HTTP\/[0-9.]* \([1-5][0-9][0-9]\).*/\1/p' "$work/log" | tail -n 1)
    url=$(public_url "$1") host=$(host_of "$1") problem_code=9
    [ "$code" = 0 ] || need_space 64 # For what went wrong may be the disk.
    [ "$schemes" = '=https' ] && grep -qi '^ *location: *http:' "$work/log" && code=plain
    case $code/$http_status in
      0/*) : >"$work/log" && return ;;
      plain/*) problem="$host redirects to plain http" ;;
      */404 | */410) problem="${3-} (HTTP $http_status at $url)" problem_code=10 ;;
      */[45]*) problem="HTTP $http_status at $url" ;;
      */2*) problem="download was cut short ($downloader exit $code)" ;;
      *) problem="cannot reach $host ($downloader exit $code): check https_proxy/no_proxy or use --archive" ;;
    esac
    return 1
  }

  # Dies where what is to be checked cannot be: then nothing needs to be downloaded.
  resolve_proof() {
    [ "$verify_attestation" = 0 ] || gh attestation verify --help >/dev/null 2>&1 </dev/null ||
      die 4 '--verify-attestation needs gh 2.49 or newer' 'fix: install it, or check --signing-key'
    [ -n "$signing_key" ] || return 0
    [ "$insecure_skip_verify$sha256" = 0 ] ||
      die 2 '--signing-key is about SHA256SUMS: leave out --sha256 and --insecure-skip-verify'
    public_keys=$(cat "$signing_key" 2>/dev/null) || die 2 "cannot read the key: $signing_key"
    printf '%s\n' "$public_keys" | grep -Eq '^(ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+ [A-Za-z0-9+/=]+' ||
      die 2 "not a public key of ssh-keygen: $signing_key"
    case $(ssh-keygen -Y verify 2>&1 </dev/null) in
      *'missing namespace'*) ;;
      *) die 4 '--signing-key needs the ssh-keygen of OpenSSH 8.1 or newer' 'fix: install it' ;;
    esac
  }
  # Sets digester to a command that knows the digest of `abc`. find_digester BITS [HINT]
  find_digester() {
    for tool in "sha$1sum" "shasum -a $1" "openssl dgst -sha$1 -r" "sha$1 -q" \
      "cksum -a sha$1 --untagged" "busybox sha$1sum" \
      "perl -MDigest::SHA=sha${1}_hex -0777 -ne print(sha${1}_hex(\$_))" \
      "python3 -c print(__import__('hashlib').sha$1(open(0,'rb').read()).hexdigest())"; do
      digester=$tool # yash has no loop variable after the loop.
      case $(printf abc | digest) in
        ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad) return 0 ;;
        ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a8*) return 0 ;;
      esac
    done
    die 5 "no SHA-$1 tool (tried sha$1sum, shasum, openssl, sha$1, cksum, busybox, perl, python3);\
 install coreutils or openssl${2-}"
  }
  # Prints the digest of stdin: a file's name could need escapes.
  digest() { $digester 2>/dev/null | sed 's/ .*//'; }
  is_sha256() { case $1 in *[!0-9a-fA-F]*) return 1 ;; *) [ "${#1}" = 64 ] ;; esac }
  is_version() {
    case $1 in *[!0-9A-Za-z.+-]*) return 1 ;; esac
    printf '%s\n' "$1" | grep -Eq '^v?[0-9]+\.[0-9]+\.[0-9]+([-+.][0-9A-Za-z.-]+)?$'
  }

  download() {
    wanted=$version
    for base in $base_urls; do
      [ -z "$problem" ] || say "$problem; trying $(host_of "$base")"
      ! download_from_mirror || return 0
    done
    die "$problem_code" "$problem"
  }
  # Sets is_there when there is nothing to do; on failure answers 1 and sets the problem.
  download_from_mirror() {
    rm -f "$work/manifest.json"
    version=$wanted
    [ "$wanted" != latest ] || find_latest || return 1
    ! matches_manifest || { is_there=1 && return; }
    need_space 170000
    say "downloading qwen ${version:-latest} for $target from $(host_of "$base")"
    archive=$work/archive name=qwen-$target.tar.gz
    fetch "$(url_of "$name")" "$archive" "${version:-latest} has no build for $target" || return 1
    [ "$insecure_skip_verify$sha256" != 0 ] || fetch_sums || return 1
    verify
  }
  fetch_sums() {
    case $sums in /*) sums_file=$sums && return ;; esac
    if [ -z "$sums" ] && [ -n "$QWEN_DEFAULT_SUMS" ] && [ "$version" = "$QWEN_DEFAULT_VERSION" ]; then
      printf '%s\n' "$QWEN_DEFAULT_SUMS" >"$sums_file" && return
    fi
    set -- "${sums:-$(url_of SHA256SUMS)}"
    fetch "$1" "$sums_file" 'SHA256SUMS is missing' && { [ -z "$signing_key" ] ||
      fetch "$1.sig" "$sums_file.sig" 'SHA256SUMS.sig is missing'; } && return
    [ "$problem_code" != 10 ] || problem_code=5
    return 1
  }
  # Prints where the mirror has a file of $version; while that is not known, of the latest.
  url_of() {
    case ${QWEN_INSTALL_LAYOUT-}/${base%/}/$version in
      flat/* | */flat/"$version") printf '%s\n' "${base%/}/$1" ;;
      */ | */latest) printf '%s\n' "${base%/}/latest/download/$1" ;;
      *) printf '%s\n' "${base%/}/download/v$version/$1" ;;
    esac
  }
  # Sets version from the mirror's manifest.json or LATEST; with neither it is empty.
  find_latest() {
    version='' fresh=''
    case $base in https://github.com/*) ;; *) fresh="?v=$(date +%s)" ;; esac # Not from a cache.
    for pointer in manifest.json LATEST; do
      if fetch "$(url_of "$pointer")$fresh" "$work/$pointer"; then
        version=$(if [ "$pointer" = LATEST ]; then tr -d '\r ' <"$work/LATEST"; else manifest_value version; fi)
        problem="$pointer at $host names no version"
        version=${version#v} && is_version "$version" && return
      fi
      [ "$problem_code" = 10 ] || return 1
    done
  }
  # Prints a value of manifest.json: a line is `key:value`. manifest_value KEY [TARGET]
  manifest_value() {
    tr ',{}' '\n' <"$work/manifest.json" | tr -d ' \t\r"' |
      awk -F: -v key="$1" -v target="${2-}" '
        target != "" { if ($1 == target) target = ""; next }
        $1 == key { print $2; exit }'
  }
  # Whether the file in place is the one that the manifest describes; without one, it is not.
  matches_manifest() {
    [ "$force$verify_attestation$sha256$signing_key" = 00 ] && [ -f "$destination" ] && [ -x "$destination" ] &&
      { [ -f "$work/manifest.json" ] || fetch "$(url_of manifest.json)" "$work/manifest.json"; } &&
      [ "$(manifest_value version)" = "$version" ] || return 1
    published=$(manifest_value binary_sha256 "$target")
    is_sha256 "$published" && [ "$(digest <"$destination")" = "$published" ]
  }

  # Dies unless $archive, whose name is $name, is what it should be.
  verify() {
    if [ "$insecure_skip_verify" = 1 ]; then
      printf 'qwen-install: warning: %s\n' "the checksum of $name is NOT verified" \
        'whoever can change the download can run programs as you' \
        'leave out --insecure-skip-verify to be safe' >&2
    else
      [ -n "$sha256" ] || [ -r "$sums_file" ] || die 5 "cannot read $sums_file (see --sums)"
      [ -z "$signing_key" ] || check_signature
      expected=${sha256:-$(listed_digest)}
      is_sha256 "$expected" || die 5 "SHA256SUMS has no entry for $name" 'or not exactly one'
      check_digest
    fi
    [ "$verify_attestation" = 1 ] || return 0
    run gh attestation verify "$archive" -R "$repo" && return
    code=$?
    show_log
    [ "$code" != 4 ] || die 4 'gh verifies nothing before it is logged in' 'fix: gh auth login'
    die 5 "gh does not confirm that $repo built $name"
  }
  check_signature() {
    [ -r "$sums_file.sig" ] || die 5 "cannot read $sums_file.sig"
    printf '%s\n' "$public_keys" | sed -n '/^[a-z]/s/^/qwen namespaces="qwen-release" /p' >"$work/signers"
    attend ssh-keygen -Y verify -f "$work/signers" -I qwen -n qwen-release -s "$sums_file.sig" \
      >"$work/log" 2>&1 3<"$sums_file" ||
      { show_log && die 5 "SHA256SUMS is not signed by the key in $signing_key"; }
  }
  check_digest() {
    actual=$(digest <"$archive")
    [ "$actual" = "$expected" ] || die 5 "checksum mismatch for $name" \
      "expected $expected" "actual   $actual"
  }
  listed_digest() {
    tr -d '\r' <"$sums_file" | file_name=$name awk '
      substr($0, 67) == ENVIRON["file_name"] && substr($0, 65, 2) ~ /^ [ *]$/ {
        print tolower(substr($0, 1, 64)) }'
  }
  # Writes the one `qwen` of the archive to a file: then it cannot be a link, nor come elsewhere.
  # Nothing is written when it is the one in place, so that this needs no room.
  unpack() {
    if is_packed; then
      { untar -tv >"$work/list" && untar -t >"$work/names"; } || die 5 "cannot unpack $name"
      awk 'NR == FNR { bad += !/^-/; next } /\// { bad++ } $0 == "qwen" { found++ }
        END { exit bad > 0 || found != 1 }' "$work/list" "$work/names" ||
        die 5 "$name must hold one qwen and documents"
    fi
    if [ "$force" = 0 ] && [ -x "$destination" ] && contents | cmp -s - "$destination"; then
      check_runs "$destination" "$version" "$destination" && version=$answer is_there=1 && return
    fi
    need_space 115000
    contents >"$work/qwen" || die 8 "cannot unpack $name in $bin_dir"
  }
  is_packed() {
    case $(dd if="$archive" bs=2 count=1 2>/dev/null | od -An -tx1) in *1f*8b*) ;; *) return 1 ;; esac
  }
  contents() { if is_packed; then untar -xO qwen; else cat "$archive"; fi; }
  untar() {
    { has tar && has gzip; } || die 4 'tar and gzip are needed'
    gzip -dc "$archive" </dev/null 2>/dev/null | tar "$1f" - ${2+"$2"} 2>/dev/null
  }

  # Sets checkout, version and bun_version. A piped script has the shell as $0: then it is the cwd.
  find_checkout() {
    case $0 in /*.sh | */*.sh) checkout=${0%/*} ;; *) checkout=. ;; esac
    checkout=$(cd -- "$checkout/" && pwd -P) || die 2 'the directory of install.sh cannot be read'
    [ "$(package_value name)$(ls "$checkout/build.ts" 2>/dev/null)" = "qwen$checkout/build.ts" ] ||
      die 2 "$checkout is not a checkout of qwen" 'fix: run sh install.sh --from-source in one'
    version=$(package_value version) bun_version=$(package_value packageManager)
    bun_version=${bun_version#bun@}
  }
  # Prints the first value of a key of package.json, which holds one key a line.
  package_value() {
    sed -n '/^ *"'"$1"'": *"/{s/^[^:]*: *"\([^"]*\)".*/\1/p;q;}' "$checkout/package.json" 2>/dev/null
  }
  # Sets bun to a Bun of the pinned version: no other builds the same bytes. Else it is the npm
  # package for this target, whose SHA-512 is pinned in package.json.
  find_bun() {
    for tool in "$(command -v bun)" "$checkout/node_modules/.bin/bun"; do
      bun=$tool
      [ "$("$bun" --version 2>/dev/null </dev/null)" != "$bun_version" ] || return 0
    done
    package=@oven/bun-$(printf '%s\n' "$target" | sed s/arm64/aarch64/)
    bun=$work/bun name="$package $bun_version" archive=$work/bun.tgz expected=$(package_value "$target")
    download_bun
    find_digester 512 && check_digest
    untar -xO package/bin/bun >"$bun" || die 8 "cannot unpack Bun in $work"
    chmod 755 "$bun" && check_runs "$bun" "$bun_version" 'the downloaded Bun'
  }
  # Tries npm first, which knows its registry's settings best; the bytes are the same either way.
  download_bun() {
    if has npm; then
      say "downloading Bun $bun_version for the build with npm"
      cd "$work" && run npm pack --ignore-scripts --fetch-retries=1 --fetch-retry-mintimeout=1000 \
        "$package@$bun_version" && mv ./*.tgz "$archive" && return
      show_log
    fi
    find_downloader || die 4 'no download tool: need npm, curl or wget' "to get Bun $bun_version"
    registry=${npm_config_registry:-${NPM_CONFIG_REGISTRY:-}}
    [ -n "$registry" ] || registry=$(sed -n 's/^ *registry *= *\([^ ;#]*\).*/\1/p' \
      "${HOME-}/.npmrc" 2>/dev/null | tail -n 1)
    registry=${registry:-https://registry.npmjs.org}
    say "downloading Bun $bun_version for the build with $downloader"
    fetch "${registry%/}/$package/-/${package#*/}-$bun_version.tgz" "$archive" ||
      die 9 "cannot download $name" "$problem" 'fix: check the network and npm_config_registry'
  }
  build() {
    kind=built
    say "building qwen $version for $target with Bun $bun_version"
    cd "$checkout" && run "$bun" install --frozen-lockfile --production && run "$bun" build.ts &&
      [ -f dist/qwen ] && cp dist/qwen "$work/qwen" && return
    show_log
    die 1 "cannot build qwen $version"
  }

  # Sets bin_dir to an absolute path without a slash at the end, and destination.
  resolve_bin_dir() {
    [ -n "${HOME-}" ] || HOME=$(getent passwd "$(id -u)" 2>/dev/null | sed 's,:[^:]*$,,; s,.*:,,')
    [ -n "$bin_dir" ] || case $(id -u)/${XDG_BIN_HOME-} in
      0/*) bin_dir=/usr/local/bin ;;
      *//*) bin_dir=$XDG_BIN_HOME ;;
      *) bin_dir=${HOME:+$HOME/.local/bin} ;;
    esac
    [ -n "$bin_dir" ] || die 2 'HOME is not set' 'fix: say where with --bin-dir DIR'
    [ -n "$HOME" ] || modify_path=never
    bin_dir=$(absolute "$bin_dir") || exit
    while [ "${bin_dir%/}" != "$bin_dir" ]; do bin_dir=${bin_dir%/}; done
    case $bin_dir in *:* | *\\* | *'
'*) die 2 "--bin-dir can have no colon, backslash or line break: $bin_dir" ;; esac
    destination=$bin_dir/qwen fish_file=${XDG_CONFIG_HOME:-${HOME-}/.config}/fish/conf.d/qwen.fish
  }
  # Sets work, beside the destination so that the end is a rename.
  prepare_destination() {
    [ ! -e "$bin_dir" ] || [ -d "$bin_dir" ] || die 7 "$bin_dir is not a directory"
    [ ! -d "$destination" ] || die 7 "$destination is a directory" 'fix: choose another --bin-dir'
    [ "$force" = 1 ] || ! is_qwen_code || die 7 "$destination is Qwen Code, of an npm package" \
      'fix: choose another --bin-dir, or --force to replace it'
    mkdir -p "$bin_dir" 2>/dev/null
    other="re-run with --bin-dir \"\$HOME/.local/bin\" or as root"
    [ "$bin_dir" != "$HOME/.local/bin" ] || other='choose another with --bin-dir, or run as root'
    work=$(make_directory "$bin_dir") || die 7 "$bin_dir is not writable; $other"
    sums_file=$work/SHA256SUMS
  }
  # need_space KIBIBYTES
  need_space() {
    free=$(df -Pk "$work" 2>/dev/null </dev/null | awk -v needed="$1" 'NR == 2 && $4 < needed + 0 { print $4 }')
    case $free in *[0-9]) die 8 "$bin_dir has $free KiB left, but $1 are needed" ;; esac
  }
  # Qwen Code has the same name: a link to an npm package, or a script that starts it.
  is_qwen_code() {
    printf '%s\n' "$(readlink "$destination")" "$(head_of "$destination")" |
      grep -Eq 'node_modules|qwen-code'
  }
  # Makes a directory for temporary files in another, and prints its path.
  make_directory() {
    { mktemp -d "$1/.qwen-install.XXXXXX" || { umask 077 && mkdir "$1/.qwen-install.$$" &&
      printf '%s\n' "$1/.qwen-install.$$"; }; } 2>/dev/null
  }

  # Probes, then renames: an old binary stays, and may be running, to the last moment.
  install_binary() {
    chmod 755 "$work/qwen"
    [ "$os" != darwin ] || xattr -d com.apple.quarantine "$work/qwen" 2>/dev/null
    check_runs "$work/qwen" "$version" "the $kind binary" && version=$answer
    [ "$force" = 0 ] && [ -x "$destination" ] && cmp -s "$work/qwen" "$destination" && is_there=1
    [ "$is_there" = 1 ] || mv -f "$work/qwen" "$destination" || die 7 "cannot replace $destination"
  }
  probe() {
    attend env -i PATH="$PATH" HOME="$work" "$1" --version >"$work/answer" 2>"$work/log" 3</dev/null
    probe_code=$? answer=''
    read -r answer _ <"$work/answer"
    answer=$(printf '%s\n' "$answer" | tr -cd ' -~')
    [ "$probe_code" = 0 ] && is_version "$answer"
  }
  # check_runs FILE VERSION NAME: dies unless FILE prints VERSION, or any when that is empty.
  check_runs() {
    probe "$1" && [ "$answer" = "${2:-$answer}" ] && return
    what="$3 does not start" why="--version ended with $probe_code and printed \"$answer\""
    case $probe_code/$(cat "$work/log") in
      0/*) what="$3 is not version $2" ;;
      */*libstdc++*) what="$what: missing libstdc++.so.6; run: apk add --no-cache libstdc++" ;;
      126/*) why="$bin_dir may be on a noexec mount" ;;
      127/*) why="its loader is missing: $target may have the wrong libc (see --libc)" ;;
      132/*) why='the CPU lacks an instruction (SSE4.2 is needed)' ;;
      137/*) [ "$os" != darwin ] || why='macOS does not accept its signature' ;;
    esac
    show_log
    die 6 "$what" "$why"
  }
  update_path() {
    case ":$PATH:" in *":$bin_dir:"* | *":$bin_dir/:"*) return 0 ;; esac
    quoted=\'$(printf '%s\n' "$bin_dir" | sed "s/'/'\\\\''/g")\'
    export_line="export PATH=$quoted:\"\$PATH\""
    line="case \":\$PATH:\" in *:$quoted:*) ;; *) $export_line ;; esac"
    [ "$modify_path" != auto ] || [ -n "${CI-}" ] || [ ! -t 1 ] || modify_path=always
    if [ "$modify_path" = always ]; then
      edit_start_up_file
    elif [ "$modify_path" = auto ] && [ -w "${GITHUB_PATH-}" ]; then
      grep -qxF "$bin_dir" "$GITHUB_PATH" || printf '%s\n' "$bin_dir" >>"$GITHUB_PATH"
    fi
    say "$bin_dir is not on this shell's PATH; run: $export_line"
  }
  # Puts one marked block into what the person's shell reads, and nowhere else.
  edit_start_up_file() {
    shell=${SHELL-}
    set -- "$HOME/.profile"
    case $os/${shell##*/} in
      # A login shell that asks nothing reads the first, one in a terminal the second.
      */zsh) set -- "${ZDOTDIR:-$HOME}/.zprofile" "${ZDOTDIR:-$HOME}/.zshrc" ;;
      linux/bash) set -- "$HOME/.bashrc" ;;
      darwin/bash) [ ! -e "$HOME/.bash_profile" ] || set -- "$HOME/.bash_profile" ;;
      */fish)
        set -- "$fish_file"
        export_line="set -gx PATH $quoted \$PATH"
        line="contains -- $quoted \$PATH; or $export_line"
        ;;
    esac
    for file in "$@"; do
      mkdir -p "${file%/*}" 2>/dev/null
      edit_block "added $bin_dir to PATH in $file; to undo, delete the lines marked 'qwen installer'" \
        "cannot edit $file; add this line to it: $line"
    done
  }
  # Makes $line the one marked block of $file, or removes the block when it is empty; a note in it
  # says what that restores. A block without its end or with more in it is somebody's, and stays.
  # edit_block IF_CHANGED IF_NOT_POSSIBLE
  edit_block() {
    [ -n "$line" ] || grep -q '^# >>> qwen installer >>>$' "$file" 2>/dev/null || return 0
    old=/dev/null note=$made_note
    [ ! -e "$file" ] || { old=$file note='' && [ -f "$file" ] && # Not every awk reads a NUL.
      case $(tail -c 2 "$file")$(tr -cd '\000' <"$file" | tr '\000' '\134') in *\\) false ;; esac } ||
      { say "$2" && return; }
    is_cut=$(tail -c 1 "$old")
    line=$line awk -v first='# >>> qwen installer >>>' -v last='# <<< qwen installer <<<' \
      -v is_cut="${is_cut:+1}" -v cut_note="$cut_note" -v note="${is_cut:+$cut_note}$note" '
      BEGIN { line = ENVIRON["line"] }
      function put(text) { printf "%s%s", between, text; between = "\n" }
      function block(note) {
        is_open = line == "" && note == cut_note
        if (line != "") { put(first); put(line); if (note != "") put(note); put(last) }
        line = ""
      }
      inside && !/^(# The |case ":.PATH:" in |contains -- |# <<< )/ { exit 1 }
      inside && /^# The / { found = $0 }
      $0 == first { inside = 1; found = "" }
      !inside { put($0); is_open = is_cut }
      inside && $0 == last { block(found); inside = 0 }
      END { if (inside) exit 1; if (line != "") block(note); if (between != "" && !is_open) print "" }
    ' <"$old" >"$work/start-up" || { say "$2" && return; }
    cmp -s "$work/start-up" "$old" || if replace_file; then say "$1"; else say "$2"; fi
  }
  # Puts $work/start-up in the place of $file, or of what that links to, by a rename, so that a full
  # disk loses nothing. Fails where the file would lose its mode, its owner or another name.
  replace_file() {
    real=$file
    [ ! -L "$file" ] || real=$(readlink -f "$file") || return
    [ -s "$work/start-up" ] || ! grep -qxF "$made_note" "$old" || { rm -f "$real" && return; }
    beside=$(make_directory "${real%/*}") && copy=$beside/file || return
    { [ ! -e "$real" ] || { cp -p "$real" "$copy" && [ "$(kept "$copy")" = "$(kept "$real")" ]; }; } &&
      cat "$work/start-up" >"$copy" && mv -f "$copy" "$real" && rmdir "$beside" && return
    rm -rf "$beside" && return 1
  }
  # shellcheck disable=SC2012 # Every system has another stat.
  kept() { ls -ldn "$1" | awk '{ print $1, $2, $3, $4; exit }'; }

  uninstall() {
    work=$(make_directory "${TMPDIR:-/tmp}") || die 7 "${TMPDIR:-/tmp} is not writable"
    if [ -e "$destination" ] || [ -L "$destination" ]; then
      [ "$force" = 1 ] || { ! is_qwen_code && probe "$destination"; } ||
        die 7 "$destination is not a qwen of this installer" 'fix: --force removes it all the same'
      rm -f "$destination" || die 7 "cannot remove $destination"
      say "removed $destination"
    else
      say "there is no $destination"
    fi
    line=''
    for file in "${ZDOTDIR:-$HOME}/.zprofile" "${ZDOTDIR:-$HOME}/.zshrc" "$HOME/.bashrc" \
      "$HOME/.bash_profile" "$HOME/.profile" "$fish_file"; do
      [ "$modify_path" = never ] || [ ! -f "$file" ] && continue
      edit_block "removed the installer's lines from $file" \
        "cannot edit $file; delete the lines marked 'qwen installer'"
    done
    [ "$purge" = 0 ] || purge
  }
  # Removes what qwen and Qwen Code write into their folder, and the folder once nothing is left.
  # QWEN_HOME can name any folder and ~/.qwen lead anywhere: what else lies there is somebody's.
  purge() {
    folder=${QWEN_HOME:-$HOME/.qwen}
    case $folder in \~ | \~/*) folder=$HOME${folder#?} ;; esac
    [ -d "$folder" ] || return 0
    home=$(cd "$HOME" && pwd -P) folder=$(absolute "$folder") is_ours=''
    real=$(cd "$folder" && pwd -P) || die 7 "cannot enter $folder"
    case $home/ in "${real%/}"/*) die 7 "$real holds your home" ;; esac
    case $real/ in
      "$home"/* | "${folder%/}/") ;;
      *) die 7 "$folder leads out of your home, to $real" 'fix: look there, and remove it yourself' ;;
    esac
    for name in settings.json oauth_creds.json trustedFolders.json installation_id; do
      [ ! -f "$real/$name" ] || is_ours=1
    done
    [ -n "$is_ours" ] || { rmdir "$real" 2>/dev/null && return; } ||
      die 7 "$real does not look like a folder of qwen: it has no settings.json"
    set -f # These are patterns, and count in that folder only.
    # shellcheck disable=SC2086
    set -- $purged_names
    set +f
    for name in "$@"; do
      for file in "$real"/$name; do # Not path: that is PATH to zsh.
        [ -e "$file" ] || [ -L "$file" ] || continue
        [ "$quiet" = 1 ] || find "$file" >&2
        rm -rf "$file" || die 7 "cannot remove $file"
      done
    done
    ! rmdir "$real" 2>/dev/null || { say "removed $real" && return; }
    left=$(cd "$real" && find . ! -name . -prune | sort | sed 's,^\./,,' | tr '\n' ' ')
    say "removed what qwen writes from $real; left there: ${left% }"
  }
  purged_names='settings.json settings.json.* oauth_creds.json* trustedFolders.json* accounts.json* .env
    .env.lock* .*.*-*-*.tmp history sessions cache run installation_id user_id source.json
    google_accounts.json mcp-oauth-tokens* memory.md output-language.md tip_history.json usage* tmp
    bin debug ide projects todos arena channels extensions extension-store locales updates
    artifacts scratch-workspaces file-history insights plans'
  made_note='# The file was not there before.' cut_note='# The line above had no end.'
  is_on() { case ${1:-0} in 0) echo 0 ;; *) echo 1 ;; esac }
  # Every option is a variable: set_option --bin-dir VALUE sets bin_dir.
  set_option() { eval "$(printf '%s\n' "${1#--}" | tr - _)=\$2"; }

  version=${QWEN_INSTALL_VERSION-} bin_dir=${QWEN_INSTALL_BIN_DIR-}
  repo=${QWEN_INSTALL_GITHUB_REPO:-$QWEN_DEFAULT_REPO} base_url=${QWEN_INSTALL_BASE_URL-}
  archive=${QWEN_INSTALL_ARCHIVE-} sums=${QWEN_INSTALL_SUMS-} sha256=${QWEN_INSTALL_SHA256-}
  target=${QWEN_INSTALL_TARGET-} libc=${QWEN_INSTALL_LIBC-} token=${QWEN_INSTALL_TOKEN-}
  signing_key=${QWEN_INSTALL_SIGNING_KEY-}
  force=$(is_on "${QWEN_INSTALL_FORCE-}") allow_http=$(is_on "${QWEN_INSTALL_ALLOW_HTTP-}")
  quiet=$(is_on "${QWEN_INSTALL_QUIET-}") verbose=$(is_on "${QWEN_INSTALL_VERBOSE-}")
  insecure_skip_verify=$(is_on "${QWEN_INSTALL_SKIP_VERIFY-}") verify_attestation=0
  modify_path=auto machine='' mode='' purge=0 dry_run=0 is_there=0 kind=downloaded work='' child=''
  beside='' downloader='' digester='' checkout='' base_urls='' base='' problem=''
  [ "${QWEN_INSTALL_VERIFY-}" != attest ] || verify_attestation=1
  [ "$(is_on "${QWEN_MODIFY_PATH-}")" = 0 ] || modify_path=always
  [ "$(is_on "${QWEN_NO_MODIFY_PATH-}")" = 0 ] || modify_path=never
  while [ $# -gt 0 ]; do
    joined=''
    case $1 in --*=*) joined=$1 && shift && set -- "${joined%%=*}" "${joined#*=}" "$@" ;; esac
    case $1 in
      --version | --bin-dir | --repo | --base-url | --archive | --sums | --sha256 | --target | --libc | \
        --signing-key)
        case ${joined:+=}${2-} in '' | = | -*) usage_error "$1 needs a value" ;; esac
        # The option --repo goes before the variable of --base-url.
        [ "$1" != --repo ] || [ "$base_url" != "${QWEN_INSTALL_BASE_URL-}" ] || base_url=''
        set_option "$1" "$2" && shift
        ;;
      --force | --allow-http | --purge | --dry-run) set_option "$1" 1 ;;
      --insecure-skip-verify | --verify-attestation) set_option "$1" 1 ;;
      --from-source | --uninstall | --print-target) mode=$mode$1 ;;
      --modify-path) modify_path=always ;;
      --no-modify-path) modify_path=never ;;
      -q | --quiet) quiet=1 ;;
      -v | --verbose) verbose=1 ;;
      -h | --help) usage && exit 0 ;;
      *) usage_error "unknown option: ${joined:-$1}" ;;
    esac
    shift
  done
  case $mode in --*--*) usage_error "one is enough: $mode" ;; esac
  version=${version#v} sha256=$(printf '%s\n' "$sha256" | tr A-F a-f)
  case $version in '' | latest) ;; *) is_version "$version" || die 2 "not a version: $version" ;; esac
  [ -z "$sha256" ] || is_sha256 "$sha256" || die 2 "not a SHA-256: $sha256"
  [ "$verify_attestation$repo" != 1 ] || die 2 '--verify-attestation needs --repo'
  [ "$purge" = 0 ] || [ "$mode" = --uninstall ] || usage_error '--purge goes with --uninstall'
  [ "$mode" != --from-source ] || { find_checkout && target='' archive=''; }
  [ "$mode" = --uninstall ] || resolve_target
  [ "$mode" != --print-target ] || { printf '%s\n' "$target" && exit 0; }
  [ -n "$mode" ] || [ -z "$archive" ] || mode=--archive
  case $sums in '' | *://*) ;; *) sums=$(absolute "$sums") || exit ;; esac
  [ -z "$signing_key" ] || { signing_key=$(absolute "$signing_key") && QWEN_DEFAULT_SUMS=''; } || exit
  resolve_bin_dir
  case $mode in '') resolve_proof && resolve_source ;; --archive) resolve_proof && resolve_archive ;; esac
  case $mode$insecure_skip_verify in 0 | --archive0) find_digester 256 ', or pass --insecure-skip-verify' ;; esac
  if [ "$dry_run" = 1 ]; then
    printf '%s\n' "target $target${mode:+ ($mode)}" "to     $destination" \
      ${digester:+"tools  ${downloader:+$downloader, }$digester"} \
      ${checkout:+"from   $checkout"} ${archive:+"from   $archive"}
    for base in $base_urls; do public_url "from   $(url_of "qwen-$target.tar.gz")"; done
    exit 0
  fi

  trap 'exit_code=$?
    [ -z "$child" ] || { kill "$child" && wait "$child"; } 2>/dev/null
    rm -rf "$work" ${beside:+"$beside"}
    exit "$exit_code"' EXIT # Else mksh exits with the code of rm.
  trap 'exit 129' HUP && trap 'exit 130' INT && trap 'exit 143' TERM
  case $mode in
    --uninstall) uninstall && exit 0 ;;
    --from-source) require_libstdcxx && prepare_destination && need_space 280000 && find_bun && build ;;
    --archive)
      require_libstdcxx && prepare_destination
      if [ -n "$sums" ]; then sums_file=$sums; else printf '%s\n' "$QWEN_DEFAULT_SUMS" >"$sums_file"; fi
      verify && unpack
      ;;
    *) require_libstdcxx && prepare_destination && download && { [ "$is_there" = 1 ] || unpack; } ;;
  esac
  [ "$is_there" = 1 ] || install_binary
  say "$([ "$is_there" = 0 ] || echo 'already ')installed qwen $version: $destination"
  update_path
  found=$(command -v qwen) && [ "$(cd "${found%/*}/" && pwd -P)" != "$(cd "$bin_dir" && pwd -P)" ] &&
    say "warning: another qwen comes first on PATH: $found"
  say 'next: qwen auth'
  exit 0
}
