import type * as z from 'zod';
import { inShape } from '../answers.ts';
import { AnchorwatchError } from '../errors.ts';
import type { OktaAnswer, OktaClient } from './client.ts';

/**
 * What stands at the path, or null where Okta says that the person is not there. An app that is not there is an error, and so is
 * an answer that says nothing, `null` among them: nobody is gone by that.
 */
export async function orGone<T>(
  client: OktaClient,
  schema: z.ZodType<T>,
  path: string,
  signal?: AbortSignal,
): Promise<T | null> {
  let answer: OktaAnswer;
  try {
    answer = await client.get(path, signal);
  } catch (error) {
    const gone = error instanceof AnchorwatchError && error.fields['code'] === 'E0000007';
    if (gone && !/\(AppInstance\)/i.test(error.message)) return null;
    throw error;
  }
  return inShape(schema, answer.body, `GET ${path}`);
}
