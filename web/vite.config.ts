import { env } from 'node:process';
import { defineConfig } from 'vitest/config';

const server = env.TODOKE_URL ?? 'https://127.0.0.1:8443';

// The page and its chunks. The service worker is built apart (vite.sw.config.ts), so that it is one file.
export default defineConfig({
  build: {
    target: ['chrome109', 'safari16', 'firefox115'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    // For scripts/finish.mjs, which takes it away again.
    manifest: 'manifest.json',
  },
  server: {
    proxy: {
      '/api': { target: server, secure: false },
      '/live': { target: server, secure: false, ws: true },
    },
  },
  test: { include: ['test/**/*.test.ts'] },
});
