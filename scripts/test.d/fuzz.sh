# Each parser's fuzzer over its corpus, then on its own for some seconds (--long: minutes). Findings are kept.
# shellcheck shell=bash
test_fuzz() {
    local seconds=${TODOKE_FUZZ_SECONDS:-4} source name corpus log found
    [ -z "$TODOKE_LONG" ] || seconds=300
    compgen -G "$top/tests/fuzz/*/fuzz_*.c" >/dev/null || return 0
    if ! build fuzz all; then
        test_result "fuzzers build" failed
        return 0
    fi
    for source in "$top"/tests/fuzz/*/fuzz_*.c; do
        name=$(basename "$source" .c)
        [[ -z $TODOKE_ONLY || $name == *"$TODOKE_ONLY"* ]] || continue
        corpus=$(dirname "$source")/corpus
        log=$top/build/test/$name.log
        found=$top/build/test/findings/$name
        mkdir -p "$corpus" "$found" "$top/build/test/grown/$name"
        # New inputs go beside the build; what is worth keeping is copied into the corpus by hand.
        if (cd "$found" && timeout $((seconds + 120)) "$top/build/fuzz/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
            -print_final_stats=1 "$top/build/test/grown/$name" "$corpus") >"$log" 2>&1; then
            test_result "fuzz: $name finds nothing in $seconds s" passed
        else
            test_result "fuzz: $name finds nothing in $seconds s" failed
            tail -n 50 "$log"
        fi
    done
}
