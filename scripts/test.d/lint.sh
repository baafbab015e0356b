# The rules of the house; each counts as a test.
# shellcheck shell=bash
test_lint() {
    local lines=$top/build/test/lint.tsv
    "$top/scripts/lint" --list 3>"$lines" || true
    while IFS=$'\t' read -r title status; do test_result "$title" "$status"; done <"$lines"
}
