import { describe, expect, test } from 'vitest';
import { type AnchorwatchError, explain } from '../shared/errors.ts';
import { networkFailure } from '../shared/network.ts';
import { nobody, serve } from './loopback.ts';

async function failureOf(url: string): Promise<AnchorwatchError> {
  const thrown: unknown = await fetch(url)
    .then(
      (answer) => answer.text(),
      (error: unknown) => error,
    )
    .catch((error: unknown) => error);
  return networkFailure(thrown, 'Okta', new URL(url).host);
}

describe('what happens below HTTP, in plain words', () => {
  test('a refused connection keeps its cause, which fetch hides', async () => {
    const error = await failureOf(`${await nobody()}/secret-path?q=jane`);

    expect(error).toMatchObject({ kind: 'transient', fields: { code: 'ECONNREFUSED' } });
    expect(explain(error)).toMatch(
      /^Okta \(127\.0\.0\.1:\d+\) refused the connection\..*: connect ECONNREFUSED 127\.0\.0\.1:\d+$/,
    );
  });

  test('a name that nobody knows', () => {
    const cause = Object.assign(new Error('getaddrinfo ENOTFOUND okta.example'), { code: 'ENOTFOUND' });

    const error = networkFailure(new TypeError('fetch failed', { cause }), 'Okta', 'okta.example');
    expect(error).toMatchObject({ kind: 'transient', fields: { code: 'ENOTFOUND' } });
    expect(explain(error)).toContain('could not be looked up');
  });

  test('the first of several addresses that were tried speaks for all', () => {
    const each = Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT' });
    const cause = new AggregateError([each, each]);

    expect(networkFailure(new TypeError('fetch failed', { cause }), 'Okta', 'x').message).toContain(
      'did not answer in time',
    );
  });

  test.each(['before', 'body'] as const)('a socket closed %s the answer is complete', async (cut) => {
    const { url } = await serve(() => ({ cut, body: 'x'.repeat(1_000) }));

    expect((await failureOf(`${url}/`)).message).toContain('broke off');
  });

  test('a certificate that is not trusted is nothing that passes by itself', () => {
    const cause = Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });

    expect(networkFailure(new TypeError('fetch failed', { cause }), 'Okta', 'okta.example').kind).toBe('refused');
  });

  test('the address, whose query may hold an anchor, does not travel with the cause', () => {
    const library = Object.assign(
      new Error('request to http://okta.example/api?q=jane failed, reason: socket hang up'),
      { code: 'ECONNRESET', type: 'system' },
    );

    expect(explain(networkFailure(library, 'Okta', 'okta.example'))).not.toContain('jane');
    expect(explain(networkFailure(new Error('at https://okta.example/?q=jane'), 'Okta', 'x'))).not.toContain('jane');
  });
});
