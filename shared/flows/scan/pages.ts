import { packPage, packPlace, unpackPage, unpackPlace } from '../../rosters/pack.ts';
import type { List } from '../../rosters/lists.ts';
import { memoryPageStore } from '../../rosters/memory.ts';
import type { KeptPage, PageStore, StoredPage } from '../../rosters/pages.ts';
import { packedBatch } from '../../rosters/parcel.ts';
import type { Place } from '../../rosters/place.ts';
import { joinKey, pageKey } from '../../state/keys.ts';
import type { Lease } from '../lease.ts';
import type { Tools } from '../tools.ts';

/** Attempts count from 1: here stands the place behind the last page, so that a call need not walk the pages before it goes on. */
const PLACE = { attempt: 0, number: 0 };

/**
 * The pages of one run in its table. Every page is written under the lease: a worker that lost it can write no further page, so
 * two workers never interleave in one list. A list that this call has read from its first page on is not read back.
 */
export function pagesOf(run: string, lease: Lease, { state }: Tools): PageStore {
  const read = memoryPageStore();

  async function append<Row>(list: List<Row>, asRead: StoredPage<Row>, behind: Place): Promise<void> {
    const page = { ...asRead, rows: packedBatch(asRead.rows, list) };
    await lease.keep();
    const { attempt, number } = page;
    await state.pages.transact([
      { kind: 'put', row: { run, list: list.name, attempt, number, packed: packPage(list, page) } },
      { kind: 'put', row: { run, list: list.name, ...PLACE, packed: packPlace(behind) } },
    ]);
    const before = await read.place(list);
    if (number === 0 || (before?.attempt === attempt && before.number === number))
      await read.append(list, page, behind);
  }

  async function place<Row>(list: List<Row>): Promise<Place | null> {
    const found = await state.pages.get(joinKey(run, list.name), keyOf(PLACE));
    return found === null ? null : unpackPlace(list, found.row.packed);
  }

  async function* pages<Row>(list: List<Row>): AsyncGenerator<KeptPage<Row>> {
    if ((await read.place(list)) !== null) {
      yield* read.pages(list);
      return;
    }
    const behind = await place(list);
    if (behind === null) return;
    // Up to the place and no further: what a worker without the lease, or an earlier attempt, has left behind it is nobody's.
    const range = { from: keyOf({ attempt: behind.attempt, number: 0 }), to: keyOf(behind) };
    let tried = 0;
    for await (const { row } of state.pages.list(joinKey(run, list.name), range)) {
      const page = unpackPage(list, row.packed, tried);
      if (page.rows.length > 0) tried = page.slice;
      yield page;
    }
  }

  return { append, place, pages };
}

function keyOf({ attempt, number }: typeof PLACE): string {
  return joinKey(pageKey(attempt), pageKey(number));
}
