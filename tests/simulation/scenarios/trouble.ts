import { stopRepairs } from '../../../shared/flows/stop.ts';
import type { StepName } from '../../../shared/state/repair-rows.ts';
import { HOUR } from '../../../shared/time.ts';
import type { Trouble } from '../scheduler.ts';
import type { Made, Scenario } from '../simulation.ts';
import {
  bothStale,
  byDirectoriesApi,
  byExclusionGroup,
  entraStale,
  lately,
  once,
  plain,
  PLAIN,
  repairing,
  settings,
} from '../staging.ts';

/** From the moment that a step is over on, something does not get through for a while. */
function troubleAfter(
  step: StepName,
  outcome: 'ready' | 'over',
  kind: Trouble['kind'],
  hits: Trouble['hits'],
  hours: number,
): NonNullable<Scenario['meanwhile']> {
  return once(step, outcome, ({ scheduler }) => {
    scheduler.trouble = { kind, hits, until: scheduler.now + hours * HOUR };
  });
}

function named(...names: readonly string[]): Trouble['hits'] {
  return (name) => names.includes(name);
}

function side(name: 'okta' | 'entra'): Trouble['hits'] {
  return (effect) => effect.startsWith(`${name}.`);
}

/** A tenant that says no to one write for an hour, at each step that writes: behind which step, to what, and how that ends. */
const REFUSALS: readonly (readonly [string, StepName, 'ready' | 'over', readonly string[], Scenario['end']])[] = [
  ['opening the hold is refused', 'preflight', 'ready', ['okta.switchDeactivate'], 'refused'],
  ['the unassignment is refused', 'hold', 'over', ['okta.unassign'], 'undone'],
  ['the park is refused', 'unassign', 'over', ['entra.setUserName'], 'undone'],
  ['the anchor is refused', 'park', 'over', ['entra.setAnchor'], 'undone'],
  [
    'all writes are refused once somebody is parked',
    'park',
    'over',
    ['entra.setAnchor', 'entra.setUserName'],
    'undone',
  ],
  ['the unpark is refused', 'anchor', 'over', ['entra.setUserName'], 'done'],
  ['the assignment is refused', 'unpark', 'over', ['okta.assign'], 'done'],
  ['closing the hold is refused', 'assign', 'over', ['okta.switchDeactivate'], 'done'],
];

const REFUSED: readonly Scenario[] = [
  ...REFUSALS.map(
    ([name, step, outcome, calls, end]): Scenario => ({
      name,
      ...plain,
      repairs: repairing(1, entraStale),
      meanwhile: troubleAfter(step, outcome, 'denied', named(...calls), 1),
      end,
    }),
  ),
  {
    name: 'taking somebody out of a group by the API is refused',
    settings: byDirectoriesApi,
    world: { synced: 'never', switches: { regroup: 'after-rejoin', directoriesApi: 'refused' } },
    repairs: repairing(1, entraStale),
    end: 'needs-a-person',
  },
  {
    name: 'whoever was excluded is turned back',
    settings: byExclusionGroup,
    world: PLAIN,
    repairs: repairing(1, entraStale, 'GROUP'),
    meanwhile: troubleAfter('unassign', 'over', 'denied', named('entra.setUserName'), 1),
    end: 'undone',
  },
];

/** Nothing of a side gets through for hours, with somebody half-way. */
const OUTAGES: readonly Scenario[] = [
  {
    name: 'Okta is down while somebody is parked',
    ...plain,
    repairs: repairing(1, entraStale),
    meanwhile: troubleAfter('park', 'over', 'transient', side('okta'), 3),
    end: 'done',
  },
  {
    name: 'Graph is down while somebody is parked',
    ...plain,
    repairs: repairing(1, bothStale),
    meanwhile: troubleAfter('park', 'over', 'transient', side('entra'), 3),
    end: 'done',
  },
  {
    name: 'Okta is down while the hold is open',
    ...plain,
    repairs: repairing(2, entraStale),
    meanwhile: troubleAfter('assign', 'over', 'transient', side('okta'), 3),
    end: ['done', 'refused'],
  },
];

/** Whoever looks after our tables loses all that there is of a repair. */
async function lose({ state }: Made): Promise<void> {
  const rows: [string, string, string][] = [];
  for await (const { row, etag } of state.repairs.list('repair-1')) {
    if (row.kind === 'head') rows.push(['repair-1', 'head', etag]);
  }
  for await (const { row, etag } of state.repairs.list('open')) {
    if (row.kind === 'open') rows.push(['open', row.repair, etag]);
  }
  for (const [partition, key, etag] of rows) await state.repairs.remove(partition, key, etag);
}

const LOST: readonly Scenario[] = [
  {
    name: 'all rows of a repair are lost while somebody is parked',
    settings,
    // A push would put the UPN back, and there were nobody to find.
    world: { synced: 'never', switches: { regroup: 'by-itself', latePush: 'never' } },
    repairs: repairing(1, entraStale),
    meanwhile: once('park', 'over', (made) => void lose(made)),
    excused: ['UPN', 'assignment', 'memberships'],
    tells: 'Somebody is parked, and no repair knows of it',
    end: 'done',
  },
];

/** Six holds' worth of people, few at a time. */
function several(made: Made['created']) {
  const usual = settings(made);
  return { ...usual, repair: { ...usual.repair, unsettled: 2, wave: 4 } };
}

const MANY: readonly Scenario[] = [
  {
    name: 'seven people, two of them unsettled at a time',
    settings: several,
    world: { ...PLAIN, people: 30 },
    repairs: repairing(7, entraStale),
    end: 'done',
  },
  {
    name: 'one hold after another',
    ...plain,
    repairs: repairing(2, entraStale),
    atOnce: 1,
    meanwhile: once('release', 'over', (made) => void made.queueNext()),
    end: 'done',
  },
  {
    name: 'repairs are stopped in the middle',
    ...plain,
    repairs: repairing(2, entraStale),
    meanwhile: once('unassign', 'intent', (made) => void stopRepairs('ada', made.desk)),
    end: ['done', 'refused'],
  },
  {
    name: 'whoever drifted lately is in all groups yet, and stays in them',
    ...plain,
    repairs: repairing(2, lately),
    // A group job that comes by while the first one's worker is dead breaks the hold, and is told.
    end: ['done', 'refused'],
  },
  {
    name: 'a leaver before the park',
    ...plain,
    repairs: repairing(1, entraStale),
    meanwhile: once('unassign', 'over', (made, { user }) => made.created.hands.dismiss(user, made.scheduler.now)),
    excused: ['assignment'],
    end: 'needs-a-person',
  },
];

export const TROUBLE: readonly Scenario[] = [...REFUSED, ...OUTAGES, ...LOST, ...MANY];
