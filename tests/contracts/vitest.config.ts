import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Between them they have the product ask everything that it can ask of Okta and Graph, through its real clients. */
const FILES = [
  'cli/pilot',
  'endtoend/repair',
  'entra/mail',
  'entra/repairs',
  'entra/world',
  'flows/deliver-mail',
  'nights/evidence',
  'nights/fed-groups',
  'okta/repairs',
  'okta/repairs-http',
  'okta/world',
];

export default defineConfig({
  test: {
    root: resolve(import.meta.dirname, '../..'),
    include: FILES.map((file) => `tests/${file}.test.ts`),
    setupFiles: ['tests/contracts/record.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
