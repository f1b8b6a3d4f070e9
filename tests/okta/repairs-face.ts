import type { Hands } from '../../local/world/hands.ts';
import type { WorldOptions } from '../../local/world/options.ts';
import type { CreatedWorld } from '../../local/world/world.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import type { Effect } from '../../shared/ports/effect.ts';
import type { OktaRepairs } from '../../shared/ports/okta-repairs.ts';
import { peopleOf, peopleOfTheirOwn, type Someone } from '../simulation/people.ts';

/** One face of the port, over a world of its own. */
export interface OktaFace {
  readonly okta: OktaRepairs;
  readonly created: CreatedWorld;
  readonly hands: Hands;
  readonly now: () => number;
  readonly pass: (ms: number) => void;
}

export type OpenOkta = (world: Partial<WorldOptions>) => Promise<OktaFace>;

/** A face with the people and things that most tests are about. */
export interface Scene extends OktaFace {
  readonly app: string;
  /** Whose assignment is their own. */
  readonly own: Someone;
  /** Whom the granting group gives theirs. */
  readonly granted: Someone;
  /** How a write is sent that has so many milliseconds left, half a minute by itself. */
  readonly effect: (within?: number) => Effect;
}

export type Stage = (world?: Partial<WorldOptions>) => Promise<Scene>;

export function stageOf(open: OpenOkta): Stage {
  return async (world = {}) => {
    const face = await open({ people: 12, plants: 'none', ...world });
    const [own] = peopleOfTheirOwn(face.created, 1);
    const [granted] = peopleOf(face.created, 'GROUP').filter(({ user }) => user !== own?.user);
    if (own === undefined || granted === undefined) throw new Error('the world is too small');
    const correlation = '00000000-0000-8000-8000-000000000000';
    const effect = (within = 30_000): Effect => ({ until: face.now() + within, correlation });
    return { ...face, app: face.created.ids.office365, own, granted, effect };
  };
}

/** What a call failed with: the kind and what the tenant said. `taken` where it did not fail. */
export async function refusal(call: Promise<unknown>): Promise<readonly unknown[]> {
  try {
    await call;
    return ['taken'];
  } catch (error) {
    if (!(error instanceof AnchorwatchError)) throw error;
    return [error.kind, error.fields['status'] ?? null, error.fields['code'] ?? null];
  }
}

/** An assignment as it is asked for, with scope USER and nothing unmapped unless told otherwise. */
export function assigningOf({ user, assignment }: Someone) {
  return { user, scope: 'USER', userName: assignment.userName, profile: {} } as const;
}

/** A distribution group of somebody's that an import brought, and the AD instance it came from. */
export async function listOf({ okta }: OktaFace, user: string): Promise<{ group: string; instance: string }> {
  for (const { id, directory } of await okta.oktaGroups(user))
    if (directory?.groupType === 'Distribution') return { group: id, instance: directory.instance };
  throw new Error(`${user} is in no distribution group`);
}

/** Ids of all groups that somebody is in. */
export async function groupsOf({ okta }: OktaFace, user: string): Promise<readonly string[]> {
  return (await okta.oktaGroups(user)).map(({ id }) => id);
}

/** Every write of the port, with arguments that a willing tenant takes. */
export const WRITES: readonly (readonly [keyof OktaRepairs, (scene: Scene, effect: Effect) => Promise<unknown>])[] = [
  ['switchDeactivate', ({ okta, app }, effect) => okta.switchDeactivate(app, 'DISABLED', effect)],
  ['unassign', ({ okta, app, own }, effect) => okta.unassign(app, own.user, effect)],
  [
    'assign',
    ({ okta, app, own }, effect) =>
      okta.assign(app, { ...assigningOf(own), profile: { licenses: [], roles: ['x'] } }, effect),
  ],
  [
    'changeAssignment',
    ({ okta, app, own }, effect) => okta.changeAssignment(app, own.user, { profile: { roles: ['x'] } }, effect),
  ],
  ['joinGroup', ({ okta, created, own }, effect) => okta.joinGroup(created.ids.groups.exclusion, own.user, effect)],
  [
    'leaveGroup',
    ({ okta, created, granted }, effect) => okta.leaveGroup(created.ids.groups.granting, granted.user, effect),
  ],
  [
    'changeDirectoryGroup',
    async (scene, effect) => {
      const { group, instance } = await listOf(scene, scene.own.user);
      return scene.okta.changeDirectoryGroup(instance, group, scene.own.user, 'leave', effect);
    },
  ],
];

/** Everything that the writes change, to be compared before and after. */
export async function whatIsThere(scene: Scene): Promise<readonly unknown[]> {
  const { okta, app, own, granted } = scene;
  return [
    await okta.deactivateSwitch(app),
    await okta.assignmentDetail(app, own.user),
    await okta.assignmentDetail(app, granted.user),
    await groupsOf(scene, own.user),
    await groupsOf(scene, granted.user),
    await okta.groupRules(),
  ];
}
