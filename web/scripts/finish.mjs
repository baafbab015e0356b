// After the build: names the service worker's files, compresses everything, and measures what a guardian's first
// visit loads. Fails above the limit.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

/** Vite's list of which chunk imports which, and their styles. */
function takeManifest() {
  const path = join(DIST, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  rmSync(path);
  return manifest;
}

const manifest = takeManifest();
const nameOf = (path) => `/${relative(DIST, path)}`;
const files = filesIn(DIST).filter((path) => !/\.(br|gz)$/.test(path));

/** The files that an entry can't begin without. */
function needed(entry, seen = new Set()) {
  const chunk = manifest[entry];
  if (!chunk) throw new Error(`the build has no ${entry}`);
  const own = [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])].map((name) => `/${name}`);
  if (seen.has(own[0])) return seen;
  for (const name of own) if (!name.endsWith('.html')) seen.add(name);
  for (const one of chunk.imports ?? []) needed(one, seen);
  return seen;
}

/** The page and a guardian's own screens. Everybody else's chunks are kept once they were used (src/sw.ts). */
const guardianFiles = [...needed('src/guardian/index.ts', needed('index.html'))];

/** What the app needs to open without a network: a guardian registers and reports from anywhere. */
function shellFiles() {
  return ['/', ...new Set([...guardianFiles, ...needed('src/join/index.tsx')]), ...files.map(nameOf).filter((name) => /icon\.svg$|webmanifest$/.test(name))];
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
function firstLoad(page) {
  const named = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1]);
  return new Set(['/index.html', ...named, ...guardianFiles]);
}

finishServiceWorker();
const page = strictPage();
const sizes = new Map(files.map((path) => [nameOf(path), COMPRESSED.test(path) ? compress(path) : statSync(path).size]));
const first = [...firstLoad(page)].filter((name) => sizes.has(name) && !name.endsWith('.png'));
const total = first.reduce((sum, name) => sum + sizes.get(name), 0);
for (const name of first) console.log(`${String(sizes.get(name)).padStart(7)} ${name}`);
console.log(`${String(total).padStart(7)} bytes: a guardian's first load (brotli), at most ${FIRST_LOAD_LIMIT}`);
if (total > FIRST_LOAD_LIMIT) process.exit(1);
