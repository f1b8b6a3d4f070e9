import { expect, test } from 'vitest';
import { readChannelsConfig, readConfig } from '../../shared/config/read.ts';
import { LEAST, problemsOf } from './environment.ts';

const SECRET = 'a secret of thirty-two characters';

function problemsWith(settings: Readonly<Record<string, string>>): readonly string[] {
  return problemsOf(() => readConfig({ ...LEAST, ...settings })).map((problem) => problem.split(':')[0] ?? '');
}

test('nobody is told where nothing is set', () => {
  expect(readConfig(LEAST).telling).toEqual({
    mail: null,
    teams: null,
    webhook: null,
    pageUrl: null,
    tenantName: null,
    attempts: 12,
  });
});

test('decisions and alarms go to those of the digest, unless they have recipients of their own', () => {
  const settings = {
    ...LEAST,
    ANCHORWATCH_MAIL_FROM: 'watch@acme.com',
    ANCHORWATCH_MAIL_TO: 'identity@acme.com, help@acme.com',
    ANCHORWATCH_MAIL_ALARMS_TO: 'oncall@acme.com',
    ANCHORWATCH_MAIL_DRAFTS: 'yes',
  };

  expect(readConfig(settings).telling.mail).toEqual({
    from: 'watch@acme.com',
    to: {
      digest: ['identity@acme.com', 'help@acme.com'],
      decisions: ['identity@acme.com', 'help@acme.com'],
      alarms: ['oncall@acme.com'],
    },
    drafts: true,
  });
});

test('half of a channel is a problem: somebody believes that it tells', () => {
  expect(problemsWith({ ANCHORWATCH_MAIL_FROM: 'watch@acme.com' })).toEqual(['ANCHORWATCH_MAIL_TO']);
  expect(problemsWith({ ANCHORWATCH_MAIL_TO: 'identity@acme.com' })).toEqual(['ANCHORWATCH_MAIL_FROM']);
  expect(problemsWith({ ANCHORWATCH_MAIL_ALARMS_TO: 'oncall@acme.com' })).toEqual([
    'ANCHORWATCH_MAIL_FROM',
    'ANCHORWATCH_MAIL_TO',
  ]);
  expect(problemsWith({ ANCHORWATCH_WEBHOOK_URL: 'https://hooks.acme.com/a' })).toEqual(['ANCHORWATCH_WEBHOOK_SECRET']);
});

test('pages want to know whose people they are for', () => {
  expect(problemsWith({ ANCHORWATCH_PAGE_URL: 'https://watch.acme.com' })).toEqual(['ANCHORWATCH_TENANT_ID']);
});

test('everything that is wrong is told at once, and no secret with it', () => {
  const problems = problemsOf(() =>
    readConfig({
      ...LEAST,
      ANCHORWATCH_MAIL_FROM: 'watch@acme.com',
      ANCHORWATCH_MAIL_TO: 'Identity <identity@acme.com>',
      ANCHORWATCH_TEAMS_URL: 'http://teams.acme.com/?sig=keepthis',
      ANCHORWATCH_WEBHOOK_URL: 'https://user:keepthis@hooks.acme.com/',
      ANCHORWATCH_WEBHOOK_SECRET: 'keepthis',
      ANCHORWATCH_PAGE_URL: 'https://watch.acme.com/pages',
    }),
  );

  expect(problems).toHaveLength(6);
  expect(problems.join()).not.toContain('keepthis');
});

test('an address that lets in whoever knows it keeps its query, and loopback may be plain http', () => {
  const url = 'https://prod.example.com/workflows/1/invoke?api-version=1&sp=%2Ftriggers&sig=x';
  const settings = {
    ...LEAST,
    ANCHORWATCH_TEAMS_URL: url,
    ANCHORWATCH_WEBHOOK_URL: 'http://127.0.0.1:8080/hook?a=1',
    ANCHORWATCH_WEBHOOK_SECRET: SECRET,
  };

  expect(readConfig(settings).telling).toMatchObject({
    teams: { url },
    webhook: { url: 'http://127.0.0.1:8080/hook?a=1', secret: SECRET },
  });
});

test('channels can be tried without Okta and without storage', () => {
  const settings = { ANCHORWATCH_TENANT_ID: '11111111-2222-3333-4444-555555555555' };

  expect(readChannelsConfig(settings)).toMatchObject({
    telling: { mail: null },
    entra: { graphUrl: expect.any(String) },
  });
});
