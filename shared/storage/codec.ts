import { AnchorwatchError } from '../errors.ts';
import { issuesOf } from '../state/issues.ts';
import type { TableSpec } from '../state/spec.ts';
import { toColumns, toFields } from './columns.ts';
import { checkEntity, type Entity, placeOf, type RawEntity } from './entity.ts';

/** The column of the schema version. */
const VERSION = 'v';

/**
 * A row as an entity, and the row as it will be read back, which shares nothing with what was passed in. Throws `invalid` when
 * the row does not satisfy its schema, would not read back, or does not fit.
 */
export function toEntity<Row extends object>(spec: TableSpec<Row>, row: Row): { entity: Entity; row: Row } {
  const checked = spec.schema.safeParse(row);
  if (!checked.success) {
    throw new AnchorwatchError('invalid', `A row for table "${spec.name}" is not one: ${issuesOf(checked.error)}.`, {
      fields: { table: spec.name },
    });
  }
  const at = { partition: spec.partition(checked.data), key: spec.key(checked.data) };
  const columns = toColumns(checked.data, placeOf(spec.name, at));
  const entity = { ...at, columns: { ...columns, [VERSION]: spec.version } };
  checkEntity(spec.name, entity);
  return { entity, row: fromEntity(spec, entity) };
}

/**
 * The row of an entity. Throws `invalid`, with table, keys and field, for whatever is not a row of this table: an unreadable
 * version, one newer than this program, missing or wrong columns, a row that lies under keys that are not its own.
 */
export function fromEntity<Row extends object>(spec: TableSpec<Row>, entity: RawEntity): Row {
  const place = placeOf(spec.name, entity);
  const { [VERSION]: version, ...columns } = entity.columns;
  checkVersion(spec, entity, version);
  const fields = toFields(columns, place);
  const checked = spec.schema.safeParse(upgraded(spec, entity, fields, version));
  if (!checked.success) {
    const older = version < spec.version ? `, written as version ${version} of ${spec.version},` : '';
    throw unreadable(spec, entity, `the ${place}${older} is not a row of it: ${issuesOf(checked.error)}`);
  }
  const own = keysOf(spec, entity, checked.data);
  if (own.partition !== entity.partition || own.key !== entity.key) {
    throw unreadable(spec, entity, `the ${place} belongs under "${own.partition}" / "${own.key}"`);
  }
  return checked.data;
}

/** The keys that follow from the fields. Fields of a good shape may still make none, and then nothing of ours wrote them. */
function keysOf<Row extends object>(
  spec: TableSpec<Row>,
  entity: RawEntity,
  row: Row,
): Pick<RawEntity, 'partition' | 'key'> {
  try {
    return { partition: spec.partition(row), key: spec.key(row) };
  } catch (cause) {
    throw unreadable(spec, entity, `the ${placeOf(spec.name, entity)} has fields that make no key`, cause);
  }
}

function upgraded<Row extends object>(
  spec: TableSpec<Row>,
  entity: RawEntity,
  fields: Readonly<Record<string, unknown>>,
  version: number,
): unknown {
  if (version === spec.version || spec.upgrade === undefined) return fields;
  try {
    return spec.upgrade(fields, version);
  } catch (cause) {
    const problem = `the ${placeOf(spec.name, entity)} cannot be brought from version ${version} to ${spec.version}`;
    throw unreadable(spec, entity, problem, cause);
  }
}

function checkVersion<Row extends object>(
  spec: TableSpec<Row>,
  entity: RawEntity,
  version: unknown,
): asserts version is number {
  const place = placeOf(spec.name, entity);
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    throw unreadable(spec, entity, `the ${place} carries no schema version in its column "${VERSION}"`);
  }
  if (version > spec.version) {
    throw new AnchorwatchError(
      'invalid',
      `The ${place} has schema version ${version}; this program knows versions up to ${spec.version}. ` +
        'A newer Anchorwatch has written here: deploy that one, never an older one over it.',
      { fields: { table: spec.name, partition: entity.partition, key: entity.key, version } },
    );
  }
}

function unreadable<Row extends object>(
  spec: TableSpec<Row>,
  entity: RawEntity,
  problem: string,
  cause?: unknown,
): AnchorwatchError {
  return new AnchorwatchError(
    'invalid',
    `${problem.charAt(0).toUpperCase()}${problem.slice(1)}. Something else wrote it or damaged it: restore or delete the row.`,
    { cause, fields: { table: spec.name, partition: entity.partition, key: entity.key } },
  );
}
