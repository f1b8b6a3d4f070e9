/** One deliberate mistake: a text of the product that is replaced by another. */
export interface Mutation {
  /** What the mistake is, in words. */
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Scenarios in one of which it has to show. */
  readonly scenarios: readonly string[];
}

const ENTRA = 'shared/repair/steps/entra.ts';
const ASSIGN = 'shared/repair/steps/assign.ts';
const RUNNER = 'shared/repair/runner.ts';
const ACTING = 'shared/repair/acting.ts';
const HOLD = 'shared/repair/hold.ts';
const CLOSING = 'shared/repair/close-hold.ts';
const GROUPS = 'shared/repair/steps/groups.ts';
const ATTEMPT = 'shared/flows/tend/attempt.ts';
const [AT_ONCE, BY_DRAFT] = [
  'a plan freezes, and whoever reads the mail approves it',
  'what is asked of the mailbox for half an hour, mail.send (drafts), is unheard',
] as const;

/** Each must be caught by the simulation: a promise that it breaks, or an end that a scenario does not name. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'skip the intent',
    file: ACTING,
    find: "  return journal(head, next, entryOf({ ...cursor, ...UNSENT }, 'intent', facts), tools);",
    replace: '  return { ...head, row: { ...next, sequence: head.row.sequence } };',
    scenarios: ['entra-stale'],
  },
  {
    name: 'give the switch back without waiting for anybody to settle',
    file: CLOSING,
    find: '  if (unsettledIn(hold).length > 0) return false;\n',
    replace: '',
    scenarios: ['synced, let go of too late'],
  },
  {
    name: 'give the switch back at once',
    file: CLOSING,
    find: '  return now - (row.lastUnassigned ?? row.since) >= quiet;',
    replace: '  return true;',
    scenarios: ['one hold after another', 'two people in one hold'],
  },
  {
    name: 'count the people of a hold, and not who they are',
    file: HOLD,
    find: '  return members.map(({ row }) => row).filter(({ unassigned, settled }) => unassigned !== null && settled === null);',
    replace: '  return members.map(({ row }) => row).filter((_row, at) => at > 0);',
    scenarios: ['synced, let go of too late'],
  },
  {
    name: 'forget the licences of the snapshot',
    file: 'shared/repair/before.ts',
    find: 'Object.fromEntries(unmapped.map((name) => [name, profile[name]]))',
    replace: '{}',
    scenarios: ['two people in one hold'],
  },
  {
    name: 'unpark to the parked name',
    file: ENTRA,
    find: 'act: ({ member, tools }, effect) => tools.entra.setUserName(member.objectId, member.userName, effect),',
    replace: 'act: (work, effect) => work.tools.entra.setUserName(work.member.objectId, parkingOf(work), effect),',
    scenarios: ['entra-stale'],
  },
  {
    name: 'ignore the fence: whoever was frozen writes all the same',
    file: 'shared/repair/journal.ts',
    find: "    const replace = { kind: 'replace', row: next, etag: head.etag } as const;",
    replace: "    const replace = { kind: 'put', row: next } as const;",
    scenarios: ['entra-stale', 'both-stale', 'two people in one hold'],
  },
  {
    name: 'believe a lost race to be one’s own write',
    file: 'shared/repair/journal.ts',
    find: '  if (found !== null && isDeepStrictEqual(found.row, next)) return found;',
    replace: '  if (found !== null) return { row: next, etag: found.etag };',
    scenarios: ['entra-stale', 'both-stale', 'two people in one hold'],
  },
  {
    name: 'trust one stale read of the assignment',
    file: ASSIGN,
    find: "  if (cursor.goal === 'repaired' && isOld)\n    return waiting('Okta shows the assignment that was taken away', tools.repair.times.poll);\n",
    replace: '',
    scenarios: ['a managed domain needs no parking'],
  },
  {
    name: 'trust one look that fits nothing',
    file: RUNNER,
    find: '  if (now - doubt < lag) return { head: withCursor(head, { doubt }), pause: poll };\n',
    replace: '',
    scenarios: ['replicas lag', 'entra-stale'],
  },
  {
    name: 'assign before the name is seen back',
    file: ENTRA,
    find: '  settle: ({ tools }) => tools.repair.times.settle,\n',
    replace: '',
    scenarios: ['replicas lag'],
  },
  {
    name: 'assign while the UPN is parked',
    file: 'shared/repair/program.ts',
    find: "  const back = [...anchored, ...each('unpark', parked), ...each('assign', nudged), ...each('release', assigned)];",
    replace:
      "  const back = [...anchored, ...each('assign', nudged), ...each('unpark', parked), ...each('release', assigned)];",
    scenarios: ['entra-stale'],
  },
  {
    name: 'take the first import that is seen',
    file: GROUPS,
    find: '      const last = await tools.okta.lastImport(instance, cursor.since);\n      if (last === null || last.began <= cursor.since) return',
    replace: '      const last = await tools.okta.lastImport(instance, 0);\n      if (last === null) return',
    scenarios: ['the imports that a left group waits for fail for hours'],
  },
  {
    name: 'leave a group that grants an app',
    file: 'shared/repair/groups.ts',
    find: '    if ((await tools.okta.appsOf(group.id)).length === 0) leavable.push(group);',
    replace: '    leavable.push(group);',
    scenarios: ['a group that grants another app is not left'],
  },
  {
    name: 'leave a security group',
    file: 'shared/repair/groups.ts',
    find: "    if (group.groupType?.toLowerCase() !== 'distribution' || rules.some((rule) => names(rule, group.id))) continue;\n",
    replace: '',
    scenarios: ['groups are left and rejoined by the API'],
  },
  {
    name: 'forget which groups were left',
    file: GROUPS,
    find: "return { seen: 'before', groups: head.groups.map((group) => (isNext(group) ? { ...group, asked: true } : group)) };",
    replace:
      "return { seen: 'before', groups: head.groups.filter((group) => !group.asked && isNext(group) && false) };",
    scenarios: ['groups are left and rejoined by the API'],
  },
  {
    name: 'skip the second gate',
    file: 'shared/repair/course.ts',
    find: "const gate = isSynced && syncedWrites === 'after-unassign' && repair.recipe !== 'reassign';",
    replace: 'const gate = false;',
    scenarios: ['synced, let go of too late', 'synced, writable after the unassignment'],
  },
  {
    name: 'write to synced people without a proof',
    file: 'shared/repair/course.ts',
    find: '  const byApi = nudge || !isSynced ||',
    replace: '  const byApi = true || nudge || !isSynced ||',
    scenarios: ['synced, nothing proven'],
  },
  {
    name: 'go on with a pilot that nobody looks on at',
    file: 'shared/repair/confirm.ts',
    find: "const isLeft = head.row.purpose.kind === 'pilot' && canGoBack;",
    replace: 'const isLeft = false;',
    scenarios: ['a pilot that nobody looks on at is brought to rest'],
  },
  {
    name: 'wait for ever for whoever was asked to unassign',
    file: 'shared/repair/operator.ts',
    find: "  if (cursor.step === 'unassign') return refuse(head, work, 'operator-gone', reason);\n",
    replace: '',
    scenarios: ['synced, nothing proven, and whoever leads goes away before the unassignment'],
  },
  {
    name: 'take a nudge without effect for a step forward',
    file: 'shared/repair/program.ts',
    find: "return nudge && step === 'assign' ? 'back' : ON_REFUSAL[step];",
    replace: 'return ON_REFUSAL[step];',
    scenarios: ['a stale copy that an update does not mend, though a pilot proved it'],
  },
  {
    name: 'think nothing of a switch that comes on',
    file: HOLD,
    find: "  if (row.off !== null && !isOff(read)) return '*Deactivate Users* was switched on while it had to be off';\n",
    replace: '',
    scenarios: ['the switch comes on before the unassignment'],
  },
  {
    name: 'never read the switch after an unassignment',
    file: HOLD,
    find: "  if (row.off !== null && !isOff(read)) return '*Deactivate Users* was switched on while it had to be off';\n",
    replace: '',
    scenarios: ['the switch comes on between look and unassignment'],
  },
  {
    name: 'never switch it off',
    file: 'shared/repair/steps/hold.ts',
    find: "    return isOff(read) ? { requestId: null } : okta.switchDeactivate(course.app, 'DISABLED', effect);",
    replace: '    return { requestId: isOff(read) ? null : String(effect.until) };',
    scenarios: ['entra-stale'],
  },
  {
    name: 'unassign the second before the first is intact',
    file: HOLD,
    find: '  const alone = row.first !== null && row.first !== member.row.repair && row.firstIntact === null;',
    replace: '  const alone = row.first === member.row.repair && row.broken !== null;',
    scenarios: ['two people in one hold', 'a late push puts the UPN back'],
  },
  {
    name: 'go forward after a refusal',
    file: 'shared/repair/program.ts',
    find: "  anchor: 'back',",
    replace: "  anchor: 'person',",
    scenarios: ['the anchor is refused'],
  },
  {
    name: 'do not assign again on the way back',
    file: 'shared/repair/program.ts',
    find: "  if (goal === 'as-before') return [...back, ...each('verify')];",
    replace:
      "  if (goal === 'as-before') return [...anchored, ...each('unpark', parked), ...each('release', assigned), ...each('verify')];",
    scenarios: ['synced, proven writable and refused all the same'],
  },
  {
    name: 'set the anchors of a ring without making room',
    file: 'shared/repair/program.ts',
    find: "    ? [anchor(0, 'placeholder'), ...others.map((member) => anchor(member, 'final')), anchor(0, 'final')]",
    replace: "    ? [...others.map((member) => anchor(member, 'final')), anchor(0, 'final')]",
    scenarios: ['ring of two'],
  },
  {
    name: 'unpark the members of a ring one by one',
    file: 'shared/repair/program.ts',
    find: "  const back = [...anchored, ...each('unpark', parked),",
    replace: "  const back = [...each('unpark', parked), ...anchored,",
    scenarios: ['ring of two'],
  },
  {
    name: 'refuse one member and repair the others',
    file: 'shared/flows/first-step.ts',
    find: "    if (outcome.state === 'refused') return outcome;\n    passed.push(outcome.course);",
    replace: "    if (outcome.state === 'refused') continue;\n    passed.push(outcome.course);",
    scenarios: ['ring with a refused member'],
  },
  {
    name: 'wait for a leaver to come back',
    file: ASSIGN,
    find: "    if (user === null || user.status !== 'ACTIVE')\n",
    replace:
      "    if (user !== null && user.status !== 'ACTIVE') return waiting('not active', tools.repair.times.gone);\n    if (user === null)\n",
    scenarios: ['a leaver in the gap'],
  },
  {
    name: 'write over what an administrator did',
    file: ENTRA,
    find: "    if (!isNamed(account, member.userName)) return neither('the UPN is neither the person’s own nor the parked one');\n",
    replace: '',
    scenarios: ['a rename before the park'],
  },
  {
    name: 'never wake what was lost',
    file: 'shared/flows/tend.ts',
    find: '  if (isLost(row, now)) await wake(head, tools);\n',
    replace: '',
    scenarios: ['entra-stale'],
  },
  {
    name: 'never tend a hold',
    file: 'shared/flows/tend.ts',
    find: "    if (row.kind === 'hold' && row.state !== 'closed') await alone(() => tendHold(row.app, repairToolsOf(tools)));\n",
    replace: '',
    scenarios: ['a rename in the gap'],
  },
  {
    name: 'repeat at once what was not seen',
    file: ACTING,
    find: '  if (cursor.intended !== null && now - cursor.intended < times.lag) return { head, pause: times.poll };\n',
    replace: '',
    scenarios: ['replicas lag'],
  },
  {
    name: 'believe the first refusal of an anchor',
    file: ENTRA,
    find: '  refusalMayBeLag: true,\n',
    replace: '',
    scenarios: ['replicas lag'],
  },
  {
    name: 'send however late it is',
    file: ACTING,
    find: 'const until = Math.min(now + times.request, lookedAt + times.fresh, (head.row.leaseUntil ?? now) - times.poll);',
    replace: 'const until = Math.min(now + 1e9, lookedAt + 1e9);',
    scenarios: ['entra-stale', 'both-stale', 'two people in one hold'],
  },
  {
    name: 'tell nobody',
    file: 'shared/repair/turns.ts',
    find: '  await tools.tell({\n    kind,',
    replace: '  if (tools.repair.attempts > 0) return;\n  await tools.tell({\n    kind,',
    scenarios: ['a leaver in the gap'],
  },
  {
    name: 'mails: send before the attempt is journalled',
    file: ATTEMPT,
    find: "  const stored = await journal(work, during);\n  const answer = await asked(() => channel.send(message, effectOf(work, during, 'send')));\n",
    replace:
      "  const answer = await asked(() => channel.send(message, effectOf(work, during, 'send')));\n  const stored = await journal(work, during);\n",
    scenarios: [AT_ONCE],
  },
  {
    name: 'mails: send a repeat that does not say so',
    file: ATTEMPT,
    find: 'attempts: before.attempts + 1, id: null, gone: before.gone ?? now }',
    replace: 'attempts: before.attempts + 1, id: null, gone: now > 0 ? before.gone : now }',
    scenarios: [AT_ONCE],
  },
  {
    name: 'mails: never look a draft up',
    file: ATTEMPT,
    find: "before.state === 'unknown' || before.gone !== null ? lookFirst(work, drafts) : sendByDraft(work, drafts)",
    replace: "before.state === 'sent' ? lookFirst(work, drafts) : sendByDraft(work, drafts)",
    scenarios: [BY_DRAFT],
  },
  {
    name: 'mails: make anew at once what is not seen',
    file: ATTEMPT,
    find: '  if (before.gone !== null && now - before.gone < ON_ITS_WAY) {',
    replace: '  if (before.gone !== null && now - before.gone < 0 * ON_ITS_WAY) {',
    scenarios: [BY_DRAFT],
  },
  {
    name: 'mails: tell again of what was told',
    file: 'shared/flows/tell.ts',
    find: '  await insertOnce(() => state.outbox.insert(row));',
    replace: '  await state.outbox.put(row);',
    scenarios: [AT_ONCE],
  },
  {
    name: 'mails: let a proposal be approved that has lapsed',
    file: 'shared/flows/proposals.ts',
    find: '  if (expires <= desk.clock.now())',
    replace: '  if (expires <= 0)',
    scenarios: ['a proposal lapses, and is approved too late'],
  },
  {
    name: 'mails: give up what failed once',
    file: 'shared/flows/tend/delivery.ts',
    find: '  const due = attempts >= most && !throttled',
    replace: '  const due = attempts >= Math.min(most, 1) && !throttled',
    scenarios: ['what is asked of the mailbox for half an hour, mail.sendMail (at once), is denied'],
  },
];
