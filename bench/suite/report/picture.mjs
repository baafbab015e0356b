// The picture of a report for the README: node bench/suite/report/picture.mjs REPORT.html PICTURE.png
// Its summary, 1,200 pixels wide. Uses the browser of the tests: scripts/setup test installs it.
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { top } from '../kit/place.mjs';

const WIDTH = 1200, MOST = 300_000;

export async function picture(report, file) {
    const { chromium } = createRequire(join(top, 'tests/package.json'))('playwright-core');
    const browser = await chromium.launch({ executablePath: process.env.TODOKE_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'] });
    try {
        const page = await browser.newPage({ viewport: { width: WIDTH, height: 900 }, colorScheme: 'light' });
        await page.goto(pathToFileURL(resolve(report)).href);
        const { bottom } = await page.evaluate(() => document.querySelector('#summary').getBoundingClientRect());
        await page.screenshot({ path: file, fullPage: true, clip: { x: 0, y: 0, width: WIDTH, height: Math.ceil(bottom) + 16 } });
    } finally {
        await browser.close();
    }
    return statSync(file).size;
}

if (process.argv[1] === import.meta.filename) {
    const [report, file] = process.argv.slice(2);
    if (!report || !file) {
        process.stderr.write('node bench/suite/report/picture.mjs REPORT.html PICTURE.png\n');
        process.exit(2);
    }
    const size = await picture(report, file);
    process.stderr.write(`written: ${file} (${Math.ceil(size / 1000)} KB)\n`);
    if (size > MOST) {
        process.stderr.write(`larger than ${MOST / 1000} KB: too large for the README\n`);
        process.exit(1);
    }
}
