// Every route of the OpenAPI document x every field of it x hostile values: a clear 4xx problem document, or success with the value
// as it is; never a 5xx, nothing of the value in the log or the audit. Routes that are new walk along by themselves.
import test from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startCity, sleep } from '../support/city.mjs';
import { absence, account, cast, day } from '../support/people.mjs';
import { MARK, Raw, bodies, files, jsonOf, others, texts } from '../support/hostile.mjs';

const city = await startCity();
const { at } = await cast(city);
const document = await city.client().get('/api/openapi.json');
const today = await day(city);
const workers = city.workers();

const ROLES = {
    office: { roles: [{ role: 'administrator', school_id: at.a.id }] }, board: { roles: [{ role: 'board' }] },
    teacher: { roles: [{ role: 'homeroom', school_id: at.a.id, class_id: at.a.one.id }] },
    guardian: { children: at.a.one.students.slice(0, 2) }, operator: { roles: [{ role: 'operator' }] }, person: { children: at.a.one.students.slice(0, 2) },
};
const report = await absence(city, at.a.one.students[0], { first: 40 });
const far = await absence(city, at.b.one.students[0], { first: 40 });
/** An object of the walker's own, and one of another school. Kinds that are not named here: 1 and 2. */
const OBJECTS = {
    student: [at.a.one.students[0], at.b.one.students[0]], class: [at.a.one.id, at.b.one.id], school: [at.a.id, at.b.id], absence: [report.id, far.id],
};
const operations = Object.entries(document.paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ path, method, operation })));

/** What would pass, as far as the document says. */
function right(schema, name) {
    if (schema['x-todoke-object']) return schema.type === 'array' ? [OBJECTS[schema['x-todoke-object']]?.[0] ?? 1] : (OBJECTS[schema['x-todoke-object']]?.[0] ?? 1);
    if (schema.enum) return schema.enum[0];
    if (schema.type === 'array') return schema.items?.enum ? [schema.items.enum[0]] : schema.items?.type === 'integer' ? [1] : ['文'];
    if (schema.type === 'boolean') return true;
    if (schema.type === 'integer') return schema.minimum ?? 1;
    if (schema.format === 'date') return today;
    if (schema.format === 'uuid') return randomUUID();
    if (schema.pattern) return '08:00';
    if (/mail/.test(name)) return 'walker@example.jp';
    return '文'.repeat(Math.max(1, schema.minLength ?? 1));
}

const shown = (value) => (value instanceof Raw ? value.text : JSON.stringify(value)).slice(0, 60);
const inPath = (path, values) => path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(values[name])));

function fieldsOf(operation) {
    const fields = (operation.parameters ?? []).filter((each) => each.in !== 'header').map(({ name, in: from, schema, required }) => ({ name, from, schema, required }));
    const body = operation.requestBody?.content?.['application/json']?.schema;
    for (const [name, schema] of Object.entries(body?.properties ?? {})) fields.push({ name, from: 'body', schema, required: (body.required ?? []).includes(name) });
    return { fields, hasBody: Boolean(body), raw: Object.keys(operation.requestBody?.content ?? {}).find((type) => !/json|msgpack/.test(type)) };
}

/** One request with these values, one of which is hostile. */
function requestOf({ path, method }, { fields, hasBody, raw }, values, body) {
    const query = fields.filter((field) => field.from === 'query' && values[field.name] !== undefined)
        .map((field) => `${field.name}=${encodeURIComponent(values[field.name] instanceof Raw ? values[field.name].text : typeof values[field.name] === 'string' ? values[field.name] : JSON.stringify(values[field.name]))}`);
    const pathValues = Object.fromEntries(fields.filter((field) => field.from === 'path').map((field) => [field.name, values[field.name] instanceof Raw ? values[field.name].text : values[field.name]]));
    const url = inPath(path, pathValues) + (query.length ? `?${query.join('&')}` : '');
    const json = Object.fromEntries(fields.filter((field) => field.from === 'body' && values[field.name] !== undefined).map((field) => [field.name, values[field.name]]));
    return [method.toUpperCase(), url, {
        key: method === 'get' ? undefined : randomUUID(),
        body: body ?? (raw ? files[0] : hasBody ? Buffer.from(jsonOf(json)) : undefined),
        headers: raw ? { 'content-type': raw } : {},
    }];
}

