import type { Answer, Channel } from '../ports/channel.ts';
import type { RetryDeps } from '../retry.ts';
import { post } from './post.ts';

export interface TeamsSettings {
  /** Of a workflow with the trigger *When a Teams webhook request is received*. Whoever knows it can post. */
  readonly url: string;
}

/** Teams takes cards of 28 KB (learn.microsoft.com/microsoftteams/platform, webhooks and connectors: limits). */
export const LARGEST_CARD = 28 * 1024;

/** Posts a letter as an Adaptive Card. */
export function createTeams({ url }: TeamsSettings, deps: RetryDeps): Channel {
  return {
    name: 'teams',
    drafts: null,
    async send(message, effect): Promise<Answer> {
      const body = JSON.stringify(message.rendered.card);
      const bytes = Buffer.byteLength(body);
      if (bytes > LARGEST_CARD) return tooLarge(bytes);
      return post({ who: 'The Teams workflow', url, headers: {}, body }, effect, deps);
    },
  };
}

function tooLarge(bytes: number): Answer {
  const reason = `The card has ${bytes} bytes, and Teams takes ${LARGEST_CARD}: it was not sent.`;
  return { kind: 'refused', why: 'invalid', reason, status: null, retryAfter: null, id: null };
}
