// node vitest.mjs REPORT.json: one line "title <TAB> status" for each test of a vitest report.
import { readFileSync } from 'node:fs';

const status = { passed: 'passed', failed: 'failed', pending: 'skipped', skipped: 'skipped', todo: 'skipped' };
const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
for (const file of report.testResults) {
    if (!file.assertionResults.length) console.log(`web: ${file.name.replace(/.*\/web\//, '')}\t${file.status === 'passed' ? 'skipped' : 'failed'}`);
    for (const test of file.assertionResults) console.log(`web: ${test.fullName}\t${status[test.status]}`);
}
