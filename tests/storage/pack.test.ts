import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { MAX_PACKED, packFirst, packRows, unpackRows } from '../../shared/state/pack.ts';
import { failure } from './fixtures.ts';

const json = z.unknown();

test('any JSON value is packed and unpacked as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.stringify(unpackRows(json, packRows(value, 'It'), 'It'))).toBe(JSON.stringify(value));
    }),
  );
});

test('a page of 999 users fits one row, and is far from its limit', () => {
  const users = Array.from({ length: 999 }, (_, index) => ({
    id: randomBytes(16).toString('hex'),
    userPrincipalName: `first.last${index}@example.com`,
    onPremisesImmutableId: randomBytes(16).toString('base64'),
    onPremisesSecurityIdentifier: `S-1-5-21-${randomBytes(4).readUInt32LE()}-${randomBytes(4).readUInt32LE()}-${index}`,
    displayName: randomBytes(12).toString('base64'),
    mail: `${randomBytes(6).toString('hex')}@example.com`,
    employeeId: String(randomBytes(4).readUInt32LE()),
    createdDateTime: '2026-11-23T02:00:00Z',
    assignedLicenses: [{ skuId: randomBytes(16).toString('hex') }],
    proxyAddresses: Array.from({ length: 4 }, () => `smtp:${randomBytes(8).toString('hex')}@example.com`),
  }));
  const packed = packRows(users, 'A page');
  expect(packed.length).toBeLessThan(MAX_PACKED / 2);
  expect(unpackRows(z.array(z.looseObject({ id: z.string() })), packed, 'A page')).toEqual(users);
});

test('what does not fit one row is refused with the numbers', async () => {
  const noise = randomBytes(800_000).toString('base64');
  const message = await failure(() => packRows([noise], 'Page 3 of the users'), 'invalid');
  expect(message).toMatch(
    /^Page 3 of the users is too large for one row: \d{7} bytes of JSON, \d{6} packed; \d+ and 720896 fit\./,
  );
});

test.each([
  [0, 0],
  [1, 1],
  [14, 14],
  [15, 14],
  [100, 14],
])('of %i items of 64 kB the first %i are in a row', (amount, count) => {
  const items = Array.from({ length: amount }, (_, at) => `${at}${randomBytes(48 * 1024).toString('base64')}`);
  const first = packFirst(items, 'It');

  expect(first.count).toBe(count);
  expect(unpackRows(z.array(z.string()), first.packed, 'It')).toEqual(items.slice(0, count));
});

test('of items of which the first does not fit a row none is packed', async () => {
  const items = [randomBytes(800_000).toString('base64'), 'small'];
  expect(await failure(() => packFirst(items, 'A proposal'), 'invalid')).toContain('A proposal is too large');
});

const endless: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));

test.each([
  ['nothing', undefined],
  ['a function', () => 1],
  ['what is nested without end', endless],
])('what is no JSON value is refused: %s', async (_, value) => {
  expect(await failure(() => packRows(value, 'It'), 'invalid')).toContain('no JSON value');
});

test('what was not packed here is refused, never a crash', async () => {
  const packed = packRows({ a: 1 }, 'It');
  const flipped = packed.slice();
  flipped[12] = (flipped[12] ?? 0) ^ 0xff;
  const damaged = [
    new Uint8Array(),
    new Uint8Array([1, 2, 3]),
    packed.slice(0, -5),
    flipped,
    new Uint8Array(gzipSync('{"a":')),
  ];
  for (const bytes of damaged) {
    expect(await failure(() => unpackRows(json, bytes, 'The page'), 'invalid')).toContain(
      'The page cannot be unpacked',
    );
  }
});

test('a few bytes that would unpack to a flood are refused', async () => {
  // Sound JSON, so that nothing but its size is wrong with it.
  const flood = new Uint8Array(gzipSync(Buffer.concat([Buffer.from('7'), Buffer.alloc(65 * 1024 * 1024, ' ')])));
  expect(await failure(() => unpackRows(json, flood, 'The page'), 'invalid')).toContain('too many');
});

test('what was packed of another shape is refused with the place', async () => {
  const packed = packRows([{ id: 7 }], 'It');
  expect(await failure(() => unpackRows(z.array(z.object({ id: z.string() })), packed, 'It'), 'invalid')).toContain(
    '0.id: ',
  );
});
