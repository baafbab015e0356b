# Each parser's fuzzer over its corpus, then on its own for some seconds (--long: minutes). Findings are kept.
# shellcheck shell=bash
test_fuzz() {
    local seconds=${TODOKE_FUZZ_SECONDS:-4} source name
    [ -z "$TODOKE_LONG" ] || seconds=300
    compgen -G "$top/tests/fuzz/*/fuzz_*.c" >/dev/null || return 0
    if ! build fuzz all; then
        test_result "fuzzers build" failed
        return 0
    fi
    # Two at a time: each is one thread.
    for source in "$top"/tests/fuzz/*/fuzz_*.c; do
        name=$(basename "$source" .c)
        [[ -z $TODOKE_ONLY || $name == *"$TODOKE_ONLY"* ]] && echo "$seconds $name $(dirname "$source")/corpus"
    done | xargs -r -P 2 -L 1 "$top/scripts/test.d/fuzz_one" >"$top/build/test/fuzz.tsv" || true
    while IFS=$'\t' read -r name status; do
        test_result "fuzz: $name finds nothing in $seconds s" "$status"
        [ "$status" = passed ] || tail -n 50 "$top/build/test/$name.log"
    done <"$top/build/test/fuzz.tsv"
}
