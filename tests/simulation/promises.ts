import { importCarrying } from '../../local/world/okta/imports.ts';
import { canonical } from '../../shared/canonical.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import { type Original, originalsOf } from './originals.ts';
import { asTheyWereTold, type Post } from './mails.ts';
import { asTheyEnded, inTime } from './rest.ts';
import type { EffectKind } from './faults.ts';
import type { Happened, Watcher, Worker } from './scheduler.ts';
import type { Made } from './simulation.ts';

/** A promise of the design that did not hold, and after which effect. */
export interface Violation {
  readonly promise: number;
  readonly what: string;
  readonly effect: number;
}

interface Read {
  readonly at: Instant;
  readonly answer: unknown;
}

const CHANGES_NOTHING: ReadonlySet<EffectKind> = new Set(['okta-read', 'entra-read', 'state-read', 'send']);

/**
 * Checks the ten promises against the tenants themselves, after every effect, and once more at rest. What people did meanwhile is told
 * by the scenario (`excused`), for it is not ours.
 */
export class Promises implements Watcher {
  readonly violations: Violation[] = [];
  checked = 0;
  readonly #made: Made;
  readonly #originals: readonly Original[];
  readonly #switch: string;
  /** The last read of each port method by each worker. */
  readonly #reads = new Map<string, Read>();
  readonly #parked = new Map<string, Instant>();
  /** When somebody was last taken out of a group. */
  readonly #left = new Map<string, Instant>();
  /** Mails that were taken, by Message-ID. */
  readonly #posts = new Map<string, Post[]>();
  #switchedAt: Instant = 0;
  #last: string;

  constructor(made: Made) {
    this.#made = made;
    this.#originals = originalsOf(made);
    this.#switch = this.#deactivate();
    this.#last = this.#switch;
  }

  /** Somebody else moved the switch: it counts from when it could first be seen. */
  #noteSwitch(name: string): void {
    const now = this.#deactivate();
    if (now !== this.#last && name !== 'okta.switchDeactivate') this.#switchedAt = this.#made.scheduler.now;
    this.#last = now;
  }

  before(
    worker: Worker,
    { name, arguments: args }: { readonly name: string; readonly arguments: readonly unknown[] },
  ): void {
    this.#noteSwitch('');
    if (name === 'okta.unassign' || name === 'okta.joinGroup') this.#beforeUnassign(worker, name, String(args[1]));
    if (name === 'entra.setUserName' || name === 'entra.setAnchor')
      this.#beforeWrite(worker, name, String(args[0]), String(args[1]));
    if (name === 'okta.changeDirectoryGroup' && args[3] === 'leave') this.#beforeLeaving(String(args[1]));
    if (name === 'okta.changeDirectoryGroup' && args[3] === 'join')
      this.#beforeJoining(String(args[0]), String(args[2]));
    if (WRITES.has(name)) this.#journalled(name, args);
  }

  after(worker: Worker, happened: Happened, answer: unknown, args: readonly unknown[]): void {
    this.#noteSwitch(happened.name);
    const { now } = this.#made.scheduler;
    const whose = args.filter((arg) => typeof arg === 'string').join(' ');
    this.#reads.set(`${worker.name} ${happened.name} ${whose}`, { at: now, answer });
    if (happened.name === 'okta.changeDirectoryGroup' && args[3] === 'leave') this.#left.set(String(args[2]), now);
    if (happened.name === 'mail.sendMail' && !(answer instanceof Error)) this.#posted(happened, args);
    if (!CHANGES_NOTHING.has(happened.kind)) this.#always();
    this.checked += 1;
  }

  #posted({ worker, fault }: Happened, args: readonly unknown[]): void {
    const id = String(fieldOf(fieldOf(args[1], 'message'), 'internetMessageId'));
    const post = { worker, fault, at: this.#made.scheduler.history.length - 1 };
    this.#posts.set(id, [...(this.#posts.get(id) ?? []), post]);
  }

