import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { azuriteProcess } from '../../local/host/azurite.ts';
import { withProcesses } from '../../local/processes.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import { measured, type ProcessTook } from '../measured.ts';
import { personOf } from './people.ts';

/** Megabytes of any stage: half as much again as a night of 20,000 findings among 300,000 people was seen to need. */
const MOST_MEMORY = 1_024;

interface Stage {
  readonly name: string;
  readonly args: readonly string[];
  /** The stage that does the least, beside which this is measured; null for itself. */
  readonly beside: string | null;
  /** How many times as long as the other at most. */
  readonly times?: number;
  /** What must be in its output; absent for a night, which says what it took. */
  readonly shows?: string;
}

/** What a night says of itself, without the start of its process. */
const nightSchema = z.object({
  wall: z.number(),
  cpu: z.number(),
  rows: z.number(),
  phases: z.record(z.string(), z.number()).optional(),
});

interface Took extends ProcessTook {
  readonly rows: number | null;
  /** Milliseconds of CPU that Azurite has taken meanwhile. */
  readonly served: number;
  readonly phases: string;
}

/** Findings at scale, on Azurite as a process of its own. Each stage is a process of its own too. False while a target is missed. */
export async function benchFindings(
  { findings, people }: { readonly findings: number; readonly people: number },
  say: (line: string) => void,
): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'anchorwatch-bench-'));
  try {
    return await withProcesses(async (set) => {
      const azurite = await set.start(azuriteProcess({ folder: null }));
      const results = new Map<string, Took>();
      say('| stage | s | CPU s | Azurite CPU s | MB | requests | rows written | ratio |');
      say('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
      const missed: string[] = [];
      for (const stage of stagesOf(findings, people, folder)) {
        const one = await run(stage, azurite.ready.connectionString, azurite.pid);
        results.set(stage.name, one);
        const least = results.get(stage.beside ?? stage.name)?.wall ?? one.wall;
        const ratio = one.wall / least;
        say(lineOf(stage.name, one, stage.beside === null ? '' : ratio.toFixed(2)));
        if (ratio > (stage.times ?? 1)) missed.push(`${stage.name}: ${ratio.toFixed(2)} times, ${stage.times} wanted`);
        if (one.memory / 1_024 > MOST_MEMORY) missed.push(`${stage.name}: more than ${MOST_MEMORY} MB`);
      }
      for (const line of missed) say(`missed: ${line}`);
      return missed.length === 0;
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function stagesOf(findings: number, people: number, folder: string): readonly Stage[] {
  const night = (at: number): string[] => ['bench/findings/night.ts', String(findings), String(people), String(at)];
  const somebody = personOf(Math.floor(findings / 2)).user;
  const name = 'given.surname';
  const shown = { beside: 'plain: read back', times: 4, shows: name };
  return [
    { name: 'plain: first night', args: plain('night', String(findings), '0'), beside: null },
    { name: 'first night', args: night(0), beside: 'plain: first night', times: 4 },
    { name: 'plain: second night', args: plain('night', String(findings), '1'), beside: null },
    { name: 'second night', args: night(1), beside: 'plain: second night', times: 4 },
    { name: 'plain: read back', args: plain('read', '0'), beside: null, shows: name },
    { name: 'status', args: cli('status'), ...shown },
    { name: 'status as JSON', args: cli('status', '--format', 'json'), ...shown },
    { name: 'explain', args: cli('explain', somebody), ...shown },
    { name: 'runs', args: cli('runs'), ...shown, shows: 'good' },
    { name: 'page of the findings', args: ['bench/findings/page.ts'], ...shown, shows: 'entra-stale' },
    { name: 'digest with its CSV', args: cli('mail', 'preview', '--last', '--out', folder), ...shown, shows: folder },
  ];
}

async function run({ name, args, shows }: Stage, storage: string, azurite: number): Promise<Took> {
  const before = await cpuOf(azurite);
  const { took, said, complaint } = await measured(name, args, { AzureWebJobsStorage: storage });
  const served = (await cpuOf(azurite)) - before;
  if (shows === undefined) {
    const { phases = {}, ...inside } = nightSchema.parse(JSON.parse(said));
    const parts = Object.entries(phases).map(([phase, ms]) => `${phase} ${seconds(ms)}`);
    return { ...took, ...inside, served, phases: parts.join(', ') };
  }
  if (!said.includes(shows))
    throw new AnchorwatchError(
      'refused',
      `${name} does not show what it should: ${said.slice(0, 200)} ${complaint.slice(-300)}`,
    );
  return { ...took, rows: null, served, phases: '' };
}

/** Milliseconds of CPU that a process has taken so far, by the kernel's hundredths of a second. */
async function cpuOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function lineOf(name: string, one: Took, ratio: string): string {
  const what = one.phases === '' ? name : `${name} (${one.phases})`;
  const cells = [
    what,
    seconds(one.wall),
    seconds(one.cpu),
    seconds(one.served),
    Math.round(one.memory / 1_024),
    one.requests,
    one.rows ?? '',
    ratio,
  ];
  return `| ${cells.join(' | ')} |`;
}

function plain(...args: readonly string[]): readonly string[] {
  return ['bench/findings/plain.mjs', ...args];
}

function cli(...args: readonly string[]): readonly string[] {
  return ['dist/cli/main.js', ...args];
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
