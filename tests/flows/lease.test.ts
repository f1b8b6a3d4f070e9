import { expect, test } from 'vitest';
import { LEASE_TIME, takeLease } from '../../shared/flows/lease.ts';
import { LEASES } from '../../shared/state/specs.ts';
import { memoryTable } from '../../shared/storage/memory-table.ts';
import { MINUTE } from '../../shared/time.ts';
import { testClock } from '../rosters/readers.ts';

function desk() {
  const clock = testClock();
  const leases = memoryTable(LEASES);
  return { clock, take: (owner: string) => takeLease('scan', { leases, clock, owner }) };
}

test('whoever waited longer than the lease lasts holds it still while nobody else has taken it', async () => {
  const { clock, take } = desk();
  const lease = await take('slow worker');
  clock.at += LEASE_TIME + 10 * MINUTE;

  await lease!.keep();

  expect(await take('another worker')).toBeNull();
});

test('whoever comes back after another has taken the lease has lost it, also when the other is done', async () => {
  const { clock, take } = desk();
  const [early, late] = [await take('slow worker'), await take('another worker')];
  expect(late).toBeNull();
  clock.at += LEASE_TIME + MINUTE;
  const taken = await take('another worker');

  await expect(early!.keep()).rejects.toMatchObject({ kind: 'conflict', message: expect.stringContaining('"scan"') });
  await taken!.keep();
  await taken!.release();
  await expect(early!.keep()).rejects.toMatchObject({ kind: 'conflict' });
});
