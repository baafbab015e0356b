// The statements of src/**/*.sql, read independently of the build's own tool: { name, flags, takes, text, params }.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { top } from './city.mjs';

const OURS = { actor: 'bigint', idempotency_key: 'uuid', fingerprint: 'bytea', token_sha256: 'bytea', session_id: 'bigint' };

/** :name becomes $n, but not in strings, names, comments or casts. */
export function numbered(sql) {
    const params = [];
    const text = sql.replace(/'(?:[^']|'')*'|"[^"]*"|--[^\n]*|::|(?<![\w:]):([a-z_]\w*)/g, (whole, name) => {
        if (!name) return whole;
        if (!params.includes(name)) params.push(name);
        return `$${params.indexOf(name) + 1}`;
    });
    return { text, params };
}

export function statements() {
    const files = ['src/engine', ...readdirSync(join(top, 'src/modules'), { withFileTypes: true }).filter((each) => each.isDirectory()).map((each) => `src/modules/${each.name}`)]
        .flatMap((dir) => readdirSync(join(top, dir)).filter((name) => name.endsWith('.sql')).map((name) => `${dir}/${name}`));
    return files.flatMap((file) =>
        readFileSync(join(top, file), 'utf8').split(/^-- name: */m).slice(1).map((block) => {
            const [name, ...lines] = block.split('\n');
            const flags = new Set();
            const takes = { ...OURS };
            while (lines[0]?.startsWith('--')) {
                const line = lines.shift().slice(2).trim();
                const declared = /^takes: *(.*)$/.exec(line);
                if (declared) for (const each of declared[1].split(',')) { const [field, ...type] = each.trim().split(/ +/); takes[field] = type.join(' '); }
                else for (const word of line.split(' ')) if (['gather', 'public', 'internal', 'write'].includes(word)) flags.add(word);
            }
            // What follows the last semicolon is the next one's introduction.
            const { text, params } = numbered(lines.join('\n').replace(/;[^;]*$/, ''));
            const type = (param) => {
                if (!takes[param]) throw new Error(`${file}: ${name.trim()} uses :${param} but does not take it`);
                return flags.has('gather') ? `${takes[param]}[]` : takes[param];
            };
            return { file, name: name.trim(), flags, text, params, types: params.map(type) };
        }));
}
