import { expect, test } from 'vitest';
import { MAIL_ROLES, READ_ROLES } from '../../local/world/options.ts';
import { createMail } from '../../shared/entra/mail.ts';
import { deliver } from '../../shared/flows/tend/deliver.ts';
import type { FaultScriptInput } from '../../local/http/faults/script.ts';
import { tell } from '../../shared/flows/tell.ts';
import { DAY, MINUTE } from '../../shared/time.ts';
import { misbehave, realNight } from '../nights/tenants.ts';
import { notice, PLAIN } from './postbox.ts';

/** Notices on their way through the real face to the tenant's mailbox, over sockets. */
async function post(drafts: boolean) {
  const night = await realNight({
    seed: 'deliver mail',
    people: 10,
    graph: { roles: [...READ_ROLES, ...MAIL_ROLES], tokenLifetime: DAY },
  });
  const { created, tenants, clock, tools } = night;
  const { state } = created.inside;
  const from = [...state.entraUsers.list(null, clock.now())].find(({ mail }) => mail !== null)?.userName ?? '';
  const credential = { kind: 'managed-identity', clientId: created.credentials.identity.clientId } as const;
  const to = { digest: ['identity@contoso.com'], decisions: ['boss@contoso.com'], alarms: ['oncall@contoso.com'] };
  const graph = { graphUrl: tenants.addresses.graph, credential, rateShare: 1 };
  const mail = createMail(graph, { from, to, drafts }, { clock, log: tools.log, random: () => 0.5 });
  const telling = { channels: [mail], wording: PLAIN, attempts: 8, tenant: 'contoso', pageUrl: null };
  const sending = { ...tools, telling };
  return {
    fault: (fault: FaultScriptInput['rules'][number]['fault'], times = 1) =>
      misbehave(night, [{ when: { side: 'graph', method: 'POST', times }, fault }]),
    mails: () => [...state.mails.values()],
    told: (id: string) => tell(notice(id), sending),
    rounds: async (times: number) => {
      for (let round = 0; round < times; round += 1) {
        await clock.wait(5 * MINUTE);
        await deliver(sending);
      }
    },
  };
}

const LOST: readonly FaultScriptInput['rules'][number]['fault'][] = [
  { kind: 'socket-closed', when: 'before-headers', reached: true },
  { kind: 'outage', status: 503, reached: true },
];

test.each(LOST)('a mail whose answer was lost is found in Sent Items, and not sent again: %j', async (fault) => {
  const { fault: meet, mails, told, rounds } = await post(true);
  await told('one');
  meet(fault, 2);
  await rounds(6);

  expect(mails().filter(({ sent }) => sent !== null)).toHaveLength(1);
  expect(mails()[0]?.headers).not.toHaveProperty('x-anchorwatch-repeat');
});

test.each(LOST)('without the right to look it is sent again, and says so: %j', async (fault) => {
  const { fault: meet, mails, told, rounds } = await post(false);
  await told('one');
  meet(fault);
  await rounds(4);

  const [first, second, ...more] = mails();
  expect(more).toEqual([]);
  expect(second?.internetMessageId).toBe(first?.internetMessageId);
  expect([first, second].map((mail) => mail?.headers['x-anchorwatch-repeat'])).toEqual([undefined, 'possible']);
});

test('more than a mailbox may send in a minute all arrive, once each', async () => {
  const { mails, told, rounds } = await post(true);
  for (let at = 0; at < 40; at += 1) await told(`n-${at}`);
  await rounds(3);

  expect(new Set(mails().map(({ internetMessageId }) => internetMessageId)).size).toBe(40);
  expect(mails().filter(({ sent }) => sent !== null)).toHaveLength(40);
});
