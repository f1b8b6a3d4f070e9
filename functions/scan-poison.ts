import { app } from '@azure/functions';
import { scanPoisoned } from '../shared/flows/poison.ts';
import { SCAN_QUEUE } from '../shared/state/messages.ts';
import { withTools } from '../shared/wiring.ts';

/** A scan whose message failed too often: the run says "could not tell", and somebody is told. */
app.storageQueue('scan-poison', {
  queueName: `${SCAN_QUEUE.name}-poison`,
  connection: 'AzureWebJobsStorage',
  handler: async (message, context): Promise<void> => {
    await withTools(process.env, context, (tools) => scanPoisoned(message, tools));
  },
});
