import type { Answer, Call, World } from '../../world/call.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Exchange, SocketAct } from './exchange.ts';
import { readPage, withSelf } from './page.ts';
import { spoilPage, type Turn } from './paging.ts';
import { concurrencyThrottled, denied, html, outageOf, sessionRefused, throttled, tokenRefused } from './refusals.ts';
import type { Fault, FaultOf, FaultScript } from './script.ts';
import { createSelector } from './select.ts';
import { createWalks, targetOf, walkKey, type Alias } from './walk.ts';

/** A world whose answers may be spoilt on their way. As pure as the world: it knows no socket, clock or chance but what it is given. */
export interface FaultyWorld {
  exchange(call: Call, now: Instant, random: () => number): Exchange;
}

const SEND: SocketAct = { kind: 'send' };

type Outcome = Omit<Exchange, 'fault'>;

/**
 * Lays a fault script between the world and whoever carries its answers. For each call the first rule that selects it, and can be
 * applied to it, strikes. A fault may ask the world more than once (a dropped page is the answer to the next one); rate limits count that.
 */
export function withFaults(world: World, script: FaultScript): FaultyWorld {
  const selector = createSelector(script);
  const walks = createWalks();
  const left = new Map<string, (genuine: Answer) => Answer>();

  return {
    exchange(received, now, random) {
      const alias = walks.unmask(received.side, received.target);
      const call = alias === null ? received : { ...received, target: alias.target };
      const ask = asking(call, now, random);
      const exchange = strike(call, alias, ask, now) ?? { ...sentAs(ask(call.target)), fault: null };
      const answer = withSelf(exchange.answer, call.target, received.target);
      return { ...exchange, answer: dated(answer, now) };
    },
  };

  /** What becomes of a call that something strikes; null when nothing does. */
  function strike(call: Call, alias: Alias | null, ask: Turn['ask'], now: Instant): Exchange | null {
    const turn = (rule: number | null): Turn => ({ call, rule, walks, ask, leave });
    const waiting = left.get(walkKey(call.side, call.target));
    if (waiting) {
      left.delete(walkKey(call.side, call.target));
      return { ...sentAs(waiting(ask(call.target))), fault: 'pages-swapped' };
    }
    if (alias?.again) {
      const outcome = spoil(turn(null), alias.again, now);
      return outcome && { ...outcome, fault: alias.again.kind };
    }
    for (const { rule, fault } of selector.select(call, walks.page(call.side, call.target))) {
      const outcome = rule === alias?.spent ? null : spoil(turn(rule), fault, now);
      if (outcome === null) continue;
      selector.struck(rule);
      return { ...outcome, fault: fault.kind };
    }
    return null;

    function leave(target: string, answer: (genuine: Answer) => Answer): void {
      left.set(walkKey(call.side, target), answer);
    }
  }

  /** Asks the world once for each target, and notes where its pages lead. */
  function asking(call: Call, now: Instant, random: () => number): (target: string) => Answer {
    const answers = new Map<string, Answer>();
    return (target) => {
      const known = answers.get(target);
      if (known) return known;
      const answer = lowerCased(world.handle({ ...call, target }, now, random));
      const next = script.rules.length === 0 ? null : (readPage(call.side, answer)?.next ?? null);
      if (next !== null) walks.led(call.side, target, targetOf(next));
      answers.set(target, answer);
      return answer;
    };
  }
}

function spoil(turn: Turn, fault: Fault, now: Instant): Outcome | null {
  const { call } = turn;
  const genuine = (): Answer => turn.ask(call.target);
  switch (fault.kind) {
    case 'throttled':
      return sentAs(throttled(call, fault, now));
    case 'concurrency-throttled':
      return sentAs(concurrencyThrottled(call, fault, now));
    case 'outage':
      if (fault.reached) genuine();
      return sentAs(outageOf(call, fault));
    case 'html':
      if (fault.reached) genuine();
      return sentAs(html(fault));
    case 'token-refused':
      return sentAs(tokenRefused(call));
    case 'session-refused': {
      const answer = sessionRefused(call);
      return answer && sentAs(answer);
    }
    case 'denied':
      return sentAs(denied(call));
    case 'slow':
      return { ...sentAs(genuine()), delay: fault.ms };
    case 'body-cut':
      return cut(genuine(), fault);
    case 'socket-closed': {
      const answer = fault.reached || fault.when === 'after-headers' ? genuine() : NOTHING;
      return { ...sentAs(answer), act: { kind: 'close', when: fault.when } };
    }
    case 'body-endless': {
      const answer = genuine();
      return answer.body === '' ? null : { ...sentAs(answer), act: { kind: 'pad', bytes: fault.bytes } };
    }
    default: {
      const answer = spoilPage(turn, fault);
      return answer && sentAs(answer);
    }
  }
}

/** The answer that nobody gave, because the call never came through. */
const NOTHING: Answer = { status: 502, headers: {}, body: '' };

function cut(answer: Answer, { share, ending }: FaultOf<'body-cut'>): Outcome | null {
  const body = Buffer.from(answer.body);
  const bytes = Math.floor(body.length * share);
  if (bytes === body.length) return null;
  if (ending === 'clean') return sentAs({ ...answer, body: body.subarray(0, bytes).toString() });
  return { ...sentAs(answer), act: { kind: 'cut', bytes, ending } };
}

function sentAs(answer: Answer): Outcome {
  return { answer, act: SEND, delay: 0 };
}

function lowerCased(answer: Answer): Answer {
  const headers = Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { ...answer, headers: Object.fromEntries(headers) };
}

/** Every answer bears the tenant's own time: clients reckon a reset against it. */
function dated(answer: Answer, now: Instant): Answer {
  return { ...answer, headers: { date: new Date(now).toUTCString(), ...answer.headers } };
}
