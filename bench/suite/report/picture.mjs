// The picture of a report for the README: node bench/suite/report/picture.mjs REPORT.html PICTURE.png
// What its summary says in words, 1,200 pixels wide: the table of targets stands in the README itself.
// Uses the browser of the tests: scripts/setup test installs it.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import { top } from '../kit/place.mjs';

const WIDTH = 1200, MOST = 300_000;

function chunk(name, data) {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]), whole = Buffer.alloc(body.length + 8);
    whole.writeUInt32BE(data.length);
    body.copy(whole, 4);
    whole.writeUInt32BE(crc32(body), body.length + 4);
    return whole;
}

/** A PNG of at most 64 colours, of pixels of 4 bytes: a third of what the browser writes. The commonest colours stay as
 * they are, the others (the soft edges of letters) take the nearest of them. */
export function smallPng({ width, height, pixels }) {
    const counts = new Map(), key = (at) => (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
    for (let at = 0; at < pixels.length; at += 4) counts.set(key(at), (counts.get(key(at)) ?? 0) + 1);
    const palette = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 64).map(([colour]) => colour);
    const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
    const far = (a, b) => parts(a).reduce((sum, part, nth) => sum + (part - parts(b)[nth]) ** 2, 0);
    const nearest = new Map([...counts.keys()].map((colour) => {
        let best = 0;
        for (let nth = 1; nth < palette.length; nth++) if (far(colour, palette[nth]) < far(colour, palette[best])) best = nth;
        return [colour, best];
    }));
    const rows = Buffer.alloc((width + 1) * height);
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = nearest.get(key(4 * (y * width + x)));
    const head = Buffer.alloc(13);
    head.writeUInt32BE(width);
    head.writeUInt32BE(height, 4);
    head.set([8, 3, 0, 0, 0], 8);
    return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('PLTE', Buffer.from(palette.flatMap(parts))),
        chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

/** The pixels of a PNG, as the browser decodes them. */
async function pixelsOf(browser, png) {
    const page = await browser.newPage();
    const { width, height, data } = await page.evaluate(async (source) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height), context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        const bytes = context.getImageData(0, 0, image.width, image.height).data;
        let text = '';
        for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
        return { width: image.width, height: image.height, data: btoa(text) };
    }, `data:image/png;base64,${png.toString('base64')}`);
    return { width, height, pixels: Buffer.from(data, 'base64') };
}

export async function picture(report, file) {
    const { chromium } = createRequire(join(top, 'tests/package.json'))('playwright-core');
    const browser = await chromium.launch({ executablePath: join(top, 'tests/browser/chromium'), args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'] });
    try {
        const page = await browser.newPage({ viewport: { width: WIDTH, height: 900 }, colorScheme: 'light' });
        await page.goto(pathToFileURL(resolve(report)).href);
        const bottom = await page.evaluate(() => {
            const summary = document.querySelector('#summary'), table = summary.querySelector('h3');
            return table ? table.getBoundingClientRect().top : summary.getBoundingClientRect().bottom;
        });
        const shot = await page.screenshot({ fullPage: true, clip: { x: 0, y: 0, width: WIDTH, height: Math.ceil(bottom) } });
        const png = smallPng(await pixelsOf(browser, shot));
        writeFileSync(file, png);
        return png.length;
    } finally {
        await browser.close();
    }
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
