import { nightOf, settingsOf } from '../../tests/flows/night.ts';
import { adAccount, emptyTenant } from '../../tests/rosters/tenant.ts';
import type { Comparison } from '../../shared/compare/compare.ts';
import type { Rosters } from '../../shared/compare/rows.ts';
import { emptyBuckets } from '../../shared/compare/tally.ts';
import { readStorageConfig } from '../../shared/config/read.ts';
import { openRun } from '../../shared/flows/run.ts';
import { conclude, summaryOf } from '../../shared/flows/scan/conclude.ts';
import { leaveMemory, lookBack } from '../../shared/flows/scan/past.ts';
import { record, seenBy } from '../../shared/flows/scan/record.ts';
import type { Tools } from '../../shared/flows/tools.ts';
import { makePlan } from '../../shared/plan/plan.ts';
import { DAY } from '../../shared/time.ts';
import { stateTools } from '../../shared/wiring.ts';
import { personOf, someFindings } from './people.ts';
import { rollsOf } from '../../tests/rosters/rolls.ts';

/**
 * What a scan does with its findings, from looking back to concluding, by the product's own code: `node night.ts <findings> <people> <night>`.
 * A process of its own, whose rosters are made up before the clock runs. Says what it took, in milliseconds, and how many rows it wrote.
 */
const [count = 0, people = 0, number = 0] = process.argv.slice(2).map(Number);
const { tools: idle } = nightOf(emptyTenant());
const { state, clock } = stateTools(readStorageConfig(process.env), idle.log);
const tools: Tools = { ...idle, state, clock, settings: settingsOf({ mode: 'observe' }) };

const findings = someFindings(count, number);
const sound = Array.from({ length: people - count }, (_, at) => personOf(1_000_000 + at));
const comparison: Comparison = {
  findings,
  matched: sound,
  paired: people,
  buckets: emptyBuckets(),
  causes: [],
  evidence: { externalIdIsObjectId: true, employeeIdsAgree: true },
};
const ad = sound.map(({ user, anchor }) => ({ ...adAccount(0), user, anchor }));
const rosters: Rosters = { ad, assignments: [], entra: [], deleted: [], domains: [] };
const plan = makePlan(findings);
const held = plan.repairs.map(({ key }) => ({ key, rule: 'observe-mode' as const, reason: 'the mode is observe' }));
const release = { queue: [], proposed: [], held, freeze: null };
const verdicts = { comparison, plan, release, confirmed: () => true, earlier: () => null };

const rolls = rollsOf(rosters);
const began = performance.now();
const cpu = process.cpuUsage();
const phases: Record<string, number> = {};
let last = began;
function phase(name: string): void {
  phases[name] = performance.now() - last;
  last = performance.now();
}

const scheduled = Math.floor(clock.now() / 1_000) * 1_000 - 2 * DAY + number * DAY;
const run = await openRun(state, { scheduled, trigger: 'timer', mode: 'observe', now: clock.now() });
const past = await lookBack(run.row, tools);
phase('read last night');
const seen = await seenBy(run.row, verdicts, past, tools);
phase('diffed');
const changes = await record(run.row, seen, comparison, past, tools);
phase('recorded');
await leaveMemory(run.row.id, past, rolls, comparison, tools);
phase('memory');
const facts = { past, setup: { mapping: null, deactivateUsers: null }, changes, unconfirmed: 0, warnings: [] };
await conclude(run, [], summaryOf(verdicts, seen, facts), seen, tools);
phase('concluded');

const { user, system } = process.cpuUsage(cpu);
const rows = 2 * Object.entries(changes).reduce((sum, [change, many]) => sum + (change === 'open' ? 0 : many), 0);
const took = { wall: performance.now() - began, cpu: (user + system) / 1_000, rows, phases };
process.stdout.write(JSON.stringify(took));
