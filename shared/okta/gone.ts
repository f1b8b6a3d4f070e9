import { AnchorwatchError } from '../errors.ts';
import type { OktaClient } from './client.ts';

/** The body, or null where Okta says that the person is not there. An app that is not there is an error. */
export async function orGone(client: OktaClient, path: string): Promise<unknown> {
  try {
    return (await client.get(path)).body;
  } catch (error) {
    const gone = error instanceof AnchorwatchError && error.fields['code'] === 'E0000007';
    if (gone && !/\(AppInstance\)/i.test(error.message)) return null;
    throw error;
  }
}
