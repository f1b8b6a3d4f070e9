import { checkAnswer } from '../../local/answer.ts';
import { type FaultScriptInput, parseFaults } from '../../local/http/faults/script.ts';
import type { KeyChange } from '../../local/world/generate/key.ts';
import type { WorldKeys } from '../../local/world/keys.ts';
import type { CertificateLimits } from '../../shared/rosters/limits.ts';
import { toleranceOf } from '../../shared/rosters/tolerance.ts';
import type { RunRow, SeenFinding } from '../../shared/state/rows.ts';
import { drawn, type Drawn, LAST_NIGHT, TONIGHT } from './drawn.ts';
import { type Night, type Unplugged, unplugged } from './unplugged.ts';

/** What many nights came to. */
export interface Nights {
  readonly seeds: number;
  good: number;
  /** Good nights in which something had struck, and those that found somebody. */
  goodStruck: number;
  goodFound: number;
  /** Good nights that took more than one call, so that pages were read back. */
  goodCut: number;
  findings: number;
  couldNotTell: number;
  /** Good nights that were wrong in a way that is allowed. */
  excused: number;
  /** How often each fault struck. */
  readonly struck: Map<string, number>;
  readonly wrong: string[];
}

/**
 * Whatever strikes the read of whatever tenant: the run is good and says what the answer key says, or it says that it could not tell,
 * why, and nothing else.
 */
export async function honestNights(seeds: readonly string[], keys: WorldKeys): Promise<Nights> {
  const nights: Nights = {
    seeds: seeds.length,
    good: 0,
    goodStruck: 0,
    goodFound: 0,
    goodCut: 0,
    findings: 0,
    couldNotTell: 0,
    excused: 0,
    struck: new Map(),
    wrong: [],
  };
  for (const seed of seeds) {
    const tonight = drawn(seed, keys);
    const tenants = unplugged(tonight.world);
    const night = await nightOf(tonight, tenants);
    for (const kind of tenants.struck) nights.struck.set(kind, (nights.struck.get(kind) ?? 0) + 1);
    if (night.run.state === 'good') {
      nights.good += 1;
      nights.goodStruck += Math.sign(tenants.struck.length);
      nights.goodFound += Math.sign(night.seen.length);
      nights.goodCut += Math.sign(night.run.slices - 1);
      nights.findings += night.seen.length;
    } else nights.couldNotTell += 1;
    const wrong = night.run.state === 'good' ? wrongIn(night, tonight, tenants) : moreThanDoubts(night);
    if (wrong.length > 0 && isExcused(night.run, wrong, tonight.world.certificate)) nights.excused += 1;
    else if (wrong.length > 0) nights.wrong.push(storyOf(seed, tonight.script, wrong));
  }
  return nights;
}

async function nightOf({ history, trigger, script }: Drawn, tenants: Unplugged): Promise<Night> {
  const { clock } = tenants;
  if (history) {
    clock.pass(LAST_NIGHT - clock.now());
    await tenants.night('timer');
  }
  clock.pass(TONIGHT - clock.now());
  tenants.misbehave(parseFaults(script));
  return tenants.night(trigger);
}

/** A night that could not tell gives its reasons, and no verdict on anybody. */
function moreThanDoubts({ run, queued }: Night): readonly string[] {
  return [
    ...(run.state === 'could-not-tell' ? [] : [`the run ended as ${run.state}`]),
    ...(run.doubts.length > 0 ? [] : ['the run gives no reason']),
    ...(run.summary === null ? [] : ['the run has a summary']),
    ...(queued === 0 ? [] : [`${queued} repairs are queued`]),
  ];
}

/**
 * The key is of one instant. Of whoever changes while the run reads, or so shortly before that a replica may show them as they were, it
 * is known alone that they are matched before and after: where replicas lag, both sides of such a change may be seen in one look.
 */
function wrongIn({ run, seen }: Night, { world }: Drawn, { created }: Unplugged): readonly string[] {
  const lag = world.graph?.replicaLag ?? 0;
  const changing = created.answerKey.changes.filter(({ at }) => at >= run.began - lag && at <= (run.ended ?? at));
  const { began } = run;
  // Who is counted depends on the very moment at which they were read.
  const held = { began, summary: changing.length > 0 ? null : run.summary };
  return checkAnswer(held, findingsBut(lag === 0 ? [] : changing, seen), created.answerKey).wrong;
}

function findingsBut(changing: readonly KeyChange[], seen: readonly SeenFinding[]) {
  const ids = new Set(changing.flatMap(({ oktaUser, objectId }) => [oktaUser, objectId]));
  return seen
    .map(({ finding }) => finding)
    .filter(({ user, objectId }) => !ids.has(user ?? '') && !ids.has(objectId ?? ''));
}

/**
 * The one thing that may pass, as README and docs/architecture.md say ("What a certificate can promise, and what not"): an account that
 * the list of users, or of the soft-deleted, has lost within the tolerance of Graph's counts, and to which nothing on another side bears
 * witness. It is missing, from the findings and from the sums; nobody is ever told of somebody who is in good order. Every second night is
 * without any tolerance, and there nothing is excused.
 */
function isExcused({ certificates }: RunRow, wrong: readonly string[], limits: CertificateLimits): boolean {
  const lost = certificates.some((certificate) => {
    const { expected, distinct, leftOut } = certificate;
    const missing = expected === null ? 0 : Math.max(expected.before, expected.after) - distinct - leftOut;
    return missing > 0 && missing <= toleranceOf(certificate, limits);
  });
  return lost && wrong.every((what) => / is missing$|^\d+ accounts are /.test(what));
}

function storyOf(seed: string, { rules }: FaultScriptInput, wrong: readonly string[]): string {
  return [`seed ${seed}:`, ...wrong, ...rules.map((rule) => JSON.stringify(rule))].join('\n  ');
}

/** A few lines for whoever reads them in a terminal. */
export function nightsTable({ seeds, struck, wrong, ...nights }: Nights): string {
  const { good, goodStruck, goodFound, goodCut, findings, couldNotTell, excused } = nights;
  const faults = [...struck]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([kind, times]) => `${kind} ${times}`);
  return [
    `${seeds} nights: ${good} good, ${couldNotTell} could not tell, ${wrong.length} wrong, ${excused} wrong as is allowed`,
    `of the good, ${goodStruck} were struck by a fault, ${goodCut} took several calls, and ${goodFound} found somebody: ${findings} findings`,
    `faults that struck: ${faults.join(', ')}`,
    ...wrong,
  ].join('\n');
}
