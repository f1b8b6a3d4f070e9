import { duration, oktaGroupId, oneOf, wholeNumber } from '../kinds.ts';
import type { DefaultedSetting, Section, Setting } from '../setting.ts';

export const EXCLUSION_GROUP = {
  ...oktaGroupId(),
  name: 'ANCHORWATCH_EXCLUSION_GROUP',
  about:
    'Id of the Okta group whose members a group rule leaves out of the group that grants Office 365: the rule ends in `and !isMemberOfGroup("<this id>")`. Make one for this alone: whoever is repaired is in it for some minutes, so it may grant nothing, and no other rule may ask for it. With it people whose Office 365 comes from that group are unassigned and assigned again by joining and leaving this one. Without it a person is led through it in the console.',
  example: '00g5e6f7g8h9i0j1k2l3',
} satisfies Setting<string>;

export const ALLOW_RESIDUE = {
  ...oneOf(['no', 'yes']),
  name: 'ANCHORWATCH_ALLOW_RESIDUE',
  fallback: 'no',
  about:
    'Whether a UPN may be parked on a name that is not among the person’s own addresses yet. Exchange keeps such a name as an address of the mailbox for good.',
  example: 'no',
} satisfies DefaultedSetting<'no' | 'yes'>;

export const DIRECTORY_GROUPS = {
  ...oneOf(['operator', 'directories-api']),
  name: 'ANCHORWATCH_DIRECTORY_GROUPS',
  fallback: 'operator',
  about:
    'Who takes people out of AD groups and puts them back where Entra does not catch up by itself: an operator who is told, or Okta’s `groups/modify`. Okta documents the latter for instances with just-in-time provisioning, which Universal Sync excludes: try it first.',
  example: 'operator',
} satisfies DefaultedSetting<'operator' | 'directories-api'>;

/** All waits in seconds, so that a test may shorten them as far as it likes. */
function seconds(name: string, fallback: number, about: string, most = 604_800): DefaultedSetting<number> {
  const example = String(fallback);
  return {
    ...duration(1_000, 1, most),
    name: `ANCHORWATCH_REPAIR_${name}`,
    fallback: example,
    unit: 'seconds',
    about,
    example,
  };
}

function howMany(name: string, fallback: number, unit: string, about: string): DefaultedSetting<number> {
  const example = String(fallback);
  return { ...wholeNumber(1, 1_000), name: `ANCHORWATCH_REPAIR_${name}`, fallback: example, unit, about, example };
}

export const TIMES = {
  lease: seconds(
    'LEASE',
    300,
    'For how long a worker has a repair to itself. Shorter than the ten minutes for which the queue hides a message.',
    540,
  ),
  request: seconds(
    'REQUEST',
    30,
    'Within which a write is answered, or given up. Whoever takes over a dead worker’s repair waits this long first.',
    120,
  ),
  budget: seconds('BUDGET', 240, 'How long one call works before it leaves the rest to the next.', 1_500),
  shortWait: seconds(
    'SHORT_WAIT',
    20,
    'The longest that a call waits for something itself; what takes longer is left to a later call.',
    300,
  ),
  fresh: seconds('FRESH', 30, 'How old a look may be when the write that it allows is sent.', 60),
  lag: seconds(
    'LAG',
    120,
    'Longer than Entra’s slowest replica: what was written and is not seen by then is written again.',
    3_600,
  ),
  poll: seconds('POLL', 5, 'From one look to the next while something is expected any moment.', 600),
  settle: seconds(
    'SETTLE',
    60,
    'For how long a UPN must be seen back before Okta may look for the account by it. Too early, and Okta makes a second account.',
    3_600,
  ),
  gone: seconds(
    'GONE',
    60,
    'Between the two reads that show an assignment gone. Okta’s task behind it runs in that time.',
    3_600,
  ),
  parked: seconds('PARKED', 300, 'Nobody stays parked for longer without an alarm.', 86_400),
  quiet: seconds('QUIET', 600, 'Without any unassignment, before *Deactivate Users* is switched on again.', 86_400),
  hold: seconds(
    'HOLD',
    7_200,
    'A hold on *Deactivate Users* that is open for longer takes nobody further, and a person is told.',
    86_400,
  ),
  afterBroken: seconds(
    'AFTER_BROKEN',
    64_800,
    'After a hold was broken, or its first person was not intact, nobody is unassigned for so long: somebody has to look first.',
  ),
  recheck: seconds(
    'RECHECK',
    2_400,
    'How long a passed preflight is believed. Whoever waits longer for the turn to be unassigned is looked at afresh. Shorter than the hour for which a preflight sees no import from Office 365 coming.',
    3_600,
  ),
  unsync: seconds(
    'UNSYNC',
    600,
    'How long Entra is given at least to cease showing an unassigned person as synchronised, where the pilot saw that it does; twice as long as it took then, where that is more.',
    86_400,
  ),
  provision: seconds(
    'PROVISION',
    900,
    'How long Okta may take to provision an assignment before a person is told.',
    86_400,
  ),
  catchUp: seconds(
    'CATCH_UP',
    86_400,
    'How long Entra is given to catch up with the groups by itself, unless two group jobs have run before.',
  ),
  importDue: seconds(
    'IMPORT_DUE',
    1_800,
    'With `directories-api`, a group is left only when the next import of its AD instance is due within this time, or somebody is there who starts it. Of one that is further off, or late by as much, somebody is told who may start it.',
  ),
  cycle: seconds('CYCLE', 3_600, 'What counts as a sync cycle where the System Log shows no group job.'),
  remind: seconds(
    'REMIND',
    43_200,
    'After which, and as often, a person who is waited for is reminded, and is told of whatever else keeps a repair waiting.',
  ),
  out: seconds(
    'OUT',
    7_200,
    'The same for somebody who was taken out of a group and waits for an import: nothing that is sent to the group arrives meanwhile.',
  ),
};

export const ATTEMPTS = howMany(
  'ATTEMPTS',
  5,
  'attempts',
  'How often one step is done without being seen before a person is asked.',
);
export const UNSETTLED = howMany('UNSETTLED', 5, 'people', 'How many unassignments may be unsettled at a time.');
export const WAVE = howMany('WAVE', 25, 'people', 'How many people are in a hold at a time and not settled yet.');

export const REPAIR: Section = {
  title: 'Repairs',
  intro:
    'How a repair is carried out. The defaults are meant to be left alone; what a tenant allows is found out by a pilot, not set here.',
  settings: [EXCLUSION_GROUP, ALLOW_RESIDUE, DIRECTORY_GROUPS, ATTEMPTS, UNSETTLED, WAVE, ...Object.values(TIMES)],
};
