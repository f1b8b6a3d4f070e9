import { app } from '@azure/functions';

/** Every five minutes, whatever else happens: what was lost is woken, holds are given back, and who is parked too long is told of. */
app.timer('tend', {
  schedule: '0 */5 * * * *',
  handler: async (_timer, context): Promise<void> => {
    const { tend } = await import('../shared/flows/tend.ts');
    const { withTools } = await import('../shared/wiring.ts');
    await withTools(process.env, context, tend);
  },
});
