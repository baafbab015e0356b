// The authorisation matrix: every route x every role x {own, same school, other school, absent}, every live topic
// likewise, made from GET /api/openapi.json (x-todoke-may, x-todoke-object, x-todoke-topics). What is expected comes
// from the rules in words below, never from the program. A route that the matrix can't fill fails here: teach it.
import test from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { startCity, live, sleep } from '../support/city.mjs';
import { mustBeRecorded, recordedBy } from '../support/recorded.mjs';
import { absence, account, cast, clear, day } from '../support/people.mjs';

const NOWHERE = 2_000_000_000;
const fence = process.env.TODOKE_FENCE_ONLY; // the same walk with ownership switched off: see matrix_fence.test.mjs
const walk = fence ? 'row-level security alone' : 'matrix';
const city = await startCity({ open: Boolean(fence) });
const people = await cast(city);
const { at } = people;
const document = await city.client().get('/api/openapi.json');
const today = await day(city);
const reason = (await city.one('select min(id) as id from reasons where school_id is null and not needs_note')).id;

const city_reasons = new Set((await city.query('select label from reasons where school_id is null')).map((row) => row.label));
await city.query(`insert into reasons (school_id, sort, label) values ($1, 1, 'その学校だけの理由')`, [at.b.id]);

/** What somebody is, in the words of x-todoke-may. */
const ROLES = {
    guardian: 'guardian', reader: 'guardian', stranger: 'guardian', homeroom: 'teacher', colleague: 'teacher', teacher: 'teacher', far_homeroom: 'teacher',
    office: 'office', nurse: 'office', administrator: 'office', far_office: 'office', board: 'board', operator: 'operator', nobody: 'nobody',
};

/** The fence knows accounts by their schools alone, not by their roles: one for each set of schools is enough there. */
const WHO = fence ? ['guardian', 'homeroom', 'far_office', 'board', 'operator', 'nobody'] : Object.keys(ROLES);

/** The objects of each kind, by where they stand from school a, class one, its first child. */
const CHILDREN = { own: at.a.one.students[0], same: at.a.two.students[1], other: at.b.one.students[2], absent: NOWHERE };
const OBJECTS = {
    student: async (where) => CHILDREN[where],
    class: async (where) => ({ own: at.a.one.id, same: at.a.two.id, other: at.b.one.id, absent: NOWHERE })[where],
    school: async (where) => ({ own: at.a.id, same: at.a.id, other: at.b.id, absent: NOWHERE })[where],
    absence: async (where) => (where === 'absent' ? NOWHERE : (await fresh(CHILDREN[where])).id),
};

let plus = 0;
async function fresh(student) {
    plus = (plus + 1) % 50;
    await clear(city, student);
    return absence(city, student, { first: plus + 1, by: people.guardian.account });
}

const inA = ['homeroom', 'colleague', 'teacher', 'office', 'nurse', 'administrator'];
const wholeSchool = ['office', 'nurse', 'administrator'];

/** The rules, in words. Who sees a child (and its absences): */
function seesChild(who, where) {
    if (where === 'absent') return false;
    if (who === 'board') return true;
    if (who === 'guardian' || who === 'reader') return where === 'own';
    if (who === 'homeroom') return where === 'own';
    if (who === 'colleague') return where === 'same';
    if (who === 'far_homeroom' || who === 'far_office') return where === 'other';
    return inA.includes(who) && where !== 'other';
}
/** Who may report, correct, cancel for it: the guardian's link may be for reading alone, a teacher without a class and the board only look. */
const actsFor = (who, where) => seesChild(who, where) && !['reader', 'teacher', 'board'].includes(who);
/** Who sees a class: not guardians. */
const seesClass = (who, where) => !['guardian', 'reader', 'stranger'].includes(who) && seesChild(who, where);
const actsForClass = (who, where) => seesClass(who, where) && actsFor(who, where);
/** Who sees a school as a whole. */
function seesSchool(who, where) {
    if (where === 'absent') return false;
    if (who === 'board') return true;
    return where === 'other' ? who === 'far_office' : wholeSchool.includes(who);
}
/** Whose list of reasons may be picked from: everyone's who belongs there. */
function belongsTo(who, where) {
    if (where === 'absent') return false;
    if (who === 'board') return true;
    return where === 'other' ? ['far_office', 'far_homeroom', 'stranger'].includes(who) : [...inA, 'guardian', 'reader'].includes(who);
}

