import { app } from '@azure/functions';
import { scheduleText } from '../shared/config/read.ts';
import { nightly } from '../shared/flows/nightly.ts';
import { withTools } from '../shared/wiring.ts';

/** The nightly run. Only the schedule is read at import: a throw here would make Azure find no functions at all. */
app.timer('nightly', {
  schedule: scheduleText(process.env),
  handler: async (timer, context): Promise<void> => {
    // A start by hand carries no schedule status; it joins the run of the latest scheduled time all the same.
    const trigger = timer.schedule === undefined ? 'manual' : 'timer';
    await withTools(process.env, context, (tools) => nightly(trigger, tools));
  },
});
