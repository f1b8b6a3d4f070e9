import * as z from 'zod';
import { measured, medianOf } from '../measured.ts';
import { lineOf, type Target } from '../target.ts';

const JOIN = 'bench/compare/join.ts';
/** An instance of 2,048 MB, and the heap that is set for it. */
const INSTANCE = { memory: 2_048, heap: 1_800 } as const;
const MANY = 1_000_000;
/** Comparisons of a process that are not counted. */
const BEFORE = 2;

const saidSchema = z.object({ took: z.array(z.number()), drifted: z.number() });

/** The comparison alone, of rows that lie in memory, beside three Maps; and a million people in a small instance. */
export async function benchCompare(people: number, runs: number, say: (line: string) => void): Promise<boolean> {
  const [ours, plain] = [await joined('ours', people, runs, BEFORE), await joined('plain', people, runs, BEFORE)];
  const [cold, coldPlain] = [await joined('ours', people, 1, 0), await joined('plain', people, 1, 0)];
  const large = await joined('ours', MANY, 1, 0, [`--max-old-space-size=${INSTANCE.heap}`]);
  say(
    `${people} people: ${ours.cpu.toFixed(0)} ms of CPU, the plain join ${plain.cpu.toFixed(0)} ms; ${ours.drifted} have drifted.`,
  );
  say(`The first of a process: ${cold.cpu.toFixed(0)} ms, the plain join ${coldPlain.cpu.toFixed(0)} ms.`);
  say(
    `${MANY} people: ${(large.cpu / 1_000).toFixed(1)} s of CPU, ${large.memory.toFixed(0)} MB with their rows; ${large.drifted} have drifted.`,
  );
  const ratio = ours.cpu / plain.cpu;
  const targets: readonly Target[] = [
    {
      name: 'comparing, beside a plain join',
      found: ratio.toFixed(2),
      wanted: 'at most 1.3 times',
      isMet: ratio <= 1.3,
    },
    {
      name: `${MANY} people, with the heap set to ${INSTANCE.heap} MB`,
      found: `${large.memory.toFixed(0)} MB`,
      wanted: `at most ${INSTANCE.memory} MB`,
      isMet: large.memory <= INSTANCE.memory,
    },
    {
      name: 'finding whom the plain join finds',
      found: String(ours.drifted),
      wanted: String(plain.drifted),
      isMet: ours.drifted === plain.drifted,
    },
  ];
  for (const target of targets) say(lineOf(target));
  return targets.every(({ isMet }) => isMet);
}

/** The median of so many times in one process, and the most memory of it. */
async function joined(
  way: 'ours' | 'plain',
  people: number,
  times: number,
  before: number,
  flags: readonly string[] = [],
) {
  const args = [...flags, JOIN, way, String(people), String(times), String(before)];
  const { said, took } = await measured('a comparison', args, {});
  const { took: cpu, drifted } = saidSchema.parse(JSON.parse(said));
  return { cpu: medianOf(cpu), drifted, memory: took.memory / 1_024 };
}
