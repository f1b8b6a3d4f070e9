import { describe, expect, test } from 'vitest';
import { AnchorwatchError } from '../../shared/errors.ts';
import type { FlowSettings } from '../../shared/flows/tools.ts';
import { digestOf } from '../../shared/notify/digest.ts';
import type { GroupRule } from '../../shared/ports/okta-repairs.ts';
import type { EditableAttribute, OktaReader } from '../../shared/ports/okta.ts';
import { inputOf } from '../../cli/mail/sample.ts';
import { tenantOf } from '../rosters/tenant.ts';
import { nextDay, nightOf, OPTED_IN, PROTECTED, runNight, settingsOf } from './night.ts';
import { lastRun } from './second-night.ts';

const RULE: GroupRule = {
  id: '0pr1a2b3c4d5e6f7g8h9',
  name: 'Phones',
  status: 'ACTIVE',
  expression: 'user.mobilePhone != null',
  groups: [OPTED_IN],
  excludedUsers: [],
};

const editable = (...names: readonly string[]): readonly EditableAttribute[] =>
  names.map((name) => ({ name, by: 'everybody' }));

async function warningsWith(
  rules: readonly GroupRule[],
  attributes: readonly EditableAttribute[],
  more: { readonly okta?: Partial<OktaReader>; readonly settings?: Partial<FlowSettings> } = {},
) {
  const night = nightOf(tenantOf(5), {
    okta: { rulesFeeding: async () => rules, editableAttributes: async () => attributes, ...more.okta },
    settings: more.settings ?? {},
  });
  expect(await runNight(night)).toBe('good');
  const { summary } = await lastRun(night);
  return { night, warnings: summary?.warnings ?? [] };
}

describe('a group that a rule feeds from what people may edit', () => {
  test('is told of where it protects: whoever edits themselves out of it is repaired', async () => {
    const { warnings } = await warningsWith([{ ...RULE, groups: [PROTECTED] }], editable('mobilePhone'));

    expect(warnings).toEqual([
      expect.stringMatching(
        /into the protected group 00gProtected by mobilePhone, .* so that they can leave its protection\. Make it/,
      ),
    ]);
  });

  test('is told of for each rule and each group, with the attributes by name, of which five are named', async () => {
    const names = ['city', 'email', 'firstName', 'lastName', 'mobilePhone', 'nickName', 'state'];
    const expression = names.map((name) => `user.${name}`).join(' == ');
    const rules = [RULE, { ...RULE, id: '0pr2', expression, groups: [OPTED_IN, PROTECTED] }];

    const { warnings } = await warningsWith(rules, editable(...names));

    expect(warnings).toHaveLength(3);
    expect(warnings[1]).toContain(
      '(0pr2) puts people into the opted-in group 00gOptedIn by city, email, firstName, lastName, mobilePhone and 2 more, which',
    );
    expect(warnings[1]).toContain('Make them read-only');
    expect(warnings[2]).toContain('(0pr2) puts people into the protected group');
  });

  test('is told of where the expression cannot be understood, in words that do not claim more', async () => {
    const { warnings } = await warningsWith([{ ...RULE, expression: 'user[#x] == 1' }], []);

    expect(warnings).toEqual([expect.stringContaining('by an expression that Anchorwatch does not understand')]);
  });

  test('is told of whole in the digest', async () => {
    const rules = [
      { ...RULE, name: 'x'.repeat(50), expression: 'user.mobilePhone == user.preferredLanguage', groups: [PROTECTED] },
    ];
    const { warnings, night } = await warningsWith(rules, editable('mobilePhone', 'preferredLanguage'));

    const { notLookedAt } = digestOf(inputOf({ run: await lastRun(night) }));
    expect(notLookedAt).toEqual(expect.arrayContaining([...warnings]));
  });

  test('is told of in the same words every night, as every other warning is', async () => {
    const { warnings, night } = await warningsWith([RULE], editable('mobilePhone'));
    nextDay(night);
    await runNight(night);

    expect(warnings).toHaveLength(1);
    expect((await lastRun(night)).summary?.warnings).toEqual(warnings);
  });
});

describe('nothing is read', () => {
  const untouched = {
    rulesFeeding: () => Promise.reject(new Error('rules were read')),
    editableAttributes: () => Promise.reject(new Error('schemas were read')),
  };
  const { policy } = settingsOf();
  const noGroups = { policy: { ...policy, optedInGroup: null, protectedGroup: null } };

  test.each<readonly [string, Partial<FlowSettings>]>([
    ['in mode observe', { mode: 'observe' }],
    ['where no group is named', noGroups],
  ])('%s', async (_, settings) => {
    expect((await warningsWith([], [], { okta: untouched, settings })).warnings).toEqual([]);
  });

  test('of schemas where the rules ask for groups alone', async () => {
    const rules = [{ ...RULE, expression: 'isMemberOfGroup("00gStaff")' }];
    const { editableAttributes } = untouched;

    expect((await warningsWith(rules, [], { okta: { editableAttributes } })).warnings).toEqual([]);
  });
});

test.each(['denied', 'transient', 'throttled', 'refused', 'invalid'] as const)(
  'a read that fails (%s) is one warning, and never the end of a run',
  async (kind) => {
    const failing = () => Promise.reject(new AnchorwatchError(kind, 'Okta says no.'));
    const { warnings, night } = await warningsWith([RULE, { ...RULE, id: '0pr2' }], [], {
      okta: { editableAttributes: failing },
    });

    const scopes = kind === 'denied' ? ', which takes Okta’s scopes okta.groups.read and okta.schemas.read' : '';
    expect(warnings).toEqual([
      `Whether people can change by themselves who is opted in or protected could not be checked${scopes}: Okta says no.`,
    ]);
    expect(night.lines).toContain('the rules of the opted-in and the protected group could not be checked');
  },
);

test('a mistake of ours in it is a warning too, and never the end of a run', async () => {
  const okta = { rulesFeeding: () => Promise.reject(new TypeError('not a function')) };

  expect((await warningsWith([], [], { okta })).warnings).toEqual([expect.stringContaining('could not be checked: ')]);
});

test('the run waits a minute for it and no longer', async () => {
  const night = nightOf(tenantOf(5), {
    okta: { rulesFeeding: (_groups, signal) => Promise.reject(signal.reason) },
  });
  const asked: (number | 'over')[] = [];
  const deadline = (ms: number) => {
    asked.push(ms);
    const signal = AbortSignal.abort(new AnchorwatchError('transient', 'no answer within 60 seconds'));
    return { signal, end: () => void asked.push('over') };
  };

  expect(await runNight(night, { ...night.tools, clock: { ...night.tools.clock, deadline } })).toBe('good');

  expect(asked).toEqual([60_000, 'over']);
  expect((await lastRun(night)).summary?.warnings).toEqual([
    expect.stringMatching(/checked: no answer within 60 seconds$/),
  ]);
});
