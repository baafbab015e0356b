// Groups, and whom an audience reaches: against a model that reads the tables and thinks for itself.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startCity } from '../support/city.mjs';
import { account, cast, day } from '../support/people.mjs';

const city = await startCity();
const people = await cast(city);
const { at, office, administrator, teacher, homeroom, board, far_office } = people;
let serial = 0;
const group = (who, more = {}) => who.post('/api/groups', { school_id: at.a.id, name: `料理クラブ${++serial}`, purpose: 'club', holds: 'students', ...more });
const groups = async (who) => (await who.get(`/api/schools/${at.a.id}/groups`)).rows;
const members = async (id) => (await office.get(`/api/groups/${id}/members`)).rows;
const refused = async (who, method, path, body, status, type) => {
    const answer = await who.request(method, path, { body, headers: { 'idempotency-key': crypto.randomUUID() } });
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    if (type) assert.equal(answer.body.type, `/problems/${type}`);
};

test('groups: a teacher makes a group of children of several classes; the office keeps it, other teachers only see it', async () => {
    const [a, b, c] = [...at.a.one.students.slice(0, 2), at.a.two.students[0]];
    const { id } = await group(teacher, { name: '図書委員会', purpose: 'committee', member_ids: [a, c] });
    assert.deepEqual((await members(id)).map((row) => row.student_id).sort((x, y) => x - y), [a, c].sort((x, y) => x - y));
    const seen = async (who) => (await groups(who)).find((row) => row.id === id);
    assert.deepEqual([await seen(teacher), await seen(homeroom), await seen(office)].map((row) => [row.name, row.members, row.may_change]),
        [['図書委員会', 2, true], ['図書委員会', 2, false], ['図書委員会', 2, true]]);
    const changed = await office.put(`/api/groups/${id}/members`, { add: [a, b], remove: [c] });
    assert.deepEqual([changed.added, changed.removed, changed.version], [1, 1, 2]);
    const again = await office.put(`/api/groups/${id}/members`, { add: [a, b], remove: [c] });
    assert.deepEqual([again.added, again.removed, again.version], [0, 0, 2], 'the same once more changes nothing');
    await refused(homeroom, 'PUT', `/api/groups/${id}/members`, { add: [c] }, 404);
    await refused(office, 'PUT', `/api/groups/${id}`, { version: 1, name: '図書', purpose: 'committee' }, 409, 'stale_version');
    await teacher.put(`/api/groups/${id}`, { version: 2, name: '図書', purpose: 'committee', ended: true });
    assert.equal(await seen(office), undefined);
    await refused(office, 'GET', `/api/groups/${id}/members`, undefined, 404);
});

test('groups: a group has a name of its own in its school, and members who belong there', async () => {
    await group(office, { name: 'スクールバス1号車', purpose: 'bus' });
    await refused(office, 'POST', '/api/groups', { school_id: at.a.id, name: 'スクールバス1号車', purpose: 'bus', holds: 'students' }, 409, 'name_taken');
    await far_office.post('/api/groups', { school_id: at.b.id, name: 'スクールバス1号車', purpose: 'bus', holds: 'students' });
    await refused(office, 'POST', '/api/groups', { school_id: at.a.id, name: '他校の子', purpose: 'bus', holds: 'students', member_ids: [at.b.one.students[0]] }, 404);
    await refused(office, 'POST', '/api/groups', { school_id: at.a.id, name: '他校の人', purpose: 'other', holds: 'guardians', member_ids: [people.stranger.account] }, 404);
    await refused(office, 'POST', '/api/groups', { school_id: at.a.id, name: ' ', purpose: 'bus', holds: 'students' }, 400);
    await refused(office, 'POST', '/api/groups', { school_id: at.a.id, name: '名前', purpose: 'party', holds: 'students' }, 400);
    await refused(board, 'POST', '/api/groups', { school_id: at.a.id, name: '名前', purpose: 'bus', holds: 'students' }, 403);
    assert.equal((await groups(office)).filter((row) => row.name.startsWith('他校')).length, 0, 'nothing was made');
});

test('groups: one key makes one group', async () => {
    const key = crypto.randomUUID();
    const body = { school_id: at.a.id, name: '吹奏楽', purpose: 'club', holds: 'students', member_ids: [at.a.one.students[0]] };
    const make = (more = {}) => office.request('POST', '/api/groups', { body: { ...body, ...more }, headers: { 'idempotency-key': key } });
    const answers = [await make(), await make()];
    assert.deepEqual(answers.map(({ status }) => status), [201, 201]);
    assert.deepEqual(answers[0].body, answers[1].body);
    assert.equal((await make({ name: '合唱' })).body.type, '/problems/key_reused');
    assert.equal((await groups(office)).filter((row) => row.name === '吹奏楽').length, 1);
});

