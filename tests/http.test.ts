import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import * as z from 'zod';
import { LARGEST_ANSWER, textOf } from '../shared/answers.ts';
import { connections, received } from '../shared/http.ts';
import { flood, type Reply, serve } from './loopback.ts';

const HEADERS = { accept: 'application/json' };

async function answerOf(reply: Reply) {
  const server = await serve(() => reply);
  return connections()({ url: `${server.url}/x?y=1`, method: 'GET', headers: HEADERS });
}

async function* chunks(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

describe('an answer', () => {
  test.each([200, 204, 301, 404, 503])('of status %i comes as it is, and no redirect is followed', async (status) => {
    const headers = { location: '/elsewhere', 'x-more': 'yes' };
    const server = await serve(() => ({ status, headers, body: status === 204 ? '' : 'said' }));
    const answer = await connections()({ url: `${server.url}/x`, method: 'GET', headers: HEADERS });

    expect([answer.status, answer.ok, answer.headers.get('X-More')]).toEqual([status, status < 300, 'yes']);
    expect(textOf(answer.body)).toBe(status === 204 ? '' : 'said');
    expect(server.seen.map(({ path }) => path)).toEqual(['/x']);
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ] as const)('that comes as %s is unpacked, of whatever status', async (encoding, packing) => {
    for (const status of [200, 429]) {
      const body = packing('{"said":"Zoë"}');
      const answer = await answerOf({ status, headers: { 'content-encoding': encoding }, body });
      expect([answer.status, textOf(answer.body)]).toEqual([status, '{"said":"Zoë"}']);
    }
  });

  test.each([200, 202, 404])(
    'of status %i without a body has none, whatever it is said to be packed by',
    async (status) => {
      for (const encoding of ['gzip', 'deflate']) {
        const answer = await answerOf({ status, headers: { 'content-encoding': encoding }, body: '' });
        expect([answer.status, answer.body.length]).toEqual([status, 0]);
      }
    },
  );

  test('that is damaged as it comes packed is no answer', async () => {
    const body = gzipSync('{"said":"much"}').subarray(0, 20);
    await expect(answerOf({ headers: { 'content-encoding': 'gzip' }, body })).rejects.toMatchObject({
      code: 'Z_BUF_ERROR',
    });
  });

  test('is not unpacked beyond its bound', async () => {
    await expect(answerOf(flood({ id: 'x' }))).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('The answer to GET /x is larger than 64 MiB'),
    });
  });

  test('that has a header several times has its values one behind the other', async () => {
    const answer = await answerOf({ headers: { link: ['<a>; rel="self"', '<b>; rel="next"'] } });
    expect([answer.headers.get('link'), answer.headers.get('absent')]).toEqual([
      '<a>; rel="self", <b>; rel="next"',
      null,
    ]);
  });

  test('has a body in memory of its own, to be given away', async () => {
    const { body } = await answerOf({ body: 'some' });
    expect([body.byteOffset, body.buffer.byteLength, body.byteLength]).toEqual([0, 4, 4]);
  });

  test('nobody waits for any more has the reason of whoever stopped it', async () => {
    const server = await serve(() => ({ silent: true }));
    const stop = new AbortController();
    const asked = connections()({ url: server.url, method: 'GET', headers: HEADERS, signal: stop.signal });
    stop.abort(new Error('stopped'));
    await expect(asked).rejects.toThrow('stopped');
  });

  test('comes through the proxy that Node.js is told of', async () => {
    const proxy = await serve(() => ({ body: 'said' }));
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    vi.stubEnv('HTTP_PROXY', proxy.url);
    onTestFinished(() => void vi.unstubAllEnvs());
    const answer = await connections()({ url: 'http://okta.example/x', method: 'GET', headers: HEADERS });
    expect([textOf(answer.body), proxy.seen.map(({ url }) => url)]).toEqual(['said', ['http://okta.example/x']]);
  });

  test('is asked for with the method, the headers and the body that were given', async () => {
    const server = await serve(() => ({}));
    await connections()({ url: `${server.url}/x`, method: 'PATCH', headers: { 'x-id': '7' }, body: '{"a":1}' });
    const [seen] = server.seen;
    expect([seen?.method, seen?.headers['x-id'], seen?.body]).toEqual(['PATCH', '7', '{"a":1}']);
  });
});

const said = (length: string | null) => ({ get: (name: string) => (name === 'content-length' ? length : null) });

describe('a body', () => {
  test.each([null, '3', '4', '5', '400', 'many', '-1', '99999999999'])(
    'is whole, of four bytes where %s were announced',
    async (announced) => {
      const bytes = new TextEncoder().encode('Zoë');
      const body = chunks(bytes.slice(0, 3), bytes.slice(3));
      const answer = await received({ status: 200, headers: said(announced), body }, 'GET /x');
      expect([textOf(answer.body), answer.body.buffer.byteLength]).toEqual(['Zoë', 4]);
    },
  );

  test('without an end is not read beyond its bound', async () => {
    const chunk = new Uint8Array(1024 * 1024);
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        sent += chunk.byteLength;
        yield chunk;
      }
    }
    const coming = received({ status: 200, headers: said(null), body: endless() }, 'GET /x');
    await expect(coming).rejects.toMatchObject({ kind: 'invalid' });
    expect(sent).toBe(LARGEST_ANSWER + chunk.byteLength);
  });
});

/** Of nobody but this test, for this machine. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgD9XfZGDqFzTkL+SW
PWGrsRNLsgcq8aZidbbhWumCGsuhRANCAARqM26WLo7eaZoIfHgJYX5v2btMdlqg
am38La5qFQYnD0zc+4Q7Kf74oj3vMz2RprlIHniWRHmhUd685J+hnoJ1
-----END PRIVATE KEY-----`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUeTPXCt481el/1lnepCylsjhHl28wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyOTE2NTYxMFoYDzIxMjYxMTA1
MTY1NjEwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARqM26WLo7eaZoIfHgJYX5v2btMdlqgam38La5qFQYnD0zc+4Q7Kf74
oj3vMz2RprlIHniWRHmhUd685J+hnoJ1o28wbTAdBgNVHQ4EFgQU7BBLMnogm/cV
Kug+3H3lgdO1JeUwHwYDVR0jBBgwFoAU7BBLMnogm/cVKug+3H3lgdO1JeUwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAN4fimD/ycVZA87EFVgJvwgE2d+GC5LSjizbG6ZSHcTUAiEA
h5pHEFjHzLyqMGeYnMNFtuQnzro1/dZZyBATFs5Q+dQ=
-----END CERTIFICATE-----`;

test('is asked for by HTTP/1.1 even where the other side would rather speak HTTP/2: there a part of an answer passes for the whole', async () => {
  const usual = getCACertificates('default');
  setDefaultCACertificates([...usual, CERTIFICATE]);
  onTestFinished(() => setDefaultCACertificates(usual));
  const server = createSecureServer({ key: KEY, cert: CERTIFICATE, allowHTTP1: true }, (request, response) => {
    response.writeHead(200, { 'content-length': 8 });
    if (request.url === '/cut') response.write('half', () => request.socket.destroy());
    else response.end(request.httpVersion.padEnd(8));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const ask = connections();

  const answer = await ask({ url: `https://localhost:${port}/`, method: 'GET', headers: HEADERS });
  expect(textOf(answer.body).trim()).toBe('1.1');
  const cut = ask({ url: `https://localhost:${port}/cut`, method: 'GET', headers: HEADERS });
  await expect(cut).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
});
