import { app } from '@azure/functions';
import { repairPoisoned } from '../shared/flows/repair.ts';
import { decodeMessage, REPAIR_QUEUE } from '../shared/state/messages.ts';
import { withTools } from '../shared/wiring.ts';

/** A repair whose message failed too often. However often this message comes, one person is told once. */
app.storageQueue('repair-poison', {
  queueName: `${REPAIR_QUEUE.name}-poison`,
  connection: 'AzureWebJobsStorage',
  handler: async (message, context): Promise<void> => {
    const { repair } = decodeMessage(REPAIR_QUEUE.schema, message);
    await withTools(process.env, context, (tools) => repairPoisoned(repair, tools));
  },
});
