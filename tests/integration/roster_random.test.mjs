// A property: whatever happens to a roster outside, a file of it makes ours the same, and undo makes it what it was.
// The model is a list of rows; it knows nothing of plans, classes' ids or versions.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startCity } from '../support/city.mjs';
import { cast, day } from '../support/people.mjs';
import { act, children, csv, everything, problems, staged } from '../support/roster.mjs';

const city = await startCity();
const { board } = await cast(city);
const GRADES = { elementary: 6, junior_high: 3, special_needs: 9 };

test('5(1)カ random rosters: what is applied is what the file says; undo is exact', async (t) => {
    let seed = Number(process.env.TODOKE_SEED) || Date.now() % 2 ** 31;
    t.diagnostic(`TODOKE_SEED=${seed}`);
    const upTo = (n) => { seed = (seed * 48271) % 0x7fffffff; return seed % n; };
    const pick = (list) => list[upTo(list.length)];
    const schools = await city.query('select code, kind from schools order by id');
    const today = await day(city);
    let serial = 0;

    /** The next free number of a class of the file. */
    const free = (rows, of) => 1 + Math.max(0, ...rows.filter((row) => row.school_code === of.school_code && row.grade === of.grade && row.class_name === of.class_name).map((row) => row.number));
    const settle = (rows, row, place) => { Object.assign(row, place); row.number = 0; row.number = free(rows, row); };
    const placeOf = (row) => ({ school_code: row.school_code, grade: row.grade, class_name: row.class_name });
    const edits = {
        rename: (rows) => Object.assign(pick(rows), { family_name: pick(['𠮷田', '髙橋', '新名']), family_kana: pick(['よしだ', 'たかはし', 'にいな']) }),
        class: (rows) => { const row = pick(rows); const same = rows.filter((each) => each.school_code === row.school_code); settle(rows, row, placeOf(pick(same))); },
        school: (rows) => settle(rows, pick(rows), placeOf(pick(rows))),
        newClass: (rows) => { const row = pick(rows); settle(rows, row, { class_name: `新${(serial += 1)}組` }); },
        newGrade: (rows) => { const school = pick(schools); settle(rows, pick(rows), { school_code: school.code, grade: 1 + upTo(GRADES[school.kind]), class_name: `学${(serial += 1)}組` }); },
        swap: (rows) => { const row = pick(rows); const mate = pick(rows.filter((each) => JSON.stringify(placeOf(each)) === JSON.stringify(placeOf(row)))); [row.number, mate.number] = [mate.number, row.number]; },
        rotate: (rows) => { const place = JSON.stringify(placeOf(pick(rows))); const mates = rows.filter((each) => JSON.stringify(placeOf(each)) === place); mates.forEach((row, i) => { row.number = (i + 1) % mates.length + 1; }); },
        come: (rows) => { const row = { ...pick(rows), code: `R-${(serial += 1)}`, given_name: '来', given_kana: 'らい' }; rows.push(row); settle(rows, row, {}); },
        go: (rows) => { rows.splice(upTo(rows.length), 1); },
    };
    const plain = ({ code, school_code, grade, class_name, number, family_name, given_name, family_kana, given_kana }) => [code, school_code, grade, class_name, number, family_name, given_name, family_kana, given_kana].join();
    const sorted = (rows) => rows.map(plain).sort();

    for (let round = 0; round < 8; round++) {
        const before = await everything(city);
        const known = await children(city);
        const rows = known.map((row) => ({ ...row }));
        for (let i = 10 + upTo(60); i > 0; i--) edits[pick(Object.keys(edits))](rows);
        const made = await staged(board, csv(rows.sort(() => upTo(3) - 1)), { mode: 'bulk' });
        assert.equal(made.n_errors, 0, `round ${round}: ${JSON.stringify((await problems(board, made)).slice(0, 3))}`);
        const applied = await act(board, made, 'apply', { missing: true });
        assert.equal(applied.status, 200, `round ${round}: ${JSON.stringify(applied.body)}`);
        assert.deepEqual(sorted(await children(city)), sorted(rows), `round ${round}`);
        const named = new Set(rows.map((row) => row.code));
        const gone = known.filter((row) => !named.has(row.code)).map((row) => row.id);
        const left = await city.query('select id from students where left_on = $1 and id = any ($2)', [today, gone]);
        assert.equal(left.length, gone.length, 'all others have left');
        const again = await staged(board, csv(rows), { mode: 'bulk' });
        assert.deepEqual(again.counts, {}, `round ${round}: a second time there is nothing to do`);
        if (round % 2) continue;
        assert.equal((await act(board, made, 'undo')).status, 200);
        assert.deepEqual(await everything(city), before, `round ${round}: undone`);
    }
});
