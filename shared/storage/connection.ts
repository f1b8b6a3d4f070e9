import { retry, type RetryDeps, type RetryRules } from '../retry.ts';
import { SECOND } from '../time.ts';
import { isMissingHome, storageError } from './failures.ts';

export interface StorageDeps extends RetryDeps {
  readonly rules?: RetryRules;
}

/**
 * Storage answers in milliseconds, and the largest transaction in a second; a partition that moves to another server is away for
 * seconds. A call ends within a minute, so that no lease is lost by waiting for the row that renews it.
 */
const STORAGE_RULES: RetryRules = { attempts: 4, totalWait: 15 * SECOND, deadline: 10 * SECOND };

/** One try of a request. */
export interface Attempt {
  readonly signal: AbortSignal;
  /** An earlier try failed without a clear answer: it may have been carried out. */
  readonly repeated: boolean;
}

/** A client whose table or queue is created on first use, once for all who ask meanwhile, and again when somebody deleted it. */
export class Connection<Client> {
  readonly #deps: StorageDeps;
  readonly #open: (signal: AbortSignal) => Promise<Client>;
  #client: Promise<Client> | undefined;

  constructor(deps: StorageDeps, open: (signal: AbortSignal) => Promise<Client>) {
    this.#deps = deps;
    this.#open = open;
  }

  /**
   * Runs one request until it succeeds or fails for good. Every request may be repeated: reads change nothing, writes carry an ETag
   * or a mark, and a message may come twice. `doing` begins the message when it fails. Throws AnchorwatchError.
   */
  async use<T>(doing: string, work: (client: Client, attempt: Attempt) => Promise<T>): Promise<T> {
    let tried = 0;
    const call = { who: 'Azure Storage', method: 'any', harmless: true, rules: this.#deps.rules ?? STORAGE_RULES };
    return retry(
      async (signal) => {
        tried += 1;
        try {
          return await work(await this.#connected(signal), { signal, repeated: tried > 1 });
        } catch (error) {
          if (isMissingHome(error)) this.#client = undefined;
          throw storageError(error, doing);
        }
      },
      call,
      this.#deps,
    );
  }

  async #connected(signal: AbortSignal): Promise<Client> {
    const opening = (this.#client ??= this.#open(signal));
    try {
      return await opening;
    } catch (error) {
      if (this.#client === opening) this.#client = undefined;
      throw error;
    }
  }
}