  /** 2: the switch was read off within 30 seconds, inside our hold. */
  #beforeUnassign(worker: Worker, name: string, user: string): void {
    const { scheduler, mirror, created } = this.#made;
    const { now } = scheduler;
    const read = this.#reads.get(`${worker.name} okta.deactivateSwitch ${created.ids.office365}`);
    if (read === undefined || now - read.at > 30 * SECOND)
      this.#broken(2, `${name} without a fresh look at the switch`);
    else if (canonical(read.answer).includes('"status":"ENABLED"'))
      this.#broken(2, `${name} although the switch was read as on`);
    const hold = mirror.holds.get(created.ids.office365);
    const repair = this.#originals.find(({ member }) => member.user === user)?.repair;
    if (hold !== undefined && hold.first !== repair && hold.firstIntact === null)
      this.#broken(2, `${user} is unassigned before the first person is intact`);
    if (mirror.holds.get(created.ids.office365)?.state !== 'open') this.#broken(2, `${name} outside a hold`);
    if (this.#deactivate() !== 'DISABLED' && now - this.#switchedAt > 30 * SECOND)
      this.#broken(2, `${name} while Deactivate Users was on`);
    const inHold = [...mirror.members.values()].filter(({ opened }) => opened === hold?.opened);
    const unsettled = inHold.filter((one) => one.unassigned !== null && one.settled === null);
    if (unsettled.length > this.#made.settings.repair.unsettled)
      this.#broken(2, `${unsettled.length} people are unassigned at a time`);
    const assignment = this.#reads.get(`${worker.name} okta.assignmentDetail ${created.ids.office365} ${user}`);
    const original = this.#originals.find(({ member }) => member.user === user);
    if (assignment === undefined || now - assignment.at > 60 * SECOND || original === undefined)
      this.#broken(5, `${user} is unassigned without a fresh look at the assignment`);
    else if (fieldOf(assignment.answer, 'anchor') !== original.member.before.o)
      this.#broken(5, `${user} is unassigned although Okta’s copy was read as another`);
  }

  /** 5: nobody is written to but whoever was read within a minute as the plan, or this repair, has left them. */
  #beforeWrite(worker: Worker, name: string, objectId: string, value: string): void {
    const { scheduler, mirror } = this.#made;
    const original = this.#originals.find(({ account }) => account.id === objectId);
    if (original === undefined) return this.#broken(5, `wrote to ${objectId}, who is not to be repaired`);
    const { member, account, repair, place, placeholder } = original;
    const read = this.#reads.get(`${worker.name} entra.user ${objectId}`);
    if (read === undefined || scheduler.now - read.at > 60 * SECOND)
      return this.#broken(5, `wrote to ${objectId} without a fresh look`);
    const anchors: unknown[] = [member.before.a, member.before.e, placeholder];
    const names: unknown[] = [account.userName, mirror.heads.get(repair)?.course?.parking[place]];
    if (!anchors.includes(fieldOf(read.answer, 'anchor')) || !names.includes(fieldOf(read.answer, 'userName')))
      this.#broken(5, `wrote to ${objectId}, who was read as somebody else had left them`);
    const isSynced = this.#made.created.inside.state.entraUsers.get(objectId, scheduler.now)?.synced === true;
    if (isSynced && this.#made.scenario.isGated === true && mirror.heads.get(repair)?.cursor?.goal === 'repaired')
      this.#broken(5, `wrote to ${objectId}, whom Entra has not let go of`);
    if (!(name === 'entra.setAnchor' ? anchors : names).includes(value))
      this.#broken(6, `${name} of ${objectId} to what is nobody's business`);
  }

  /** 2: the switch is given back when every unassignment in the hold has settled. */
  #beforeClosing(): void {
    const { mirror, created } = this.#made;
    const opened = mirror.holds.get(created.ids.office365)?.opened;
    const unsettled = [...mirror.members.values()].filter(
      (member) => member.opened === opened && member.unassigned !== null && member.settled === null,
    );
    if (unsettled.length > 0) this.#broken(2, 'the switch was given back while somebody had not settled');
  }

