import { expect, test } from 'vitest';
import { oktaRepairsOver } from '../../shared/okta/repairs.ts';
import type { OktaRepairs } from '../../shared/ports/okta-repairs.ts';

/** What Okta may say and the simulated tenants do not: one answer to every read. */
function answering(body: unknown): OktaRepairs {
  return oktaRepairsOver({
    rights: async () => [],
    untilRoom: () => 0,
    origin: 'https://acme.okta.com',
    get: async () => ({ body, link: null }),
    send: async () => ({ requestId: null }),
  });
}

test('groups that grant an app come by their priority, in whatever order Okta lists them', async () => {
  const okta = answering([{ id: '00gLast', priority: 2 }, { id: '00gFirst' }, { id: '00gNext', priority: 1 }]);

  await expect(okta.groupsGranting('0oa365')).resolves.toEqual(['00gFirst', '00gNext', '00gLast']);
});

test('an AD group shows its mail where Okta has it, and what Okta does not say is null', async () => {
  const source = { href: 'https://acme.okta.com/api/v1/apps/0oaAd' };
  const group = { type: 'APP_GROUP', _links: { source } };
  const okta = answering([
    { ...group, id: '00gNews', profile: { name: 'News', mail: 'news@acme.com', objectSid: 'S-1-5-21-1' } },
    { ...group, id: '00gPlain', profile: { name: 'Plain', groupType: 'Security' } },
  ]);

  await expect(okta.oktaGroups('00uAda')).resolves.toMatchObject([
    { directory: { instance: '0oaAd', mail: 'news@acme.com', sid: 'S-1-5-21-1', groupType: null } },
    { directory: { instance: '0oaAd', mail: null, sid: null, groupType: 'Security' } },
  ]);
});

test('a group of another app’s import, without a source, is none of a directory', async () => {
  const okta = answering([{ id: '00gTeam', type: 'APP_GROUP', profile: { name: 'Team' } }]);

  await expect(okta.oktaGroups('00uAda')).resolves.toMatchObject([{ id: '00gTeam', directory: null }]);
});

test('a rule without an expression, without groups and without exceptions has none', async () => {
  const okta = answering([{ id: '0prA', status: 'INVALID' }]);

  await expect(okta.groupRules()).resolves.toEqual([
    { id: '0prA', name: '', status: 'INVALID', expression: '', groups: [], excludedUsers: [] },
  ]);
});

test('of the System Log every event counts whose time can be read and whose type was asked for, however little it says', async () => {
  const eventType = 'system.import.start';
  const okta = answering([
    { eventType, published: '2026-11-23T02:00:00.000Z', target: [{ id: '0oaAd' }] },
    { eventType, published: 'yesterday' },
    { eventType: 'user.session.start', published: '2026-11-23T02:00:00.000Z' },
  ]);

  await expect(okta.events({ types: [eventType], since: 0, until: 1 })).resolves.toEqual([
    {
      type: eventType,
      at: Date.parse('2026-11-23T02:00:00.000Z'),
      succeeded: false,
      actor: { id: '', name: '' },
      transaction: null,
      targets: [{ id: '0oaAd', type: '', name: '' }],
    },
  ]);
});

test.each([[{ id: '00uAda' }], [[]], [null]])(
  'an assignment that is no app user is not taken for one that is gone (%j)',
  async (body) => {
    await expect(answering(body).assignmentDetail('0oa365', '00uAda')).rejects.toMatchObject({ kind: 'invalid' });
  },
);
