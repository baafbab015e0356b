// Draws the app's icons from one shape: public/icon.svg for screens that take SVG, PNGs for those that don't.
// Run when the shape changes: `npm run icons`. A rounded square, a tick that has arrived; anti-aliased by sampling.
import { writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';

const PUBLIC = new URL('../public/', import.meta.url);
const BLUE = [0, 23, 193];
const WHITE = [255, 255, 255];
// The tick's corners on a board of 32 by 32, and half its stroke's width.
const TICK = [
  [8, 17],
  [14, 23],
  [25, 10],
];
const HALF_STROKE = 2;

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0017c1"/><path d="M${TICK.map((p) => p.join(' ')).join('L')}" fill="none" stroke="#fff" stroke-width="${2 * HALF_STROKE}" stroke-linecap="round" stroke-linejoin="round"/></svg>\n`;

function distanceToLine([x, y], [ax, ay], [bx, by]) {
  const t = Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)));
  return Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay));
}

function insideSquare(x, y, radius) {
  const dx = Math.max(radius - x, x - (32 - radius), 0);
  const dy = Math.max(radius - y, y - (32 - radius), 0);
  return Math.hypot(dx, dy) <= radius;
}

/** The colour and cover of one point: a maskable icon fills its square and keeps the tick in the middle. */
function sample(x, y, maskable) {
  if (!maskable && !insideSquare(x, y, 8)) return null;
  const [px, py] = maskable ? [16 + (x - 16) * 1.35, 16 + (y - 16) * 1.35] : [x, y];
  const near = Math.min(distanceToLine([px, py], TICK[0], TICK[1]), distanceToLine([px, py], TICK[1], TICK[2]));
  return near <= HALF_STROKE ? WHITE : BLUE;
}

function pixel(col, row, size, maskable) {
  const sum = [0, 0, 0, 0];
  for (let i = 0; i < 16; i += 1) {
    const x = ((col + ((i % 4) + 0.5) / 4) * 32) / size;
    const y = ((row + (Math.floor(i / 4) + 0.5) / 4) * 32) / size;
    const colour = sample(x, y, maskable);
    if (!colour) continue;
    colour.forEach((c, k) => (sum[k] += c));
    sum[3] += 1;
  }
  const n = sum[3] || 1;
  return [sum[0] / n, sum[1] / n, sum[2] / n, (255 * sum[3]) / 16].map(Math.round);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(8 + body.length);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), 4 + body.length);
  return frame;
}

function png(size, maskable) {
  const rows = [];
  for (let row = 0; row < size; row += 1) {
    rows.push(0);
    for (let col = 0; col < size; col += 1) rows.push(...pixel(col, row, size, maskable));
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.from(rows), { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

writeFileSync(new URL('icon.svg', PUBLIC), svg);
for (const size of [192, 512]) writeFileSync(new URL(`icon-${size}.png`, PUBLIC), png(size, false));
writeFileSync(new URL('icon-180.png', PUBLIC), png(180, true));
writeFileSync(new URL('icon-maskable-512.png', PUBLIC), png(512, true));
