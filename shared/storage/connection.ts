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

/** A client, and the making of the table or queue that it speaks to. */
export interface Home<Client> {
  open(): Promise<Client>;
  /** Makes the table or queue unless it is there. */
  make(client: Client, signal: AbortSignal): Promise<unknown>;
}

/**
 * A client whose table or queue is made before the first write, once for all who write meanwhile, and again when somebody deleted it.
 * Whoever only looks makes nothing.
 */
export class Connection<Client> {
  readonly #deps: StorageDeps;
  readonly #home: Home<Client>;
  #client: Promise<Client> | undefined;
  #made: Promise<unknown> | undefined;

  constructor(deps: StorageDeps, home: Home<Client>) {
    this.#deps = deps;
    this.#home = home;
  }

  /**
   * Runs one write until it succeeds or fails for good. Every request may be repeated: writes carry an ETag or a mark, and a message
   * may come twice. `doing` begins the message when it fails. Throws AnchorwatchError.
   */
  async write<T>(doing: string, work: (client: Client, attempt: Attempt) => Promise<T>): Promise<T> {
    return this.#repeat(doing, async (attempt) => {
      const client = await this.#opened();
      await this.#housed(client, attempt.signal);
      try {
        return await work(client, attempt);
      } catch (error) {
        if (isMissingHome(error)) this.#made = undefined;
        throw error;
      }
    });
  }

  /** As `write`, for requests that are content when there is nothing: null where the table is not made yet. */
  async look<T>(doing: string, work: (client: Client, attempt: Attempt) => Promise<T>): Promise<T | null> {
    return this.#repeat(doing, async (attempt) => {
      const client = await this.#opened();
      try {
        return await work(client, attempt);
      } catch (error) {
        if (isMissingHome(error)) return null;
        throw error;
      }
    });
  }

  async #repeat<T>(doing: string, work: (attempt: Attempt) => Promise<T>): Promise<T> {
    let tried = 0;
    const call = { who: 'Azure Storage', method: 'any', harmless: true, rules: this.#deps.rules ?? STORAGE_RULES };
    return retry(
      async (signal) => {
        tried += 1;
        try {
          return await work({ signal, repeated: tried > 1 });
        } catch (error) {
          throw storageError(error, doing);
        }
      },
      call,
      this.#deps,
    );
  }

  async #opened(): Promise<Client> {
    const opening = (this.#client ??= this.#home.open());
    try {
      return await opening;
    } catch (error) {
      if (this.#client === opening) this.#client = undefined;
      throw error;
    }
  }

  async #housed(client: Client, signal: AbortSignal): Promise<void> {
    const making = (this.#made ??= this.#home.make(client, signal));
    try {
      await making;
    } catch (error) {
      if (this.#made === making) this.#made = undefined;
      throw error;
    }
  }
}
