import { expect, test } from 'vitest';
import { confirmBaseline } from '../../shared/flows/decide.ts';
import { type Night, nextDay, nightOf, OPTED_IN, runNight } from '../flows/night.ts';
import { drift, lastRun } from '../flows/second-night.ts';
import { instanceOf, objectId, oktaId, PLAN, tenantOf } from '../rosters/tenant.ts';
import { anchorwatch } from './run.ts';

/** Clears the terminal, turns the line around, forges another one, and is a formula and markup besides. */
const HOSTILE = '=cmd\u001B[2J\u009B31m\u202E\u2066\u2028\r\nAll is well.\t<b>|`x';
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const WHO = 7;
const NAME = `${HOSTILE}@contoso.com`;

/** Two nights of a tenant whose people, units, licences and apps are called so; whoever drifted is proposed. */
async function hostileNight(): Promise<Night> {
  const tenant = tenantOf(40);
  const [user, id] = [oktaId(WHO), objectId(WHO)];
  const accounts = tenant.directories.get(instanceOf(WHO))!;
  const names = { userName: NAME, mail: NAME, samAccountName: HOSTILE, dn: `CN=${HOSTILE},OU=${HOSTILE},DC=contoso` };
  accounts.set(user, { ...accounts.get(user)!, ...names });
  tenant.assignments.set(user, { ...tenant.assignments.get(user)!, userName: NAME });
  tenant.users.set(id, { ...tenant.users.get(id)!, userName: NAME, displayName: HOSTILE, mail: NAME });
  drift(tenant, WHO);
  drift(tenant, 8);
  const directories = PLAN.directories.map(({ id: app }) => ({
    id: app,
    label: `${app}${HOSTILE}`,
    status: 'ACTIVE',
    isProfileSource: true,
  }));
  const usual = nightOf(tenant).tools.okta;
  const apps = async () => ({ ...(await usual.apps()), directories });
  const night = nightOf(tenant, {
    settings: { mode: 'propose' },
    okta: { apps },
    entra: { licenseNames: async () => new Map([['sku-1', HOSTILE]]), signInHost: async () => HOSTILE },
  });
  night.groups.set(OPTED_IN, [user]);
  await runNight(night);
  await confirmBaseline((await lastRun(night)).id, HOSTILE, night.tools);
  nextDay(night);
  await runNight(night);
  return night;
}

test('whatever people, units, apps and licences are called, no command of the terminal is forged or turned around', async () => {
  const night = await hostileNight();
  const { id } = await lastRun(night);
  const commands: readonly (readonly string[])[] = [
    ['status'],
    ['status', '--format', 'json'],
    ['runs'],
    ['runs', '--format', 'json'],
    ['explain', NAME],
    ['proposals'],
    ['proposals', '--format', 'json'],
    ['approve', '--all', '--by', HOSTILE],
    ['ignore', NAME, '--by', HOSTILE, '--reason', HOSTILE, '--days', '3'],
    ['ignored'],
    ['unignore', NAME, '--by', HOSTILE],
    ['tasks'],
    ['journal', NAME],
    ['audit', '--since', '2026-01-01'],
    ['audit', '--since', '2026-01-01', '--format', 'csv'],
    ['audit', '--since', '2026-01-01', '--format', 'jsonl'],
    ['confirm', id, '--by', HOSTILE],
    ['stop', '--by', HOSTILE],
    ['resume', '--by', HOSTILE],
    ['status', HOSTILE],
  ];

  const forged: string[] = [];
  let named = 0;
  for (const command of commands) {
    const { out, err } = await anchorwatch(command, { tools: night.tools });
    const csv = command.includes('csv');
    const text = `${out}${err}`.replace(/^\uFEFF/, '').replaceAll(csv ? /\r?\n/g : '\n', '');
    if (text.includes('=cmd')) named += 1;
    if (UNSEEN.test(text) || /^\s*All is well\./m.test(out)) forged.push(command.join(' '));
  }
  expect(forged).toEqual([]);
  expect(named).toBeGreaterThan(8);
});
