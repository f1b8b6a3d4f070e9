import type { ListName } from '../state/read-plan.ts';
import type { List } from './lists.ts';
import type { KeptPage, PageStore, StoredPage } from './pages.ts';
import { batchOf } from './parcel.ts';
import type { Place } from './place.ts';

/** The pages of one attempt at one list. */
interface Kept<Row> {
  readonly list: ListName;
  readonly attempt: number;
  readonly pages: KeptPage<Row>[];
  place: Place;
}

/** A page store that lives as long as the process. */
export function memoryPageStore(): PageStore {
  const lists = new Map<ListName, Kept<unknown>>();

  async function append<Row>(list: List<Row>, stored: StoredPage<Row>, behind: Place): Promise<void> {
    const page = { ...stored, rows: batchOf(stored.rows, list) };
    const kept = lists.get(list.name);
    if (kept !== undefined && page.attempt < kept.attempt) return;
    if (kept?.attempt !== page.attempt) {
      lists.set(list.name, { list: list.name, attempt: page.attempt, pages: [page], place: behind });
      return;
    }
    kept.pages[page.number] = page;
    kept.place = behind;
  }

  function pagesOf<Row>(list: List<Row>): readonly KeptPage<Row>[] {
    const kept = lists.get(list.name);
    return kept !== undefined && isOf(list, kept) ? kept.pages : [];
  }

  async function place<Row>(list: List<Row>): Promise<Place | null> {
    return lists.get(list.name)?.place ?? null;
  }

  async function* pages<Row>(list: List<Row>): AsyncGenerator<KeptPage<Row>> {
    yield* pagesOf(list);
  }

  return { append, place, pages };
}

/** One such store for each run. */
export function memoryPages(): (run: string) => PageStore {
  const stores = new Map<string, PageStore>();
  return (run) => {
    const store = stores.get(run) ?? memoryPageStore();
    stores.set(run, store);
    return store;
  };
}

/** The name of a list tells the type of its rows. */
function isOf<Row>(list: List<Row>, kept: Kept<unknown>): kept is Kept<Row> {
  return kept.list === list.name;
}
