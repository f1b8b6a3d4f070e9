import { app } from '@azure/functions';
import { scanPoisoned } from '../shared/flows/scan-poisoned.ts';
import { decodeMessage, SCAN_QUEUE } from '../shared/state/messages.ts';
import { withTools } from '../shared/wiring.ts';

/** A scan whose message failed too often: the run says "could not tell", and somebody is told. */
app.storageQueue('scan-poison', {
  queueName: `${SCAN_QUEUE.name}-poison`,
  connection: 'AzureWebJobsStorage',
  handler: async (message, context): Promise<void> => {
    const { run } = decodeMessage(SCAN_QUEUE.schema, message);
    await withTools(process.env, context, (tools) => scanPoisoned(run, tools));
  },
});
