import { randomUUID } from 'node:crypto';
import { type Command, Option } from 'commander';
import { AnchorwatchError } from '../shared/errors.ts';
import type { Telling } from '../shared/flows/telling.ts';
import { createLog, textLine } from '../shared/log.ts';
import type { Answer, Channel, Message } from '../shared/ports/channel.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { Effect } from '../shared/ports/effect.ts';
import { type ChannelName, CHANNELS } from '../shared/state/rows.ts';
import { isoTime, MINUTE } from '../shared/time.ts';
import { channelTools } from '../shared/wiring.ts';
import type { ExitCode, Io } from './io.ts';
import { told } from './report/safe.ts';

/** `anchorwatch mail test`. To be called after whatever else makes the command `mail`. */
export function addMailTest(program: Command, io: Io, end: (code: ExitCode) => void): void {
  const mail =
    program.commands.find((command) => command.name() === 'mail') ??
    program.command('mail').description('what is sent to people');
  mail
    .command('test')
    .description('send one letter through each channel that is configured, and say what the server answered')
    .addOption(new Option('--channel <name>', 'this one alone').choices(CHANNELS))
    .addHelpText(
      'after',
      '\nNeeds the settings for telling, and for mail those of Entra ID. It goes to the recipients of alarms. Exit status: 0 all were sent, 1 one was not, 2 none is configured.',
    )
    .action(async ({ channel }: { readonly channel?: ChannelName }) => {
      const log = createLog((line) => io.err(`${line}\n`), { format: textLine, now: Date.now, least: 'warn' });
      const { telling, clock } = channelTools(io.env, log);
      const channels = (telling?.channels ?? []).filter(({ name }) => channel === undefined || name === channel);
      if (telling === undefined || channels.length === 0) throw notConfigured(channel);
      let all = true;
      for (const one of channels) {
        const answer = await sendOne(one, telling, clock);
        io.out(`${one.name}: ${told(said(answer))}\n`);
        all &&= answer.kind === 'sent';
      }
      end(all ? 0 : 1);
    });
}

function notConfigured(name: ChannelName | undefined): AnchorwatchError {
  const what = name === undefined ? 'No channel is' : `The channel ${name} is not`;
  const settings = Object.entries(SETTINGS).flatMap(([channel, needed]) =>
    name === undefined || name === channel ? [needed] : [],
  );
  return new AnchorwatchError(
    'invalid',
    `${what} configured, and nobody is told of anything this way. Set ${settings.join('; or ')}. docs/telling.md says what each needs.`,
  );
}

const SETTINGS: Readonly<Record<ChannelName, string>> = {
  mail: 'ANCHORWATCH_MAIL_FROM and ANCHORWATCH_MAIL_TO',
  teams: 'ANCHORWATCH_TEAMS_URL',
  webhook: 'ANCHORWATCH_WEBHOOK_URL and ANCHORWATCH_WEBHOOK_SECRET',
};

/** By the way that notices take, drafts included, so that what works here works there. */
async function sendOne(channel: Channel, telling: Telling, clock: Clock): Promise<Answer> {
  const message = testMessage(telling, clock);
  const effect = (): Effect => ({ until: clock.now() + MINUTE, correlation: randomUUID() });
  if (channel.drafts === null) return channel.send(message, effect());
  const made = await channel.drafts.make(message, effect());
  return made.kind === 'sent' ? channel.drafts.send(made.id, effect()) : made;
}

function testMessage({ wording, tenant }: Telling, clock: Clock): Message {
  const created = clock.now();
  const id = randomUUID().replaceAll('-', '');
  const body = `Somebody tried at ${isoTime(created)} whether this channel works. It does. Nothing was changed, and nothing is to be done.`;
  const letter = wording.letterOf(
    { kind: 'alarm', run: null, subject: 'This is a test', body, next: null, created },
    'alarms',
  );
  return {
    id,
    audience: 'alarms',
    severity: letter.severity,
    notice: 'test',
    run: null,
    tenant,
    subject: letter.subject,
    repeat: false,
    rendered: wording.render(letter, { id, created }),
    attachments: [],
  };
}

function said(answer: Answer): string {
  if (answer.kind === 'sent') {
    const under = answer.id === null ? '' : ` under the request id ${answer.id}`;
    return `sent. The server answered ${answer.status}${under}.`;
  }
  if (answer.kind === 'unknown') return `nobody knows whether it was sent. ${answer.reason}`;
  const under = answer.id === null ? '' : ` Request id ${answer.id}.`;
  const wait = answer.retryAfter === null ? '' : ` It asks to wait ${Math.ceil(answer.retryAfter / 1_000)} seconds.`;
  return `not sent (${answer.why}). ${answer.reason}${under}${wait}`;
}
