import * as z from 'zod';
import { mayPassStatus, safeWords } from '../answers.ts';
import { AnchorwatchError, type ErrorKind } from '../errors.ts';
import { askedDelay, type HeaderReader } from '../retry.ts';
import type { Instant } from '../time.ts';

export interface FailedAnswer {
  readonly status: number;
  readonly headers: HeaderReader;
  readonly text: string;
  /** Method and path, without the query, which may hold a name or an anchor. */
  readonly what: string;
  readonly clientRequestId: string;
  readonly now: Instant;
}

const maybeText = z.string().optional().catch(undefined);
const GraphErrorSchema = z.object({
  error: z.object({
    code: maybeText,
    message: maybeText,
    innerError: z.object({ 'request-id': maybeText }).optional().catch(undefined),
    details: z
      .array(z.object({ code: maybeText, target: maybeText }))
      .optional()
      .catch(undefined),
  }),
});
type GraphError = z.infer<typeof GraphErrorSchema>['error'];

/** What Graph answered instead of success. The body is dropped, but for its code, its message and whom it conflicts with. */
export function graphFailure(answer: FailedAnswer): AnchorwatchError {
  const { status, headers, what } = answer;
  const error = readError(answer.text);
  const kind = kindOfAnswer(status, error);
  const said = [error?.code ?? '', safeWords(error?.message ?? '')].filter((text) => text !== '').join(': ');
  const answered = `Microsoft Graph answered ${status}${said === '' ? '' : ` (${said})`} to ${what}.`;
  return new AnchorwatchError(kind, `${answered}${wayOut(status, error, what)}`, {
    retryAfter: kind === 'throttled' || kind === 'transient' ? askedDelay(status, headers, answer.now) : undefined,
    fields: {
      status,
      code: error?.code,
      requestId: headers.get('request-id') ?? error?.innerError?.['request-id'],
      clientRequestId: answer.clientRequestId,
      request: what,
      ...conflictOf(error),
    },
  });
}

function readError(text: string): GraphError | null {
  try {
    return GraphErrorSchema.parse(JSON.parse(text)).error;
  } catch {
    return null;
  }
}

/** By status first, then by `details`, and by words only where Graph gives nothing better. */
function kindOfAnswer(status: number, error: GraphError | null): ErrorKind {
  if (status === 429) return 'throttled';
  if (mayPassStatus(status)) return 'transient';
  if (status === 401 || status === 403) return 'denied';
  if (status === 409 || status === 412) return 'conflict';
  if (status < 400) return 'refused';
  if (error?.details?.some((detail) => detail.code === 'ObjectConflict') === true) return 'conflict';
  if (status === 400 && isMasteredElsewhere(error)) return 'refused';
  return 'invalid';
}

/** Synced from Active Directory, or left over from a sync that was switched off. */
function isMasteredElsewhere(error: GraphError | null): boolean {
  return /on-premises mastered|originated within an external service/i.test(error?.message ?? '');
}

/** A conflict names the property, and in a second entry the other object: `User_<object id>`. */
function conflictOf(error: GraphError | null): { readonly property?: string; readonly holder?: string } {
  const property = error?.details?.find((detail) => detail.code === 'ObjectConflict')?.target;
  const holder = error?.details?.find((detail) => detail.code === 'ConflictingObjects')?.target;
  return { ...(property === undefined ? {} : { property }), ...(holder === undefined ? {} : { holder }) };
}

/** What a write needs: learn.microsoft.com/graph, user: update, and privileged roles and permissions. */
const WRITES_NEED =
  ' The app needs the application permission User.ReadWrite.All (User.ReadUpdate.All may do), with admin consent; for whoever holds an administrator role it needs the role Privileged Authentication Administrator besides.';

const MAILBOX = /\/(?:sendMail|messages)(?:\/|$)/;

/** What mails need: learn.microsoft.com/graph, user: sendMail; Exchange's RBAC for Applications narrows it to one mailbox. */
const MAIL_NEEDS =
  ' The app needs Application Mail.Send for this mailbox by RBAC for Applications in Exchange, and Application Mail.ReadWrite where drafts are made (ANCHORWATCH_MAIL_DRAFTS). A change takes up to two hours to be seen.';
const NO_MAILBOX = ' ANCHORWATCH_MAIL_FROM must name an account with a mailbox in Exchange Online.';

function wayOut(status: number, error: GraphError | null, what: string): string {
  if (status < 400) return ' Redirects are not followed. Is the address that of Microsoft Graph?';
  if (status === 401) return ' Is the token meant for this cloud, and is the app still enabled?';
  if (status === 403 && what.startsWith('PATCH')) return WRITES_NEED;
  if (status === 403 && MAILBOX.test(what)) return MAIL_NEEDS;
  if (status === 404 && MAILBOX.test(what) && error?.code !== 'ErrorItemNotFound') return NO_MAILBOX;
  if (status === 403) return ' The app needs the application permission for this call, with admin consent.';
  if (isMasteredElsewhere(error)) return ' The object is mastered elsewhere, and Graph will not change it.';
  return '';
}