  /** 4: nobody leaves a group on which anything hangs. */
  #beforeLeaving(id: string): void {
    const { state } = this.#made.created.inside;
    const isList = state.groups.get(id)?.directory?.groupType === 'Distribution';
    const grants = [...state.apps.values()].some(({ groups }) => groups.includes(id));
    const isNamed = [...state.rules.values()].some(({ expression }) => expression.includes(id));
    if (!isList || grants || isNamed) this.#broken(4, `somebody was taken out of ${id}, on which something hangs`);
  }

  /** 4: whoever was taken out comes back only after an import that began after that: else Entra never hears of it. */
  #beforeJoining(instance: string, user: string): void {
    const { mirror, created, scheduler } = this.#made;
    const since = this.#left.get(user);
    // On the way back nothing is waited for.
    const isForward = mirror.journal.some(({ step, outcome }) => step === 'import-without' && outcome !== 'again');
    if (since === undefined || !isForward) return;
    const schedule = created.inside.okta.imports.find(({ app }) => app === instance);
    const imported = schedule === undefined ? null : importCarrying(schedule, since);
    const isOver = imported !== null && imported.ended <= scheduler.now;
    if (!isOver) this.#broken(4, `${user} comes back into a group without an import in between`);
  }

  /** 7: every effect stands in the journal, or in the hold's row, before it is sent. */
  #journalled(name: string, args: readonly unknown[]): void {
    const { mirror, created, scheduler } = this.#made;
    if (name === 'okta.switchDeactivate') {
      if (args[1] === 'ENABLED') this.#beforeClosing();
      const closing = mirror.holds.get(created.ids.office365)?.state === 'closing';
      // It may land at the very end of its time, when the step is over already.
      const opening = mirror.journal.some(
        ({ step, outcome, at }) => step === 'hold' && outcome === 'intent' && scheduler.now - at < 20 * MINUTE,
      );
      if (!closing && !opening) this.#broken(7, 'the switch was moved without a row that says so');
      return;
    }
    const steps = WRITES.get(name) ?? [];
    const named = args.map((arg) => (typeof arg === 'string' ? arg : fieldOf(arg, 'user')));
    const whose = this.#originals.find(({ member }) => named.includes(member.user) || named.includes(member.objectId));
    if (whose === undefined) return this.#broken(5, `${name} (${String(args[0])}) for nobody who is repaired`);
    const intended = mirror.journal.some(
      ({ repair, member, step, outcome }) =>
        outcome === 'intent' && steps.includes(step) && repair === whose.repair && member === whose.place,
    );
    if (!intended) this.#broken(7, `${name} of ${whose.member.userName} before any intent`);
  }

  #always(): void {
    this.#uniqueAnchors();
    this.#parkedTooLong();
  }

  /** 6: never two accounts with one anchor, and never one person's anchor on another's account. */
  #uniqueAnchors(): void {
    const { created, scheduler } = this.#made;
    const holders = new Map<string, string>();
    for (const { id, anchor } of created.inside.state.entraUsers.list(null, scheduler.now)) {
      if (anchor === null) continue;
      const other = holders.get(anchor);
      if (other !== undefined) this.#broken(6, `${id} and ${other} have one anchor`);
      holders.set(anchor, id);
    }
    for (const { member, account, placeholder } of this.#originals) {
      const now = created.inside.state.entraUsers.get(account.id, scheduler.now);
      const allowed = [member.before.a, member.before.e, placeholder];
      if (now !== undefined && !allowed.includes(now.anchor))
        this.#broken(6, `${member.userName} has an anchor that is nobody's business`);
    }
  }

  /** 3: nobody stays parked beyond the limit without an alarm; `tend` comes by every five minutes. */
  #parkedTooLong(): void {
    const { created, scheduler, settings, mirror } = this.#made;
    for (const { account, member, repair, place } of this.#originals) {
      const name = created.inside.state.entraUsers.get(account.id, scheduler.now)?.userName;
      if (name === undefined || name !== mirror.heads.get(repair)?.course?.parking[place]) {
        this.#parked.delete(account.id);
        continue;
      }
      const since = this.#parked.get(account.id) ?? scheduler.now;
      this.#parked.set(account.id, since);
      const late = scheduler.now - since > settings.repair.times.parked + 12 * MINUTE;
      const told = mirror.notices.some(({ subject }) => subject.includes('parked'));
      if (late && !told) this.#broken(3, `${member.userName} is parked for too long and nobody was told`);
    }
  }

  /** What must hold once nothing happens any more. */
  atRest(): void {
    const broken = (promise: number, what: string): void => this.#broken(promise, what);
    const { scheduler, created } = this.#made;
    inTime(this.#made, broken);
    // What the tenants still had to do is done by then, and changes nothing any more.
    scheduler.now += AFTERWARDS;
    created.inside.state.agenda.runUpTo(scheduler.now);
    this.#always();
    const told = this.#made.mirror.notices.some(({ notice }) => notice.includes('hold.'));
    if (this.#deactivate() !== this.#switch && !told) this.#broken(2, 'Deactivate Users did not end as it was');
    asTheyEnded(this.#made, this.#originals, broken);
    asTheyWereTold(this.#made, this.#posts, broken);
  }

  #deactivate(): string {
    const { created } = this.#made;
    return created.inside.state.apps.get(created.ids.office365)?.provisioning?.deactivate ?? 'none';
  }

  #broken(promise: number, what: string): void {
    this.violations.push({ promise, what, effect: this.#made.scheduler.history.length });
  }
}

/** For so long the tenants are watched after nothing of ours happens any more: imports, group jobs and pushes have come by. */
const AFTERWARDS = 6 * HOUR;

/** A field of what a port answered. */
function fieldOf(answer: unknown, name: string): unknown {
  return typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : undefined;
}

/** Which steps journal the intent of each write. */
const WRITES: ReadonlyMap<string, readonly string[]> = new Map([
  ['okta.switchDeactivate', []],
  ['okta.unassign', ['unassign']],
  ['okta.joinGroup', ['unassign']],
  ['okta.assign', ['assign']],
  ['okta.changeAssignment', ['assign']],
  ['okta.leaveGroup', ['assign']],
  ['okta.changeDirectoryGroup', ['leave-groups', 'rejoin-groups']],
  ['entra.setUserName', ['park', 'unpark']],
  ['entra.setAnchor', ['anchor']],
]);
