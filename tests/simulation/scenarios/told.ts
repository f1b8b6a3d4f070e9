import { MAIL_ROLES } from '../../../local/world/options.ts';
import { HOUR, MINUTE } from '../../../shared/time.ts';
import { copiesOf } from '../mails.ts';
import { decide } from '../night.ts';
import type { Trouble } from '../scheduler.ts';
import type { Made, Scenario } from '../simulation.ts';
import { bothStale, entraStale, once, plain, PLAIN, repairing } from '../staging.ts';
import { proposing } from './decided.ts';

const FROZEN = 'The plan is frozen; nothing was repaired';

/** As soon as the mail of the freeze is in the mailbox of whoever decides. */
function onceRead(act: (made: Made) => void): NonNullable<Scenario['meanwhile']> {
  const done = new WeakSet<object>();
  return (made) => {
    if (done.has(made.mirror)) return;
    const notice = [...made.mirror.outbox.values()].find(({ kind }) => kind === 'freeze');
    if (notice === undefined || copiesOf(notice, made).length === 0) return;
    done.add(made.mirror);
    act(made);
  };
}

/** How the mailbox answers for a while, of whose folders replicas know late: in which way of telling, how, to what. */
const TROUBLES: readonly (readonly [NonNullable<Scenario['mails']>, Trouble['kind'], string])[] = [
  ['at once', 'denied', 'mail.sendMail'],
  ['at once', 'unheard', 'mail.sendMail'],
  ['drafts', 'transient', 'mail.send'],
  ['drafts', 'unheard', 'mail.send'],
];

/** Every way to be told, and what people decide who were. */
export const TOLD: readonly Scenario[] = [
  {
    name: 'a plan freezes, and whoever reads the mail approves it',
    ...plain,
    settings: proposing,
    mails: 'at once',
    isFrozen: true,
    repairs: repairing(1, entraStale),
    meanwhile: onceRead(({ errand }) => errand('person', (tools) => decide('approve', null, tools))),
    tells: FROZEN,
    end: 'done',
  },
  {
    name: 'a plan freezes, is told by a draft, and is approved but for one who is rejected',
    ...plain,
    settings: proposing,
    mails: 'drafts',
    isFrozen: true,
    repairs: repairing(2, bothStale),
    meanwhile: onceRead(({ errand, repairs }) => {
      const [, second] = repairs;
      errand('person', async (tools) => {
        await decide('reject', [second?.[0]?.user ?? ''], tools);
        await decide('approve', null, tools);
      });
    }),
    tells: FROZEN,
    end: 'done',
  },
  {
    name: 'a proposal lapses, and is approved too late',
    ...plain,
    settings: (created) => {
      const usual = proposing(created);
      return { ...usual, policy: { ...usual.policy, approvalFor: 30 * MINUTE } };
    },
    mails: 'at once',
    isFrozen: true,
    repairs: repairing(1, entraStale),
    async prepare({ errand, scheduler }) {
      errand('person', (tools) => decide('approve', null, tools), scheduler.now + HOUR);
    },
    tells: FROZEN,
    end: [],
  },
  ...(['at once', 'drafts'] as const).map(
    (mails): Scenario => ({
      name: `a leaver in the gap, of whom a mail tells: ${mails}`,
      ...plain,
      mails,
      repairs: repairing(1, entraStale),
      meanwhile: once('anchor', 'over', (made, { user }) => made.created.hands.dismiss(user, made.scheduler.now)),
      excused: ['assignment', 'copy'],
      end: 'needs-a-person',
    }),
  ),
  ...TROUBLES.map(
    ([mails, kind, call]): Scenario => ({
      name: `what is asked of the mailbox for half an hour, ${call} (${mails}), is ${kind}`,
      world: { ...PLAIN, graph: { quota: 1e9, roles: MAIL_ROLES, replicaLag: 8 * MINUTE } },
      mails,
      settings: proposing,
      isFrozen: true,
      repairs: repairing(1, entraStale),
      async prepare({ scheduler }) {
        scheduler.trouble = { kind, hits: (name) => name === call, until: scheduler.now + 30 * MINUTE };
      },
      tells: FROZEN,
      end: [],
    }),
  ),
];
