// What the matrix must know of sessions, and of what is everyone's.
export default () => ({
    // Proofs are walked in proof.test.mjs.
    settled: ['post /api/session/proof', 'post /api/session/proof/passkey', 'post /api/session', 'delete /api/session', 'get /api/demo-accounts', 'get /api/demo-mails', 'get /api/openapi.json'],
});
