// The bench report in a real Chromium: WCAG 2.2 AA by axe, and nothing wider than the window, at each size, light and dark.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { fixtureRun } from '../support/bench_report_fixture.mjs';
import { html } from '../../bench/suite/report/html.mjs';
import { picture } from '../../bench/suite/report/picture.mjs';
import { DESK, PHONE } from './support.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let browser, folder, file;

before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bench-report-'));
    file = join(folder, 'report.html');
    writeFileSync(file, html(fixtureRun({ factor: 1.3 }), fixtureRun()));
    browser = await chromium.launch({ executablePath: fileURLToPath(new URL('chromium', import.meta.url)), args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] });
});
after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
});

for (const [size, viewport] of Object.entries({ phone: PHONE, desk: DESK })) {
    for (const colorScheme of ['light', 'dark']) {
        test(`bench: everybody can read the report (axe, ${size}, ${colorScheme})`, async () => {
            const page = await browser.newPage({ viewport, colorScheme });
            const asked = [];
            page.on('request', (request) => { if (!/^(file|data):/.test(request.url())) asked.push(request.url()); });
            await page.goto(pathToFileURL(file).href);
            await page.evaluate(() => { for (const one of document.querySelectorAll('details')) one.open = true; });
            await page.evaluate(axe);
            const { violations } = await page.evaluate(() => window.axe.run(document));
            assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`), []);
            assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= viewport.width, 'nothing is wider than the window');
            assert.deepEqual(asked, []);
            await page.close();
        });
    }
}

test('bench: the picture of a report is 1,200 pixels wide and small enough for a README', async () => {
    const png = join(folder, 'report.png');
    const size = await picture(file, png);
    const bytes = readFileSync(png);
    assert.equal(bytes.readUInt32BE(16), 1200);
    assert.ok(size === bytes.length && size < 300_000, `${size} bytes`);
});
