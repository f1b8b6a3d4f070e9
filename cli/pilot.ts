import type { Command } from 'commander';
import { AnchorwatchError } from '../shared/errors.ts';
import { provenOf } from '../shared/flows/pilot/proven.ts';
import type { Onlooker } from '../shared/flows/pilot/drive.ts';
import { testPerson } from '../shared/flows/pilot/person.ts';
import { pilot } from '../shared/flows/pilot/pilot.ts';
import type { RepairFlowTools } from '../shared/flows/repair.ts';
import { createLog, textLine } from '../shared/log.ts';
import type { CapabilityRow, ProbeResult } from '../shared/state/repair-rows.ts';
import { isoTime, SECOND } from '../shared/time.ts';
import { pilotTools } from '../shared/wiring.ts';
import { isYes } from './guide.ts';
import type { ExitCode, Io } from './io.ts';
import { plain } from './report/safe.ts';
import { stepLine } from './report/steps.ts';

const HELP = `
Nobody can know from outside whether a tenant lets a program write to people whom Entra ID shows as synchronised. The pilot finds out on
one test person who knows of it, has a licence, and of whom one side was made to differ: docs/operator.md says how to plant that. It
tries to write in Entra ID alone, then after Office 365 was taken away, and asks before each write. What it proves holds for 90 days,
until the first refusal, and as long as rights and app stay as they are. Without a person it shows what is proven now.

Needs the mode remediate, all settings, and the identity that the function app has. Ctrl-C at any time, or no answer for two minutes,
leaves it to the function app, which brings the person to rest.

Exit status: 0 proven, 1 not proven, 2 could not run.`;

export function addPilot(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('pilot')
    .description('find out on one consenting test person what this tenant lets a program write, and record it')
    .argument('[person]', 'the user name that Okta pushes for the test person, or the Okta user id')
    .option('--by <name>', 'who looks on and agrees to each write')
    .addHelpText('after', HELP)
    .action(async (person: string | undefined, { by }: { readonly by?: string }) => {
      const tools = toolsOf(io);
      if (person === undefined) end(await show(tools, io));
      else end(await fly(person, by ?? '', tools, io));
    });
}

function toolsOf(io: Io): RepairFlowTools {
  const log = createLog((line) => io.err(`${line}\n`), { format: textLine, now: Date.now, least: 'warn' });
  return io.tools ?? pilotTools(io.env, log);
}

async function show(tools: RepairFlowTools, io: Io): Promise<ExitCode> {
  const { row, lapse } = await provenOf(tools);
  if (row === null) {
    io.out(
      'No pilot has proven anything of this tenant: people whom Entra ID shows as synchronised are led by a person.\n',
    );
    return 1;
  }
  io.out(recordText(row));
  if (lapse !== null) io.out(`It is not believed any more: ${lapse}. Make the pilot again.\n`);
  return lapse === null ? 0 : 1;
}

async function fly(person: string, by: string, tools: RepairFlowTools, io: Io): Promise<ExitCode> {
  const { ask } = io;
  if (ask === null) throw new AnchorwatchError('invalid', 'A pilot wants a terminal: each write is asked for.');
  if (by.trim() === '')
    throw new AnchorwatchError('invalid', 'A pilot wants the name of whoever looks on: --by <name>.');
  const found = await testPerson(person, tools);
  const { userName, recipe, objectId, user } = found.planned;
  const what = recipe === 'reassign' ? 'an update of the assignment' : 'writing name and anchor in Entra ID';
  io.out(`${plain(userName)} (Okta ${user}, Entra ${objectId}), ${found.licences} licences: tries ${what}.\n`);
  io.out('For some minutes this person cannot sign in. Never take a real victim of a drift for it.\n');
  const typed = await ask('To confirm that this is a test person who knows of it, type the user name: ');
  if (typed.trim().toLowerCase() !== userName.toLowerCase()) {
    io.out('Nothing was done.\n');
    return 1;
  }
  const row = await pilot(found, by, tools, onlookerOf(ask, io));
  if (row === null) {
    io.out(`\nNothing is proven. What was done: anchorwatch journal ${plain(userName)}\n`);
    return 1;
  }
  io.out(`\n${recordText(row)}`);
  io.out(
    'The function app watches groups and licences for two sync cycles more; if they are not as before, this lapses.\n',
  );
  return row.probes.at(-1)?.outcome === 'accepted' ? 0 : 1;
}

function onlookerOf(ask: NonNullable<Io['ask']>, io: Io): Onlooker {
  return {
    show(rows, head) {
      for (const row of rows) io.out(`${stepLine(row, head)}\n`);
    },
    task({ step, lines }) {
      io.out(`\nBy you, ${step}:\n${indented(lines)}It is looked at every few seconds.\n`);
    },
    async allow(step, lines, signal) {
      io.out(`\nNext, ${step}:\n${indented(lines)}`);
      try {
        return isYes(await ask(`Write this (${step})? [y/N] `, signal));
      } catch (error) {
        if (!signal.aborted) throw error;
        io.out('\nNobody answered in time: that is a no.\n');
        return false;
      }
    },
  };
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${plain(line)}\n`).join('');
}

const WORLDS: Readonly<Record<CapabilityRow['syncedWrites'], string>> = {
  anyway: 'Entra ID takes name and anchor of synchronised people, also while Office 365 is assigned.',
  'after-unassign': 'Entra ID takes name and anchor of synchronised people once Okta has let go of them.',
  refused:
    'Entra ID refuses name and anchor of synchronised people: a person does these steps, led by anchorwatch guide.',
  unknown: 'Of name and anchor of synchronised people nothing is proven.',
};

function recordText(row: CapabilityRow): string {
  const { syncedWrites, nudge, proven, by, note, probes } = row;
  return [
    WORLDS[syncedWrites],
    nudge
      ? 'An update of the assignment has Okta compute its copy anew: stale copies are mended by that.'
      : 'That an update of the assignment mends a stale copy is not proven.',
    ...probes.map((probe) => probeText(probe)),
    `Proven ${isoTime(proven)} by ${plain(by)}${note === '' ? '' : `; ${plain(note)}`}.`,
    '',
  ].join('\n');
}

function probeText({ probe, outcome, step, code, message, lag }: ProbeResult): string {
  const why = code === null ? '' : ` at the step ${step ?? ''} with ${plain(code)}: ${plain(message ?? '')}`;
  const after = lag === null ? '' : ` after ${Math.round(lag / SECOND)} seconds`;
  return `  ${probe}: ${outcome}${after}${why}`;
}
