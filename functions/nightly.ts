import { app, type Timer } from '@azure/functions';
import { scheduleText } from '../shared/config/timer.ts';

/**
 * The nightly run. Only the schedule is read at import: a throw here would make Azure find no functions at all. Here as in every trigger the
 * flow comes with the first call, so that the host has registered all functions before it reads what they do.
 */
app.timer('nightly', {
  schedule: scheduleText(process.env),
  handler: async (timer, context): Promise<void> => {
    const { nightly } = await import('../shared/flows/nightly.ts');
    const { withTools } = await import('../shared/wiring.ts');
    const trigger = isEarly(timer) ? 'manual' : 'timer';
    await withTools(process.env, context, (tools) => nightly(trigger, tools));
  },
});

/** A timer that fires has reached its next occurrence; when that is still to come, somebody started the function by hand. */
function isEarly(timer: Timer): boolean {
  return Date.parse(timer.scheduleStatus?.next ?? '') > Date.now() + 60_000;
}
