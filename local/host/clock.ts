import { type Pace, paced } from './pace.ts';

/**
 * Preloaded with `--import`, this moves the process's Date by `ANCHORWATCH_CLOCK_OFFSET` milliseconds, so that a local tool can live through the
 * next night now. With `ANCHORWATCH_CLOCK_PACE` (`{"times": 10, "since": 1764079200000}`) that night also passes faster, and timers with
 * it; without, timers run as they always do. Whoever started the process may move its Date again later, with the message
 * `{"clockOffset": 86400000}`, which comes back once it is done.
 */
const OFFSET = 'ANCHORWATCH_CLOCK_OFFSET';
const PACE = 'ANCHORWATCH_CLOCK_PACE';

let offset = Number(process.env[OFFSET] ?? '0');
const pace = paceOf(process.env[PACE]);
// No settings of the app that runs here, which refuses settings it does not know.
delete process.env[OFFSET];
delete process.env[PACE];
if (!Number.isSafeInteger(offset)) throw new Error(`${OFFSET} must be a whole number of milliseconds`);
globalThis.Date = moved(Date);
process.on('message', (message: unknown) => {
  if (typeof message !== 'object' || message === null || !('clockOffset' in message)) return;
  offset = Number(message.clockOffset);
  process.send?.(message);
});
// Nor does listening keep the process alive.
process.channel?.unref();
if (pace !== null) {
  globalThis.setTimeout = hastened(setTimeout, pace);
  globalThis.setInterval = hastened(setInterval, pace);
}

function paceOf(text: string | undefined): Pace | null {
  if (text === undefined) return null;
  const { times, since }: Partial<Record<keyof Pace, unknown>> = JSON.parse(text);
  if (typeof times === 'number' && times > 0 && typeof since === 'number') return { times, since };
  throw new Error(`${PACE} must be {"times": a number above 0, "since": milliseconds}`);
}

function moved(real: DateConstructor): DateConstructor {
  const now = (): number => (pace === null ? real.now() : paced(real.now(), pace)) + offset;
  const shifted = new Proxy(real, {
    apply: () => new real(now()).toString(),
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  // Code that makes a date of another date's constructor gets the moved clock as well.
  Object.defineProperty(real.prototype, 'constructor', { value: shifted, writable: true, configurable: true });
  return shifted;
}

function hastened<Timer extends typeof setTimeout | typeof setInterval>(real: Timer, { times }: Pace): Timer {
  return new Proxy(real, {
    apply: (target, self, [callback, ms, ...args]) =>
      Reflect.apply(target, self, [callback, Number(ms ?? 0) / times, ...args]),
  });
}
