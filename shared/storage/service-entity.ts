import type { TableEntity, TransactionAction } from '@azure/data-tables';
import * as z from 'zod';
import { AnchorwatchError } from '../errors.ts';
import type { Entity, RawEntity } from './entity.ts';
import type { EncodedWrite } from './transaction.ts';

/** The column of the writer's mark: by it a writer whose answer was lost knows its own row again. */
export const MARK = 'w';

/** What the SDK adds to an entity that it reads. */
const FRAME = new Set(['partitionKey', 'rowKey', 'timestamp', 'etag', 'odata.metadata', MARK]);

const answer = z.looseObject({ partitionKey: z.string(), rowKey: z.string(), etag: z.string() });

/** The entity as the SDK takes it. */
export function toService(entity: Entity, mark: string): TableEntity {
  const service: TableEntity = { partitionKey: entity.partition, rowKey: entity.key, [MARK]: mark };
  for (const [name, value] of Object.entries(entity.columns)) {
    service[name] = typeof value === 'number' ? { type: 'Double', value } : value;
  }
  return service;
}

/** Throws `transient` when the service's answer lacks what every entity has. */
export function fromService(entity: unknown): RawEntity & { readonly etag: string } {
  const parsed = answer.safeParse(entity);
  if (!parsed.success) {
    throw new AnchorwatchError('transient', 'Storage gave an entity without keys or ETag: the answer was cut.');
  }
  const { partitionKey, rowKey, etag } = parsed.data;
  const columns = Object.entries(parsed.data).filter(([name]) => !FRAME.has(name));
  return { partition: partitionKey, key: rowKey, etag, columns: Object.fromEntries(columns) };
}

/** One write of a transaction as the SDK takes it. Never Merge, which would leave the columns of fields that are gone. */
export function actionOf(write: EncodedWrite, mark: string): TransactionAction {
  const entity = toService(write.entity, mark);
  if (write.kind === 'replace') return ['update', entity, 'Replace', { etag: write.etag }];
  return write.kind === 'insert' ? ['create', entity] : ['upsert', entity, 'Replace'];
}

/** Which write of a transaction the service refused: its message begins with the number, `1:The specified entity …`. */
export function indexOf(error: unknown): number {
  return error instanceof Error ? Number(/^(\d+):/.exec(error.message)?.[1] ?? 0) : 0;
}
