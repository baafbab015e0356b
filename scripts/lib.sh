# Shared by the scripts: sourced, never run. Gives $top, the PATH with our own Node, and small helpers.
# shellcheck shell=bash
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
TODOKE_VAR=$(realpath -m "${TODOKE_VAR:-$top/var}")
export TODOKE_VAR
# Also before scripts/setup has put one there: whoever calls it goes on with what it fetched.
PATH=$top/build/deps/node/bin:$PATH
export PATH LC_ALL=C.UTF-8

say() { printf '%s\n' "$*" >&2; }
die() { say "${0##*/}: $*"; exit 1; }

# quiet LOG command...: the output goes to build/log/LOG and is only shown when the command fails.
quiet() {
    local log=$top/build/log/$1
    shift
    mkdir -p "$top/build/log"
    "$@" >"$log" 2>&1 && return
    local code=$?
    say "failed: $*"
    grep -v '^\[[0-9]*/[0-9]*\] ' "$log" | tail -n "${QUIET_LINES:-60}" >&2
    say "(all of it: ${log#"$top"/})"
    return $code
}

# The tools of the newest PostgreSQL that is installed, whether or not they are on the PATH.
pg_bin() {
    local dir
    dir=$(find /usr/lib/postgresql -maxdepth 1 -mindepth 1 2>/dev/null | sort -V | tail -n 1)/bin
    [ -x "$dir/initdb" ] || die "PostgreSQL is not installed (run scripts/setup)"
    printf '%s' "$dir"
}

# PostgreSQL refuses to run as root: then it gets the user that Debian's package makes for it.
pg_user() { if [ "$(id -u)" = 0 ]; then echo postgres; else id -un; fi; }
as_pg_user() {
    if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else (cd / && "$@"); fi
}

# free_port FROM TO: a port on 127.0.0.1 that nobody listens on, searched from a random place in the range.
free_port() {
    local from=$1 count=$(($2 - $1 + 1)) i port
    local at=$((RANDOM % count))
    for ((i = 0; i < count; i++)); do
        port=$((from + (at + i) % count))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            printf '%s' "$port"
            return
        fi
    done
    die "no free port between $1 and $2"
}

# build PRESET TARGET...: configures where needed, then builds.
build() {
    local preset=$1
    shift
    quiet "configure-$preset.log" env -C "$top" cmake --preset "$preset" || return
    quiet "build-$preset.log" cmake --build "$top/build/$preset" -j "${TODOKE_JOBS:-2}" --target "$@" -- ${KEEP_GOING:+-k 0}
}

# The web app, when its sources are newer than what was built of them.
build_web() {
    [ -f "$top/web/package.json" ] || return 0
    if [ -f "$top/web/dist/index.html" ] &&
        [ -z "$(find "$top/web" -path "$top/web/node_modules" -prune -o -path "$top/web/dist" -prune -o -type f -newer "$top/web/dist/index.html" -print -quit)" ]; then
        return 0
    fi
    (cd "$top/web" && quiet web.log npm run --silent build)
}

debian_code() { (. /etc/os-release && echo "$VERSION_CODENAME"); }

# "URI suite" of each entry of apt's configuration that carries Debian itself (this release, -updates, -security).
debian_sources() {
    {
        sed -n 's/^ *deb  *\(\[[^]]*\] *\)\{0,1\}\([^ ]*\)  *\([^ ]*\) .*/\2 \3/p' /etc/apt/sources.list /etc/apt/sources.list.d/*.list || true
        awk -v RS= '{ uris = suites = ""; n = split($0, lines, "\n")
            for (i = 1; i <= n; i++) {
                if (tolower(lines[i]) ~ /^uris:/) uris = substr(lines[i], 6)
                if (tolower(lines[i]) ~ /^suites:/) suites = substr(lines[i], 8) }
            nu = split(uris, u, " "); ns = split(suites, s, " ")
            for (a = 1; a <= nu; a++) for (b = 1; b <= ns; b++) print u[a], s[b] }' /etc/apt/sources.list.d/*.sources || true
    } 2>/dev/null | awk -v code="$(debian_code)" '$2 ~ "^" code "(-updates|-security)?$"' | sort -u
}

# A certificate of our own, for this machine only.
make_certificate() {
    local tls=$TODOKE_VAR/tls
    if openssl x509 -checkend 86400 -noout -in "$tls/cert.pem" >/dev/null 2>&1; then return; fi
    mkdir -p "$tls"
    (umask 077 && quiet openssl.log openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 \
        -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
        -keyout "$tls/key.pem" -out "$tls/cert.pem")
}

# make_secret FILE: the server's --secret-file, made once.
make_secret() {
    [ -s "$1" ] || (umask 077 && mkdir -p "${1%/*}" && head -c 32 /dev/urandom >"$1")
}
