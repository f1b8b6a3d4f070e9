import { expect, test } from 'vitest';
import { graphFailure } from '../../shared/entra/failures.ts';

const NOW = Date.parse('2026-11-23T02:00:00Z');

function failure(status: number, error: unknown, headers: Record<string, string> = {}) {
  return graphFailure({
    status,
    headers: new Headers(headers),
    text: typeof error === 'string' ? error : JSON.stringify({ error }),
    what: 'PATCH /v1.0/users/u1',
    clientRequestId: 'client-1',
    now: NOW,
  });
}

const duplicate = {
  code: 'Request_BadRequest',
  message: 'Another object with the same value for property onPremisesImmutableId already exists.',
  details: [
    { code: 'ObjectConflict', target: 'onPremisesImmutableId', message: 'words' },
    { code: 'ConflictingObjects', target: 'User_22222222-2222-2222-2222-222222222222', message: 'words' },
  ],
};

test.each([
  [429, { code: 'TooManyRequests' }, 'throttled'],
  [503, { code: 'ServiceNotAvailable' }, 'transient'],
  [504, '', 'transient'],
  [500, { code: 'InternalServerError' }, 'transient'],
  [502, '<html>', 'transient'],
  [408, '', 'transient'],
  [401, { code: 'InvalidAuthenticationToken' }, 'denied'],
  [
    403,
    { code: 'Authorization_RequestDenied', message: 'Insufficient privileges to complete the operation.' },
    'denied',
  ],
  [
    400,
    {
      code: 'Request_BadRequest',
      message:
        'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
    },
    'refused',
  ],
  [
    400,
    {
      code: 'Request_BadRequest',
      message: 'Unable to update the specified properties for objects that have originated within an external service.',
    },
    'refused',
  ],
  [400, duplicate, 'conflict'],
  [
    400,
    { code: 'Request_BadRequest', message: 'The domain portion of the userPrincipalName property is invalid.' },
    'invalid',
  ],
  [400, { code: 'Request_BadRequest' }, 'invalid'],
  [404, { code: 'Request_ResourceNotFound' }, 'invalid'],
  [409, { code: 'Conflict' }, 'conflict'],
  [410, { code: 'syncStateNotFound' }, 'invalid'],
  [412, { code: 'PreconditionFailed' }, 'conflict'],
  [302, '', 'refused'],
])('%i %j is %s', (status, error, kind) => {
  expect(failure(status, error)).toMatchObject({ kind, fields: { status, clientRequestId: 'client-1' } });
});

test('a conflict names the property and the other object', () => {
  expect(failure(400, duplicate).fields).toMatchObject({
    code: 'Request_BadRequest',
    property: 'onPremisesImmutableId',
    holder: 'User_22222222-2222-2222-2222-222222222222',
  });
});

test('the wait that was asked for is kept', () => {
  expect(failure(503, '', { 'retry-after': '9' }).retryAfter).toBe(9_000);
  expect(failure(403, '', { 'retry-after': '9' }).retryAfter).toBeUndefined();
});

test('the request id comes from the header, else from the body', () => {
  expect(failure(500, '', { 'request-id': 'req-1' }).fields['requestId']).toBe('req-1');
  expect(failure(500, { innerError: { 'request-id': 'req-2' } }).fields['requestId']).toBe('req-2');
});

test.each([
  ['a body that is no error', '{"secret":"of the body"}'],
  ['a web page', '<html>secret of the body'],
  ['an error of another shape', '{"error":"secret of the body"}'],
  [
    'an anchor in the message',
    JSON.stringify({ error: { message: "Bad filter 'VKzYZ1C+IkSZxIWlrW5ITg==' secret-free" } }),
  ],
])('%s is not shown', (_, text) => {
  const { message } = failure(400, text);

  expect(message).not.toContain('secret of');
  expect(message).not.toContain('VKzYZ1C+IkSZxIWlrW5ITg');
});
