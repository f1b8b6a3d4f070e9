import fc from 'fast-check';
import { repairId } from '../../shared/flows/claims.ts';
import { describe, expect, test } from 'vitest';
import { redact, redactField } from '../../shared/redact.ts';
import { BESIDE, bareToken, bytes16, carriedSecret, guidText, SPELLINGS } from './secrets.ts';

describe('an anchor', () => {
  test.each(Object.entries(SPELLINGS))('is not to be seen: %s', (_, spell) => {
    fc.assert(
      fc.property(bytes16, fc.constantFrom(...BESIDE), (bytes, [before, after]) => {
        const anchor = spell(bytes);

        expect(redact(`${before}${anchor}${after}`)).not.toContain(anchor);
      }),
      { numRuns: 500 },
    );
  });

  // Pairs that others published, and the texts around them as Okta, Graph and scripts write them.
  test.each([
    ['BpazOkLGm0iEtljAONPvOQ==', '(anchor)'],
    ['MsNKjF+XF0ete7pKTpaP/w==', '(anchor)'],
    ['was MsNKjF+XF0ete7pKTpaP/w, is BpazOkLGm0iEtljAONPvOQ', 'was (anchor), is (anchor)'],
    ['{3ab39606-c642-489b-84b6-58c038d3ef39} in full', '{3ab39606-c642-489b-84b6-58c038d3ef39} in full'],
    ['objectGUID 3ab39606-c642-489b-84b6-58c038d3ef39', 'objectGUID (anchor)'],
    ["onPremisesImmutableId eq '3AB39606-C642-489B-84B6-58C038D3EF39'", "onPremisesImmutableId eq '(anchor)'"],
    ['immutableId%20eq%20%273ab39606-c642-489b-84b6-58c038d3ef39%27', 'immutableId%20eq%20%27(anchor)%27'],
    ['{"sourceAnchor":"{3ab39606-c642-489b-84b6-58c038d3ef39}"}', '{"sourceAnchor":"{(anchor)}"}'],
    ['/users/MsNKjF-XF0ete7pKTpaP_w/groups', '/users/(anchor)/groups'],
    ['CN={514635484D4B376E38307176645973555049486139513D3D}', 'CN={(anchor)}'],
    ['(objectGUID=\\32\\c3\\4a\\8c\\5f\\97\\17\\47\\ad\\7b\\ba\\4a\\4e\\96\\8f\\ff)', '(objectGUID=(anchor))'],
  ])('%s', (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  test('as plain GUID text is masked by the name of its field', () => {
    fc.assert(
      fc.property(
        bytes16.map(guidText),
        fc.constantFrom('anchor', 'sourceAnchor', 'onPremisesImmutableId', 'immutable_id', 'externalId', 'objectGUID'),
        (guid, name) => {
          expect(redactField(name, guid)).toBe('(anchor)');
        },
      ),
    );
  });

  test('of an organisation’s own making is masked by the name of its field', () => {
    expect(redactField('anchor', 'employee 4711')).toBe('(anchor)');
    expect(redactField('oldAnchor', 'jdoe@example.com')).toBe('(anchor)');
    expect(redactField('anchor', '')).toBe('');
  });
});

describe('a secret', () => {
  test('is not to be seen, wherever it is found', () => {
    fc.assert(
      fc.property(carriedSecret, fc.string(), fc.string(), ({ text, secret }, before, after) => {
        expect(redact(`${before} ${text} ${after}`)).not.toContain(secret);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is not to be seen as a bare token, whatever stands beside it', () => {
    fc.assert(
      fc.property(bareToken, fc.constantFrom(...BESIDE), (token, [before, after]) => {
        expect(redact(`${before}${token}${after}`)).not.toContain(token);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ['x-functions-key: abcdefgh', 'x-functions-key: (secret)'],
    ["{ 'X-IDENTITY-HEADER': 'abcdefgh' }", "{ 'X-IDENTITY-HEADER': '(secret)' }"],
    ['401 from Okta with SSWS 00abcDEF_-123', '401 from Okta with SSWS (token)'],
    ['Authorization: Bearer eyJhbGciOi.eyJzdWIi.c2ln', 'Authorization: Bearer (token)'],
    ['client_assertion=eyJhbGciOi.eyJzdWIi.c2ln&x=1', 'client_assertion=(secret)&x=1'],
    ['the secret abc8Q~ABCDEFGHIJKLMNOPQRSTUVWXYZ01234567 lapsed', 'the secret (secret) lapsed'],
    ['AccountName=st;AccountKey=a2V5a2V5a2V5==;x=y', 'AccountName=st;AccountKey=(secret);x=y'],
    ['"password": "hunter2", "user": "me"', '"password": "(secret)", "user": "me"'],
    ['proxy https://me:word@proxy.example:8080/', 'proxy https://(credentials)@proxy.example:8080/'],
  ])('%s', (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });
});

describe('what an operator needs', () => {
  test.each([
    'user 00u1a2b3c4d5e6f7g8h9 of app 0oa9z8y7x6w5v4u3t2s1',
    'object 3ab39606-c642-489b-84b6-58c038d3ef39 of jane.doe@example.com',
    'the anchor of user 3ab39606-c642-489b-84b6-58c038d3ef39 is empty',
    'GET /api/v1/apps/0oa9z8y7x6w5v4u3t2s1/users?limit=500',
    'https://acme.okta.com/api/v1/users/00u1a2b3c4d5e6f7g8h9/groups',
    'plan e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'ANCHORWATCH_RATE_SHARE: expected a number; ANCHORWATCH_IMPORT_MAX_AGE_HOURS=26',
    'ANCHORWATCH_ENTRA_CLIENT_SECRET: expected text; found not set',
    'AzureWebJobsStorage__queueServiceUri=https://stanchorwatch.queue.core.windows.net',
    'onPremisesSyncBehavior of a-name-of-twenty-two-c',
    'read 3 pages of 500 rows at 2026-11-23T02:00:00.000Z, 12.5 % in 00:01:30',
    'at readPage (file:///home/site/wwwroot/dist/chunks/reader-ABCDEF12.js:120:15)',
    'S-1-5-21-1004336348-1177238915-682003330-512',
    'CN=Jane Doe,OU=Sales,OU=People,DC=corp,DC=example,DC=com',
    'error E0000011: Invalid token provided (code=InvalidAuthenticationToken)',
  ])('stays as it is: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  test('stays too where an id of the other side looks like an anchor and its field says what it is', () => {
    expect(redactField('requestId', '0696b33a42c69b4884b658c038d3ef39')).toBe('0696b33a42c69b4884b658c038d3ef39');
    expect(redactField('requestId', 'Bearer abcdefgh')).toBe('Bearer (token)');
    expect(redactField('request', '0696b33a42c69b4884b658c038d3ef39')).toBe('(anchor)');
  });

  test('redacting twice is redacting once, and any text can be redacted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (one, other) => {
        for (const text of [one, other]) expect(redact(redact(text))).toBe(redact(text));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['base64', 'aB3'],
    ['hexadecimal', '0f'],
    ['octets', '0f '],
    ['backslashes', '\\'],
    ['escapes', '%27\\u0027'],
    ['the beginnings of tokens', 'eyJ.'],
    ['the beginnings of tokens without an end', 'eyJ'],
    ['numbers', '00'],
    ['equals signs', '='],
    ['at signs', 'a@'],
    ['blanks', ' '],
    ['quotes', '"d":"'],
    ['the word Bearer', 'Bearer '],
    ['the word anchor', 'anchor = '],
    ['the beginnings of keys', '-----BEGIN A'],
    ['addresses', '://a'],
  ])('a page of 200,000 characters takes no time: %s', (_, piece) => {
    const text = piece.repeat(200_000 / piece.length);
    const began = performance.now();
    redact(text);

    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

test('the ids of repairs stay, however they come out', () => {
  const ids = Array.from({ length: 2_000 }, (_, at) =>
    repairId('2026-11-23T02-00-00Z', `00u${at}.${crypto.randomUUID()}`),
  );

  expect(ids.map((id) => redact(`repair ${id} waits`))).toEqual(ids.map((id) => `repair ${id} waits`));
});