test('groups: whoever leaves the school leaves its groups without anybody taking them out', async () => {
    const child = at.a.one.students[2];
    const parent = await account(city, { children: [child] });
    const ofChildren = (await group(office, { member_ids: [child, at.a.one.students[3]] })).id;
    const ofGuardians = (await group(office, { holds: 'guardians', member_ids: [parent] })).id;
    const reach = async (id) => (await office.post('/api/audience', { audience: [`group/${id}`] })).rows[0];
    const before = await reach(ofChildren);
    assert.equal(before.children, 2);
    assert.deepEqual([(await reach(ofGuardians)).guardians, (await reach(ofGuardians)).children], [1, 0]);
    await city.query('update students set left_on = today() - 1 where id = $1', [child]);
    assert.equal((await reach(ofChildren)).children, 1);
    assert.equal((await reach(ofGuardians)).guardians, 0);
    assert.equal((await members(ofChildren)).length, 1);
    await city.query('update students set left_on = null where id = $1', [child]);
});

/** The model: the tables as they are, and rules in words. */
async function model() {
    const today = await day(city);
    const rows = async (sql) => city.query(sql);
    const [students, classes, schools, links, accounts, sets, belongs] = await Promise.all([
        rows('select id, school_id, class_id, exchange_class_id, left_on::text from students'), rows('select id, school_id, grade from classes'),
        rows('select id, kind from schools'), rows('select account_id, student_id, rights, valid_from::text, valid_to::text from guardianships'),
        rows('select id from accounts where closed_at is null'), rows('select id, school_id, holds from groups where ended_at is null'),
        rows('select group_id, student_id, account_id from group_members')]);
    const classOf = new Map(classes.map((one) => [Number(one.id), one])), kindOf = new Map(schools.map((one) => [one.id, one.kind]));
    const open = new Set(accounts.map(({ id }) => Number(id)));
    const here = students.filter(({ left_on }) => left_on === null || left_on >= today);
    const readers = new Map();
    for (const link of links) {
        if (!['report', 'read'].includes(link.rights) || link.valid_from > today || (link.valid_to && link.valid_to < today) || !open.has(Number(link.account_id))) continue;
        readers.set(Number(link.student_id), [...(readers.get(Number(link.student_id)) ?? []), Number(link.account_id)]);
    }
    const children = (part) => {
        const [scope, key, grade] = part.split('/');
        if (scope === 'city') return here.filter((s) => (key === 'all' || kindOf.get(s.school_id) === key) && (!grade || classOf.get(s.class_id).grade === Number(grade)));
        if (scope === 'school') return here.filter((s) => s.school_id === Number(key));
        if (scope === 'grade') return here.filter((s) => s.school_id === Number(key) && classOf.get(s.class_id).grade === Number(grade));
        if (scope === 'class') return here.filter((s) => [s.class_id, s.exchange_class_id].includes(Number(key)));
        if (scope === 'student') return here.filter((s) => Number(s.id) === Number(key));
        const set = sets.find(({ id }) => id === Number(key));
        const ids = new Set(belongs.filter(({ group_id }) => group_id === set?.id).map(({ student_id }) => Number(student_id)));
        return here.filter((s) => s.school_id === set?.school_id && ids.has(Number(s.id)));
    };
    const members = (part) => {
        const [scope, key] = part.split('/');
        const set = scope === 'group' ? sets.find(({ id, holds }) => id === Number(key) && holds === 'guardians') : undefined;
        if (!set) return [];
        const atSchool = new Set(here.filter((s) => s.school_id === set.school_id).flatMap((s) => readers.get(Number(s.id)) ?? []));
        return belongs.filter((one) => one.group_id === set.id && atSchool.has(Number(one.account_id))).map((one) => Number(one.account_id));
    };
    const count = (parts) => {
        const kids = new Set(parts.flatMap(children).map(({ id }) => Number(id)));
        const grown = new Set([...[...kids].flatMap((id) => readers.get(id) ?? []), ...parts.flatMap(members)]);
        return { children: kids.size, guardians: grown.size, unreached: [...kids].filter((id) => !readers.has(id)).length };
    };
    return { count, students, here, classes, schools, sets };
}