/** What each module says of itself: tests/support/matrix/<module>.mjs gives { routes, objects, settled, topics }. A route
 * that takes a file has its Buffer as `body`, and its type in `headers`; `object` gives other objects than its kind's. */
const ROUTES = {};
const TOPIC_RULES = {};
const SETTLED = new Set();
const knows = { city, people, at, today, day, reason, fresh, clear, absence, account, OBJECTS, CHILDREN, NOWHERE,
    rules: { inA, wholeSchool, seesChild, actsFor, seesClass, actsForClass, seesSchool, belongsTo } };
for (const file of readdirSync(new URL('../support/matrix/', import.meta.url)).sort()) {
    const { routes = {}, objects = {}, settled = [], topics = {} } = await (await import(`../support/matrix/${file}`)).default(knows);
    Object.assign(ROUTES, routes);
    Object.assign(OBJECTS, objects);
    Object.assign(TOPIC_RULES, topics);
    for (const name of settled) SETTLED.add(name);
}

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, name: `${method} ${path}`, operation, may: [operation['x-todoke-may'] ?? []].flat() })));

function objectOf({ operation }) {
    for (const { schema, in: where, name } of operation.parameters ?? []) if (schema['x-todoke-object']) return { kind: schema['x-todoke-object'], in: where, name };
    const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
    for (const [name, property] of Object.entries(schema?.properties ?? {})) if (property['x-todoke-object']) return { kind: property['x-todoke-object'], in: 'body', name };
    return null;
}

const open = (may) => may.length === 0;
/** Everyone here has shown all their factors, so that "person" means each of them. */
const has = (may, who) => may.includes('person') || may.includes(ROLES[who]);

/** All school ids in a value, wherever they stand. */
function schoolsIn(value, found = new Set()) {
    if (Array.isArray(value)) for (const each of value) schoolsIn(each, found);
    else if (value && typeof value === 'object') {
        for (const [key, each] of Object.entries(value)) {
            if (key === 'school_id' && each !== null) found.add(each);
            schoolsIn(each, found);
        }
    }
    return found;
}
/** Whose schools' rows somebody may get to see at all. */
const homes = (who) => (['board', 'operator'].includes(who) ? null : ['stranger', 'far_homeroom', 'far_office'].includes(who) ? [at.b.id] : who === 'nobody' ? [] : [at.a.id]);
function staysHome(who, body, what) {
    const mine = homes(who);
    if (mine) for (const id of schoolsIn(body)) assert.ok(mine.includes(id), `${what}: a row of school ${id}`);
}

