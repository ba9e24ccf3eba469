/** Builds the page into dist/web; `npx vite` serves it while it is written, beside a running `hane serve`. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('src/web'),
  base: './',
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { outDir: at('dist/web'), emptyOutDir: true, target: 'es2023' },
  server: { proxy: { '/socket': { target: 'ws://127.0.0.1:8348', ws: true } } },
});
