import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { configurationPage, generatedFiles, sampleSettings } from '../../cli/docs.ts';
import { readConfig } from '../../shared/config/read.ts';
import { SETTINGS } from '../../shared/config/settings/all.ts';
import { OKTA_SCOPES } from '../../shared/okta/settings.ts';
import { OKTA_BY_KEY, problemsOf, TENANT } from './environment.ts';

const Sample = z.object({ IsEncrypted: z.literal(false), Values: z.record(z.string(), z.string()) });

const FILES = await generatedFiles();

describe('what npm run docs writes', () => {
  test.each(Object.entries(FILES))('is what stands in %s; if not, run npm run docs', async (path, text) => {
    expect(await readFile(new URL(`../../${path}`, import.meta.url), 'utf8')).toBe(text);
  });
});

describe('the page of the configuration', () => {
  test.each(SETTINGS)('explains $name in one row', ({ name }) => {
    expect(
      configurationPage()
        .split('\n')
        .filter((line) => line.startsWith(`| \`${name}\` |`)),
    ).toHaveLength(1);
  });

  test('has four cells in every row', () => {
    const rows = configurationPage()
      .split('\n')
      .filter((line) => line.startsWith('|'));

    for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(6);
  });

  test('names every scope without which Okta gives no token', () => {
    for (const scope of OKTA_SCOPES) expect(configurationPage()).toContain(`\`${scope}\``);
  });
});

describe('every setting', () => {
  test.each(SETTINGS.filter((setting) => setting.fallback !== undefined))('$name takes its own default', (setting) => {
    expect(setting.schema.safeParse(setting.fallback).success).toBe(true);
  });

  test.each(SETTINGS.filter((setting) => setting.secret !== true))('$name takes its own example', (setting) => {
    expect(setting.schema.safeParse(setting.example).success).toBe(true);
  });

  test('has a name of its own', () => {
    expect(new Set(SETTINGS.map((setting) => setting.name)).size).toBe(SETTINGS.length);
  });
});

describe('the sample of local settings', () => {
  const { Values: values } = Sample.parse(JSON.parse(sampleSettings()));

  test('is for the Node worker and the storage emulator', () => {
    expect(values).toMatchObject({
      FUNCTIONS_WORKER_RUNTIME: 'node',
      AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    });
  });

  test('is refused as long as a placeholder is left, and for nothing else', () => {
    const placeholders = Object.keys(values).filter((name) => values[name]?.startsWith('<'));

    expect(problemsOf(() => readConfig(values))).toEqual(
      placeholders.map((name) => expect.stringMatching(new RegExp(`^${name}: .*found the placeholder of a sample`))),
    );
    expect(placeholders).toHaveLength(4);
  });

  test('is complete once the placeholders are filled in', () => {
    expect(readConfig({ ...values, ...OKTA_BY_KEY, ANCHORWATCH_TENANT_ID: TENANT })).toMatchObject({
      mode: 'observe',
      entra: { credential: { kind: 'azure-cli', tenantId: TENANT } },
    });
  });
});
