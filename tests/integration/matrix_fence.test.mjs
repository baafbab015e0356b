// Row-level security alone: the walk of the matrix against a city whose ownership functions all say yes.
process.env.TODOKE_FENCE_ONLY = '1';
await import('./matrix.test.mjs');
