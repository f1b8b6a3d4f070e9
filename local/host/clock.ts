/**
 * Preloaded with `--import`, this moves the process's Date by `ANCHORWATCH_CLOCK_OFFSET` milliseconds, so that a local tool can live through the
 * next night now. Timers run as they always do: only what the clock on the wall says is moved.
 */
const OFFSET = 'ANCHORWATCH_CLOCK_OFFSET';

const offset = Number(process.env[OFFSET] ?? '0');
// No setting of the app that runs here, which refuses settings it does not know.
delete process.env[OFFSET];
if (!Number.isSafeInteger(offset)) throw new Error(`${OFFSET} must be a whole number of milliseconds`);
if (offset !== 0) globalThis.Date = moved(Date, offset);

function moved(real: DateConstructor, by: number): DateConstructor {
  const now = (): number => real.now() + by;
  const shifted = new Proxy(real, {
    apply: () => new real(now()).toString(),
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  // Code that makes a date of another date's constructor gets the moved clock as well.
  Object.defineProperty(real.prototype, 'constructor', { value: shifted, writable: true, configurable: true });
  return shifted;
}
