// intake: put the id of the specification's line (tests/spec.tsv) in front of each title.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startCity } from '../support/city.mjs';
import { cast, day } from '../support/people.mjs';

const city = await startCity();
const people = await cast(city);

test('intake: everyone signed in gets their own, nobody else gets anything', async () => {
    for (const person of [people.guardian, people.homeroom, people.office, people.board]) {
        assert.deepEqual(await person.get('/api/intake'), { account_id: person.account, today: await day(city) });
    }
    assert.equal((await city.client().request('GET', '/api/intake')).status, 401);
    assert.equal((await people.guardian.request('GET', '/api/intake?x=1')).status, 400);
});
