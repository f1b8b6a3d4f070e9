import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnchorwatchError } from '../../shared/errors.ts';
import { DOES, readDeed } from '../../shared/web/deed.ts';

const CHECKSUM = 'a'.repeat(64);

test.each([
  [
    `does=approve&checksum=${CHECKSUM}&run=r&who=00u1&who=00u2&sure=yes`,
    { does: 'approve', checksum: CHECKSUM, who: ['00u1', '00u2'] },
  ],
  [`does=reject&checksum=${CHECKSUM}&run=r&who=a%40b&sure=yes`, { does: 'reject', who: ['a@b'] }],
  ['does=ignore&person=00u1&reason=leaves&until=2027-01-31', { until: Date.parse('2027-01-31T00:00:00Z') }],
  ['does=undo&repair=r-1&sure=yes', { does: 'undo', repair: 'r-1' }],
  ['does=stop', { does: 'stop' }],
])('a form is read: %s', (body, deed) => {
  expect(readDeed(body)).toMatchObject(deed);
});

test.each([
  ['', 'does'],
  ['does=delete', 'does'],
  [`does=approve&checksum=${CHECKSUM}&who=00u1`, 'Tick the box'],
  [`does=approve&checksum=${CHECKSUM}&sure=yes`, 'Tick whom it is about'],
  [`does=approve&checksum=${CHECKSUM.slice(0, 12)}&who=00u1&sure=yes`, '64 hexadecimal digits'],
  ['does=ignore&person=00u1&reason=leaves&until=soon', 'a day such as'],
  ['does=done&repair=..%2f..&asked=1', 'an id'],
  ['does=done&repair=r-1&asked=soon', 'a time'],
  ['does=confirm&run=r&sure=yes', 'baseline'],
  ['does=resume', 'Tick the box'],
])('a form that is not whole is refused with the field: %s', (body, message) => {
  expect(() => readDeed(body)).toThrow(message);
});

test('whatever is sent is a decision or is refused, and no value of it is said again', () => {
  const field = fc.constantFrom('does', 'checksum', 'who', 'sure', 'person', 'repair', 'run', 'until', '__proto__');
  const value = fc.oneof(fc.string(), fc.constantFrom<string>(...DOES, 'yes', 'SECRET-VALUE'));
  fc.assert(
    fc.property(fc.array(fc.tuple(field, value)), (fields) => {
      const body = new URLSearchParams(fields).toString();
      try {
        expect(DOES).toContain(readDeed(body).does);
      } catch (error) {
        expect(error).toBeInstanceOf(AnchorwatchError);
        expect(error).toMatchObject({ kind: 'invalid', message: expect.not.stringContaining('SECRET-VALUE') });
      }
    }),
  );
});
