import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Between them they have the product ask everything that it can ask of Okta and Graph, through its real clients. */
const BY_THE_PRODUCT = [
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

/** They ask the tenants themselves, for what the product never asks too. */
const BY_THEMSELVES = [
  'world/evidence',
  'world/graph-access',
  'world/graph-lists',
  'world/hands',
  'world/lifecycle',
  'world/mail',
  'world/okta-access',
  'world/okta-lists',
  'world/okta-reads',
  'world/updates',
  'world/writes',
];

export default defineConfig({
  test: {
    root: resolve(import.meta.dirname, '../..'),
    include: [...BY_THE_PRODUCT, ...BY_THEMSELVES].map((file) => `tests/${file}.test.ts`),
    setupFiles: ['tests/contracts/record.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: Math.max(2, availableParallelism()),
  },
});
