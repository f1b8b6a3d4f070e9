import { DAY, type Instant, isoTime, parseTime } from '../../../shared/time.ts';
import { hash32 } from '../dice.ts';
import type { Reply } from '../routes.ts';
import type { OktaCall, OktaRoute } from './context.ts';
import { parseFilter, textField } from './filter.ts';
import { type Import, importsBetween } from './imports.ts';
import { page } from './paging.ts';
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

interface Event {
  readonly eventType: string;
  readonly message: string;
  readonly published: Instant;
  readonly result: 'SUCCESS' | 'FAILURE';
  readonly of: Import;
}

/**
 * Events in a bounded query end; without `until` the query is polled, and each page links to a next one for ever. Every event is
 * computed from the import schedules.
 */
function listEvents(call: OktaCall): Reply {
  const { query } = call.target;
  const until = timeOf(query.get('until'), 'until') ?? call.now;
  const since = Math.max(timeOf(query.get('since'), 'since') ?? until - 7 * DAY, call.now - RETENTION);
  const matches = query.has('filter') ? parseFilter(query.get('filter') ?? '', FIELDS) : () => true;
  const order = query.get('sortOrder') ?? 'ASCENDING';
  if (order !== 'ASCENDING' && order !== 'DESCENDING') throw invalid('sortOrder', 'ASCENDING or DESCENDING.');

  const end = Math.min(until, call.now + 1);
  const events = call.settings.imports
    .flatMap((schedule) => importsBetween(schedule, since, end).flatMap(eventsOf))
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

const FIELDS = {
  eventType: textField((event: Event) => [event.eventType]),
  'target.id': textField((event: Event) => [event.of.schedule.app]),
  'outcome.result': textField((event: Event) => [event.result]),
  'transaction.id': textField((event: Event) => [event.of.transaction]),
};

function timeOf(text: string | undefined, name: string): Instant | null {
  if (text === undefined) return null;
  const instant = parseTime(text);
  if (instant === null) throw invalid(name, 'The time must be in ISO 8601 with a time zone.');
  return instant;
}

function eventsOf(one: Import): readonly Event[] {
  const result = one.succeeded ? 'SUCCESS' : 'FAILURE';
  return [
    { eventType: 'system.import.start', message: 'Import started', published: one.began, result: 'SUCCESS', of: one },
    { eventType: 'system.import.complete', message: 'Import complete', published: one.ended, result, of: one },
  ];
}

function keyOf(event: Event): string {
  return `${isoTime(event.published)} ${event.of.transaction} ${event.eventType}`;
}

function eventJson(event: Event) {
  const { schedule, transaction } = event.of;
  const mark = hash32(keyOf(event)).toString(16).padStart(8, '0');
  return {
    uuid: `${mark}-0000-11f0-8000-${mark}0000`,
    version: '0',
    published: isoTime(event.published),
    eventType: event.eventType,
    legacyEventType: null,
    displayMessage: event.message,
    severity: event.result === 'SUCCESS' ? 'INFO' : 'ERROR',
    actor: { id: 'system', type: 'SystemPrincipal', alternateId: 'system@okta.com', displayName: 'Okta System' },
    outcome: { result: event.result, reason: event.result === 'SUCCESS' ? null : 'The agent did not answer.' },
    transaction: { type: 'JOB', id: transaction, detail: {} },
    debugContext: { debugData: {} },
    target: [
      {
        id: schedule.app,
        type: 'AppInstance',
        alternateId: schedule.label,
        displayName: schedule.label,
        detailEntry: null,
      },
    ],
  };
}
