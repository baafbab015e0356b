// Rosters for tests: files as a school's own system would write them, and what the database holds, in plain words.
import { randomUUID } from 'node:crypto';

const HEADINGS = ['児童生徒コード', '学校コード', '年度', '学年', '学級コード', '学級名', '学級種別', '出席番号', '姓', '名', 'せい', 'めい', '交流学級コード', '転出'];
const FIELDS = ['code', 'school_code', 'school_year', 'grade', 'class_code', 'class_name', 'class_kind', 'number', 'family_name', 'given_name', 'family_kana', 'given_kana', 'exchange_class_code', 'gone'];
/** The mapping of this CSV, as PUT /roster/mappings takes it. */
export const columns = Object.fromEntries(FIELDS.map((field, i) => [field === 'school_year' ? 'school_year_column' : field, HEADINGS[i]]));

export function csv(rows) {
    const cell = (value) => (value === null || value === undefined || value === false ? '' : `"${String(value === true ? 1 : value).replaceAll('"', '""')}"`);
    return Buffer.from([HEADINGS, ...rows.map((row) => FIELDS.map((field) => row[field]))].map((line) => line.map(cell).join(',')).join('\r\n') + '\r\n');
}

/** The active children of a school (of the city, without one), as a file tells them. */
export const children = (city, school = null) => city.query(
    `select s.id, s.code, sc.code as school_code, c.grade, c.name as class_name, s.number, s.family_name, s.given_name, s.family_kana, s.given_kana
     from students s join classes c on c.id = s.class_id join schools sc on sc.id = s.school_id
     where s.left_on is null and ($1::int is null or s.school_id = $1) order by s.id`, [school]);

/** All that an import may change, for comparing before and after. */
export const everything = async (city) => ({
    students: await city.query(`select to_jsonb(s) - '{version,changed_by,changed_at,import_id}'::text[] as row from students s order by id`),
    classes: await city.query(`select to_jsonb(c) - '{version,changed_by,changed_at,import_id}'::text[] as row from classes c order by id`),
    links: await city.query(`select to_jsonb(g) - 'version' as row from guardianships g order by account_id, student_id`),
    roles: await city.query(`select to_jsonb(r) as row from staff_roles r order by id`),
});

/** Uploads a file; resolves to the answer whatever its status. */
export function upload(person, file, query = {}, key = randomUUID()) {
    const words = new URLSearchParams(Object.entries({ kind: 'csv', ...query }).filter(([, value]) => value !== undefined && value !== null));
    const type = query.kind === 'oneroster' ? 'application/zip' : 'text/csv';
    return person.request('POST', `/api/roster/imports?${words}`, { body: file, headers: { 'content-type': type }, key });
}

export async function staged(person, file, query) {
    const answer = await upload(person, file, query);
    if (answer.status !== 201) throw new Error(`not staged: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
}
export const problems = async (person, { id }) => (await person.get(`/api/roster/imports/${id}/problems`)).rows;
export const changes = async (person, { id }, query = '') => (await person.get(`/api/roster/imports/${id}/changes${query}`)).rows;
export const act = (person, { id }, what, body) => person.request('POST', `/api/roster/imports/${id}/${what}`, { body, key: randomUUID() });
