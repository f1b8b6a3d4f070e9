import { DAY, type Instant, isoTime, parseTime } from '../../../shared/time.ts';
import { hash32 } from '../dice.ts';
import type { Reply } from '../routes.ts';
import type { OktaCall, OktaRoute } from './context.ts';
import { SYSTEM } from './events.ts';
import { exactText, type Fields, parseFilter } from './filter.ts';
import { type Import, importsBetween, isStopped, type Pause, within } from './imports.ts';
import { page } from './paging.ts';
import type { EventRecord } from './records.ts';
import { invalid } from './refusal.ts';

/** How long Okta keeps its System Log. */
const RETENTION = 90 * DAY;

export const logRoutes: readonly OktaRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/logs',
    query: ['since', 'until', 'filter', 'limit', 'after', 'sortOrder'],
    needs: ['okta.logs.read'],
    handle: listEvents,
  },
];

/**
 * Events in a bounded query end; without `until` the query is polled, and each page links to a next one for ever. Those of imports are
 * computed from their schedules.
 */
function listEvents(call: OktaCall): Reply {
  const { query } = call.target;
  const until = timeOf(query.get('until'), 'until') ?? call.now;
  const since = Math.max(timeOf(query.get('since'), 'since') ?? until - 7 * DAY, call.now - RETENTION);
  const matches = query.has('filter') ? parseFilter(query.get('filter') ?? '', FIELDS) : () => true;
  const order = query.get('sortOrder') ?? 'ASCENDING';
  if (order !== 'ASCENDING' && order !== 'DESCENDING') throw invalid('sortOrder', 'ASCENDING or DESCENDING.');

  const end = Math.min(until, call.now + 1);
  const scheduled = call.settings.imports.flatMap((schedule) => importsBetween(schedule, since, end));
  const imports = [...scheduled, ...call.state.clicked].flatMap((one) => eventsOf(one, call.state.pauses));
  const events = [...imports, ...call.state.events]
    .filter((event) => event.published >= since && event.published < end && matches(event))
    .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const list = {
    name: `logs ${order}`,
    usual: 100,
    most: 1_000,
    above: 'refuse',
    endless: !query.has('until'),
    rows: (after: string | null) =>
      order === 'ASCENDING'
        ? events.filter((event) => after === null || keyOf(event) > after)
        : events.toReversed().filter((event) => after === null || after === '' || keyOf(event) < after),
    keyOf,
  } as const;
  return page(call, list, eventJson);
}

const FIELDS: Fields<EventRecord> = {
  eventType: exactText((event) => event.eventType, ['eq', 'sw', 'co']),
  'actor.id': exactText((event) => event.actor.id),
  // An event has several targets; one of them is enough.
  'target.id': { operators: ['eq'], test: (_, value) => (event) => event.targets.some(({ id }) => id === value) },
  'outcome.result': exactText((event) => event.result),
  'transaction.id': exactText((event) => event.transaction),
};

function timeOf(text: string | undefined, name: string): Instant | null {
  if (text === undefined) return null;
  const instant = parseTime(text);
  if (instant === null) throw invalid(name, 'The time must be in ISO 8601 with a time zone.');
  return instant;
}

/** An import that the safeguard stopped has begun, and nothing more is heard of it. */
function eventsOf(one: Import, pauses: readonly Pause[]): readonly EventRecord[] {
  const { schedule, began, ended, succeeded, transaction } = one;
  if (within(pauses, began)) return [];
  const { app, label } = schedule;
  const common = { actor: SYSTEM, transaction, targets: [{ id: app, type: 'AppInstance', name: label }] } as const;
  const start = {
    ...common,
    eventType: 'system.import.start',
    message: 'Import started',
    published: began,
    result: 'SUCCESS',
    reason: null,
  } as const;
  if (isStopped(one, pauses)) return [start];
  const complete = { ...common, eventType: 'system.import.complete', message: 'Import complete', published: ended };
  return [
    start,
    succeeded
      ? { ...complete, result: 'SUCCESS', reason: null }
      : { ...complete, result: 'FAILURE', reason: 'The agent did not answer.' },
  ];
}

/** Several of one cause may stand in the log at one instant. */
function keyOf({ published, transaction, eventType, targets }: EventRecord): string {
  return `${isoTime(published)} ${transaction} ${eventType} ${targets.map(({ id }) => id).join(' ')}`;
}

function eventJson(event: EventRecord) {
  const mark = hash32(keyOf(event)).toString(16).padStart(8, '0');
  const { actor } = event;
  return {
    uuid: `${mark}-0000-11f0-8000-${mark}0000`,
    version: '0',
    published: isoTime(event.published),
    eventType: event.eventType,
    displayMessage: event.message,
    severity: event.result === 'SUCCESS' ? 'INFO' : 'ERROR',
    actor: { id: actor.id, type: actor.type, alternateId: actor.name, displayName: actor.name },
    outcome: { result: event.result, reason: event.reason },
    transaction: { type: 'JOB', id: event.transaction, detail: {} },
    debugContext: { debugData: {} },
    target: event.targets.map(({ id, type, name }) => ({
      id,
      type,
      alternateId: name,
      displayName: name,
      detailEntry: null,
    })),
  };
}
