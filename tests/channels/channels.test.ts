import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createTeams, LARGEST_CARD } from '../../shared/channels/teams.ts';
import { createWebhook, signatureOf } from '../../shared/channels/webhook.ts';
import type { Channel, Message } from '../../shared/ports/channel.ts';
import type { Effect } from '../../shared/ports/effect.ts';
import { MINUTE } from '../../shared/time.ts';
import { CORRELATION } from '../entra/repairs-office.ts';
import { deps, nobody, type Reply, type Seen, serve } from '../loopback.ts';

const SECRET = 'a secret of thirty-two characters';
const QUERY = 'api-version=1&sig=keepthis';

const MESSAGE: Message = {
  id: '0123456789abcdef0123456789abcdef',
  audience: 'alarms',
  severity: 'alarm',
  notice: 'alarm~r-1.parked',
  run: '2026-11-23T02-00-00Z',
  tenant: 'contoso',
  subject: 'Somebody is parked for too long',
  repeat: false,
  rendered: {
    html: '<p>Look.</p>',
    text: 'Look.',
    card: { type: 'AdaptiveCard', body: [{ type: 'TextBlock', text: 'Zoë looks.' }] },
    payload: { verdict: 'Zoë looks.' },
  },
  attachments: [{ name: 'findings.csv', csv: 'person' }],
};

const tools = deps();
const effect = (): Effect => ({ until: tools.clock.now() + MINUTE, correlation: CORRELATION });

async function opened(kind: 'teams' | 'webhook', answer: (turn: number) => Reply) {
  const sink = await serve((_request, turn) => answer(turn));
  const url = `${sink.url}/hook?${QUERY}`;
  const channel: Channel =
    kind === 'teams' ? createTeams({ url }, tools) : createWebhook({ url, secret: SECRET }, tools);
  return { sink, channel };
}

describe.each(['teams', 'webhook'] as const)('the channel %s', (kind) => {
  test('posts to the whole address, and keeps what the other side calls the request', async () => {
    const { sink, channel } = await opened(kind, () => ({ status: 202, headers: { 'x-request-id': 'there-1' } }));

    await expect(channel.send(MESSAGE, effect())).resolves.toEqual({ kind: 'sent', status: 202, id: 'there-1' });
    expect(sink.seen).toMatchObject([
      {
        method: 'POST',
        url: `/hook?${QUERY}`,
        headers: { 'content-type': 'application/json', 'x-request-id': CORRELATION },
      },
    ]);
    expect([channel.name, channel.drafts]).toEqual([kind, null]);
  });

  test.each([
    [401, 'denied'],
    [403, 'denied'],
    [404, 'invalid'],
    [413, 'invalid'],
    [302, 'refused'],
  ])('was surely not taken after %i: %s', async (status, why) => {
    const { sink, channel } = await opened(kind, () => ({
      status,
      headers: { location: 'https://elsewhere.example' },
    }));

    await expect(channel.send(MESSAGE, effect())).resolves.toMatchObject({ kind: 'refused', why, status });
    expect(sink.seen).toHaveLength(1);
  });

  test('is asked to wait, and says how long', async () => {
    const { channel } = await opened(kind, () => ({ status: 429, headers: { 'retry-after': '90' } }));

    await expect(channel.send(MESSAGE, effect())).resolves.toMatchObject({ why: 'throttled', retryAfter: 90_000 });
  });

  test.each<readonly [string, Reply]>([
    ['a server that fails', { status: 500 }],
    ['a gateway that gives up', { status: 504 }],
    ['an answer that breaks off before it begins', { cut: 'before' }],
    ['an answer that breaks off in the middle', { status: 200, body: 'x'.repeat(1_000), cut: 'body' }],
  ])('does not know what became of it after %s, and sends it once', async (_what, reply) => {
    const { sink, channel } = await opened(kind, () => reply);

    await expect(channel.send(MESSAGE, effect())).resolves.toMatchObject({ kind: 'unknown' });
    expect(sink.seen).toHaveLength(1);
  });

  test('waits for no answer beyond its deadline', async () => {
    const { sink, channel } = await opened(kind, () => ({ silent: true }));
    const sending = channel.send(MESSAGE, effect());
    await expect.poll(() => sink.seen.length).toBe(1);
    tools.clock.expire();

    await expect(sending).resolves.toMatchObject({ kind: 'unknown' });
    expect(tools.clock.ticking()).toBe(0);
  });

  test('that is too late sends nothing, and knows it', async () => {
    const { sink, channel } = await opened(kind, () => ({}));

    const late = channel.send(MESSAGE, { ...effect(), until: tools.clock.now() });
    await expect(late).resolves.toMatchObject({ kind: 'refused', why: 'transient' });
    expect(sink.seen).toEqual([]);
  });

  test('reads no more of an answer than it has to', async () => {
    const { channel } = await opened(kind, () => ({ status: 200, body: 'x'.repeat(5_000_000) }));

    await expect(channel.send(MESSAGE, effect())).resolves.toMatchObject({ kind: 'sent' });
  });

  test('tells no secret, whatever fails', async () => {
    const url = `${await nobody()}/hook?${QUERY}`;
    const dead: Channel =
      kind === 'teams' ? createTeams({ url }, tools) : createWebhook({ url, secret: SECRET }, tools);
    const { channel } = await opened(kind, () => ({ status: 400, body: `sig=keepthis ${SECRET}` }));

    const said = [await dead.send(MESSAGE, effect()), await channel.send(MESSAGE, effect())];
    expect(said).toMatchObject([
      { kind: 'refused', why: 'transient' },
      { kind: 'refused', why: 'invalid' },
    ]);
    const all = JSON.stringify([said, tools.log.lines]);
    for (const secret of ['keepthis', SECRET, '/hook']) expect(all).not.toContain(secret);
  });
});

