// What the calendar and the hours mean, written a second time and otherwise: plain loops over plain objects.
export const addDays = (day, n) => new Date(Date.parse(`${day}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10);
export const weekday = (day) => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
export const dates = (first, n) => Array.from({ length: n }, (_, i) => addDays(first, i));

/** The same numbers for the same seed: dice(n) is 0 .. n - 1. */
export function random(seed) {
    let state = seed >>> 0;
    return (n) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * n);
    };
}

/** National holidays by the law's own rules (祝日法), April 2026 to March 2029. */
function holidays() {
    const monday = (year, month, nth) => {
        const first = weekday(`${year}-${month}-01`);
        return `${year}-${month}-${String(1 + ((8 - first) % 7) + 7 * (nth - 1)).padStart(2, '0')}`;
    };
    const equinox = (year, base) => Math.floor(base + 0.242194 * (year - 1980) - Math.floor((year - 1980) / 4));
    const days = new Set();
    for (let year = 2026; year <= 2029; year++) {
        for (const fixed of ['01-01', '02-11', '02-23', '04-29', '05-03', '05-04', '05-05', '08-11', '11-03', '11-23']) days.add(`${year}-${fixed}`);
        days.add(`${year}-03-${equinox(year, 20.8431)}`).add(`${year}-09-${equinox(year, 23.2488)}`);
        days.add(monday(year, '01', 2)).add(monday(year, '07', 3)).add(monday(year, '09', 3)).add(monday(year, '10', 2));
    }
    const named = [...days];
    for (const day of named) if (weekday(day) === 7) { let next = addDays(day, 1); while (days.has(next)) next = addDays(next, 1); days.add(next); }
    for (const day of named) if (named.includes(addDays(day, 2)) && weekday(addDays(day, 1)) !== 7) days.add(addDays(day, 1));
    return [...days].filter((day) => day >= '2026-04-01' && day < '2029-04-01').sort();
}
export const HOLIDAYS = holidays();

const GRADES = { elementary: 6, junior_high: 3, special_needs: 9 };

/** entries: { id, school_id, school_kind, grades, first_day, last_day, kind }; grade 0: the whole school. */
export function isSchoolDay(entries, school, grade, day) {
    if (grade === 0) return Array.from({ length: GRADES[school.kind] }, (_, i) => i + 1).some((one) => isSchoolDay(entries, school, one, day));
    const fits = (e) => (e.school_id === null || e.school_id === school.id) && (!e.school_kind || e.school_kind === school.kind)
        && (!e.grades || e.grades.includes(grade)) && e.first_day <= day && day <= e.last_day;
    const latest = (list) => list.filter(fits).sort((x, y) => y.id - x.id)[0];
    const own = entries.filter((e) => e.school_id !== null);
    const shared = entries.filter((e) => e.school_id === null);
    const ofKind = (list, yes) => list.filter((e) => Boolean(e.school_kind) === yes);
    const wins = latest(own.filter((e) => e.grades)) ?? latest(own.filter((e) => !e.grades))
        ?? latest(ofKind(shared.filter((e) => e.grades), true)) ?? latest(ofKind(shared.filter((e) => e.grades), false))
        ?? latest(ofKind(shared.filter((e) => !e.grades), true)) ?? latest(ofKind(shared.filter((e) => !e.grades), false));
    if (wins) return wins.kind === 'school_day';
    return !HOLIDAYS.includes(day) && weekday(day) < 6;
}

const MINUTES = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** The window of a rule in which a moment (day and minute of the city's clock) lies, as [from, to) in minutes since day 0; or null. */
function windowOf(rule, opens, day, minute) {
    for (const begins of [day, addDays(day, -1)]) {
        const shift = begins === day ? 0 : -1440;
        const from = MINUTES(rule.from_time) + shift;
        let to = MINUTES(rule.to_time) + shift;
        if (to <= from) to += 1440;
        const on = { every: () => true, weekdays: () => rule.weekdays.includes(weekday(begins)), school_days: () => opens(begins), days_off: () => !opens(begins),
            dates: () => rule.first_day <= begins && begins <= rule.last_day }[rule.days]();
        if (on && from <= minute && minute < to) return [from, to];
    }
    return null;
}

/** What is in the way of a report of that kind for that first day at that moment: ids of rules. `opens(day)`: has the school school then? */
export function inTheWay(rules, school, opens, { kind, first_day, day, minute }) {
    const overridden = new Set(rules.filter((r) => r.school_id === school).map((r) => r.overrides));
    return rules.filter((r) => r.active && (r.school_id === school || (r.school_id === null && !overridden.has(r.id)))
        && r.kinds.includes(kind) && (r.about === 'any' || first_day === day) && windowOf(r, opens, day, minute)).map((r) => r.id);
}

/** Until when, minute by minute: the first minute with nothing in the way, counted from the moment's midnight. */
export function openAgain(rules, school, opens, { kind, first_day, day, minute }, most = 40 * 1440) {
    for (let m = minute; m < most; m++) {
        const then = addDays(day, Math.floor(m / 1440));
        const at = { kind, first_day: first_day === day ? then : 'another', day: then, minute: m % 1440 };
        if (inTheWay(rules, school, opens, at).length === 0) return m;
    }
    return most;
}
