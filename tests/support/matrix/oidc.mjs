// What the matrix must know of oidc: its routes lead to a session and need none; walked in oidc.test.mjs.
export default () => ({ settled: ['get /api/oidc/providers', 'post /api/oidc/start', 'post /api/oidc/finish'] });
