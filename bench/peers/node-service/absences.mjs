// GET /api/reasons and POST /api/absences.
import { createHash } from 'node:crypto';
import { problem } from './problems.mjs';
import { GUARDIAN, STAFF, requireRole } from './sessions.mjs';
import { absenceInsert, absenceReport, reasonsList } from './statements.mjs';

const KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const id = { type: 'integer', minimum: 1 };
const time = { type: ['string', 'null'], pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' };
const day = { format: 'date', pattern: '^(19|2[01])[0-9]{2}-' };

const reasonsSchema = {
    querystring: {
        type: 'object',
        additionalProperties: false,
        required: ['school_id'],
        properties: { school_id: { type: 'string', pattern: '^[1-9][0-9]{0,8}$' } },
    },
    response: {
        200: {
            type: 'object',
            properties: {
                rows: {
                    type: 'array',
                    items: {
                        type: 'object',
                        properties: {
                            id, label: { type: 'string' }, needs_note: { type: 'boolean' },
                            kinds: { type: 'array', items: { type: 'string' } },
                        },
                    },
                },
            },
        },
    },
};

const reportSchema = {
    body: {
        type: 'object',
        additionalProperties: false,
        required: ['student_id', 'first_day', 'kind'],
        properties: {
            student_id: id,
            first_day: { type: 'string', ...day },
            last_day: { type: ['string', 'null'], ...day },
            kind: { type: 'string', enum: ['absent', 'late', 'leave_early', 'late_and_leave_early'] },
            arrive_at: time,
            leave_at: time,
            reason_id: { type: ['integer', 'null'], minimum: 1 },
            // No control characters but line feed and tab.
            note: { type: ['string', 'null'], maxLength: 500, pattern: '^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]*$' },
        },
    },
    response: {
        201: {
            type: 'object',
            properties: { id, version: { type: 'integer' }, at: { type: 'string' } },
        },
    },
};

/** What is wrong with the fields taken together. */
function contentErrors({ kind, arrive_at: arrive, leave_at: leave, first_day: first, last_day: last }) {
    const errors = [];
    const both = kind === 'late_and_leave_early';
    const fits = (field, value, needed) => {
        if ((value != null) !== needed)
            errors.push({
                field, code: needed ? 'required' : 'unexpected',
                detail: needed ? '時刻を入力してください。' : 'この種類の連絡に時刻はつけられません。',
            });
    };
    fits('arrive_at', arrive, both || kind === 'late');
    fits('leave_at', leave, both || kind === 'leave_early');
    if (both && arrive >= leave)
        errors.push({ field: 'leave_at', code: 'range', detail: '早退の時刻は、登校の時刻よりあとにしてください。' });
    if (last == null) return errors;
    const days = (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1;
    if (days < 1)
        errors.push({ field: 'last_day', code: 'range', detail: '最後の日は、最初の日かそれよりあとにしてください。' });
    if (days > 31) errors.push({ field: 'last_day', code: 'range', detail: '一度に連絡できるのは31日までです。' });
    return errors;
}

/** What makes two requests the same under one key: method, path and body, byte for byte, each with its length before it. */
function fingerprintOf({ method, url, rawBody }) {
    const sha = createHash('sha256');
    for (const part of [method, url.split('?', 1)[0], rawBody]) {
        const length = Buffer.alloc(8);
        length.writeUInt32LE(part.length);
        sha.update(length).update(part);
    }
    return sha.digest();
}

const broken = (error, code, constraint) => error.code === code && error.constraint === constraint;
const ours = (error) => broken(error, '23P01', 'absences_once') || broken(error, '23505', 'idempotency_pkey');

async function report(db, values) {
    try {
        const [receipt] = await db.write(absenceInsert, values);
        if (receipt) return receipt;
    } catch (error) {
        if (!ours(error)) throw error;
    }
    try {
        return (await db.write(absenceReport, values))[0];
    } catch (error) {
        if (!ours(error)) throw error;
        // Another request has come in between: now its report, or its answer to the same key, is there to be seen.
        return (await db.write(absenceReport, values))[0];
    }
}

export function absenceRoutes(db) {
    return async (api) => {
        const onRequest = requireRole(GUARDIAN | STAFF);

        api.get('/reasons', { schema: reasonsSchema, onRequest }, async (request) => {
            const rows = await db.read(reasonsList, [request.session.account_id, Number(request.query.school_id)]);
            if (rows[0]?.outcome) throw problem(rows[0].outcome);
            return { rows };
        });

        api.post('/absences', { schema: reportSchema, onRequest }, async (request, reply) => {
            const { body } = request;
            const errors = contentErrors(body);
            if (errors.length) throw problem('validation', { errors });
            const key = request.headers['idempotency-key'];
            if (!key || !KEY.test(key)) throw problem('key_missing');
            const { outcome, absence_id, ...receipt } = await report(db, [
                request.session.account_id, key, fingerprintOf(request), body.student_id, body.first_day,
                body.last_day ?? null, body.kind, body.arrive_at ?? null, body.leave_at ?? null,
                body.reason_id ?? null, body.note ?? null,
            ]);
            if (outcome) throw problem(outcome, absence_id ? { absence_id } : undefined);
            reply.code(201);
            return receipt;
        });
    };
}
