import { describe, expect, inject, test } from 'vitest';
import { stateTools } from '../../shared/wiring.ts';
import { recordingLog } from '../loopback.ts';
import { reanchorOf } from '../flows/second-night.ts';
import { queueRepair } from '../../shared/flows/scan/queue-repairs.ts';
import { abandonRepair } from '../../shared/flows/abandon.ts';
import { nightOf } from '../flows/night.ts';
import { tenantOf } from '../rosters/tenant.ts';
import { anchorwatch } from './run.ts';

const { connectionString } = inject('azurite');
const STORED = { env: { AzureWebJobsStorage: connectionString } };

describe('stop and resume', () => {
  test('name whoever stopped the repairs first, and let them begin again', async () => {
    const first = await anchorwatch(['stop', '--by', 'ada'], STORED);
    const second = await anchorwatch(['stop', '--by', 'grace'], STORED);
    const { state } = stateTools({ kind: 'connection-string', connectionString }, recordingLog());
    expect((await state.marks.get('mark', 'stop'))?.row.by).toBe('ada');

    const resumed = await anchorwatch(['resume', '--by', 'bob'], STORED);
    const again = await anchorwatch(['resume', '--by', 'bob'], STORED);

    expect([first.code, second.code, resumed.code, again.code]).toEqual([0, 0, 0, 0]);
    expect(second.out).toMatch(/stopped by ada since 20/);
    expect([resumed.out, again.out]).toEqual(['Repairs may begin again.\n', 'Repairs were not stopped.\n']);
    expect(await state.marks.get('mark', 'stop')).toBeNull();
  });

  test('want a name', async () => {
    expect((await anchorwatch(['stop'], STORED)).code).toBe(2);
    expect((await anchorwatch(['stop', '--by', ' '], STORED)).code).toBe(2);
  });
});

describe('the journal of a repair', () => {
  test('shows each row with its step and what came of it, by the id of the repair', async () => {
    const { state } = stateTools({ kind: 'connection-string', connectionString }, recordingLog());
    const night = nightOf(tenantOf(10));
    const tools = { ...night.tools, state };
    await queueRepair('2026-11-23T02-00-00Z', 'r-journal', [reanchorOf(7)], tools);
    await abandonRepair('r-journal', tools);

    const shown = await anchorwatch(['journal', 'r-journal'], STORED);

    expect(shown.code).toBe(1);
    expect(shown.out).toContain('needs-a-person');
    expect(shown.out).toMatch(/preflight +\S+ +ended +rule poison/);
  });

  test('of somebody of whom no run knows a repair says so', async () => {
    const shown = await anchorwatch(['journal', 'nobody@contoso.com'], STORED);

    expect(shown.code).toBe(2);
    expect(shown.err).toContain('know of no repair of "nobody@contoso.com"');
  });
});
