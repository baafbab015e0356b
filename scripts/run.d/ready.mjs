// node ready.mjs ORIGIN PID: waits until the server answers /readyz; fails when the process ends or 30 s pass.
import https from 'node:https';
import { existsSync } from 'node:fs';

const [origin, pid] = process.argv.slice(2);
const ask = () =>
    new Promise((resolve) => {
        const request = https.get(`${origin}/readyz`, (answer) => {
            answer.resume();
            resolve(answer.statusCode === 200);
        });
        request.on('error', () => resolve(false));
        request.setTimeout(2000, () => request.destroy());
    });

for (let tries = 0; tries < 300; tries++) {
    if (await ask()) process.exit(0);
    if (!existsSync(`/proc/${pid}`)) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
}
process.exit(1);
