/**
 * Does the work for each item, so many at a time. After a failure nothing further is begun, what is under way is awaited, and the first
 * failure is thrown.
 */
export async function several<Item>(
  items: Iterable<Item>,
  atATime: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items[Symbol.iterator]();
  const failures: unknown[] = [];
  async function worker(): Promise<void> {
    // All workers draw from the one iterator.
    for (let next = left.next(); next.done !== true && failures.length === 0; next = left.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failures.push(error);
      }
    }
  }
  await Promise.all(Array.from({ length: atATime }, worker));
  if (failures.length > 0) throw failures[0];
}

/**
 * Does both beside each other. After a failure of one the other is told to begin nothing further, and awaited; then the first failure is
 * thrown.
 */
export async function both<One, Other>(
  one: (stop: AbortSignal) => Promise<One>,
  other: (stop: AbortSignal) => Promise<Other>,
): Promise<readonly [One, Other]> {
  const stop = new AbortController();
  const stopping = <Value>(work: Promise<Value>): Promise<Value> =>
    work.catch((error: unknown) => {
      stop.abort(error);
      throw error;
    });
  const works = [stopping(one(stop.signal)), stopping(other(stop.signal))] as const;
  await Promise.allSettled(works);
  stop.signal.throwIfAborted();
  return Promise.all(works);
}
