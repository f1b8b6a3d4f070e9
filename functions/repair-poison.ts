import { app } from '@azure/functions';
import { REPAIRS } from '../shared/state/queues.ts';

/** A repair whose message failed too often. However often this message comes, one person is told once. */
app.storageQueue('repair-poison', {
  queueName: `${REPAIRS}-poison`,
  connection: 'AzureWebJobsStorage',
  handler: async (message, context): Promise<void> => {
    const { repairPoisoned } = await import('../shared/flows/poison.ts');
    const { withTools } = await import('../shared/wiring.ts');
    await withTools(process.env, context, (tools) => repairPoisoned(message, tools));
  },
});
