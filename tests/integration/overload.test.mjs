// More requests than can be served: the lower class is refused first, at once and politely; nothing else suffers; all recover.
import test from 'node:test';
import assert from 'node:assert/strict';
import https from 'node:https';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { live, sleep, startCity } from '../support/city.mjs';
import { exchange } from '../support/client.mjs';
import { cast, day } from '../support/people.mjs';

const city = await startCity();
const people = await cast(city);
const { at } = people;
const through = new https.Agent({ keepAlive: true, maxSockets: Infinity, ca: readFileSync(process.env.TODOKE_CERT) });
const ask = (person, path, more = {}) => exchange(`${city.origin}${path}`, {
    through, ...more, headers: { origin: city.origin, cookie: person.cookie, ...more.headers },
});
const refusedAtTheDoor = (answer) => answer.status === 503 && answer.body.type === '/problems/busy';

async function refusals() {
    const text = String((await ask(people.guardian, '/metrics')).body);
    return Object.fromEntries([...text.matchAll(/overload_refused_total\{class="(\w+)"\} (\d+)/g)].map(([, name, n]) => [name, Number(n)]));
}

/** The backends of the server stand still, as if the disk did. */
async function frozen(work) {
    const rows = await city.query(`select pid from pg_stat_activity where datname = current_database() and usename = 'todoke_app'`);
    for (const { pid } of rows) process.kill(pid, 'SIGSTOP');
    try {
        await work();
    } finally {
        for (const { pid } of rows) process.kill(pid, 'SIGCONT');
    }
}

/** A crowd of readers waits; one more comes again and again until one is turned away. */
async function crowd() {
    const waiting = Array.from({ length: 160 }, () => ask(people.guardian, '/api/children'));
    let turned;
    for (let tries = 0; !turned && tries < 100; tries++) {
        const one = ask(people.guardian, '/api/children', { headers: { accept: tries % 2 ? 'application/msgpack' : 'application/json' } });
        waiting.push(one);
        one.then((answer) => { if (refusedAtTheDoor(answer)) turned ??= answer; });
        await sleep(100);
    }
    return { waiting, turned };
}

test('the database stands still: reads are turned away with 503 and Retry-After while a report is still let in; then all is well', async () => {
    const screen = await live(people.homeroom);
    const topic = `absences/class/${at.a.one.id}`;
    await screen.subscribe(topic);
    const reason = (await city.one('select min(id) as id from reasons where school_id is null and not needs_note')).id;
    const body = JSON.stringify({ student_id: at.a.one.students[0], first_day: await day(city, 3), kind: 'absent', reason_id: reason });
    let crowded, reported;
    await frozen(async () => {
        crowded = await crowd();
        reported = ask(people.guardian, '/api/absences', {
            method: 'POST', body, headers: { 'content-type': 'application/json', 'content-length': body.length, 'idempotency-key': randomUUID() },
        });
        assert.equal((await ask(people.guardian, '/livez')).status, 200, 'the health page does not wait');
    });
    const { turned, waiting } = crowded;
    assert.ok(turned, 'a read was turned away');
    assert.ok(Number(turned.headers['retry-after']) >= 2, 'Retry-After');
    assert.equal(turned.headers['x-content-type-options'], 'nosniff');
    assert.ok(turned.body.title);
    const report = await reported;
    assert.equal(report.status, 201, JSON.stringify(report.body));
    for (const answer of await Promise.all(waiting)) assert.ok(answer.status === 200 || answer.headers['retry-after'], `${answer.status}`);
    await screen.row(topic, (row) => row.id === report.body.id);
    screen.close();
    const { write, read } = await refusals();
    assert.equal(write, 0);
    assert.ok(read > 0);
    assert.equal((await ask(people.guardian, '/api/children')).status, 200);
});

test('exports are turned away before reads', async () => {
    const before = (await refusals()).export;
    const board = people.board;
    await frozen(async () => {
        const { waiting } = await crowd();
        for (let more = 0; more < 4; more++) { // the door looks again each time: nobody leaves
            waiting.push(ask(people.guardian, '/api/children'));
            await sleep(110);
        }
        const answer = await ask(board, '/api/city/history');
        assert.ok(refusedAtTheDoor(answer), `${answer.status} ${answer.body?.type}`);
        assert.ok(Number(answer.headers['retry-after']) >= 10);
        void waiting;
    });
    assert.equal((await refusals()).export, before + 1);
});
