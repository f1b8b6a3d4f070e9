import { randomUUID } from 'node:crypto';
import type { TableClient } from '@azure/data-tables';
import { AnchorwatchError } from '../errors.ts';
import type { Range, Stored, Table, Write } from '../ports/state.ts';
import { checkTableSpec, type TableSpec } from '../state/spec.ts';
import { putAll } from './bulk.ts';
import { checkEtag, checkKeys, checkRange } from './checks.ts';
import { type StorageSettings, tableClient } from './clients.ts';
import { fromEntity, toEntity } from './codec.ts';
import { type Attempt, Connection, type StorageDeps } from './connection.ts';
import { type Entity, placeOf, type RawEntity } from './entity.ts';
import { isLostRace, isMissingRow, lostRace } from './failures.ts';
import { actionOf, fromService, indexOf, MARK, toService } from './service-entity.ts';
import { type EncodedWrite, toTransaction } from './transaction.ts';

/** The most that the service gives on one page. */
const PAGE = 1_000;

/** A table of Azure Table Storage, made by its first write; until then it is empty. Throws `invalid` for a spec that can be no table. */
export function openTable<Row extends object>(
  settings: StorageSettings,
  spec: TableSpec<Row>,
  deps: StorageDeps,
): Table<Row> {
  checkTableSpec(spec);
  const connection = new Connection(deps, {
    open: () => tableClient(settings, spec.name),
    make: (client, signal) => client.createTable({ abortSignal: signal }),
  });
  return new ServiceTable(spec, connection);
}

class ServiceTable<Row extends object> implements Table<Row> {
  readonly #spec: TableSpec<Row>;
  readonly #connection: Connection<TableClient>;

  constructor(spec: TableSpec<Row>, connection: Connection<TableClient>) {
    this.#spec = spec;
    this.#connection = connection;
  }

