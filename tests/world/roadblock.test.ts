import { expect, it } from 'vitest';
import { HOUR, type Instant, MINUTE } from '../../shared/time.ts';
import type { Json } from './callers.ts';
import { Office } from './office.ts';

/** An AD group of the person's, and the two directories. */
function office() {
  const made = new Office();
  const groups: Json[] = made.oktaRows(`/api/v1/users/${made.user}/groups`);
  const { id: group, _links } = groups.find(({ type }) => type === 'APP_GROUP');
  const directory: string = _links.source.href.split('/').at(-1);
  const [other] = made.created.ids.directories.filter(({ id }) => id !== directory);
  if (other === undefined) throw new Error('there is one directory only');
  const { hands } = made.created;
  return { made, hands, group, directory, other: other.id, isIn, eventsSince };

  function isIn(): boolean {
    return made.oktaRows(`/api/v1/users/${made.user}/groups`).some(({ id }) => id === group);
  }

  /** The import events of one directory since an instant. */
  function eventsSince(instant: Instant, of: string): string[] {
    const since = new Date(instant).toISOString();
    const filter = encodeURIComponent(`eventType sw "system.import" and target.id eq "${of}"`);
    const until = new Date(made.now + 1).toISOString();
    return made.oktaRows(`/api/v1/logs?since=${since}&until=${until}&filter=${filter}`).map((event) => event.eventType);
  }
}

it('pauses the imports of every directory until somebody resumes them, and the log tells of both', () => {
  const { made, hands, directory, other, eventsSince } = office();
  const paused = made.now;

  hands.tripSafeguard(directory, made.now);
  made.now += 12 * HOUR;

  expect(eventsSince(paused, directory)).toEqual(['system.import.roadblock']);
  expect(eventsSince(paused, other)).toEqual([]);
  hands.resumeImports(directory, made.now);
  const resumed = made.now;
  made.now += 3 * HOUR;
  expect(eventsSince(resumed, directory)).toEqual(
    expect.arrayContaining(['system.import.start', 'system.import.complete']),
  );
  expect(eventsSince(resumed, directory)[0]).toBe('system.import.roadblock.resume');
  expect(eventsSince(resumed, other)).toContain('system.import.complete');
});

it('keeps changes in Active Directory from Okta, which hears of them from the first import afterwards', () => {
  const { made, hands, group, directory, isIn } = office();
  hands.tripSafeguard(directory, made.now);

  hands.changeGroup(made.user, group, 'leave', made.now);
  made.now += 12 * HOUR;
  expect(isIn()).toBe(true);
  hands.resumeImports(directory, made.now);
  made.now += 3 * HOUR;

  expect(isIn()).toBe(false);
});

it('takes its end from an import that runs, and what it would have brought', () => {
  const { made, hands, group, directory, other, isIn, eventsSince } = office();
  made.now += MINUTE;
  const began = made.now;
  hands.changeGroup(made.user, group, 'leave', began);
  hands.clickImport(directory, began);

  hands.tripSafeguard(other, began + MINUTE);
  made.now += HOUR;

  expect(eventsSince(began, directory).filter((type) => type === 'system.import.start')).toHaveLength(1);
  expect(eventsSince(began, directory)).not.toContain('system.import.complete');
  expect(isIn()).toBe(true);
});

it('lets nobody start an import by hand', () => {
  const { made, hands, directory, other, eventsSince } = office();
  const paused = made.now;
  hands.tripSafeguard(other, paused);

  hands.clickImport(directory, paused + MINUTE);
  made.now += HOUR;

  expect(eventsSince(paused + 1, directory)).toEqual([]);
});

it('leaves the imports of the org paused while another directory is', () => {
  const { made, hands, directory, other, eventsSince } = office();
  hands.tripSafeguard(directory, made.now);
  hands.tripSafeguard(other, made.now);
  hands.resumeImports(directory, made.now + MINUTE);
  hands.resumeImports(directory, made.now + 2 * MINUTE);
  made.now += 2 * MINUTE;
  const after = made.now + 1;
  made.now += 12 * HOUR;

  expect(eventsSince(after, directory)).toEqual([]);
});

it('is of a directory, and of nothing else', () => {
  const { made, hands } = office();

  expect(() => hands.tripSafeguard(made.app, made.now)).toThrow('no Active Directory');
});
