import { z } from 'zod';
import { AnchorwatchError } from '../../shared/errors.ts';
import { HOUR, type Instant } from '../../shared/time.ts';
import { usualPlants } from '../world/generate/plants.ts';
import type { ImportPlan } from '../world/okta/imports.ts';
import type { WorldOptions } from '../world/options.ts';
import type { Switches } from '../world/switches.ts';

const count = z.int().min(0);
const positive = z.int().min(1);
const share = z.number().min(0).max(1);
const texts = z.array(z.string());
/** Hours after the world began. */
const hours = z.number();
const spells = z.array(z.strictObject({ from: hours, until: hours }));

const causeKinds = ['ou', 'directory', 'encoding', 'attribute'] as const;
const churnKinds = ['created', 'deleted', 'renamed', 're-anchored', 'drifted', 'healed'] as const;

const importShape = z
  .strictObject({ every: positive, duration: positive, jitter: count, failing: spells, stopped: spells })
  .exactPartial();

const limitsShape = z
  .strictObject({
    apps: count,
    app: count,
    groups: count,
    users: count,
    logs: count,
    token: count,
    other: count,
  })
  .exactPartial();

const oktaShape = z
  .strictObject({
    scopes: texts,
    hasAdminRole: z.boolean(),
    limits: limitsShape,
    share,
    pageCap: positive,
    cursorLifetime: positive,
    tokenLifetime: positive,
    searchLag: count,
  })
  .exactPartial();

const graphShape = z
  .strictObject({
    roles: texts,
    quota: count,
    pageCap: positive,
    cursorLifetime: positive,
    tokenLifetime: positive,
    replicaLag: count,
    countLag: count,
    audience: z.url(),
  })
  .exactPartial();

const switchesShape = z
  .strictObject({
    syncedWrites: z.enum(['refused', 'after-unassign', 'anyway']),
    groupJob: z.enum(['drops-unassigned', 'keeps']),
    regroup: z.enum(['after-rejoin', 'by-itself']),
    directoriesApi: z.enum(['refused', 'works']),
    latePush: z.enum(['arrives', 'never']),
    unassignReads: z.enum(['when-run', 'when-queued']),
    deleteConverted: z.enum(['refused', 'allowed']),
    nullAnchor: z.enum(['refused', 'accepted']),
    deprovisioning: z.enum(['delete', 'remove-licences', 'block']),
    nudge: z.enum(['nothing', 'recomputes']),
  } satisfies Readonly<Record<keyof Switches, z.ZodType>>)
  .exactPartial();

/** What of a world can be chosen in a file. Durations are in milliseconds; instants are in hours after the world began. */
const worldFileSchema = z
  .strictObject({
    plants: z.union([z.literal('all'), z.literal('none'), z.partialRecord(z.enum(Object.keys(usualPlants())), count)]),
    causes: z.array(z.strictObject({ kind: z.enum(causeKinds), people: count })),
    churn: z.array(z.strictObject({ kind: z.enum(churnKinds), people: positive, from: hours, until: hours })),
    directories: z.array(z.strictObject({ name: z.string().min(1), share })).min(1),
    office365Apps: positive,
    anchorExpression: z.string(),
    synced: z.enum(['universal-sync', 'never']),
    imports: z.record(z.string(), importShape),
    okta: oktaShape,
    graph: graphShape,
    switches: switchesShape,
  })
  .exactPartial();

/** A world's choices, but for what the command line says: seed, beginning, size and keys. */
export type WorldChoices = Omit<WorldOptions, 'seed' | 'start' | 'people' | 'keys' | 'origins'>;

/** Reads a world file from plain data. Throws `invalid` with every error in it at once. */
export function parseWorldFile(input: unknown, start: Instant): WorldChoices {
  const parsed = worldFileSchema.safeParse(input);
  if (!parsed.success) {
    throw new AnchorwatchError('invalid', `The world file cannot be read:\n${z.prettifyError(parsed.error)}`);
  }
  const { churn, imports, ...choices } = parsed.data;
  const at = (hour: number): Instant => start + hour * HOUR;
  const during = <Span extends { from: number; until: number }>(span: Span): Span => ({
    ...span,
    from: at(span.from),
    until: at(span.until),
  });
  const planned = ({ failing, stopped, ...plan }: z.output<typeof importShape>): Partial<ImportPlan> => ({
    ...plan,
    ...(failing && { failing: failing.map(during) }),
    ...(stopped && { stopped: stopped.map(during) }),
  });
  return {
    ...choices,
    ...(churn && { churn: churn.map(during) }),
    ...(imports && {
      imports: Object.fromEntries(Object.entries(imports).map(([name, plan]) => [name, planned(plan)])),
    }),
  };
}