test('Teams gets the message as it was made', async () => {
  const { sink, channel } = await opened('teams', () => ({ status: 202 }));
  await channel.send(MESSAGE, effect());

  expect(JSON.parse(sink.seen[0]?.body ?? '')).toEqual(MESSAGE.rendered.card);
});

test('a card that Teams would not take is refused here, with both numbers', async () => {
  const { sink, channel } = await opened('teams', () => ({ status: 202 }));
  const rendered = { ...MESSAGE.rendered, card: { text: 'ü'.repeat(LARGEST_CARD / 2) } };

  await expect(channel.send({ ...MESSAGE, rendered }, effect())).resolves.toMatchObject({
    kind: 'refused',
    why: 'invalid',
    reason: expect.stringContaining(String(LARGEST_CARD)),
  });
  expect(sink.seen).toEqual([]);
});

describe('a webhook', () => {
  test('gets everything as JSON, signed over the time and the very bytes', async () => {
    const { sink, channel } = await opened('webhook', () => ({}));
    await channel.send(MESSAGE, effect());
    const { headers = {}, body = '' }: Partial<Seen> = sink.seen[0] ?? {};

    const { rendered, attachments: _byMailAlone, ...rest } = MESSAGE;
    expect(JSON.parse(body)).toEqual({ version: 1, ...rest, letter: rendered.payload });
    const timestamp = String(tools.clock.now() / 1_000);
    expect(headers).toMatchObject({ 'x-anchorwatch-id': MESSAGE.id, 'x-anchorwatch-timestamp': timestamp });
    const signed = createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex');
    expect(headers['x-anchorwatch-signature']).toBe(`v1=${signed}`);
    expect(headers).not.toHaveProperty('x-anchorwatch-repeat');
  });

  test('that may have had it before is told so, under the same id', async () => {
    const { sink, channel } = await opened('webhook', (turn) => (turn === 1 ? { cut: 'before' } : {}));
    await channel.send(MESSAGE, effect());
    await channel.send({ ...MESSAGE, repeat: true }, effect());

    expect(sink.seen.map(({ headers }) => [headers['x-anchorwatch-id'], headers['x-anchorwatch-repeat']])).toEqual([
      [MESSAGE.id, undefined],
      [MESSAGE.id, 'possible'],
    ]);
  });

  test('can tell another time, another body and another secret by the signature', () => {
    const signatures = [
      signatureOf(SECRET, '1', '{}'),
      signatureOf(SECRET, '2', '{}'),
      signatureOf(SECRET, '1', '{} '),
      signatureOf(`${SECRET}.`, '1', '{}'),
    ];

    expect(new Set(signatures).size).toBe(4);
    // By openssl: printf '1.{}' | openssl dgst -sha256 -hmac 'a secret of thirty-two characters'
    expect(signatures[0]).toBe('v1=0461d2e0fdb5c380ca9969d2f0a4744dbb08a4da5a559e5cce403f8fdf712191');
  });
});
