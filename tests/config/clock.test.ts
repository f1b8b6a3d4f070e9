import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../shared/clock.ts';
import { DAY, SECOND } from '../../shared/time.ts';

const START = Date.UTC(2026, 10, 23, 2);

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the system clock', () => {
  test('tells the time of the machine', () => {
    expect(systemClock().now()).toBe(START);
  });

  test('waits as long as it is told', async () => {
    const clock = systemClock();
    const waited = clock.wait(5 * SECOND).then(() => clock.now());
    await vi.runAllTimersAsync();

    expect(await waited).toBe(START + 5 * SECOND);
  });

  test('waits longer than one timer can', async () => {
    const clock = systemClock();
    const waited = clock.wait(40 * DAY).then(() => clock.now());
    await vi.runAllTimersAsync();

    expect(await waited).toBe(START + 40 * DAY);
  });

  test('stops waiting with the reason of the signal, and leaves no timer', async () => {
    const controller = new AbortController();
    const waited = systemClock().wait(5 * SECOND, controller.signal);
    controller.abort(new Error('the app goes down'));

    await expect(waited).rejects.toThrow('the app goes down');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('does not begin to wait for a signal that is aborted already', async () => {
    await expect(systemClock().wait(SECOND, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('lets go of a signal when the wait is over', async () => {
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    const waited = systemClock().wait(SECOND, signal);
    await vi.runAllTimersAsync();
    await waited;

    expect(removed).toHaveBeenCalledOnce();
  });

  test('aborts at the deadline, as something that may be tried again', async () => {
    const { signal } = systemClock().deadline(30 * SECOND);
    await vi.advanceTimersByTimeAsync(30 * SECOND - 1);
    expect(signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);

    expect(signal.reason).toMatchObject({ kind: 'transient', message: 'no answer within 30 seconds' });
  });

  test('forgets a deadline whose work is done', async () => {
    const deadline = systemClock().deadline(SECOND);
    deadline.end();
    await vi.advanceTimersByTimeAsync(DAY);

    expect(deadline.signal.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});
