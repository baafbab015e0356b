# The web app's own unit tests (vitest) and its build.
# shellcheck shell=bash
test_web() {
    [ -f "$top/web/package.json" ] || return 0
    local report=$top/build/test/web.json log=$top/build/test/web.log
    if build_web; then test_result "web app builds" passed; else test_result "web app builds" failed; fi
    compgen -G "$top/web/test/*" >/dev/null || return 0
    (cd "$top/web" && npx --no-install vitest run --reporter=json --outputFile="$report" ${TODOKE_ONLY:+-t "$TODOKE_ONLY"}) >"$log" 2>&1 || true
    node "$top/scripts/test.d/vitest.mjs" "$report" >"$log.results" || { test_result "vitest runs" failed; tail -n 40 "$log"; }
    while IFS=$'\t' read -r title status; do test_result "$title" "$status"; done <"$log.results"
    grep -q $'\tfailed$' "$log.results" && tail -n 80 "$log"
    return 0
}