  async get(partition: string, key: string): Promise<Stored<Row> | null> {
    checkKeys(this.#spec.name, partition, key);
    const doing = `Reading the ${this.#place({ partition, key })}`;
    const entity = await this.#connection.look(doing, async (client, { signal }) => {
      try {
        return fromService(await client.getEntity(partition, key, { abortSignal: signal }));
      } catch (error) {
        if (isMissingRow(error)) return null;
        throw error;
      }
    });
    return entity === null ? null : this.#stored(entity);
  }

  async insert(row: Row): Promise<Stored<Row>> {
    const written = toEntity(this.#spec, row);
    const etag = await this.#write({ kind: 'insert', entity: written.entity }, (client, entity, { signal }) =>
      client.createEntity(entity, { abortSignal: signal }),
    );
    return { row: written.row, etag };
  }

  async replace(row: Row, etag: string): Promise<Stored<Row>> {
    const written = toEntity(this.#spec, row);
    checkEtag(etag, this.#place(written.entity));
    const next = await this.#write({ kind: 'replace', entity: written.entity, etag }, (client, entity, { signal }) =>
      client.updateEntity(entity, 'Replace', { etag, abortSignal: signal }),
    );
    return { row: written.row, etag: next };
  }

  async put(row: Row): Promise<void> {
    const written = toEntity(this.#spec, row);
    await this.#write({ kind: 'put', entity: written.entity }, (client, entity, { signal }) =>
      client.upsertEntity(entity, 'Replace', { abortSignal: signal }),
    );
  }

  putAll(rows: readonly Row[]): Promise<void> {
    return putAll((writes) => this.#submit(writes), this.#spec, rows);
  }

  async remove(partition: string, key: string, etag: string): Promise<void> {
    checkKeys(this.#spec.name, partition, key);
    checkEtag(etag, this.#place({ partition, key }));
    await this.#connection.look(`Removing the ${this.#place({ partition, key })}`, async (client, { signal }) => {
      try {
        await client.deleteEntity(partition, key, { etag, abortSignal: signal });
      } catch (error) {
        if (isMissingRow(error)) return;
        throw isLostRace(error) ? this.#lost('changed since it was read', { partition, key }, error) : error;
      }
    });
  }

  async *list(partition: string, range: Range = {}): AsyncGenerator<Stored<Row>> {
    checkKeys(this.#spec.name, partition);
    const { from, to, limit = Number.POSITIVE_INFINITY } = checkRange(range);
    const filter = await filterOf(partition, from, to);
    let left = limit;
    let token: string | undefined;
    while (left > 0) {
      const page = await this.#page(partition, filter, Math.min(left, PAGE), token);
      for (const entity of page.entities.slice(0, left)) yield this.#stored(entity);
      left -= page.entities.length;
      token = page.token;
      // A page may be empty and yet not be the last: only the token says so.
      if (token === undefined) return;
    }
  }

  async transact(writes: readonly Write<Row>[]): Promise<void> {
    await this.#submit(toTransaction(this.#spec, writes));
  }

  async #submit(encoded: readonly EncodedWrite[]): Promise<void> {
    const [first] = encoded;
    if (first === undefined) return;
    const mark = randomUUID();
    const actions = encoded.map((write) => actionOf(write, mark));
    const doing = `A transaction of ${encoded.length} writes around the ${this.#place(first.entity)}`;
    await this.#connection.write(doing, async (client, at) => {
      try {
        const answer = await client.submitTransaction(actions, { abortSignal: at.signal });
        const done = answer.subResponses.filter(({ status }) => status >= 200 && status < 300);
        if (done.length === actions.length) return;
        throw new AnchorwatchError('transient', `${doing} was answered for ${done.length} of them.`);
      } catch (error) {
        if (!isLostRace(error)) throw error;
        // All or nothing: what is true of the first write is true of all.
        if ((await this.#ownWrite(client, at, first.entity, mark)) !== null) return;
        throw this.#lateWrite(encoded[indexOf(error)] ?? first, error);
      }
    });
  }

  /** One write and the ETag it gave; a write of ours whose answer was lost is recognised by its mark. */
  async #write(
    write: EncodedWrite,
    send: (client: TableClient, entity: ReturnType<typeof toService>, at: Attempt) => Promise<{ etag?: string }>,
  ): Promise<string> {
    const mark = randomUUID();
    const entity = toService(write.entity, mark);
    return this.#connection.write(`Writing the ${this.#place(write.entity)}`, async (client, at) => {
      try {
        const { etag } = await send(client, entity, at);
        if (etag !== undefined) return etag;
        throw new AnchorwatchError(
          'transient',
          `Writing the ${this.#place(write.entity)} was answered without an ETag.`,
        );
      } catch (error) {
        if (!isLostRace(error)) throw error;
        const own = await this.#ownWrite(client, at, write.entity, mark);
        if (own !== null) return own;
        throw this.#lateWrite(write, error);
      }
    });
  }

  /** The row's ETag when an earlier try of this very write is what stands there, else null. */
  async #ownWrite(client: TableClient, at: Attempt, entity: Entity, mark: string): Promise<string | null> {
    if (!at.repeated) return null;
    try {
      const found = await client.getEntity(entity.partition, entity.key, { abortSignal: at.signal });
      return found[MARK] === mark ? found.etag : null;
    } catch (error) {
      if (isMissingRow(error)) return null;
      throw error;
    }
  }

  async #page(
    partition: string,
    filter: string,
    maxPageSize: number,
    token: string | undefined,
  ): Promise<{ entities: readonly (RawEntity & { etag: string })[]; token: string | undefined }> {
    const doing = `Listing partition "${partition}" of table "${this.#spec.name}"`;
    const page = await this.#connection.look(doing, async (client, { signal }) => {
      const pages = client
        .listEntities({ queryOptions: { filter }, abortSignal: signal })
        .byPage(token === undefined ? { maxPageSize } : { maxPageSize, continuationToken: token });
      const { value } = await pages.next();
      return { entities: value.map(fromService), token: value.continuationToken };
    });
    return page ?? { entities: [], token: undefined };
  }

  #stored(entity: RawEntity & { readonly etag: string }): Stored<Row> {
    return { row: fromEntity(this.#spec, entity), etag: entity.etag };
  }

  #place(at: Pick<Entity, 'partition' | 'key'>): string {
    return placeOf(this.#spec.name, at);
  }

  #lateWrite(write: EncodedWrite, cause: unknown): AnchorwatchError {
    const gone = isMissingRow(cause) ? 'is not there any more' : 'changed since it was read';
    return this.#lost(write.kind === 'insert' ? 'is there already' : gone, write.entity, cause);
  }

  #lost(what: string, at: Pick<Entity, 'partition' | 'key'>, cause: unknown): AnchorwatchError {
    return lostRace(`The ${this.#place(at)} ${what}`, { table: this.#spec.name }, cause);
  }
}

/** `odata` quotes each value; the names of the columns are the service's own. */
async function filterOf(partition: string, from: string | undefined, to: string | undefined): Promise<string> {
  const { odata } = await import('@azure/data-tables');
  const terms = [odata`PartitionKey eq ${partition}`];
  if (from !== undefined) terms.push(odata`RowKey ge ${from}`);
  if (to !== undefined) terms.push(odata`RowKey lt ${to}`);
  return terms.join(' and ');
}
