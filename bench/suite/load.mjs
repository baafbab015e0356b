// The scenarios: one file each in scenarios/, its default export (or a list of them).
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const broken = (file, error) => ({
    name: file.replace(/\.mjs$/, ''), title: 'could not be loaded', about: error.message, seconds: 0,
    async run() { throw error; },
});

export async function loadScenarios(folder) {
    const all = [];
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.mjs') && !name.startsWith('_')).sort()) {
        try {
            all.push(...[(await import(join(folder, file))).default].flat());
        } catch (error) {
            all.push(broken(file, error));
        }
    }
    // By the rows of MEASURES; what belongs to several or none comes after.
    const place = (one) => one.order ?? (Number.isFinite(one.row) ? one.row : 50);
    return all.sort((a, b) => place(a) - place(b) || a.name.localeCompare(b.name));
}
