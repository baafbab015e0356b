// What the matrix must know of notifications: everybody's own choices and devices, nobody else's. This city has no push.
import { randomBytes } from 'node:crypto';

export default ({ city, people, NOWHERE }) => {
    const owner = { own: 'guardian', same: 'reader', other: 'stranger' };
    async function device(where) {
        if (where === 'absent') return NOWHERE;
        const { account } = people[owner[where]];
        await city.query('delete from push_subscriptions where account_id = $1', [account]);
        return (await city.one(
            `insert into push_subscriptions (account_id, session_id, endpoint, gateway, p256dh, auth)
             select $1, min(s.id), 'https://push.example.jp/' || $2, 'push.example.jp', $3, $4 from sessions s where s.account_id = $1 returning id`,
            [account, randomBytes(12).toString('hex'), Buffer.concat([Buffer.from([4]), randomBytes(64)]), randomBytes(16)])).id;
    }
    return {
        objects: { push_device: device },
        routes: {
            'put /api/account/notifications/topics': { body: async () => ({ topic: 'reports', push: true, mail: 'else' }), answers: [200, 404] },
            'put /api/account/notifications/device': { body: async () => ({ endpoint: 'https://push.example.jp/a', p256dh: 'AAAA', auth: 'AAAA' }), answers: [409] },
            'delete /api/account/notifications/devices/{id}': { rule: (who, where) => who === owner[where] },
        },
    };
};
