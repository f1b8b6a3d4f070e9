/**
 * What nobody can vouch for from outside: for each question the answers that a real tenant may give. A world is made with one of
 * them, the unkind one unless told otherwise, and whatever is built on it has to be right in all.
 */
export interface Switches {
  /**
   * Whether Graph takes UPN and anchor of people whom Entra shows as synced. Okta says that they cannot be edited, and edits them in
   * its own article; Microsoft protects some. `after-unassign`: the flag goes a while after the assignment.
   */
  readonly syncedWrites: 'refused' | 'after-unassign' | 'anyway';
  /** Whether Universal Sync's group job takes people out of their groups whom it finds unassigned. */
  readonly groupJob: 'drops-unassigned' | 'keeps';
  /** How somebody comes back into synced groups once the anchors are equal: at the next job, or only after leaving and rejoining. */
  readonly regroup: 'after-rejoin' | 'by-itself';
  /** Whether groups/modify works: its documented prerequisites contradict Universal Sync. */
  readonly directoriesApi: 'refused' | 'works';
  /** Whether a profile push that was under way before the unassignment still arrives after it, and puts the UPN back. */
  readonly latePush: 'arrives' | 'never';
  /** When the task behind an unassignment looks at *Deactivate Users*. */
  readonly unassignReads: 'when-run' | 'when-queued';
  /** What DELETE answers for an assignment that was converted to scope USER while a group still grants it. */
  readonly deleteConverted: 'refused' | 'allowed';
  /** Whether the anchor of a user on a managed domain may be null. */
  readonly nullAnchor: 'refused' | 'accepted';
  /** What Okta does to the account of somebody who is unassigned while *Deactivate Users* is on. */
  readonly deprovisioning: 'delete' | 'remove-licences' | 'block';
  /** What an update of an assignment's unmapped attributes does to the mapped ones: whether Okta computes its copy of the anchor anew. */
  readonly nudge: 'nothing' | 'recomputes';
}

export const UNKIND: Switches = {
  syncedWrites: 'refused',
  groupJob: 'drops-unassigned',
  regroup: 'after-rejoin',
  directoriesApi: 'refused',
  latePush: 'arrives',
  unassignReads: 'when-run',
  deleteConverted: 'refused',
  nullAnchor: 'refused',
  deprovisioning: 'delete',
  nudge: 'nothing',
};
