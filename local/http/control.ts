import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { AnchorwatchError, explain } from '../../shared/errors.ts';
import type { Hands } from '../world/hands.ts';
import type { ShiftedClock } from './clock.ts';
import { carryOut, parseDeed } from './deeds.ts';
import { parseFaults } from './faults/script.ts';
import { listen, type LoopbackServer } from './listen.ts';
import { readBody } from './request.ts';
import type { Tenants } from './serve.ts';
import type { MailRecord } from '../world/graph/records.ts';
import type { Truth } from '../world/truth.ts';
import type { Instant } from '../../shared/time.ts';

export interface Desk {
  readonly clock: ShiftedClock;
  readonly tenants: Pick<Tenants, 'meter' | 'ledger' | 'setFaults'>;
  /** What was planted; the comparison with it is the business of whoever asks. */
  readonly answerKey: () => unknown;
  readonly hands: Hands;
  readonly truth: (now: Instant) => Truth;
  readonly mails: () => readonly MailRecord[];
}

const MAX_BODY = 2 ** 20;
const clockBody = z.strictObject({ offset: z.int() });

/**
 * The desk from which local tools and tests run the tenants; a port of its own, so that nothing of it can be mistaken for a tenant.
 *
 * - `GET /clock`, `POST /clock {"offset": ms}`: the tenants' time, as an offset from this machine's
 * - `POST /faults`: another fault script, `{"rules": []}` for none
 * - `GET /answer-key`: what was planted
 * - `POST /hands {"does": "dismiss", "user": "00u…"}`: what a person does in a console or in Active Directory, at the tenants' time
 * - `GET /truth`: what is so of everybody at this moment, whatever a replica shows
 * - `GET /mails`: every mail in a mailbox, sent or a draft, the oldest first
 * - `GET /ledger`: every write that was asked of a tenant, in order
 * - `GET /meter`, `DELETE /meter`: calls, 429s and bytes for each operation
 */
export function serveDesk(desk: Desk, port = 0): Promise<LoopbackServer> {
  const routes: Readonly<Record<string, (body: unknown) => unknown>> = {
    'GET /clock': () => time(desk.clock),
    'POST /clock': (body) => {
      desk.clock.shift(offsetOf(body));
      return time(desk.clock);
    },
    'POST /faults': (body) => {
      const script = parseFaults(body);
      desk.tenants.setFaults(script);
      return { rules: script.rules.length };
    },
    'GET /answer-key': () => desk.answerKey(),
    'POST /hands': (body) => {
      const deed = parseDeed(body);
      carryOut(deed, desk.hands, desk.clock.now());
      return { done: deed.does };
    },
    'GET /truth': () => desk.truth(desk.clock.now()),
    'GET /mails': () => desk.mails(),
    'GET /ledger': () => desk.tenants.ledger.writes(),
    'GET /meter': () => desk.tenants.meter.counts(),
    'DELETE /meter': () => {
      desk.tenants.meter.reset();
      return [];
    },
  };
  return listen('control desk of the simulated tenants', port, (request, response) => {
    attend(request, response).catch(() => response.destroy());
  });

  async function attend(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = `${request.method} ${request.url}`;
    const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
    if (!route) {
      reply(response, 404, { error: `The desk knows ${Object.keys(routes).join(', ')}; not ${name}.` });
      return;
    }
    try {
      reply(response, 200, route(jsonOf(await readBody(request, MAX_BODY))));
    } catch (error) {
      reply(response, error instanceof AnchorwatchError ? 400 : 500, { error: explain(error) });
    }
  }
}

function time(clock: ShiftedClock): unknown {
  return { now: clock.now(), offset: clock.offset() };
}

function offsetOf(body: unknown): number {
  const parsed = clockBody.safeParse(body);
  if (parsed.success) return parsed.data.offset;
  throw new AnchorwatchError('invalid', `The clock takes {"offset": milliseconds}. ${z.prettifyError(parsed.error)}`);
}

function jsonOf(text: string | null): unknown {
  if (text === null) throw new AnchorwatchError('invalid', `The body is larger than ${MAX_BODY} bytes.`);
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AnchorwatchError('invalid', 'The body is not JSON.', { cause });
  }
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
