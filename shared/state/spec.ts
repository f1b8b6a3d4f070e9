import type * as z from 'zod';
import { AnchorwatchError } from '../errors.ts';

/** What a table holds: the shape of its rows and how their keys follow from them. */
export interface TableSpec<Row extends object> {
  /** 3 to 63 letters and digits, a letter first. */
  readonly name: string;
  /** Version of the row's shape, from 1. Every row carries it; raise it with every change that old rows do not satisfy. */
  readonly version: number;
  /** Checked when a row is written and again when it is read. Fields that it does not name are not stored. */
  readonly schema: z.ZodType<Row>;
  partition(row: Row): string;
  key(row: Row): string;
  /** Brings the fields of a row of an older version into today's shape; what it gives is checked with `schema`. */
  upgrade?(fields: Readonly<Record<string, unknown>>, version: number): unknown;
}

/** What a queue carries. */
export interface QueueSpec<Message> {
  /** 3 to 63 small letters, digits and single dashes between them. */
  readonly name: string;
  readonly schema: z.ZodType<Message>;
}

/** Throws `invalid` when the service would refuse the name or the version makes no sense. */
export function checkTableSpec(spec: Pick<TableSpec<object>, 'name' | 'version'>): void {
  if (!/^[A-Za-z][A-Za-z0-9]{2,62}$/.test(spec.name)) {
    throw new AnchorwatchError(
      'invalid',
      `"${spec.name}" cannot be a table name: 3 to 63 letters and digits, a letter first.`,
    );
  }
  if (!Number.isInteger(spec.version) || spec.version < 1) {
    throw new AnchorwatchError(
      'invalid',
      `Table "${spec.name}" has the row version ${spec.version}; versions count from 1.`,
    );
  }
}

/** Throws `invalid` when the service would refuse the name. */
export function checkQueueName(name: string): void {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && name.length >= 3 && name.length <= 63) return;
  throw new AnchorwatchError(
    'invalid',
    `"${name}" cannot be a queue name: 3 to 63 small letters, digits and single dashes between them.`,
  );
}
