import { packPage, unpackPage } from '../../rosters/pack.ts';
import type { List } from '../../rosters/lists.ts';
import { memoryPageStore } from '../../rosters/memory.ts';
import type { PageStore, StoredPage } from '../../rosters/pages.ts';
import type { PageRow } from '../../state/rows.ts';
import { joinKey, pageKey } from '../../state/keys.ts';
import type { Lease } from '../lease.ts';
import type { Tools } from '../tools.ts';

/**
 * The pages of one run in its table. Every page is written under the lease: a worker that lost it can write no further page, so
 * two workers never interleave in one list. A list that this call has read from its first page on is not read back.
 */
export function pagesOf(run: string, lease: Lease, { state }: Tools): PageStore {
  const read = memoryPageStore();

  async function append<Row>(list: List<Row>, page: StoredPage<Row>): Promise<void> {
    await lease.keep();
    const { attempt, number } = page;
    await state.pages.put({ run, list: list.name, attempt, number, packed: packPage(page) });
    const before = await read.last(list);
    if (number === 0 || (before?.attempt === attempt && before.number === number - 1)) await read.append(list, page);
  }

  async function last<Row>(list: List<Row>): Promise<StoredPage<Row> | null> {
    let found: PageRow | null = null;
    for await (const { row } of state.pages.list(joinKey(run, list.name))) found = row;
    return found === null ? null : unpackPage(list, found.packed);
  }

  async function* pages<Row>(list: List<Row>): AsyncGenerator<StoredPage<Row>> {
    if ((await read.last(list)) !== null) {
      yield* read.pages(list);
      return;
    }
    const newest = await last(list);
    if (newest === null) return;
    const range = { from: joinKey(pageKey(newest.attempt), pageKey(0)) };
    for await (const { row } of state.pages.list(joinKey(run, list.name), range)) yield unpackPage(list, row.packed);
  }

  return { append, last, pages };
}
