import { describe, expect, test } from 'vitest';
import type { OktaSettings } from '../../shared/okta/settings.ts';
import { org } from './org.ts';

interface App {
  readonly name: string;
  readonly [key: string]: unknown;
}

interface AppOptions {
  readonly status?: string;
  readonly app?: unknown;
  readonly features?: readonly string[] | null;
}

function app(name: string, id: string, label: string, options: AppOptions = {}): App {
  const { status = 'ACTIVE', app: settings = {}, features = ['PUSH_NEW_USERS'] } = options;
  return { id, name, label, status, features, settings: { app: settings } };
}

const AD = app('active_directory', '0oaad1', 'corp.example.com', {
  app: { namingContext: 'corp.example.com' },
  features: ['IMPORT_NEW_USERS', 'PROFILE_MASTERING'],
});
const AD2 = app('active_directory', '0oaad2', 'lab.example.com');
const O365 = app('office365', '0oa365', 'Microsoft Office 365', {
  app: { msftTenant: 'example', domain: 'Example.com', domains: ['example.com', 'sub.example.com'] },
});

async function find(apps: readonly App[], choice: Partial<OktaSettings> = {}) {
  const { okta, server } = await org(
    {
      '/api/v1/apps': (request) => {
        const name = /^name eq "(\w+)"$/.exec(request.query.get('filter') ?? '')?.[1];
        return { body: apps.filter((one) => one.name === name) };
      },
    },
    choice,
  );
  return { result: okta.apps(), server };
}

describe('finding the apps', () => {
  test('takes every active AD instance and the one Office 365 app, with its domains and features', async () => {
    const old = app('active_directory', '0oaold', 'old.example.com', { status: 'INACTIVE' });

    const { result, server } = await find([AD, AD2, old, O365]);
    await expect(result).resolves.toEqual({
      directories: [
        { id: '0oaad1', label: 'corp.example.com', status: 'ACTIVE', isProfileSource: true },
        { id: '0oaad2', label: 'lab.example.com', status: 'ACTIVE', isProfileSource: false },
      ],
      office365: {
        id: '0oa365',
        label: 'Microsoft Office 365',
        status: 'ACTIVE',
        domains: ['example.com', 'sub.example.com'],
        features: ['PUSH_NEW_USERS'],
      },
      otherOffice365: [],
    });
    expect(server.to('/apps').map((one) => one.query.get('limit'))).toEqual(['200', '200']);
  });

  test('takes an AD instance for no source of profiles where it names no features', async () => {
    const { result } = await find([app('active_directory', '0oaad1', 'corp', { features: null }), O365]);

    await expect(result).resolves.toMatchObject({ directories: [{ isProfileSource: false }] });
  });

  test.each(['0oaad2', 'LAB.example.com'])('takes only the AD instance %s when it is named', async (name) => {
    const { result } = await find([AD, AD2, O365], { directories: [name] });

    expect((await result).directories.map((one) => one.id)).toEqual(['0oaad2']);
  });

  const second = app('office365', '0oa366', 'Office 365 (test)');

  test('asks for a choice between several Office 365 apps, and lists them', async () => {
    const { result } = await find([AD, O365, second]);

    await expect(result).rejects.toMatchObject({
      kind: 'invalid',
      message:
        'The Office 365 app cannot be chosen: 2 are active; name one by its id. ' +
        'Okta has 0oa365 "Microsoft Office 365" (ACTIVE), 0oa366 "Office 365 (test)" (ACTIVE).',
    });
  });

  test.each(['0oa366', 'office 365 (TEST)'])(
    'takes the Office 365 app %s when it is named, and names the others',
    async (name) => {
      const { result } = await find([AD, O365, second], { office365App: name });

      await expect(result).resolves.toMatchObject({ office365: { id: '0oa366' }, otherOffice365: [{ id: '0oa365' }] });
    },
  );

  test('needs no choice when only one Office 365 app is active', async () => {
    const { result } = await find([AD, O365, app('office365', '0oa9', 'old', { status: 'INACTIVE' })]);

    await expect(result).resolves.toMatchObject({ office365: { id: '0oa365' }, otherOffice365: [] });
  });

  test('believes the organisation before the app where both name domains', async () => {
    const named = app('office365', '0oa365', 'Office 365', { app: { domain: 'old.example.com' } });
    const own = await find([AD, named]).then(({ result }) => result);
    const over = await find([AD, named], { appDomains: ['example.com'] }).then(({ result }) => result);

    expect([own.office365.domains, over.office365.domains]).toEqual([['old.example.com'], ['example.com']]);
  });

  test.each<readonly [string, readonly App[], Partial<OktaSettings>, string]>([
    ['no AD instance', [O365], {}, 'Okta shows no Active Directory integration.'],
    [
      'no active AD instance',
      [app('active_directory', '0oa1', 'a', { status: 'INACTIVE' }), O365],
      {},
      'none is active',
    ],
    ['an AD instance that is not there', [AD, O365], { directories: ['0oaad1', 'gone'] }, '"gone" is none of them'],
    [
      'an AD instance that sleeps',
      [app('active_directory', '0oa1', 'a', { status: 'INACTIVE' }), O365],
      { directories: ['a'] },
      '"a" is not active',
    ],
    ['no Office 365 app', [AD], {}, 'Okta shows no Office 365 app.'],
    ['no active Office 365 app', [AD, app('office365', '0oa1', 'a', { status: 'INACTIVE' })], {}, 'none is active'],
    ['an Office 365 app that is not there', [AD, O365], { office365App: 'gone' }, '"gone" is none of them'],
    [
      'an Office 365 app that sleeps',
      [AD, app('office365', '0oa1', 'a', { status: 'INACTIVE' })],
      { office365App: 'a' },
      '"a" is not active',
    ],
    [
      'two Office 365 apps of one name',
      [AD, O365, app('office365', '0oa2', 'Microsoft Office 365')],
      { office365App: 'Microsoft Office 365' },
      '2 are called "Microsoft Office 365"',
    ],
  ])('says what is wrong with %s', async (_, apps, choice, words) => {
    const { result } = await find(apps, choice);

    await expect(result).rejects.toMatchObject({ kind: 'invalid', message: expect.stringContaining(words) });
  });

  test('is not fooled by a server that ignores the filter', async () => {
    const { okta } = await org({ '/api/v1/apps': { body: [AD, O365, app('salesforce', '0oasf', 'Salesforce')] } });

    await expect(okta.apps()).resolves.toMatchObject({ directories: [{ id: '0oaad1' }], office365: { id: '0oa365' } });
  });
});
