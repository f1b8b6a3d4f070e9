import { createHmac } from 'node:crypto';
import type { Channel, Message } from '../ports/channel.ts';
import type { RetryDeps } from '../retry.ts';
import { SECOND } from '../time.ts';
import { post } from './post.ts';

export interface WebhookSettings {
  readonly url: string;
  /** The key of the signature. */
  readonly secret: string;
}

/**
 * Posts a letter as JSON. `x-anchorwatch-signature` proves that it is from here, over the time and the very bytes of the body, so that
 * nobody can send an old one again later; docs/telling.md says how to check it.
 */
export function createWebhook({ url, secret }: WebhookSettings, deps: RetryDeps): Channel {
  return {
    name: 'webhook',
    drafts: null,
    send(message, effect) {
      const body = JSON.stringify(bodyOf(message));
      const timestamp = String(Math.floor(deps.clock.now() / SECOND));
      const headers = {
        'x-anchorwatch-id': message.id,
        'x-anchorwatch-timestamp': timestamp,
        'x-anchorwatch-signature': signatureOf(secret, timestamp, body),
        ...(message.repeat ? { 'x-anchorwatch-repeat': 'possible' } : {}),
      };
      return post({ who: 'The webhook', url, headers, body }, effect, deps);
    },
  };
}

/** `v1=` and HMAC-SHA256 of `<timestamp>.<body>` in hexadecimal; the timestamp in seconds since 1970. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

function bodyOf({ id, notice, run, tenant, audience, severity, subject, repeat, rendered }: Message): object {
  return { version: 1, id, notice, run, tenant, audience, severity, subject, repeat, letter: rendered.payload };
}
