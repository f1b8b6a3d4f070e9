import * as z from 'zod';
import { AnchorwatchError } from '../../errors.ts';
import { type Side, sideSchema } from '../../plan/sides.ts';
import type { RunRow, SeenFinding, SnapshotRow } from '../../state/rows.ts';
import { invertedTime, joinKey, pageKey } from '../../state/keys.ts';
import { DAY, type Instant } from '../../time.ts';
import { packFirst, unpackRows } from '../../state/pack.ts';
import { seenFindingSchema } from '../../state/run-schema.ts';
import { approvedRepairId } from '../claims.ts';
import type { Tools } from '../tools.ts';

type Kept = Pick<Tools, 'state'>;

/** Findings in one row, at most: about 150 kB packed, far below the 1 MiB of an entity. Where they are longer it holds fewer. */
const FINDINGS_IN_CHUNK = 1_000;
/** Bytes of a memory in one row. */
const BYTES_IN_CHUNK = 512 * 1024;

/** People whose accounts are shown side by side, in one row, at most. */
const COMPARED_IN_CHUNK = 20;

const findings = z.array(seenFindingSchema);
const compared = z.array(z.object({ key: z.string(), sides: z.array(sideSchema) }));

/** Writes all findings of a run. The same run writes the same rows again after a crash. */
export async function writeFindings(run: string, seen: readonly SeenFinding[], tools: Kept): Promise<void> {
  await write(run, 'findings', packedInChunks(seen, FINDINGS_IN_CHUNK, 'A chunk of findings'), tools);
}

export async function readFindings(run: string, tools: Kept): Promise<SeenFinding[]> {
  const seen: SeenFinding[] = [];
  for await (const row of read(run, 'findings', tools))
    seen.push(...unpackRows(findings, row.packed, 'A chunk of findings'));
  return seen;
}

/** Both accounts of a finding, by its key. */
export interface Compared {
  readonly key: string;
  readonly sides: readonly Side[];
}

export async function writeSides(run: string, people: readonly Compared[], tools: Kept): Promise<void> {
  await write(run, 'sides', packedInChunks(people, COMPARED_IN_CHUNK, 'A chunk of accounts'), tools);
}

/** Empty for a finding whose accounts nobody has to compare, and for a run that has none of these. */
export async function readSides(run: string, key: string, tools: Kept): Promise<readonly Side[]> {
  if ((await tools.state.snapshots.get(run, joinKey('sides', pageKey(0)))) === null) return [];
  for await (const { packed } of read(run, 'sides', tools)) {
    const found = unpackRows(compared, packed, 'A chunk of accounts').find((one) => one.key === key);
    if (found !== undefined) return found.sides;
  }
  return [];
}

/** No approval is open for longer. */
const LONGEST_APPROVAL = 31 * DAY;

/**
 * The same with the repairs that somebody has released since, of this run's proposal or of an older one: they bear the names of runs,
 * and no snapshot is ever changed. Nothing holds these people back any more. `until`: as it was then.
 */
export async function readSeen(
  { id, scheduled }: Pick<RunRow, 'id' | 'scheduled'>,
  tools: Kept,
  until: Instant = Number.POSITIVE_INFINITY,
): Promise<SeenFinding[]> {
  const approved = new Map<string, string>();
  const range = { from: invertedTime(scheduled), to: invertedTime(scheduled - LONGEST_APPROVAL) };
  for await (const { row } of tools.state.decisions.list('decision', range)) {
    if (row.kind !== 'decision' || row.decision !== 'approved') continue;
    if (row.at < scheduled || row.at >= until) continue;
    // The newest comes first.
    for (const key of row.keys) if (!approved.has(key)) approved.set(key, approvedRepairId(row.run, row.key));
  }
  const seen = await readFindings(id, tools);
  if (approved.size === 0) return seen;
  return seen.map((one) => {
    const repair = approved.get(one.finding.key);
    return repair === undefined ? one : { ...one, hold: null, repair };
  });
}

export async function writeMemory(
  run: string,
  part: 'matched' | 'sources',
  bytes: Uint8Array,
  tools: Kept,
): Promise<void> {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += BYTES_IN_CHUNK) chunks.push(bytes.subarray(at, at + BYTES_IN_CHUNK));
  await write(run, part, chunks, tools);
}

export async function readMemory(run: string, part: 'matched' | 'sources', tools: Kept): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const row of read(run, part, tools)) chunks.push(row.packed);
  return Buffer.concat(chunks);
}

async function write(
  run: string,
  part: SnapshotRow['part'],
  packed: readonly Uint8Array[],
  { state }: Kept,
): Promise<void> {
  const chunks = packed.length === 0 ? [new Uint8Array()] : packed;
  for (const [chunk, bytes] of chunks.entries()) {
    await state.snapshots.put({ run, part, chunk, chunks: chunks.length, packed: bytes });
  }
}

/** Throws `invalid` when a chunk is missing: half a snapshot would turn known findings into new ones. */
async function* read(run: string, part: SnapshotRow['part'], { state }: Kept): AsyncGenerator<SnapshotRow> {
  let next = 0;
  let chunks = 1;
  for await (const { row } of state.snapshots.list(run, {
    from: joinKey(part, '000000'),
    to: joinKey(part, '999999'),
  })) {
    if (next === 0) chunks = row.chunks;
    // A run that was carried on after a crash may have left longer remains behind its last chunk.
    if (row.chunk !== next || next >= chunks) break;
    next += 1;
    yield row;
  }
  if (next < chunks) {
    const message = `The snapshot "${part}" of run ${run} has ${next} of ${chunks} parts; it was damaged or deleted.`;
    throw new AnchorwatchError('invalid', message, { fields: { run, part } });
  }
}

/** At most `size` items in a chunk, and one chunk at least. */
function packedInChunks(items: readonly unknown[], size: number, what: string): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  do {
    const { packed, count } = packFirst(items.slice(at, at + size), what);
    chunks.push(packed);
    at += count;
  } while (at < items.length);
  return chunks;
}
