import { app } from '@azure/functions';
import { repairPoisoned } from '../shared/flows/poison.ts';
import { REPAIR_QUEUE } from '../shared/state/messages.ts';
import { withTools } from '../shared/wiring.ts';

/** A repair whose message failed too often. However often this message comes, one person is told once. */
app.storageQueue('repair-poison', {
  queueName: `${REPAIR_QUEUE.name}-poison`,
  connection: 'AzureWebJobsStorage',
  handler: async (message, context): Promise<void> => {
    await withTools(process.env, context, (tools) => repairPoisoned(message, tools));
  },
});
