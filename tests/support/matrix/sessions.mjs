// What the matrix must know of sessions, and of what is everyone's.
export default () => ({
    settled: ['post /api/session', 'delete /api/session', 'get /api/demo-accounts', 'get /api/demo-mails', 'get /api/openapi.json'],
});
