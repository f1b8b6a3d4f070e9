import type { List } from './lists.ts';
import { packPage, unpackPage } from './pack.ts';
import type { PageStore, StoredPage } from './pages.ts';

/** A page store that lives as long as the process: for a scan from the command line. Pages are kept packed. */
export function memoryPageStore(): PageStore {
  const lists = new Map<string, { attempt: number; pages: Uint8Array[] }>();

  async function append<Row>(list: List<Row>, page: StoredPage<Row>): Promise<void> {
    const held = lists.get(list.name);
    if (held !== undefined && page.attempt < held.attempt) return;
    const packed = held !== undefined && page.attempt === held.attempt ? held.pages : [];
    packed[page.number] = packPage(page);
    lists.set(list.name, { attempt: page.attempt, pages: packed });
  }

  async function last<Row>(list: List<Row>): Promise<StoredPage<Row> | null> {
    const bytes = lists.get(list.name)?.pages.at(-1);
    return bytes === undefined ? null : unpackPage(list, bytes);
  }

  async function* pages<Row>(list: List<Row>): AsyncGenerator<StoredPage<Row>> {
    for (const bytes of lists.get(list.name)?.pages ?? []) yield unpackPage(list, bytes);
  }

  return { append, last, pages };
}
