import { AnchorwatchError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { EntraReader } from '../../shared/ports/entra.ts';
import type { OktaReader, Page } from '../../shared/ports/okta.ts';
import type { ListName } from '../../shared/state/read-plan.ts';
import { HOUR, type Instant } from '../../shared/time.ts';
import { FURTHER, NOW, type Tenant } from './tenant.ts';

/** What goes wrong with one page. Pages count from 0 in the order in which they are first asked for. */
export interface Fault {
  readonly list: ListName;
  readonly page: number;
  readonly kind: 'drop' | 'repeat-page' | 'repeat-rows' | 'swap-pages' | 'swap-rows' | 'shorten' | 'empty' | 'cut';
  /** Rows lost by `shorten`. */
  readonly lose: number;
  /** Only the first time the page is asked for; else every time. */
  readonly once: boolean;
}

export interface Settings {
  readonly pageSize: number;
  readonly faults?: readonly Fault[];
  /** Milliseconds a request takes. */
  readonly cost?: number;
  /** Called before each request, with how many there were. */
  readonly onRequest?: (requests: number, list: ListName | 'single') => void;
}

export interface Readers {
  readonly okta: OktaReader;
  readonly entra: EntraReader;
  readonly clock: Clock & { at: Instant };
}

export function testClock(): Clock & { at: Instant } {
  const clock = {
    at: NOW,
    now: () => clock.at,
    wait: async (ms: number) => {
      clock.at += ms;
    },
    deadline: () => ({ signal: new AbortController().signal, end: () => undefined }),
  };
  return clock;
}

/** The two ports over a tenant: pages by key in order of id, as a directory that changes underneath would give them. */
export function readersOf(tenant: Tenant, { pageSize, faults = [], cost = 0, onRequest }: Settings): Readers {
  const clock = testClock();
  const asked = new Map<ListName, (string | null)[]>();
  let requests = 0;

  function request(list: ListName | 'single'): void {
    requests += 1;
    // What happens on the way there is in the answer, and older than it.
    onRequest?.(requests, list);
    clock.at += cost;
  }

  function paged<Row>(list: ListName, rows: ReadonlyMap<string, Row>, cursor: string | null): Page<Row> {
    request(list);
    const ids = [...rows.keys()].sort();
    const from = cursor === null ? 0 : ids.filter((id) => id <= cursor).length;
    const cursors = asked.get(list) ?? [];
    asked.set(list, cursors);
    const isFirstTime = !cursors.includes(cursor);
    if (isFirstTime) cursors.push(cursor);
    const number = cursors.indexOf(cursor);

    function sound(at: number): Page<Row> {
      const part = ids.slice(at, at + pageSize);
      const next = at + pageSize < ids.length ? (part.at(-1) ?? null) : null;
      return { rows: part.map((id) => rows.get(id)!), next, leftOut: 0 };
    }

    const wrong = faults.filter((fault) => fault.list === list && (!fault.once || isFirstTime));
    return wrong.reduce(
      (page, fault) => spoil(fault, number, page, (shift) => sound(Math.max(0, from + shift * pageSize))),
      sound(from),
    );
  }

  const okta: OktaReader = {
    directoryPage: async (instance, cursor) =>
      paged(`directory:${instance}`, tenant.directories.get(instance)!, cursor),
    assignmentPage: async (app, cursor) =>
      app === FURTHER
        ? paged(`further:${FURTHER}`, tenant.further, cursor)
        : paged('assignments', tenant.assignments, cursor),
    lastImport: async () => ({ began: clock.at - 2 * HOUR, ended: clock.at - HOUR }),
    directoryAccount: async (instance, user) => {
      request('single');
      return tenant.directories.get(instance)?.get(user) ?? null;
    },
    assignment: async (_app, user) => {
      request('single');
      return tenant.assignments.get(user) ?? null;
    },
    assignmentsNamed: async (_app, userName) => {
      request('single');
      return [...tenant.assignments.values()].filter((one) => one.userName?.toLowerCase() === userName.toLowerCase());
    },
    apps: notRead,
    anchorMapping: notRead,
    provisioning: notRead,
    user: notRead,
    groupsOf: notRead,
    groupMembers: notRead,
    rulesFeeding: notRead,
    editableAttributes: notRead,
    isAdministrator: notRead,
  };
  const entra: EntraReader = {
    usersPage: async (cursor) => paged('users', tenant.users, cursor),
    deletedPage: async (cursor) => paged('deleted', tenant.deleted, cursor),
    userCount: async () => {
      request('single');
      return tenant.users.size;
    },
    deletedCount: async () => {
      request('single');
      return tenant.deleted.size;
    },
    usersByAddress: async (address) => {
      request('single');
      const isOf = (text: string | null): boolean => text?.toLowerCase() === address.toLowerCase();
      return [...tenant.users.values()].filter(({ userName, mail }) => isOf(userName) || isOf(mail));
    },
    usersOnDomain: async (domain) => {
      request('single');
      return [...tenant.users.values()].filter(({ userName }) => userName.toLowerCase().endsWith(`@${domain}`));
    },
    domains: notRead,
    organization: notRead,
    signInHost: notRead,
    user: notRead,
    usersByAnchor: notRead,
    deletedByAnchor: notRead,
    privileges: notRead,
    lastSignIn: notRead,
    holdings: notRead,
    licenseNames: notRead,
    anchorChange: notRead,
  };
  return { okta, entra, clock };
}

/** Turns the answer for page `number` into what the fault makes of it; `at(1)` is the sound page behind it. */
function spoil<Row>(fault: Fault, number: number, page: Page<Row>, at: (shift: number) => Page<Row>): Page<Row> {
  const isPartner = number === fault.page + 1;
  if (fault.kind === 'swap-pages' && isPartner) return at(-1);
  if (fault.kind === 'swap-rows' && isPartner) return { ...page, rows: at(-1).rows };
  if (number !== fault.page) return page;
  const isFirst = number === 0;
  const isLast = page.next === null;
  switch (fault.kind) {
    case 'drop':
      return isLast ? { rows: [], next: null, leftOut: 0 } : at(1);
    case 'repeat-page':
      return isFirst ? page : at(-1);
    case 'repeat-rows':
      return isFirst ? page : { ...page, rows: at(-1).rows };
    case 'swap-pages':
      return isLast ? page : at(1);
    case 'swap-rows':
      return isLast ? page : { ...page, rows: at(1).rows };
    case 'shorten':
      return { ...page, rows: [...page.rows].slice(0, Math.max(0, page.rows.length - fault.lose)) };
    case 'empty':
      return { ...page, rows: [] };
    default:
      return { ...page, next: null };
  }
}

async function notRead(): Promise<never> {
  throw new AnchorwatchError('invalid', 'This is not read for the rosters');
}
