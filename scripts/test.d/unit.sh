# Unit tests: every cmocka test under ASan + UBSan (gcc), and once more without them as built by clang, but for those that wait for
# PostgreSQL.
# shellcheck shell=bash

# run_cmocka asan|clang: each executable's tests become results "layer/test_noun: title".
run_cmocka() {
    local preset=$1 name file log title
    while read -r name file; do
        log=$top/build/test/unit/$preset-${name//\//-}.log
        mkdir -p "$(dirname "$log")"
        local code=0
        (cd "$top" && CMOCKA_MESSAGE_OUTPUT=STDOUT timeout 120 "$file") >"$log" 2>&1 || code=$?
        # A test counts once: as it went under the sanitizers, or without them where it only runs so.
        while read -r status title; do
            if [ "$preset" = asan ]; then [ "$status" != skipped ] || continue; else ! grep -qF "$name: $title"$'\t' "$results" || continue; fi
            test_result "$name: $title" "$status"
        done < <(sed -n 's/^\[       OK \] \(.*\)/passed \1/p; s/^\[  FAILED  \] \([a-zA-Z_0-9]*\)$/failed \1/p; s/^\[  SKIPPED \] \([a-zA-Z_0-9]*\)$/skipped \1/p' "$log" | sort -u)
        if [ $code != 0 ]; then
            # The single failures are counted above; a crash or a leak after them is one of its own.
            grep -q '^\[  FAILED  \] [0-9]* test' "$log" && [ "$preset" = asan ] || test_result "$name ($preset): ends with 0, not $code" failed
            sed 's/^/    /' "$log" | tail -n 60
        fi
    done < <(unit_tests "$preset")
}

# "layer/test_noun path" of each test of a build; clang's without those of tests/unit/db/live.h.
unit_tests() {
    local source layer name
    for source in "$top"/tests/unit/*/test_*.c; do
        [ -f "$source" ] || continue
        layer=$(basename "$(dirname "$source")") name=$(basename "$source" .c)
        [[ -z $TODOKE_ONLY || $layer/$name == *"$TODOKE_ONLY"* ]] || continue
        [ "$1" != clang ] || ! grep -q '"live.h"' "$source" || continue
        [ ! -x "$top/build/$1/${layer}_$name" ] || echo "$layer/$name $top/build/$1/${layer}_$name"
    done
}

# The build itself is a test: -Werror, both compilers.
build_tested() {
    if KEEP_GOING=1 build "$1" all; then test_result "$1 build without a warning" passed; else
        test_result "$1 build without a warning" failed
        return 1
    fi
}

# Some tests of src/db want a real PostgreSQL, whose backends they may kill: a cluster of their own.
unit_database() {
    export TODOKE_TEST_DB
    local var=$top/build/test/var-unit
    TODOKE_VAR=$var TODOKE_FSYNC=off "$top/scripts/postgres" start
    TODOKE_TEST_DB=$(TODOKE_VAR=$var "$top/scripts/postgres" url super)
    # With a password they may also come by TCP.
    local password
    password=$(openssl rand -hex 16)
    "$(pg_bin)/psql" -Xq "$TODOKE_TEST_DB" -c "alter role current_user password '$password'"
    TODOKE_TEST_DB+=" password=$password"
}

test_unit() {
    export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1:strict_string_checks=1}
    export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
    unit_database
    # What does not build is told by build_tested; the tests that do build run all the same.
    build_tested asan || true
    # Many of these tests wait: the next builds take what time they leave, and tell what is wrong when it is their turn.
    (chrt --idle 0 "${BASH:-bash}" -c '. "$1/scripts/lib.sh"; KEEP_GOING=1 build clang all; build release todoke todoke-bench' _ "$top") >/dev/null 2>&1 &
    local builds=$!
    run_cmocka asan
    wait "$builds" || true
    build_tested clang || true
    run_cmocka clang
    if build release todoke; then test_hardening; fi
}

# What the release binary must be: position independent, full RELRO, stack protector, fortified; and no probe in it.
test_hardening() {
    local binary=$top/build/release/todoke dump
    dump=$(readelf -hldsW "$binary")
    hardened() { if grep -qE "$2" <<<"$dump"; then test_result "release binary: $1" passed; else test_result "release binary: $1" failed; fi; }
    hardened "position independent" '^ *Type: *DYN'
    hardened "RELRO" GNU_RELRO
    hardened "bound at start (full RELRO)" 'FLAGS_1.*NOW|BIND_NOW'
    hardened "stack canaries" __stack_chk_fail
    hardened "no executable stack" 'GNU_STACK.* RW '
    if grep -q json-echo "$binary"; then test_result "release binary: no probe" failed; else test_result "release binary: no probe" passed; fi
}
