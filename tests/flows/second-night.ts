import { expect } from 'vitest';
import type { FlowSettings } from '../../shared/flows/tools.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import type { Stored } from '../../shared/ports/state.ts';
import type { RunRow } from '../../shared/state/rows.ts';
import { anchorOf, nameOf, objectId, oktaId, type Tenant, tenantOf } from '../rosters/tenant.ts';
import { type Night, nextDay, nightOf, OPTED_IN, runNight } from './night.ts';

/** Lets Entra hold an old anchor for this person. */
export function drift(tenant: Tenant, number: number): void {
  const id = objectId(number);
  tenant.users.set(id, { ...tenant.users.get(id)!, anchor: anchorOf(number + 5_000) });
}

/** The repair that a run plans for somebody who drifted so. */
export function reanchorOf(number: number): PlannedRepair {
  return {
    key: `${oktaId(number)}.${objectId(number)}`,
    user: oktaId(number),
    objectId: objectId(number),
    userName: nameOf(number),
    recipe: 'reanchor',
    park: true,
    after: null,
    before: { a: anchorOf(number), o: anchorOf(number), e: anchorOf(number + 5_000) },
    witness: 'seen-matched',
  };
}

export async function lastRun(night: Night): Promise<RunRow> {
  for await (const { row } of night.tools.state.runs.list('run')) return row;
  throw new Error('there is no run');
}

export async function rowsOf<Row, Part>(rows: AsyncIterable<Stored<Row>>, part: (row: Row) => Part): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const { row } of rows) parts.push(part(row));
  return parts;
}
export async function confirmBaseline(night: Night): Promise<void> {
  const { id } = await lastRun(night);
  await night.tools.state.marks.put({ name: 'baseline', at: night.clock.at, run: id, by: 'ada', note: '' });
}

/** A tenant of 200 with one drifted person who is opted in, after a confirmed baseline. */
export async function secondNight(options: Parameters<typeof nightOf>[1] = {}): Promise<Night> {
  const tenant = tenantOf(200);
  drift(tenant, 7);
  const night = nightOf(tenant, options);
  night.groups.set(OPTED_IN, [oktaId(7)]);
  expect(await runNight(night)).toBe('good');
  await confirmBaseline(night);
  nextDay(night);
  return night;
}

/** Two nights of 200 people, a confirmed baseline between them, and drifted people of whom nobody has opted in. */
export async function asked(numbers: readonly number[], settings: Partial<FlowSettings> = {}): Promise<Night> {
  const tenant = tenantOf(200);
  for (const number of numbers) drift(tenant, number);
  const night = nightOf(tenant, { settings: { mode: 'propose', ...settings } });
  expect(await runNight(night)).toBe('good');
  await confirmBaseline(night);
  nextDay(night);
  expect(await runNight(night)).toBe('good');
  return night;
}

/** The same of two people who hold each other’s anchors. */
export async function ringed(): Promise<Night> {
  const tenant = tenantOf(200);
  for (const [number, other] of [
    [7, 8],
    [8, 7],
  ] as const)
    tenant.users.set(objectId(number), { ...tenant.users.get(objectId(number))!, anchor: anchorOf(other) });
  const night = nightOf(tenant);
  await runNight(night);
  await confirmBaseline(night);
  nextDay(night);
  await runNight(night);
  return night;
}
