import { diceOf } from '../../local/world/dice.ts';
import type { RepairFlowTools } from '../../shared/flows/repair.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import { Scheduler } from '../../tests/simulation/scheduler.ts';
import { portsOver } from './clients.ts';
import { Line, SILENT } from './line.ts';
import type { Office, Patient } from './office.ts';
import { Watch } from './watch.ts';

type Ports = Pick<RepairFlowTools, 'okta' | 'entra'>;

export interface NaiveNight {
  readonly line: Line;
  readonly watch: Watch;
  readonly ended: Instant;
  /** Full imports that were started and waited for, by AD instance. */
  readonly imports: ReadonlyMap<string, number>;
}

/** Okta's article as a script: its steps in their order, person after person, without a look, and with a hold for each. */
export async function naiveNight(office: Office, seed: string): Promise<NaiveNight> {
  const scheduler = new Scheduler(office.begin, diceOf(`${seed} order`).next);
  const clock = scheduler.clockOf({ name: 'script', offset: 0, dead: false });
  const watch = new Watch(office);
  const line = new Line(office, diceOf(`${seed} line`).next, (now) => watch.look(now));
  const ports = portsOver(line, { clock, log: SILENT, random: diceOf(`${seed} retry`).next });
  const imports = new Map<string, number>();
  const all = async (): Promise<void> => {
    for (const patient of office.patients) await article(patient, office, ports, clock, imports);
  };
  const work = all();
  while (!scheduler.isIdle) await scheduler.step();
  await work;
  return { line, watch, ended: scheduler.now, imports };
}

async function article(
  { user, plan, assignment }: Patient,
  { created: { ids, hands, inside } }: Office,
  { okta, entra }: Ports,
  clock: Clock,
  imports: Map<string, number>,
): Promise<void> {
  const app = ids.office365;
  const effect = () => ({ until: clock.now() + MINUTE, correlation: 'naive' });
  const parked = `${plan.userName.split('@')[0]}@${inside.state.tenant.initialDomain}`;
  await okta.switchDeactivate(app, 'DISABLED', effect());
  await okta.unassign(app, user, effect());
  await entra.setUserName(plan.objectId, parked, effect());
  await again(() => entra.setAnchor(plan.objectId, plan.before.a, effect()), clock);
  await again(() => entra.setUserName(plan.objectId, plan.userName, effect()), clock);
  const { licenses, roles } = assignment;
  await okta.assign(app, { user, scope: 'USER', userName: plan.userName, profile: { licenses, roles } }, effect());
  const groups = (await okta.oktaGroups(user)).flatMap(({ id, directory: in_ }) =>
    in_ === null ? [] : [{ id, ...in_ }],
  );
  for (const change of ['leave', 'join'] as const) {
    for (const group of groups) hands.changeGroup(user, group.id, change, clock.now());
    const instance = groups[0]?.instance ?? ids.directories[0]?.id ?? '';
    const since = clock.now();
    hands.clickImport(instance, since);
    imports.set(instance, (imports.get(instance) ?? 0) + 1);
    // Somebody looks every minute whether it is over.
    while (((await okta.lastImport(instance, since))?.began ?? 0) < since) await clock.wait(MINUTE);
  }
  await okta.switchDeactivate(app, 'ENABLED', effect());
}

/** A replica that has not heard of the step before refuses the next one; whoever sits there tries once more. */
async function again(act: () => Promise<unknown>, clock: Clock): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await act();
      return;
    } catch (error) {
      if (tries === 5) throw error;
      await clock.wait(10 * SECOND);
    }
  }
}
