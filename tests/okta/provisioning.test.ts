import { describe, expect, test } from 'vitest';
import { org, refusal } from './org.ts';

const FEATURES = '/api/v1/apps/0oa365/features';
const DEFAULT = 'hasDirectoryUser()?findDirectoryUser().externalId:null';

function mappings(...expressions: ReadonlyArray<string | null>) {
  const source = { id: 'oty1', name: 'user', type: 'user' };
  const target = { id: '0oa365', name: 'office365', type: 'appuser' };
  const list = expressions.map((_, index) => ({ id: `prm${index}`, source, target }));
  const backwards = { id: 'prmback', source: target, target: source };
  const single = expressions.map((expression, index) => [
    `/api/v1/mappings/prm${index}`,
    {
      body: {
        properties: {
          displayName: { expression: 'user.x' },
          ...(expression === null ? {} : { immutableId: { expression } }),
        },
      },
    },
  ]);
  return org({ '/api/v1/mappings': { body: [...list, backwards] }, ...Object.fromEntries(single) });
}

const outbound = (status: string, lifecycle: unknown): unknown => ({
  name: 'USER_PROVISIONING',
  status,
  capabilities: { create: {}, update: { profile: { status: 'ENABLED' }, lifecycleDeactivate: lifecycle } },
});

const inbound = (schedule: unknown): unknown => ({
  name: 'INBOUND_PROVISIONING',
  status: 'ENABLED',
  capabilities: { importSettings: { schedule }, importRules: {} },
});

const event = (kind: string, at: string, transaction: string | null, result = 'SUCCESS'): unknown => ({
  eventType: `system.import.${kind}`,
  published: `2026-11-${at}:00.000Z`,
  outcome: { result },
  transaction: { id: transaction, type: 'JOB' },
});

const instant = (at: string): number => Date.parse(`2026-11-${at}:00.000Z`);

describe('the mapping of the anchor', () => {
  test.each([
    [[DEFAULT], DEFAULT, true],
    [
      ['hasDirectoryUser() ? findDirectoryUser().externalId : null'],
      'hasDirectoryUser() ? findDirectoryUser().externalId : null',
      true,
    ],
    [['appuser.consistencyGuid'], 'appuser.consistencyGuid', false],
    [[DEFAULT, DEFAULT], DEFAULT, true],
    [[DEFAULT, 'user.id'], `${DEFAULT} ; user.id`, false],
    [[null], null, false],
    [[], null, false],
  ])('%j is read as %j, default %s', async (expressions, expression, isDefault) => {
    const { okta, server } = await mappings(...expressions);

    await expect(okta.anchorMapping('0oa365')).resolves.toEqual({ expression, isDefault });
    expect(server.to('/mappings')[0]?.query.get('targetId')).toBe('0oa365');
    expect(server.to('/prmback')).toHaveLength(0);
  });

  test('that may not be read is denied, not thought to be the default', async () => {
    const { okta } = await org({ '/api/v1/mappings': refusal(403, 'E0000006') });

    await expect(okta.anchorMapping('0oa365')).rejects.toMatchObject({ kind: 'denied' });
  });
});

describe('provisioning', () => {
  test.each<readonly [string, readonly unknown[], unknown]>([
    [
      'on',
      [outbound('ENABLED', { status: 'ENABLED' })],
      { deactivateUsers: 'ENABLED', importSchedule: null, nextImport: null },
    ],
    [
      'off',
      [outbound('ENABLED', { status: 'DISABLED' })],
      { deactivateUsers: 'DISABLED', importSchedule: null, nextImport: null },
    ],
    ['not set', [outbound('ENABLED', undefined)], { deactivateUsers: null, importSchedule: null, nextImport: null }],
    [
      'without meaning, as the feature is off',
      [outbound('DISABLED', { status: 'ENABLED' })],
      { deactivateUsers: null, importSchedule: null, nextImport: null },
    ],
    ['absent', [], { deactivateUsers: null, importSchedule: null, nextImport: null }],
    [
      'on, with a schedule of imports',
      [
        outbound('ENABLED', { status: 'ENABLED' }),
        inbound({
          status: 'ENABLED',
          fullImport: { expression: '0 21 * * Mon', timezone: 'UTC' },
          incrementalImport: { expression: '0 * * * *' },
        }),
      ],
      {
        deactivateUsers: 'ENABLED',
        importSchedule: 'full 0 21 * * Mon UTC, incremental 0 * * * *',
        nextImport: instant('23T03:00'),
      },
    ],
    [
      'on, with a schedule that can be read only in part',
      [
        outbound('ENABLED', { status: 'ENABLED' }),
        inbound({
          status: 'ENABLED',
          fullImport: { expression: '0 21 * * *' },
          incrementalImport: { expression: '@hourly?' },
        }),
      ],
      {
        deactivateUsers: 'ENABLED',
        importSchedule: 'full 0 21 * * *, incremental @hourly?',
        nextImport: 'unknown',
      },
    ],
    [
      'on, with a schedule in a time zone that nobody knows',
      [
        outbound('ENABLED', { status: 'ENABLED' }),
        inbound({ status: 'ENABLED', fullImport: { expression: '0 21 * * *', timezone: 'Moon/Tranquility' } }),
      ],
      {
        deactivateUsers: 'ENABLED',
        importSchedule: 'full 0 21 * * * Moon/Tranquility',
        nextImport: 'unknown',
      },
    ],
    [
      'on, with a schedule in a time zone of its own',
      [
        outbound('ENABLED', { status: 'ENABLED' }),
        inbound({ status: 'ENABLED', fullImport: { expression: '0 21 * * *', timezone: 'America/New_York' } }),
      ],
      {
        deactivateUsers: 'ENABLED',
        importSchedule: 'full 0 21 * * * America/New_York',
        nextImport: instant('24T02:00'),
      },
    ],
    [
      'absent, with a schedule that is off',
      [inbound({ status: 'DISABLED', fullImport: { expression: '0 21 * * *' } })],
      { deactivateUsers: null, importSchedule: null, nextImport: null },
    ],
  ])('Deactivate Users is %s', async (_, features, expected) => {
    const { okta } = await org({ [FEATURES]: { body: features } });

    await expect(okta.provisioning('0oa365')).resolves.toEqual(expected);
  });

  test('that is switched off for the app is an answer, not an error', async () => {
    const { okta } = await org({
      [FEATURES]: refusal(400, 'E0000001', 'Provisioning is not enabled for the app instance.'),
    });

    await expect(okta.provisioning('0oa365')).resolves.toEqual({
      deactivateUsers: null,
      importSchedule: null,
      nextImport: null,
    });
  });

  test('that fails for another reason is an error', async () => {
    const { okta } = await org({ [FEATURES]: refusal(400, 'E0000001', 'Api validation failed') });

    await expect(okta.provisioning('0oa365')).rejects.toMatchObject({ kind: 'invalid' });
  });

  test('whose switch reads as something new is an error, never a guess', async () => {
    const { okta } = await org({ [FEATURES]: { body: [outbound('ENABLED', { status: 'PAUSED' })] } });

    await expect(okta.provisioning('0oa365')).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('.status'),
    });
  });
});

