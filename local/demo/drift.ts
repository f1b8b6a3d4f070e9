import { renderRun } from '../../cli/report/run.ts';
import { confirmBaseline } from '../../shared/flows/decide.ts';
import { readFindings } from '../../shared/flows/scan/snapshot.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { State, Stored } from '../../shared/ports/state.ts';
import type { RepairRow } from '../../shared/state/repair-rows.ts';
import type { RunRow } from '../../shared/state/rows.ts';
import { DAY, MINUTE } from '../../shared/time.ts';
import { stateTools } from '../../shared/wiring.ts';
import { type Answer, checkAnswer } from '../answer.ts';
import type { ProcessSet } from '../processes.ts';
import { bringUp, type Stack } from '../stack.ts';
import { READ_ROLES, READ_SCOPES, WRITE_ROLES, WRITE_SCOPES } from '../world/options.ts';
import { QUIET, say, width } from './say.ts';

/** Okta's own limits would make two nights of single reads take an hour; the demo is about what happens, not how long. */
const WORLD = {
  synced: 'universal-sync',
  // Hours after the world began. Between the nights people come, go and drift, as imports bring it. In the first three minutes of the
  // second night a user name changes every one and a half seconds, so that people change while the read runs. They are matched before
  // and after: whatever the read makes of them, the answer key stays exact.
  churn: [
    ...(['created', 'deleted', 're-anchored', 'drifted', 'healed'] as const).map((kind) => ({
      kind,
      people: 3,
      from: 2,
      until: 16,
    })),
    { kind: 'renamed', people: 120, from: 24, until: 24.05 },
  ],
  okta: {
    scopes: [...READ_SCOPES, ...WRITE_SCOPES],
    limits: { apps: 1e6, app: 1e6, groups: 1e6, users: 1e6, logs: 1e6, token: 1e6, other: 1e6 },
  },
  graph: { roles: [...READ_ROLES, ...WRITE_ROLES] },
};
const TENANTS = { people: 2_000, seed: 'demo' };
const SETTINGS = {
  ANCHORWATCH_MODE: 'remediate',
  // Two percent of these people are 39; the default of 25 repairs a night would freeze the plan.
  ANCHORWATCH_MAX_REPAIRS: '39',
  AzureFunctionsJobHost__extensions__queues__maxPollingInterval: '00:00:00.2',
};

/** Longer than any demo: what has not happened by then will not. */
const PATIENCE = 2 * MINUTE;

interface Watch {
  readonly state: State;
  readonly clock: Clock;
}

/** Two nights on one machine: the baseline, which a person confirms, and one that queues what may be repaired. */
export async function findDrift(set: ProcessSet, folder: string): Promise<boolean> {
  say('Bringing up storage, an Okta org and an Entra tenant of 2,000 people, with every kind of drift planted …');
  const stack = await bringUp(set, { folder, keep: false, tenants: TENANTS, world: WORLD });
  const watch = stateTools({ kind: 'connection-string', connectionString: stack.connectionString }, QUIET);

  say(
    '\nNight 1. The timer fires; nothing is known of this tenant yet, so this run is a baseline and repairs nothing.',
  );
  const first = await night(stack, watch, 0);
  say(`  ${first.summary?.paired ?? 0} people are paired, ${first.summary?.matched ?? 0} match.`);
  await confirmBaseline(first.id, 'the operator of this demo', watch);
  say('  The operator has looked at these counts and confirms them (anchorwatch confirm).');

  say(
    '\nNight 2. What two good runs have seen, of people who opted in, is queued; the repair function looks again at each.\n',
  );
  const second = await night(stack, watch, DAY);
  const repairs = await settled(second.id, watch);
  const seen = await readFindings(second.id, watch);
  say(renderRun({ run: second, seen, checked: second.id, repairs, baseline: null, remembers: true }, width()));

  const key = await stack.desk.answerKey();
  const meanwhile = key.changes.filter(({ at }) => at > second.began && at < (second.ended ?? second.began));
  say(`\nWhile the second night ran, ${meanwhile.length} people were renamed on all sides; that is no drift.`);
  return conclude(
    checkAnswer(
      second,
      seen.map(({ finding }) => finding),
      key,
    ),
  );
}

/** Starts the host with its clock so far ahead, fires the nightly timer by hand, and waits until the run is done. */
async function night(stack: Stack, watch: Watch, offset: number): Promise<RunRow> {
  await stack.desk.shift(offset);
  const host = await stack.startHost({ port: 0, settings: SETTINGS, clockOffset: offset });
  await host.trigger('nightly');
  const run = await until(watch.clock, async () => {
    for await (const { row } of watch.state.runs.list('run', { limit: 1 })) {
      if (row.state !== 'reading' && row.scheduled > watch.clock.now() + offset - DAY) return row;
    }
    return null;
  });
  if (run.summary?.queued !== 0) await settled(run.id, watch);
  await host.stop();
  return run;
}

/** The heads of the run's repairs, once the repair function has looked at each of them. */
async function settled(run: string, { state, clock }: Watch): Promise<RepairRow[]> {
  const ids = (await readFindings(run, { state })).map(({ repair }) => repair).filter((id) => id !== null);
  return until(clock, async () => {
    const heads = await Promise.all(ids.map((id) => state.repairs.get(id, 'head')));
    const rows = heads.flatMap((head) => (isHead(head) ? [head.row] : []));
    return rows.length === ids.length && rows.every((row) => row.state !== 'queued') ? rows : null;
  });
}

function isHead(stored: Awaited<ReturnType<State['repairs']['get']>>): stored is Stored<RepairRow> {
  return stored?.row.kind === 'head';
}

async function until<Found>(clock: Clock, look: () => Promise<Found | null>): Promise<Found> {
  const limit = clock.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (clock.now() > limit)
      throw new Error('Nothing happened for two minutes; run it again with DEBUG=1 to see the log.');
    await clock.wait(100);
  }
}

function conclude({ planted, found, decoys, wrong }: Answer): boolean {
  say(
    `\nAgainst the answer key: ${found} of ${planted} planted cases found with the right verdict, relation, impact and spelling;`,
  );
  say(
    `none of ${decoys} decoys may be reported. ${wrong.length === 0 ? 'Everything is as planted.' : `${wrong.length} are wrong:`}`,
  );
  for (const sentence of wrong) say(`  ${sentence}`);
  return wrong.length === 0;
}
