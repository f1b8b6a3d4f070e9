import { app } from '@azure/functions';
import { SCANS } from '../shared/state/queues.ts';

/** A scan whose message failed too often: the run says "could not tell", and somebody is told. */
app.storageQueue('scan-poison', {
  queueName: `${SCANS}-poison`,
  connection: 'AzureWebJobsStorage',
  handler: async (message, context): Promise<void> => {
    const { scanPoisoned } = await import('../shared/flows/poison.ts');
    const { withTools } = await import('../shared/wiring.ts');
    await withTools(process.env, context, (tools) => scanPoisoned(message, tools));
  },
});
