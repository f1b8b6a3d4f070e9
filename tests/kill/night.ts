import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withProcesses } from '../../local/processes.ts';
import { ROOT } from '../../local/stack.ts';
import { judgeRest } from './at-rest.ts';
import { judgeDeeds } from './deeds.ts';
import { evening, type EveningOptions } from './evening.ts';
import { evidenceOf } from './evidence.ts';
import { type KillingNight, killingNight } from './kills.ts';
import { type Violation, Verdict } from './verdict.ts';

export interface NightOptions extends Omit<EveningOptions, 'folder'> {
  readonly kills: number;
  /** Told what happens, for whoever waits. */
  readonly say?: (line: string) => void;
}

export interface Report extends KillingNight {
  /** Repairs by how they ended. */
  readonly ends: ReadonlyMap<string, number>;
  /** Writes that reached a tenant. */
  readonly writes: number;
  /** How often each promise was checked. */
  readonly checked: ReadonlyMap<number, number>;
  readonly violations: readonly Violation[];
}

/**
 * A night of repairs for real: the built functions under the local host, Azurite, the tenants over HTTP; the host is killed by SIGKILL
 * again and again. Once everything has come to rest, the promises are held against the tenants' own truth.
 */
export async function nightOf({ kills, say = ignore, ...options }: NightOptions): Promise<Report> {
  const folder = join(ROOT, '.anchorwatch', `kill-${process.pid}`);
  const log: string[] = [];
  try {
    return await withProcesses(
      async (set) => {
        const begun = await evening(set, { ...options, folder });
        say(`${begun.repairs.length} repairs are queued; the night begins.`);
        const night = await killingNight(begun, { kills, seed: options.seed, say });
        const evidence = await evidenceOf(begun, night.began, log);
        const verdict = new Verdict();
        judgeRest(evidence, verdict);
        judgeDeeds(evidence, verdict);
        verdict.that(0, begun.repairs.length === options.repairs, `${begun.repairs.length} repairs were queued`);
        verdict.that(0, night.kills.length >= kills, `only ${night.kills.length} kills met anybody at work`);
        const ends = Map.groupBy(evidence.repairs, ({ head }) => head?.state ?? 'nowhere');
        return {
          ...night,
          ends: new Map([...ends].map(([end, repairs]) => [end, repairs.length])),
          writes: evidence.writes.length,
          checked: verdict.checked,
          violations: verdict.violations,
        };
      },
      { onLine: (_, line) => log.push(line) },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ignore(): void {}
