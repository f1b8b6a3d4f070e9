import type { RepairFlowTools } from '../shared/flows/repair.ts';

/** Everything a command touches of its process, so that a test can be one. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Asks the person at the terminal, and is answered with a line; null where there is no terminal. Gives up with the signal. */
  readonly ask: ((question: string, signal?: AbortSignal) => Promise<string>) | null;
  /** In place of what wiring makes of the settings: a test brings its own tenants, storage and time. */
  readonly tools?: RepairFlowTools;
  /** A person is looking at `err`, and may be shown what moves. */
  readonly isTerminal: boolean;
  /** Characters in a line of the terminal. */
  readonly columns: number;
}

/** 0 all is well, 1 drift, 2 could not tell or could not run. */
export type ExitCode = 0 | 1 | 2;