describe('the last import of an AD instance', () => {
  const LOGS = '/api/v1/logs';
  const SINCE = Date.parse('2026-11-21T02:00:00Z');

  test.each<readonly [string, readonly unknown[], readonly [string, string] | null]>([
    [
      'the newest that ended well',
      [
        event('complete', '22T12:10', 'b'),
        event('start', '22T12:00', 'b'),
        event('complete', '22T11:10', 'a'),
        event('start', '22T11:00', 'a'),
      ],
      ['22T12:00', '22T12:10'],
    ],
    [
      'in any order of events',
      [
        event('start', '22T11:00', 'a'),
        event('complete', '22T11:10', 'a'),
        event('start', '22T12:00', 'b'),
        event('complete', '22T12:10', 'b'),
      ],
      ['22T12:00', '22T12:10'],
    ],
    [
      'not one that failed',
      [
        event('complete', '22T12:10', 'b', 'FAILURE'),
        event('start', '22T12:00', 'b'),
        event('complete', '22T11:10', 'a'),
        event('start', '22T11:00', 'a'),
      ],
      ['22T11:00', '22T11:10'],
    ],
    [
      'not one that still runs',
      [event('start', '22T12:00', 'b'), event('complete', '22T11:10', 'a'), event('start', '22T11:00', 'a')],
      ['22T11:00', '22T11:10'],
    ],
    [
      'not one whose beginning nobody saw',
      [event('complete', '22T12:10', 'b'), event('complete', '22T11:10', 'a'), event('start', '22T11:00', 'a')],
      ['22T11:00', '22T11:10'],
    ],
    [
      'not two halves without a transaction',
      [event('complete', '22T12:10', null), event('start', '22T12:00', null)],
      null,
    ],
    ['none at all', [], null],
  ])('is %s', async (_, events, expected) => {
    const { okta } = await org({ [LOGS]: { body: events } });

    await expect(okta.lastImport('0oaad', SINCE)).resolves.toEqual(
      expected === null ? null : { began: instant(expected[0]), ended: instant(expected[1]) },
    );
  });

  test('is asked for between two times, for without the second Okta never ends the list', async () => {
    const { okta, server } = await org({
      [LOGS]: (request) => {
        const link = `<http://${request.headers.host}${request.url}&after=x>; rel="next"`;
        return { body: [], headers: request.query.get('until') === null ? { link } : {} };
      },
    });

    await expect(okta.lastImport('0oaad', SINCE)).resolves.toBeNull();
    const { query } = server.to(LOGS)[0]!;
    expect(query.get('since')).toBe('2026-11-21T02:00:00.000Z');
    expect(query.get('until')).toBe('2026-11-23T02:00:00.000Z');
    expect(query.get('filter')).toBe(
      '(eventType eq "system.import.start" or eventType eq "system.import.complete") and target.id eq "0oaad"',
    );
  });

  test('is found across pages', async () => {
    const { okta } = await org({
      [LOGS]: (request) =>
        request.query.get('after') === null
          ? {
              body: [event('complete', '22T12:10', 'b')],
              headers: { link: `<http://${request.headers.host}${request.url}&after=x>; rel="next"` },
            }
          : { body: [event('start', '22T12:00', 'b')] },
    });

    await expect(okta.lastImport('0oaad', SINCE)).resolves.toEqual({
      began: instant('22T12:00'),
      ended: instant('22T12:10'),
    });
  });
});
