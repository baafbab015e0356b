// Who asks: the cookie's token, looked up in the database for every request.
import { hash } from 'node:crypto';
import { problem } from './problems.mjs';

export const GUARDIAN = 1, TEACHER = 2, OFFICE = 4, BOARD = 8;
export const STAFF = TEACHER | OFFICE;

const sessionFind = {
    name: 'session_find',
    text: `
        select s.id as session_id, s.account_id,
               (exists (select from guardianships g where g.account_id = s.account_id and g.valid_from <= today()
                        and (g.valid_to is null or g.valid_to >= today())))::int
               | coalesce((select bit_or(case r.role when 'homeroom' then 2 when 'teacher' then 2 when 'board' then 8
                                                     when 'operator' then 16 else 4 end)
                           from staff_roles r where r.account_id = s.account_id and r.valid_from <= today()
                           and (r.valid_to is null or r.valid_to >= today())), 0) as roles
        from sessions s
        join accounts a on a.id = s.account_id and a.closed_at is null
        where s.token_sha256 = $1 and s.ended_at is null and s.expires_at > now()`,
};

function tokenOf(cookies) {
    const at = cookies === undefined ? -1 : cookies.indexOf('__Host-todoke=');
    if (at < 0 || (at > 0 && cookies[at - 1] !== ' ' && cookies[at - 1] !== ';')) return null;
    const end = cookies.indexOf(';', at);
    const token = Buffer.from(cookies.slice(at + 14, end < 0 ? undefined : end), 'base64url');
    return token.length === 32 ? token : null;
}

export async function findSession(db, headers) {
    const token = tokenOf(headers.cookie);
    if (!token) return null;
    const rows = await db.read(sessionFind, [hash('sha256', token, 'buffer')]);
    return rows[0] ?? null;
}

export function originIsOurs(headers) {
    return headers.origin === `https://${headers.host}`;
}

function sameSite({ method, headers }) {
    if (method === 'GET' || method === 'HEAD') return true;
    const site = headers['sec-fetch-site'];
    if (site !== undefined) return site === 'same-origin' || site === 'none';
    return headers.origin === undefined || originIsOurs(headers);
}

export function requireSession(db) {
    return async (request) => {
        if (!sameSite(request)) throw problem('cross_site');
        request.session = await findSession(db, request.headers);
        if (!request.session) throw problem('signed_out');
    };
}

export function requireRole(roles) {
    return async (request) => {
        if (!(request.session.roles & roles)) throw problem('forbidden');
    };
}