test('audience: any audience reaches exactly those whom an independent model names', async () => {
    // Rights, periods, closed accounts, children who left, guests of a class: all of it by chance, the same in each run.
    let seed = 20261127;
    const dice = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 65536) % n; };
    const pick = (list) => list[dice(list.length)];
    await city.query(`select setseed(0.4);
        update guardianships set rights = (array['report','read','contact','blocked'])[1 + (random() * 3)::int] where random() < 0.2;
        update guardianships set valid_from = today() - 30, valid_to = today() - 1 + (random() * 2)::int where random() < 0.1;
        update accounts set closed_at = now() where id in (select account_id from guardianships) and random() < 0.03
               and id not in (select account_id from staff_roles);
        update students set left_on = today() - 1 + (random() * 2)::int where random() < 0.05`);
    const homes = (await model());
    for (const one of homes.here.slice(0, 60)) {
        const guestIn = pick(homes.classes.filter(({ school_id, id }) => school_id === one.school_id && id !== one.class_id));
        if (guestIn) await city.query('update students set exchange_class_id = $2 where id = $1', [one.id, guestIn.id]);
    }
    for (let n = 0; n < 6; n++) {
        const ids = Array.from({ length: 1 + dice(12) }, () => pick(homes.students).id);
        const { id } = await city.one(`insert into groups (school_id, name, purpose, holds, made_by, changed_by) values ($1, $2, 'other', $3, $4, $4) returning id`,
            [n % 2 ? at.a.id : at.b.id, `任意${n}`, n < 4 ? 'students' : 'guardians', office.account]);
        await city.query(n < 4
            ? `insert into group_members (group_id, school_id, student_id, added_by) select g.id, g.school_id, x, 1 from groups g, unnest($2::bigint[]) x where g.id = $1 on conflict do nothing`
            : `insert into group_members (group_id, school_id, account_id, added_by) select distinct g.id, g.school_id, k.account_id, 1 from groups g, guardianships k where g.id = $1 and k.student_id = any ($2)`, [id, ids]);
    }
    const now = await model();
    const parts = () => [
        () => 'city/all', () => `city/${pick(now.schools).kind}`, () => `city/${pick(now.schools).kind}/${1 + dice(6)}`, () => `school/${pick(now.schools).id}`,
        () => { const one = pick(now.classes); return `grade/${one.school_id}/${one.grade}`; }, () => `class/${pick(now.classes).id}`,
        () => `group/${pick(now.sets).id}`, () => `student/${pick(now.here).id}`, () => `class/${pick(now.classes).id}`,
    ];
    let reached = 0;
    for (let turn = 0; turn < 300; turn++) {
        const some = [...new Set(Array.from({ length: 1 + dice(4) }, () => pick(parts())()))];
        const got = await city.one(`select count(distinct student_id)::int as children, count(distinct account_id)::int as guardians,
            (count(distinct student_id) filter (where account_id is null))::int as unreached from audience_people($1)`, [some]);
        assert.deepEqual(got, now.count(some), some.join(' + '));
        reached += got.guardians;
    }
    assert.ok(reached > 1000, 'they were not all empty');
});

test('audience: who may write to whom; one part too many, and nothing is told of any', async () => {
    const [child, guest] = [at.a.one.students[0], at.a.two.students[1]];
    const grade = (await city.one('select grade from classes where id = $1', [at.a.one.id])).grade;
    const mine = (await group(teacher)).id;
    const parts = {
        city: 'city/all', kind: 'city/elementary/3', school: `school/${at.a.id}`, grade: `grade/${at.a.id}/${grade}`, class: `class/${at.a.one.id}`,
        otherClass: `class/${at.a.two.id}`, student: `student/${child}`, otherStudent: `student/${guest}`, group: `group/${mine}`, far: `school/${at.b.id}`, farClass: `class/${at.b.one.id}`,
    };
    const whole = ['school', 'grade', 'class', 'otherClass', 'student', 'otherStudent', 'group'];
    const may = { office: whole, administrator: whole, nurse: whole, homeroom: ['class', 'student'], colleague: ['otherClass', 'otherStudent'], teacher: ['group'], board: ['city', 'kind', 'school', 'grade', 'far'], far_office: ['far', 'farClass'] };
    for (const [who, allowed] of Object.entries(may)) {
        for (const [name, part] of Object.entries(parts)) {
            const { status } = await people[who].request('POST', '/api/audience', { body: { audience: [part] } });
            assert.equal(status, allowed.includes(name) ? 200 : 404, `${who} to ${name}`);
        }
    }
    await refused(homeroom, 'POST', '/api/audience', { audience: [parts.class, parts.otherClass] }, 404);
    for (const nonsense of ['class/0', 'class/x', 'class', 'class/1/2', 'grade/1', 'grade/1/10', 'city/some', 'nobody/1', 'class/99999999999999999', '']) {
        await refused(office, 'POST', '/api/audience', { audience: [parts.class, nonsense] }, 400);
    }
    for (const nowhere of ['class/2000000000', 'student/99999999999999', 'group/2000000000', `grade/${at.a.id}/9`]) await refused(office, 'POST', '/api/audience', { audience: [nowhere] }, 404);
    await refused(people.guardian, 'POST', '/api/audience', { audience: [parts.class] }, 403);
    const { rows } = await office.post('/api/audience', { audience: [parts.class, parts.student, parts.class] });
    assert.deepEqual(rows.map(({ part }) => part), [null, parts.class, parts.student], 'each part once');
    assert.deepEqual([rows[0].children, rows[0].guardians], [rows[1].children, rows[1].guardians], 'nobody twice');
    await administrator.get(`/api/schools/${at.a.id}/groups`);
});
