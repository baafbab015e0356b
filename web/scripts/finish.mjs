// After the build: names the service worker's files, compresses everything, and measures what a guardian's first
// visit loads. Fails above the limit.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const DIST = new URL('../dist', import.meta.url).pathname;
const FIRST_LOAD_LIMIT = 60 * 1024;
const COMPRESSED = /\.(html|js|css|svg|webmanifest|json|txt)$/;

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

const nameOf = (path) => `/${relative(DIST, path)}`;
const files = filesIn(DIST).filter((path) => !/\.(br|gz)$/.test(path));

/** The page, its scripts and styles, and the icon: what the app needs to open without a network. */
function shellFiles() {
  return ['/', ...files.map(nameOf).filter((name) => name.startsWith('/assets/') || /icon\.svg$|webmanifest$/.test(name))];
}

function finishServiceWorker() {
  const path = join(DIST, 'sw.js');
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  const build = hash.digest('hex').slice(0, 12);
  const source = readFileSync(path, 'utf8');
  if (!source.includes('__SHELL__') || !source.includes('__BUILD__')) throw new Error('sw.js has no place for its files');
  writeFileSync(path, source.replace('__SHELL__', shellFiles().join(' ')).replace('__BUILD__', build));
}

function compress(path) {
  const body = readFileSync(path);
  const brotli = brotliCompressSync(body, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
  });
  writeFileSync(`${path}.br`, brotli);
  writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
  return brotli.length;
}

function strictPage() {
  const page = readFileSync(join(DIST, 'index.html'), 'utf8');
  if (/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/.test(page)) throw new Error('index.html has something inline: the CSP forbids it');
  return page;
}

/** What index.html names, and the guardian's own script and style. */
function firstLoad(page, sizes) {
  const named = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1]);
  const guardian = [...sizes.keys()].filter((name) => /\/guardian-[^/]+\.(js|css)$/.test(name));
  const scripts = [...named, ...guardian].filter((name) => name.endsWith('.js'));
  const imported = scripts.flatMap((name) =>
    [...readFileSync(join(DIST, name), 'utf8').matchAll(/from\s*["']\.\/([^"']+)["']/g)].map((match) => `/assets/${match[1]}`),
  );
  return new Set(['/index.html', ...named, ...guardian, ...imported]);
}

finishServiceWorker();
const page = strictPage();
const sizes = new Map(files.map((path) => [nameOf(path), COMPRESSED.test(path) ? compress(path) : statSync(path).size]));
const first = [...firstLoad(page, sizes)].filter((name) => sizes.has(name) && !name.endsWith('.png'));
const total = first.reduce((sum, name) => sum + sizes.get(name), 0);
for (const name of first) console.log(`${String(sizes.get(name)).padStart(7)} ${name}`);
console.log(`${String(total).padStart(7)} bytes: a guardian's first load (brotli), at most ${FIRST_LOAD_LIMIT}`);
if (total > FIRST_LOAD_LIMIT) process.exit(1);
