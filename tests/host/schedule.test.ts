import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSchedule, statusAtStart, statusFiles } from '../../local/host/schedule.ts';
import { isoTime, MINUTE, parseTime } from '../../shared/time.ts';
import { makeFolder } from './recorder.ts';

const at = (text: string): number => parseTime(text)!;

describe('readSchedule', () => {
  test.each([
    ['0 0 2 * * *', '2026-11-23T02:00:00.000Z', '2026-11-24T02:00:00.000Z'],
    ['0 0 2 * * *', '2026-11-23T01:59:59.999Z', '2026-11-23T02:00:00.000Z'],
    ['0 */5 * * * *', '2026-11-23T02:00:01.000Z', '2026-11-23T02:05:00.000Z'],
    ['30 15 1-3,22 * * *', '2026-11-23T03:16:00.000Z', '2026-11-23T22:15:30.000Z'],
    ['0 0 2 * * Mon-Fri', '2026-11-21T03:00:00.000Z', '2026-11-23T02:00:00.000Z'],
    ['0 0 2 * * 0', '2026-11-23T03:00:00.000Z', '2026-11-29T02:00:00.000Z'],
    ['0 0 2 1 JAN *', '2026-11-23T03:00:00.000Z', '2027-01-01T02:00:00.000Z'],
    // Both must fit: the next 13th that is a Friday, not the next of either.
    ['0 0 2 13 * 5', '2026-11-14T00:00:00.000Z', '2027-08-13T02:00:00.000Z'],
  ])('"%s" after %s comes at %s', (text, from, next) => {
    const schedule = readSchedule(text);

    expect(isoTime(schedule.next(at(from)))).toBe(next);
  });

  test.each([
    ['0 2 * * *', /five fields/],
    ['0 0 2 * * * 2027', /7 fields/],
    ['@daily', /one field/],
    ['00:05:00', /one field/],
    ['0 0 2 L * *', /field 4/],
    ['0 0 2 * * 7', /0, Sunday, to 6/],
    ['0 0 25 * * *', /out of its range/],
    ['0 0 2 31 2 *', /no such day/],
  ])('"%s" is refused', (text, why) => {
    expect(() => readSchedule(text)).toThrow(why);
  });
});

describe('statusAtStart', () => {
  const schedule = readSchedule('0 0 2 * * *');
  const last = at('2026-11-20T02:00:00.004Z');
  const stored = { last, next: at('2026-11-21T02:00:00Z'), lastUpdated: last };

  test('a timer that was never seen waits for its next occurrence', () => {
    const now = at('2026-11-23T10:00:00Z');

    expect(statusAtStart(null, schedule, now)).toEqual({
      status: { last: null, next: at('2026-11-24T02:00:00Z'), lastUpdated: now },
      pastDue: false,
    });
  });

  test.each([
    ['2026-11-21T01:59:59Z', false],
    ['2026-11-21T02:00:00Z', false],
    ['2026-11-21T02:00:01Z', true],
    ['2026-11-29T00:00:00Z', true],
  ])('started at %s, an occurrence was missed: %s', (now, pastDue) => {
    expect(statusAtStart(stored, schedule, at(now))).toEqual({ status: stored, pastDue });
  });

  test('a timer that has never fired still misses its first occurrence', () => {
    const first = statusAtStart(null, schedule, at('2026-11-20T10:00:00Z')).status;

    expect(statusAtStart(first, schedule, at('2026-11-21T10:00:00Z')).pastDue).toBe(true);
  });

  test('what a changed schedule would have done in the past is not missed', () => {
    const now = at('2026-11-21T12:00:00Z');
    const start = statusAtStart(stored, readSchedule('0 0 * * * *'), now);

    expect(start).toEqual({ status: { last: null, next: now + 60 * MINUTE, lastUpdated: now }, pastDue: false });
  });

  test('a changed schedule whose occurrence is still to come counts from the last call', () => {
    const start = statusAtStart(stored, readSchedule('0 0 4 * * *'), at('2026-11-20T03:00:00Z'));

    expect(start).toEqual({
      status: { last: null, next: at('2026-11-20T04:00:00Z'), lastUpdated: last },
      pastDue: false,
    });
  });
});

describe('statusFiles', () => {
  test('a status is read back as it was written, and no half file is left beside it', async () => {
    const folder = await makeFolder();
    const statuses = statusFiles(join(folder, 'timers'));
    const status = { last: null, next: at('2026-11-24T02:00:00Z'), lastUpdated: at('2026-11-23T10:00:00.250Z') };
    const before = await statuses.read('nightly');

    await statuses.write('nightly', { ...status, last: status.lastUpdated });
    await statuses.write('nightly', status);

    expect(before).toBeNull();
    expect(await statuses.read('nightly')).toEqual(status);
    expect(await readdir(join(folder, 'timers'))).toEqual(['nightly.json']);
    expect(JSON.parse(await readFile(join(folder, 'timers', 'nightly.json'), 'utf8'))).toEqual({
      Last: '0001-01-01T00:00:00+00:00',
      Next: '2026-11-24T02:00:00.000+00:00',
      LastUpdated: '2026-11-23T10:00:00.250+00:00',
    });
  });

  test('a file that is no status is an error that names it', async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'nightly.json'), '{"Next":');

    await expect(statusFiles(folder).read('nightly')).rejects.toThrow(/nightly\.json is no schedule status: delete it/);
  });
});
