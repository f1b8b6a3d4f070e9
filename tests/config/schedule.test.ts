import { describe, expect, test } from 'vitest';
import { scheduleText } from '../../shared/config/timer.ts';
import { nextScheduled, scheduleFault } from '../../shared/config/schedule.ts';

describe('a schedule', () => {
  test.each([
    '0 0 2 * * *',
    '0 */5 * * * *',
    '0 30 3 * * MON-FRI',
    '0 30 3 * * mon,wed,fri',
    '0,30 0 2 1-7 jan-mar 0',
    '0  0\t2 * * *',
    '0 0 2 29 2 *',
    '0 0 2 13 * 5',
  ])('may be %j', (cron) => {
    expect(scheduleFault(cron)).toBeNull();
  });

  test.each([
    ['0 2 * * *', 'five fields; Azure counts the seconds too, write "0 0 2 * * *"'],
    ['*/15 * * * *', 'five fields; Azure counts the seconds too, write "0 */15 * * * *"'],
    ['0 0 2 * * * 2030', '7 fields'],
    ['@daily', 'one field'],
    ['02:00:00', 'one field'],
    ['60 0 2 * * *', 'a field is out of its range'],
    ['0 0 24 * * *', 'a field is out of its range'],
    ['0 0 2 * 13 *', 'a field is out of its range'],
    ['0 0 2 * * FUN', 'a field is out of its range'],
    ['0 0 2 * * 7', 'the day of the week is 7; Azure counts from 0, Sunday, to 6'],
    ['0 0 2 30 2 *', 'there is no such day'],
    ['0 0 2 30 2 MON', 'there is no such day'],
    ['0 0 2 ? * *', 'field 4 is not one that Azure reads'],
    ['0 0 2 L * *', 'field 4 is not one that Azure reads'],
    ['0 0 2 15W * *', 'field 4 is not one that Azure reads'],
    ['0 0 2 * * 1#2', 'field 6 is not one that Azure reads'],
  ])('may not be %j: %s', (cron, fault) => {
    expect(scheduleFault(cron)).toBe(fault);
  });
});

describe('the text that registers the timer', () => {
  test.each([
    ['0 30 3 * * *', '0 30 3 * * *'],
    ['  0 30 3 * * *  ', '0 30 3 * * *'],
    [undefined, '0 0 2 * * *'],
    ['', '0 0 2 * * *'],
    ['30 3 * * *', '0 0 2 * * *'],
    ['@Microsoft.KeyVault(SecretUri=x)', '0 0 2 * * *'],
    ['\u0000', '0 0 2 * * *'],
  ])('of %j is %j', (text, schedule) => {
    expect(scheduleText({ ANCHORWATCH_SCHEDULE: text })).toBe(schedule);
  });
});

describe('the next time', () => {
  test.each([
    ['0 0 2 * * *', '2026-11-23T01:59:59Z', '2026-11-23T02:00:00.000Z'],
    ['0 0 2 * * *', '2026-11-23T02:00:00Z', '2026-11-24T02:00:00.000Z'],
    ['  0 30 3 * * MON ', '2026-11-23T04:00:00Z', '2026-11-30T03:30:00.000Z'],
    // Azure asks for both days, of the month and of the week.
    ['0 0 2 1 * MON', '2026-11-23T04:00:00Z', '2027-02-01T02:00:00.000Z'],
  ])('of %j after %s is %s', (cron, now, next) => {
    expect(nextScheduled(cron, Date.parse(now))).toBe(Date.parse(next));
  });
});
