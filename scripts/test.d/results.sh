# Counting: every test adds one line "title <TAB> status <TAB> part" to build/test/results.tsv.
# shellcheck shell=bash
results=$top/build/test/results.tsv

# A run of some parts replaces only their lines, so that `scripts/test spec` keeps the rest.
test_begin() {
    mkdir -p "$top/build/test"
    touch "$results"
    begun="$*"
    awk -F'\t' -v parts=" $* " 'index(parts, " " $3 " ") == 0' "$results" >"$results.new"
    mv "$results.new" "$results"
}

# test_result TITLE passed|failed|skipped
test_result() {
    printf '%s\t%s\t%s\n' "${1//$'\t'/ }" "$2" "$part" >>"$results"
    [ "$2" != failed ] || say "FAILED: $1"
}

test_end() {
    awk -F'\t' -v parts=" $begun " 'index(parts, " " $3 " ") { n[$2]++ }
        END { printf "%d passed, %d failed", n["passed"], n["failed"]
              if (n["skipped"]) printf ", %d skipped", n["skipped"]
              print ""
              exit n["failed"] || !n["passed"] }' "$results"
    exit
}
