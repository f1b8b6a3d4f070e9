import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseTimeSpan, readHostFile } from '../../local/host/hostfile.ts';
import { createSettings, readSettings } from '../../local/host/settings.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { makeFolder } from './recorder.ts';

async function fileOf(name: string, json: unknown): Promise<{ folder: string; file: string }> {
  const folder = await makeFolder();
  const file = join(folder, name);
  await writeFile(file, typeof json === 'string' ? json : JSON.stringify(json));
  return { folder, file };
}

describe('settings', () => {
  test('the environment goes before the values of a file', async () => {
    const { file } = await fileOf('local.settings.json', {
      IsEncrypted: false,
      Values: { A: 'file', B: 'file' },
      Host: {},
    });

    const settings = await readSettings(file, { A: 'environment', C: undefined });

    expect(settings.values).toEqual({ A: 'environment', B: 'file' });
  });

  test.each([
    ['{', /cannot be read as JSON/],
    [{ IsEncrypted: true, Values: {} }, /an encrypted file can be read by the Core Tools alone/],
    [{ Values: { SECRET: 7 } }, /SECRET/],
  ])('the file %j is refused', async (json, why) => {
    const { file } = await fileOf('local.settings.json', json);

    await expect(readSettings(file, {})).rejects.toThrow(why);
  });

  test('every %NAME% in a text is replaced', () => {
    const settings = createSettings({ HOUR: '2', DAYS: '1-5' });

    expect(settings.resolve('0 0 %HOUR% * * %DAYS%')).toBe('0 0 2 * * 1-5');
    expect(settings.resolve('plain')).toBe('plain');
  });

  test('a name that is not set is an error that names it', () => {
    expect(() => createSettings({}).resolve('%NIGHTLY%')).toThrow(
      '%NIGHTLY% does not resolve to a value: set the app setting NIGHTLY',
    );
  });

  test('a connection is looked for with the prefix of the host first', () => {
    const settings = createSettings({ AzureWebJobsStorage: 'prefixed', Storage: 'plain', Other: 'other' });

    expect(['Storage', 'AzureWebJobsStorage', 'Other'].map((name) => settings.connection(name))).toEqual([
      'prefixed',
      'prefixed',
      'other',
    ]);
  });

  test.each([
    [{}, /Store is not among the app settings/],
    [{ Store: '' }, /Store is not among the app settings/],
    [{ Store__queueServiceUri: 'https://x' }, /an identity \(Store__queueServiceUri\), which works in Azure alone/],
  ])('of the settings %j no connection can be made', (values, why) => {
    expect(() => createSettings(values).connection('Store')).toThrow(why);
  });
});

describe('host.json', () => {
  test('what it does not say is as the host has it', async () => {
    const { folder } = await fileOf('host.json', { version: '2.0' });

    expect(await readHostFile(folder, {})).toEqual({
      functionTimeout: 30 * MINUTE,
      routePrefix: 'api',
      queues: {
        batchSize: 16,
        newBatchThreshold: 8,
        maxDequeueCount: 5,
        visibilityTimeout: 0,
        maxPollingInterval: MINUTE,
        messageEncoding: 'base64',
      },
    });
  });

  test('a setting overrides what it says, as in Azure', async () => {
    const queues = { batchSize: 1, newBatchThreshold: 0, maxPollingInterval: '00:00:15' };
    const { folder } = await fileOf('host.json', { version: '2.0', functionTimeout: '-1', extensions: { queues } });

    const hostFile = await readHostFile(folder, {
      AzureFunctionsJobHost__extensions__queues__batchSize: '4',
      AzureFunctionsJobHost__extensions__queues__maxPollingInterval: '00:00:01',
      AzureFunctionsJobHost__extensions__http__routePrefix: '/',
    });

    expect(hostFile).toMatchObject({
      functionTimeout: null,
      routePrefix: '',
      queues: { batchSize: 4, newBatchThreshold: 0, maxPollingInterval: SECOND },
    });
  });

  test('every wrong value is named at once', async () => {
    const queues = { batchSize: 33, visibilityTimeout: '60', maxPollingInterval: '00:00:00' };
    const { folder } = await fileOf('host.json', { version: '1.0', extensions: { queues } });

    const error: unknown = await readHostFile(folder, {}).catch((thrown: unknown) => thrown);

    for (const name of ['version', 'batchSize', 'visibilityTimeout', 'maxPollingInterval']) {
      expect(String(error)).toContain(name);
    }
  });

  test.each([
    ['00:30:00', 30 * MINUTE],
    ['1.02:03:04.5', DAY + 2 * HOUR + 3 * MINUTE + 4.5 * SECOND],
    ['00:00:00.1', 100],
    ['24:00:00', null],
    ['30', null],
    ['00:60:00', null],
    ['-00:01:00', null],
  ])('the time span %s is %j ms', (text, span) => {
    expect(parseTimeSpan(text)).toBe(span);
  });
});
