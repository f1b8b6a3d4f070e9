import type { LedgerEntry } from '../../local/http/ledger.ts';
import type { Truth } from '../../local/world/truth.ts';
import { newHead } from '../../shared/flows/scan/queue-repairs.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import type { HoldRow } from '../../shared/state/hold-rows.ts';
import type { JournalRow, RepairRow } from '../../shared/state/repair-rows.ts';
import { MINUTE } from '../../shared/time.ts';
import type { Evidence } from './evidence.ts';

const APP = '0oaApp';
export const USER = '00uAda';
export const ACCOUNT = 'a0000000-0000-4000-8000-000000000001';
export const OTHER = 'a0000000-0000-4000-8000-000000000002';
export const A = 'new+anchor';
export const E = 'old+anchor';

/** What is so of one person and another account. */
export function truth(anchor: string, copy: string): Truth {
  const plain = { userName: 'ada@contoso.com', enabled: true, licenses: ['E3 straight'], groups: ['news'] };
  const assignment = { userName: 'ada@contoso.com', account: ACCOUNT, scope: 'USER', grantedBy: null };
  return {
    at: 0,
    tenant: 't',
    office365: APP,
    groups: { everyone: 'e', granting: 'g', optIn: 'o', exclusion: 'x' },
    deactivate: 'ENABLED',
    people: [
      {
        user: USER,
        status: 'ACTIVE',
        groups: ['e'],
        source: A,
        assignment: { ...assignment, copy, licenses: ['E3'], roles: [] },
      },
    ],
    accounts: [
      { id: ACCOUNT, anchor, ...plain },
      { id: OTHER, anchor: null, ...plain, userName: 'bob@contoso.com' },
    ],
    deleted: [],
  };
}

/** One intent a minute, each followed by its write a second later, and by its outcome. */
const DEEDS = [
  ['hold', 'PUT', `/api/v1/apps/${APP}/features/USER_PROVISIONING`, switchTo('DISABLED')],
  ['unassign', 'DELETE', `/api/v1/apps/${APP}/users/${USER}?sendEmail=false`, ''],
  ['park', 'PATCH', `/v1.0/users/${ACCOUNT}`, '{"userPrincipalName":"ada@contoso.onmicrosoft.com"}'],
  ['anchor', 'PATCH', `/v1.0/users/${ACCOUNT}`, JSON.stringify({ onPremisesImmutableId: A })],
  ['unpark', 'PATCH', `/v1.0/users/${ACCOUNT}`, '{"userPrincipalName":"ada@contoso.com"}'],
  ['assign', 'POST', `/api/v1/apps/${APP}/users`, `{"id":"${USER}"}`],
  ['release', 'PUT', `/api/v1/apps/${APP}/features/USER_PROVISIONING`, switchTo('ENABLED')],
] as const;

export function switchTo(status: string): string {
  return `{"update":{"lifecycleDeactivate":{"status":"${status}"}}}`;
}

export function writes(): LedgerEntry[] {
  return DEEDS.map(([step, method, target, body], at) => ({
    at: at * MINUTE + 1_000,
    side: method === 'PATCH' ? 'graph' : 'okta',
    method,
    target,
    body,
    correlation: method === 'PATCH' ? step : null,
    status: 204,
  }));
}

export function journal(): JournalRow[] {
  return DEEDS.flatMap(([step], index) =>
    (['intent', 'done'] as const).map(
      (outcome, second): JournalRow => ({
        kind: 'step',
        repair: 'r-1',
        sequence: 2 * index + second + 1,
        fence: 1,
        at: index * MINUTE + second * 2_000,
        step,
        member: 0,
        outcome,
        facts: { correlation: step },
      }),
    ),
  );
}

export function head(change: Partial<RepairRow> = {}): RepairRow {
  const planned: PlannedRepair = {
    key: 'k',
    user: USER,
    objectId: ACCOUNT,
    userName: 'ada@contoso.com',
    recipe: 'reanchor',
    park: true,
    after: null,
    before: { a: A, o: A, e: E },
    witness: 'external-id',
  };
  const ended = { sequence: 14, state: 'done', touched: true, due: null, fence: 1 } as const;
  return { ...newHead('run', 'r-1', [planned], 0), ...ended, ...change };
}

export const CLOSED: HoldRow = {
  kind: 'hold',
  app: APP,
  state: 'closed',
  since: 0,
  opened: 0,
  prior: 'ENABLED',
  rest: '',
  byHand: false,
  off: null,
  lastUnassigned: null,
  first: null,
  firstIntact: null,
  broken: null,
  alarmed: null,
  named: null,
  jobs: null,
};

export function night(change: Partial<Evidence> = {}): Evidence {
  return {
    before: truth(E, A),
    after: truth(A, A),
    writes: writes(),
    repairs: [{ id: 'r-1', head: head(), journal: journal() }],
    denied: '00uNobody',
    hold: CLOSED,
    claimed: [],
    notices: [],
    log: ['a quiet line'],
    ...change,
  };
}
