# Integration, browser and fault tests: node's own test runner. A reporter of ours writes one result line per test.
# shellcheck shell=bash
shopt -s extglob

# run_node DIR [PATTERN]: every tests/DIR/PATTERN.test.mjs.
run_node() {
    local dir=$1 log=$top/build/test/$1.log lines=$top/build/test/$1.tsv files=()
    for file in "$top/tests/$dir"/${2:-*}.test.mjs; do
        [ -f "$file" ] || continue
        [[ -z $TODOKE_ONLY || $(basename "$file") == *"$TODOKE_ONLY"* ]] && files+=("$file")
    done
    [ ${#files[@]} -gt 0 ] || return 0
    : >"$lines"
    local code=0
    (cd "$top/tests" && timeout "${TODOKE_NODE_TIMEOUT:-$([ -n "$TODOKE_LONG" ] && echo 7200 || echo 1500)}" \
        node --test --test-concurrency="${TODOKE_CONCURRENCY:-3}" \
        --test-reporter="$top/scripts/test.d/reporter.mjs" --test-reporter-destination="$lines" \
        --test-reporter=spec --test-reporter-destination=stdout "${files[@]}") >"$log" 2>&1 || code=$?
    while IFS=$'\t' read -r title status; do
        test_result "$title" "$status"
    done < <(awk -F'\t' 'NF == 2' "$lines")
    if [ $code != 0 ]; then
        grep -q $'\tfailed$' "$lines" || test_result "tests/$dir: node --test ends with 0, not $code" failed
        sed -n '/failing tests:/,$p' "$log" | sed -n '1,400p'
    fi
}

test_integration() {
    if ! build asan todoke todoke-probe todoke-bench || ! build_web; then
        test_result "the server under test builds" failed
        return 0
    fi
    export TODOKE_PROBE=$top/build/asan/todoke-probe
    # The network layer's tests are about deadlines of some 100 ms: beside others, theirs pass while the machine is busy.
    TODOKE_CONCURRENCY=1 run_node integration 'net_*'
    # The hasher takes only the time that nobody wants: behind a crowd at nice 0 it would get next to none, beside nice 19 its part.
    (renice -n 19 "$BASHPID" >/dev/null && TODOKE_BINARY=$top/build/asan/todoke run_node integration '!(net_*)')
}

test_faults() {
    if ! build release todoke todoke-bench || ! build_web; then
        test_result "the server under test builds" failed
        return 0
    fi
    TODOKE_CONCURRENCY=1 TODOKE_BINARY=$top/build/release/todoke run_node faults
}

test_browser() {
    if ! build release todoke || ! build_web; then
        test_result "the server under test builds" failed
        return 0
    fi
    TODOKE_CONCURRENCY=${TODOKE_CONCURRENCY:-3} TODOKE_BINARY=$top/build/release/todoke run_node browser
}
