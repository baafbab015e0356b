import { defineConfig } from 'vite';

// One self-contained classic script at the root, so that its scope is the whole site.
export default defineConfig({
  publicDir: false,
  build: {
    target: ['chrome109', 'safari16', 'firefox115'],
    emptyOutDir: false,
    rolldownOptions: {
      input: 'src/sw.ts',
      output: { format: 'iife', entryFileNames: 'sw.js' },
    },
  },
});
