import * as z from 'zod';
import { AnchorwatchError, type ErrorFields, type ErrorKind } from '../errors.ts';
import { networkFailure } from '../network.ts';
import { SECOND } from '../time.ts';

interface Headers {
  get(name: string): string | undefined;
}

const headers = z.custom<Headers>((value) => z.object({ get: z.function() }).loose().safeParse(value).success);

/** What the SDKs throw (`RestError` of core-rest-pipeline, identity's errors), as far as we look at it. */
const thrown = z.object({
  name: z.string(),
  code: z.string().optional().catch(undefined),
  statusCode: z.number().optional().catch(undefined),
  details: z
    .object({
      errorCode: z.string().optional().catch(undefined),
      odataError: z
        .object({ code: z.string().optional().catch(undefined) })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
  request: z.object({ url: z.string() }).optional().catch(undefined),
  response: z.object({ headers }).optional().catch(undefined),
});

/** A failure of the service: its HTTP status, absent when there was no answer, and its error code, `ServerBusy` and the like. */
interface Answer {
  readonly name: string;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly retryAfter: number | undefined;
  readonly host: string;
}

function answerOf(error: unknown): Answer | null {
  const parsed = thrown.safeParse(error);
  if (!parsed.success) return null;
  const { name, code, statusCode, details, request, response } = parsed.data;
  return {
    name,
    status: statusCode,
    code: details?.odataError?.code ?? details?.errorCode ?? code,
    retryAfter: milliseconds(response?.headers.get('retry-after')),
    host: URL.parse(request?.url ?? '')?.host ?? 'no address',
  };
}

/** Azure Storage gives seconds; a date, which HTTP allows as well, is left to our own waiting. */
function milliseconds(retryAfter: string | undefined): number | undefined {
  return retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * SECOND : undefined;
}

/** True when the answer says that the row is not there; a missing table is something else. */
export function isMissingRow(error: unknown): boolean {
  const answer = answerOf(error);
  return answer?.status === 404 && answer.code !== 'TableNotFound';
}

/** True when the table or queue itself is gone, or not made yet. */
export function isMissingHome(error: unknown): boolean {
  return isHomeless(answerOf(error)?.code);
}

/** True when a write was refused because of what stands there: it exists, it changed, it is gone. */
export function isLostRace(error: unknown): boolean {
  return isMissingRow(error) || kindOfAnswer(answerOf(error)) === 'conflict';
}

/** The `conflict` of a write that came too late. */
export function lostRace(what: string, fields: ErrorFields, cause?: unknown): AnchorwatchError {
  return new AnchorwatchError('conflict', `${what}. Somebody else was faster: read it again and decide anew.`, {
    cause,
    fields,
  });
}

/** Any error of a request to storage in the house's words; `doing` begins the message: `Reading the row … of table …`. */
export function storageError(error: unknown, doing: string): AnchorwatchError {
  if (error instanceof AnchorwatchError) return error;
  const answer = answerOf(error);
  if (answer?.name === 'RestError' && answer.status === undefined) {
    const { kind, message, cause, fields } = networkFailure(error, 'Azure Storage', answer.host);
    return new AnchorwatchError(kind, `${doing} failed. ${message}`, { cause, fields });
  }
  const kind = kindOfAnswer(answer);
  const said = [answer?.status, answer?.code].filter((part) => part !== undefined).join(' ');
  return new AnchorwatchError(kind, `${doing} failed${said === '' ? '' : ` (${said})`}. ${WAY_OUT[kind]}`, {
    cause: error,
    retryAfter: answer?.retryAfter,
    fields: { status: answer?.status, code: answer?.code },
  });
}

const WAY_OUT: Readonly<Record<ErrorKind, string>> = {
  throttled: 'The storage account is busy: try again later.',
  transient: 'Storage gave no usable answer, and the request may have been carried out: try again.',
  denied:
    'Give the identity the roles Storage Table Data Contributor and Storage Queue Data Contributor, or correct the connection string.',
  conflict: 'Somebody else was faster: read it again and decide anew.',
  refused: 'Look at the storage account.',
  invalid: 'Trying again changes nothing.',
};

/** https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes and …/queue-service-error-codes */
function kindOfAnswer(answer: Answer | null): ErrorKind {
  if (answer === null) return 'invalid';
  const { name, status, code } = answer;
  if (status === undefined) return kindWithoutStatus(name);
  if (status === 429 || code === 'ServerBusy') return 'throttled';
  if (status === 401 || status === 403) return 'denied';
  // A table or queue that is being deleted stays so for about half a minute.
  if (code?.endsWith('BeingDeleted') || isHomeless(code)) return 'transient';
  if (status === 409 || status === 412) return 'conflict';
  if (status === 408 || status >= 500) return 'transient';
  // A success that the SDK could not read: cut, or a page of some proxy.
  return status < 400 ? 'transient' : 'invalid';
}

function isHomeless(code: string | undefined): boolean {
  return code === 'TableNotFound' || code === 'QueueNotFound';
}

function kindWithoutStatus(name: string): ErrorKind {
  // Somebody else's deadline ended the opening of the table that this request waited for.
  if (name === 'AbortError') return 'transient';
  // Names of @azure/identity: no managed identity here, or it got no token.
  return name.includes('Credential') || name.includes('Authentication') ? 'denied' : 'invalid';
}
