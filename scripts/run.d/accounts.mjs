// node accounts.mjs ORIGIN: prints the address and who may be tried.
import https from 'node:https';

const [origin] = process.argv.slice(2);
const rows = await new Promise((resolve, reject) => {
    https
        .get(`${origin}/api/demo-accounts`, (answer) => {
            const parts = [];
            answer.on('data', (part) => parts.push(part));
            answer.on('end', () => resolve(JSON.parse(Buffer.concat(parts)).rows ?? []));
        })
        .on('error', reject);
});

console.log(`\n  todoke is at ${origin}/   (the certificate is self-signed: the browser asks once)\n`);
const width = Math.max(8, ...rows.map((row) => row.login_id.length));
for (const { label, login_id, password } of rows) console.log(`    ${login_id.padEnd(width)}  ${password}  ${label}`);
console.log('\n  Staff are asked for a second factor: choose them from the list on the sign-in page, and their code fills itself in.');
console.log('\n  Ctrl-C ends it.\n');
