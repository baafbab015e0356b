// Problem documents (RFC 9457): the same names, states and words as todoke's.
const problems = {
    internal: [500, 'システムで問題が起きました。少し待ってから、もう一度お試しください。'],
    malformed: [400, '送られた内容を読み取れませんでした。'],
    validation: [400, '入力内容をご確認ください。'],
    key_missing: [400, 'この操作には Idempotency-Key（UUID）が必要です。'],
    signed_out: [401, 'ログインしてください。'],
    forbidden: [403, 'この操作をする権限がありません。'],
    cross_site: [403, 'ほかのサイトからの操作は受け付けられません。'],
    not_found: [404, '見つかりませんでした。'],
    too_large: [413, '送られた内容が大きすぎます。'],
    media_type: [415, 'この形式では受け付けられません。'],
    key_reused: [422, '同じ Idempotency-Key が、別の内容で使われています。'],
    busy: [503, 'ただいま混み合っています。少し待ってから、もう一度お試しください。'],
    already_reported: [409, 'この日の連絡は、すでに届いています。'],
    past_day: [422, '過ぎた日の連絡はできません。'],
    too_far: [422, '60日より先の連絡はできません。'],
};

export class Problem extends Error {
    constructor(name, members) {
        super(name);
        const [status, title] = problems[name] ?? problems.internal;
        this.status = status;
        this.document = { type: `/problems/${name}`, title, status, ...members };
    }
}

export const problem = (name, members) => new Problem(name, members);

export function answerProblem(reply, { status, document }) {
    if (status === 503) reply.header('retry-after', '1');
    return reply.code(status).type('application/problem+json').send(JSON.stringify(document));
}

const details = {
    required: ['required', '必須の項目です。入力してください。'],
    additionalProperties: ['unknown', 'この項目は指定できません。'],
    enum: ['enum', '選択肢の中から選んでください。'],
    type: ['type', '正しい形で入力してください。'],
    format: ['format', '正しい形で入力してください。'],
    pattern: ['format', '正しい形で入力してください。'],
    minimum: ['range', '正しい番号で指定してください。'],
    maximum: ['range', '正しい番号で指定してください。'],
    maxLength: ['length', '長すぎます。'],
};

/** One of ajv's errors as one of ours. */
function fieldError({ keyword, instancePath, params }) {
    const [code, detail] = details[keyword] ?? details.type;
    const field = params.missingProperty ?? params.additionalProperty ?? instancePath.slice(1);
    return { field, code, detail };
}

/** Whatever was thrown on the way, as an answer. Nothing of an unexpected error leaves the service. */
export function refuseError(error, request, reply) {
    if (error instanceof Problem) return answerProblem(reply, error);
    if (error.validation) return answerProblem(reply, problem('validation', { errors: error.validation.map(fieldError) }));
    if (error.statusCode === 413) return answerProblem(reply, problem('too_large'));
    if (error.statusCode === 415) return answerProblem(reply, problem('media_type'));
    if (error.statusCode >= 400 && error.statusCode < 500) return answerProblem(reply, problem('malformed'));
    console.error(error.message);
    return answerProblem(reply, problem(error.code?.startsWith?.('08') || error.code?.startsWith?.('57') ? 'busy' : 'internal'));
}
