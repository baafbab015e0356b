# scripts/test clean [setup|run|test]: the project in a bare Debian root, where nothing was installed by hand.
# Needs root. The root is made by debootstrap from the mirror that apt is configured with, below build/clean
# (or $TODOKE_CLEAN), and made anew each time from a tarball that is kept beside it.
# shellcheck shell=bash
clean_root=${TODOKE_CLEAN:-$top/build/clean}/root

clean_unmount() {
    local dir
    for dir in dev/shm dev/pts dev proc sys; do
        mountpoint -q "$clean_root/$dir" && umount -l "$clean_root/$dir"
    done
    return 0
}

clean_mount() {
    mount -t proc proc "$clean_root/proc"
    mount -t tmpfs -o mode=755 tmpfs "$clean_root/dev"
    mkdir -p "$clean_root/dev/shm" "$clean_root/dev/pts"
    mount -t tmpfs tmpfs "$clean_root/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$clean_root/dev/pts"
    local spec
    for spec in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0; do
        IFS=: read -r name major minor <<<"$spec"
        mknod -m 666 "$clean_root/dev/$name" c "$major" "$minor"
    done
    ln -s /proc/self/fd "$clean_root/dev/fd"
    ln -s pts/ptmx "$clean_root/dev/ptmx"
}

clean_bootstrap() {
    local base=${clean_root%/root} uri
    mkdir -p "$base"
    rm -rf --one-file-system "$clean_root"
    if [ ! -f "$base/bare.tar" ]; then
        command -v debootstrap >/dev/null || quiet debootstrap-install.log apt-get install -y --no-install-recommends debootstrap
        uri=$(debian_sources | awk -v code="$(debian_code)" '$2 == code { print $1; exit }')
        [ -n "$uri" ] || die "apt's configuration names no Debian mirror"
        say "debootstrap: a bare root"
        quiet debootstrap.log debootstrap --variant=minbase "$(debian_code)" "$clean_root" "$uri" || die "debootstrap failed"
        rm -f "$clean_root"/var/cache/apt/archives/*.deb
        tar -C "$clean_root" --one-file-system -cf "$base/bare.tar.new" .
        mv "$base/bare.tar.new" "$base/bare.tar"
    else
        mkdir -p "$clean_root"
        tar -C "$clean_root" -xpf "$base/bare.tar"
    fi
}

# Only what says where the mirror and the registry are and whom to trust, as any machine of this network has it.
clean_configure() {
    debian_sources | sed 's/^/deb /; s/$/ main/' >"$clean_root/etc/apt/sources.list"
    apt-config dump | grep -iE '^Acquire::(http|https)::(proxy|CAInfo)' >"$clean_root/etc/apt/apt.conf.d/90network" || true
    cp /etc/resolv.conf /etc/hosts "$clean_root/etc/"
    mkdir -p "$clean_root/usr/local/share/ca-certificates"
    cp -r /usr/local/share/ca-certificates/. "$clean_root/usr/local/share/ca-certificates/"
}

clean_environment() {
    local name
    env_list=(HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb LANG=C.UTF-8)
    for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
        [ -n "${!name:-}" ] && env_list+=("$name=${!name}")
    done
    [ -n "${NODE_EXTRA_CA_CERTS:-}" ] && env_list+=("NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt")
    env_list+=("npm_config_registry=$(npm config get registry 2>/dev/null)")
    return 0
}

# clean_run TITLE COMMAND...: in the root, in the clone.
clean_run() {
    local title=$1 log
    shift
    log=$top/build/log/clean-$title.log
    say "clean: $*"
    if env -i "${env_list[@]}" chroot "$clean_root" /bin/bash -c 'cd /srv/todoke && exec "$@"' - "$@" >"$log" 2>&1 </dev/null; then
        test_result "clean machine: $*" passed
    else
        test_result "clean machine: $*" failed
        tail -n 80 "$log"
    fi
    tail -n 3 "$log" | sed 's/^/    /'
}

test_clean() {
    local what=${1:-all} env_list
    [ "$(id -u)" = 0 ] || die "a bare root can only be made by root"
    mkdir -p "$top/build/log"
    trap 'clean_unmount' EXIT
    clean_unmount
    clean_bootstrap
    clean_configure
    clean_environment
    clean_mount
    git clone -q "$top" "$clean_root/srv/todoke"
    # The clone's origin is outside the root; nothing in the scripts may need it.
    git -C "$clean_root/srv/todoke" remote remove origin
    if [ "$what" = setup ]; then
        clean_run setup scripts/setup test
    else
        [ "$what" = test ] || clean_run run scripts/run --check
        [ "$what" = run ] || clean_run test scripts/test
    fi
    clean_unmount
    trap - EXIT
    [ -n "${KEEP_CLEAN:-}" ] || rm -rf --one-file-system "$clean_root"
}
