import { app } from '@azure/functions';
import { tend } from '../shared/flows/tend.ts';
import { withTools } from '../shared/wiring.ts';

/** Every five minutes, whatever else happens: what was lost is woken, holds are given back, and who is parked too long is told of. */
app.timer('tend', {
  schedule: '0 */5 * * * *',
  handler: async (_timer, context): Promise<void> => {
    await withTools(process.env, context, tend);
  },
});
