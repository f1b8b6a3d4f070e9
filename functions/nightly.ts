import { app, type Timer } from '@azure/functions';
import { scheduleText } from '../shared/config/read.ts';
import { nightly } from '../shared/flows/nightly.ts';
import { withTools } from '../shared/wiring.ts';

/** The nightly run. Only the schedule is read at import: a throw here would make Azure find no functions at all. */
app.timer('nightly', {
  schedule: scheduleText(process.env),
  handler: async (timer, context): Promise<void> => {
    const trigger = isEarly(timer) ? 'manual' : 'timer';
    await withTools(process.env, context, (tools) => nightly(trigger, tools));
  },
});

/** A timer that fires has reached its next occurrence; when that is still to come, somebody started the function by hand. */
function isEarly(timer: Timer): boolean {
  return Date.parse(timer.scheduleStatus?.next ?? '') > Date.now() + 60_000;
}
