// What is left of somebody in the database: every column of every table that can hold a text or bytes, as the catalogue
// lists them, so that a column of tomorrow is looked into by itself.
import { createHash } from 'node:crypto';

const hashes = (word) => [word, word.toLowerCase()].flatMap((text) => [
    createHash('sha256').update(text).digest(), Buffer.from(text),
]);

/** Resolves to ["table.column", ...] where one of the words stands, in clear, in base64 or hex, or as its SHA-256. */
export async function leftovers(city, words, { except = [] } = {}) {
    const columns = await city.query(
        `select c.table_name as table, c.column_name as column, c.udt_name as type
         from information_schema.columns c
         join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
         where c.table_schema = 'public' and c.udt_name in ('text', '_text', 'varchar', '_varchar', 'bpchar', 'name', 'json', 'jsonb', '_jsonb', 'xml', 'tsvector', 'bytea', '_bytea')
         order by 1, 2`);
    if (columns.length < 100) throw new Error(`only ${columns.length} columns were found to look into`);
    const bytes = words.flatMap(hashes);
    const texts = words.concat(bytes.flatMap((each) => [each.toString('base64').replace(/=+$/, ''), each.toString('hex')]));
    const looks = columns.filter(({ table, column }) => !except.includes(`${table}.${column}`)).map(({ table, column, type }) => {
        const found = type === 'bytea'
            ? `exists (select from unnest($2::bytea[]) b where position(b in t."${column}") > 0)`
            : `exists (select from unnest($1::text[]) w where position(w in t."${column}"::text) > 0)`;
        return `select '${table}.${column}' as place where exists (select from "${table}" t where t."${column}" is not null and ${found})`;
    });
    return (await city.query(looks.join('\nunion all\n'), [texts, bytes])).map((row) => row.place);
}
