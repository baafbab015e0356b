// What every screen must be: WCAG 2.2 AA by axe in light and dark, nothing wider than the window, targets of 44 px, no errors of its own.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const TARGETS = 'main button, main .button, main select, main summary, main .item, main .chip, main .tick, ' +
    'main input:not([type=checkbox]):not([type=radio]):not([aria-hidden])';

async function violations(page, runOnly) {
    const { violations: found } = await page.evaluate((only) => window.axe.run(document, { runOnly: only, resultTypes: ['violations'] }), runOnly);
    return found.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`).join('\n   ')}`);
}

/** `what` names the screen in a failure. */
export async function assertUsable({ page, errors }, what) {
    await page.waitForTimeout(150);
    // Through the debugger, so that the page's own policy stays as strict as it is; once for each document.
    if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
    assert.deepEqual(await violations(page, { type: 'tag', values: TAGS }), [], what);
    // Light and dark differ in nothing but the colours.
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.deepEqual(await violations(page, { type: 'rule', values: ['color-contrast'] }), [], `${what}, dark`);
    await page.emulateMedia({ colorScheme: 'light' });
    const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= window, `${what}: nothing wider than the window: ${wide} > ${window}`);
    const small = await page.evaluate((targets) => [...document.querySelectorAll(targets)]
        .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 43.5).map((one) => one.outerHTML.slice(0, 120)), TARGETS);
    assert.deepEqual(small, [], `${what}: 44 px targets`);
    assert.deepEqual(errors, [], what);
}