async function patient(person, words) {
    for (let i = 0; ; i++) {
        const answer = await person.request(...words);
        if (answer.status !== 503 || !answer.headers['retry-after'] || i === 30) return answer;
        await sleep(200);
    }
}

function judge(answer, what) {
    if (answer.status < 400) return null;
    if (answer.status >= 500) return `${what}: ${answer.status} ${answer.raw}`;
    if (!/^application\/problem\+json/.test(answer.headers['content-type'] ?? '') || answer.body?.status !== answer.status || !answer.body.title) return `${what}: ${answer.status} without a problem document`;
    return String(answer.raw).includes(MARK) && !String(answer.raw).includes(`"field":"${MARK}`) ? `${what}: the value comes back in the problem` : null;
}

let deals = 0;
/** Every `of`th of the values, another lot each time: all fields together meet all values (--long: each field does). */
function dealt(values, of) {
    const turn = deals++;
    return process.env.TODOKE_LONG ? values : values.filter((value, i) => i % of === turn % of);
}

/** One hostile value in one field, all others right; then bodies that are wrong as a whole. */
function* hostile(each, described) {
    const values = Object.fromEntries(described.fields.filter((field) => field.required || field.from === 'path').map((field) => [field.name, right(field.schema, field.name)]));
    for (const field of described.fields) {
        const foreign = OBJECTS[field.schema['x-todoke-object']]?.[1];
        for (const value of [...dealt(texts, /password/.test(field.name) ? 8 : 3), ...dealt(others, 2), ...(foreign ? [foreign, 2_000_000_000] : [])]) {
            if (field.from !== 'body' && typeof value === 'object') continue;
            if (field.from === 'path' && (value === '' || /^\.\.?$/.test(value))) continue;
            yield [`${field.name} = ${shown(value)}`, requestOf(each, described, { ...values, [field.name]: value })];
        }
    }
    if (described.hasBody) for (const body of bodies) yield [`body ${shown(body.toString())}`, requestOf(each, described, values, body)];
    if (described.raw) for (const body of files) yield [`file ${shown(body.toString('latin1').slice(0, 20))}`, requestOf(each, described, values, body)];
}

for (const each of operations) {
    const may = [each.operation['x-todoke-may'] ?? []].flat();
    const described = fieldsOf(each.operation);
    if (!described.fields.length && !described.hasBody && !described.raw) continue;
    const walkers = may.length === 0 ? ['nobody'] : Object.keys(ROLES).filter((role) => may.includes(role)).slice(0, 2);

    test(`MEASURES 13: bad input: ${each.method} ${each.path}: each field, as ${walkers.join(' and ')}`, async () => {
        assert.ok(walkers.length, `who may? ${may}`);
        const bad = [];
        for (const walker of walkers) {
            const person = walker === 'nobody' ? city.client() : await city.as(await account(city, ROLES[walker]));
            const queue = hostile(each, described);
            // Passwords are checked by a process of the least priority: on a full machine it takes its time.
            const checked = described.fields.some((field) => /password/.test(field.name));
            await Promise.all(Array.from({ length: checked ? 1 : 6 }, async () => {
                for (const [what, words] of queue) {
                    const fault = judge(await patient(person, words), `${walker}, ${what}`);
                    if (fault) bad.push(fault);
                }
            }));
        }
        assert.deepEqual(bad.slice(0, 20), []);
    });
}

test('MEASURES 13: bad input: no worker has died, and nothing of what was sent stands in the log or the audit', async () => {
    assert.deepEqual(city.workers(), workers);
    assert.ok(!city.log().includes(MARK), city.log().split('\n').find((line) => line.includes(MARK)));
    const { n } = await city.one(`select count(*)::int as n from audit a where a::text like '%' || $1 || '%'`, [MARK]);
    assert.equal(n, 0);
});
