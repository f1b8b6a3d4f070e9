import { readdir, rm } from 'node:fs/promises';
import { build, stop } from 'esbuild';

// Code splitting keeps the SDKs, which are behind import(), out of what a cold start must read.
// The shared pieces go to their own folder, because "main" in package.json loads every file in dist/functions.
const triggers = (await readdir('functions')).filter((name) => name.endsWith('.ts'));

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: [...triggers.map((name) => `functions/${name}`), 'cli/main.ts', 'shared/reading/thread.ts'],
  outdir: 'dist',
  outbase: '.',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  sourcemap: true,
  // Okta's SDK alone comes to 10 MB of source, which a process keeps in memory. Names stay as
  // they are, for whoever reads a stack trace; the map beside each file tells the place.
  minifyWhitespace: true,
  minifySyntax: true,
  external: ['@azure/functions-core'],
  // CommonJS packages inside an ESM bundle call require(); without this line no function loads.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: 'warning',
});
// Whoever imports this file lives on, without esbuild's own process.
await stop();
