import { findingOf } from '../../cli/mail/sample-people.ts';
import { findingKey, type Finding } from '../../shared/compare/finding.ts';

/** So many of each thousand findings have come since, so many more have become worse; as many as came are resolved. */
const NEW = 15;
const WORSE = 5;

/** Base64 of sixteen bytes that end in the number. */
function anchorOf(number: number): string {
  const bytes = Buffer.alloc(16, 7);
  bytes.writeUInt32BE(number, 12);
  return bytes.toString('base64');
}

export function personOf(number: number): {
  readonly user: string;
  readonly objectId: string;
  readonly anchor: string;
} {
  const digits = String(number).padStart(12, '0');
  return { user: `00u1abcd${digits}`, objectId: `5f0c7a31-90de-4b1f-8c55-${digits}`, anchor: anchorOf(number) };
}

/** The findings of the night: those of the first, or of a later one, on which some are resolved, some new and some worse. */
export function someFindings(count: number, night: number): readonly Finding[] {
  const shift = Math.floor((count * NEW) / 1_000) * night;
  const worse = Math.floor((count * WORSE) / 1_000) * night;
  return Array.from({ length: count }, (_, at) => driftOf(shift + at, at < worse));
}

function driftOf(number: number, isWorse: boolean): Finding {
  const { user, objectId, anchor } = personOf(number);
  return findingOf(number, `given.surname${number}@contoso.com`, {
    key: findingKey(user, objectId),
    user,
    objectId,
    impact: isWorse ? 'cannot sign in' : 'groups only',
    a: anchor,
    o: anchor,
    e: anchorOf(number + 5_000_000),
    ou: `OU=Team ${number % 40},OU=People,DC=contoso,DC=com`,
  });
}