test(`${walk}: the document names roles and objects for every route`, () => {
    assert.ok(operations.length >= 15);
    for (const { name, operation, may } of operations) assert.ok('x-todoke-may' in operation && (may.length > 0 || SETTLED.has(name)), `${name}: public, but nobody looked at it`);
    for (const each of operations) if (/\{/.test(each.path)) assert.ok(objectOf(each), `${each.name}: which object is it about? (x-todoke-object)`);
    assert.deepEqual(Object.keys(ROUTES).filter((name) => !operations.some((each) => each.name === name)), [], 'routes that the matrix knows and the program lacks');
});

for (const each of operations) {
    const { name, method, path, may } = each;
    const object = objectOf(each);
    const known = ROUTES[name];

    if (SETTLED.has(name)) continue;

    test(`${walk}: ${name}: nobody without a session${open(may) ? ' is kept out: it is public' : ''}`, async () => {
        const answer = await city.client().request(method.toUpperCase(), path.replace(/\{\w+\}/g, '1'), { key: method === 'get' ? undefined : randomUUID(), body: ['post', 'put'].includes(method) ? {} : undefined });
        if (open(may)) assert.ok(answer.status < 500);
        else assert.equal(answer.status, 401);
    });
    if (open(may)) continue;

    if (!object) {
        test(`${walk}: ${name} x ${WHO.length} roles`, async () => {
            for (const who of WHO) {
                const rows_before = fence ? 0 : await recordedBy(city, people[who].account);
                const answer = await people[who].request(method.toUpperCase(), path + (known?.query ? `?${known.query}` : ''),
                    { body: await known?.body?.(), headers: known?.headers, key: method === 'get' ? undefined : randomUUID() });
                const what = `${name} as ${who}`;
                if (has(may, who)) assert.ok((known?.answers ?? [200]).includes(answer.status), `${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
                else assert.equal(answer.status, 403, what);
                if (answer.status === 200) staysHome(who, answer.body, what);
                const leaves = !fence && mustBeRecorded({ name, method, role: ROLES[who], reads: known?.reads, status: answer.status, body: answer.body });
                if (leaves) assert.notEqual(await recordedBy(city, people[who].account), rows_before, `${what}: no row in the audit`);
            }
        });
        continue;
    }

    test(`${walk}: ${name} x ${WHO.length} roles x own, same school, other school, absent`, async () => {
        assert.ok(known, `the matrix does not know this route: say in ROUTES who may, and how it is filled`);
        const bad = [];
        for (const who of WHO) {
            for (const where of ['own', 'same', 'other', 'absent']) {
                const id = await (known.object ?? OBJECTS[object.kind])(where);
                let url = object.in === 'path' ? path.replace(`{${object.name}}`, id) : path;
                for (const [parameter, make] of Object.entries(known.fill ?? {})) url = url.replace(`{${parameter}}`, await make(id, where));
                const also = typeof known.query === 'function' ? known.query(where) : known.query;
                const query = [object.in === 'query' ? `${object.name}=${id}` : '', also ?? ''].filter(Boolean).join('&');
                if (query) url += `?${query}`;
                const body = known.body ? await known.body(id, where) : undefined;
                const rows_before = fence ? 0 : await recordedBy(city, people[who].account);
                const answer = await people[who].request(method.toUpperCase(), url, { body, headers: known.headers, key: method === 'get' ? undefined : randomUUID() });
                const may_see = known.rule(who, where);
                const got = answer.status;
                const what = `${who}, ${where}: ${got}`;
                if (got === 200 || got === 201) {
                    if (!known.filter || may_see) staysHome(who, answer.body, what);
                }
                if (fence) {
                    // Ownership says yes to all: whatever is answered, it is nothing of a foreign school. (Rows that name
                    // their school were looked at above; reasons of the city itself are everyone's.)
                    const rows = (answer.body?.rows ?? [answer.body]).filter((row) => row && row.school_id !== null && !city_reasons.has(row.label));
                    if (got < 300 && homes(who) && where === 'other' && homes(who)[0] !== at.b.id && rows.length) bad.push(`${what}: through the fence`);
                    if (got >= 500) bad.push(what);
                    continue;
                }
                const leaves = mustBeRecorded({ name, method, role: ROLES[who], reads: known.reads, status: got, body: answer.body });
                if (leaves && (await recordedBy(city, people[who].account)) === rows_before) bad.push(`${what}: no row in the audit`);
                if (!has(may, who)) {
                    if (got !== 403) bad.push(`${what}, not 403 (the role)`);
                } else if (known.filter) {
                    if (may_see ? got !== 200 || answer.body.rows.length === 0 : got < 300 && answer.body.rows.length > 0) bad.push(`${what} (rows: ${answer.body.rows?.length})`);
                } else if (may_see) {
                    if (!(known.answers ?? [200, 201, 204]).includes(got)) bad.push(`${what}, not ${known.answers ?? 200}: ${JSON.stringify(answer.body)}`);
                } else if (got !== 404) {
                    bad.push(`${what}, not 404`);
                }
            }
        }
        assert.deepEqual(bad, []);
    });
}

const topics = document['x-todoke-topics'] ?? [];

test(`${walk}: the document names the live topics`, () => {
    assert.ok(topics.length >= 5, JSON.stringify(topics));
});

for (const topic of topics) {
    const pattern = topic.topic ?? topic.name;
    const may = [topic.may ?? topic['x-todoke-may']].flat();
    const kind = topic.object ?? topic['x-todoke-object'] ?? null;

    test(`${walk}: live ${pattern} x ${WHO.length} roles${kind ? ' x own, same school, other school, absent' : ''}`, async () => {
        const rule = TOPIC_RULES[pattern.replace(/\/(\{\w+\}|<\w+>|all)$/, '')];
        assert.ok(rule, `the matrix has no rule for ${pattern}`);
        const bad = [];
        for (const who of WHO) {
            const screen = await live(people[who]).catch((error) => error);
            if (screen instanceof Error) {
                if (who !== 'nobody' || ![401, 403].includes(screen.status)) bad.push(`${who}: ${screen.message}`);
                continue;
            }
            for (const where of kind === 'school' ? ['own', 'other', 'absent'] : kind ? ['own', 'same', 'other', 'absent'] : ['own']) {
                const id = kind ? await OBJECTS[kind](where) : '';
                const answer = await screen.subscribe(pattern.replace(/\{\w+\}|<\w+>/, id));
                const sees = has(may, who) && rule(who, where);
                const what = `${who}, ${where}: ${answer.t === 'gone' ? `gone ${answer.status}` : `${answer.length} rows`}`;
                if (Array.isArray(answer)) {
                    const foreign = fence && homes(who) && where === 'other' && homes(who)[0] !== at.b.id;
                    if (foreign && answer.length) bad.push(`${what}: through the fence`);
                    if (!fence && !sees) bad.push(what);
                    if (!foreign) staysHome(who, answer, what);
                } else if (sees) bad.push(what);
                else if (!fence && answer.status !== (has(may, who) ? 404 : 403)) bad.push(`${what} (another status)`);
            }
            screen.close();
        }
        assert.deepEqual(bad, []);
    });
}

if (!fence) {
    test('matrix: live: what happens elsewhere reaches nobody who may not see it', async () => {
        const screens = {};
        for (const [who, topic] of Object.entries({
            guardian: `absences/student/${CHILDREN.own}`, homeroom: `absences/class/${at.a.one.id}`, office: `absences/school/${at.a.id}`,
            far_office: `absences/school/${at.b.id}`, far_homeroom: `absences/class/${at.b.one.id}`,
        })) {
            screens[who] = await live(people[who]);
            assert.ok(Array.isArray(await screens[who].subscribe(topic)), who);
        }
        for (const where of ['own', 'same', 'other']) await fresh(CHILDREN[where]);
        await screens.far_office.row(`absences/school/${at.b.id}`, (row) => row.student_id === CHILDREN.other);
        await screens.office.row(`absences/school/${at.a.id}`, (row) => row.student_id === CHILDREN.same);
        await sleep(300);
        const seen = (who) => new Set(screens[who].frames.filter((frame) => frame.t === 'rows').flatMap((frame) => frame.rows.map((row) => row.student_id)));
        assert.deepEqual(seen('guardian'), new Set([CHILDREN.own]));
        assert.deepEqual(seen('homeroom'), new Set([CHILDREN.own]));
        assert.deepEqual(seen('office'), new Set([CHILDREN.own, CHILDREN.same]));
        assert.deepEqual(seen('far_office'), new Set([CHILDREN.other]));
        for (const screen of Object.values(screens)) screen.close();
    });

    test('matrix: a class’s acknowledgement takes only that class’s reports', async () => {
        const mine = await fresh(CHILDREN.own);
        const theirs = await fresh(CHILDREN.same);
        const far = await fresh(CHILDREN.other);
        const { rows } = await people.homeroom.post(`/api/classes/${at.a.one.id}/acknowledge`, { absence_ids: [mine.id, theirs.id, far.id] });
        assert.deepEqual(rows.map((row) => row.id), [mine.id]);
        const left = await city.query('select id from absences where id = any ($1) and acknowledged_at is not null', [[mine.id, theirs.id, far.id]]);
        assert.deepEqual(left.map((row) => row.id), [mine.id]);
    });
}
