import type { Config } from '../../config/config.ts';
import type { Tools } from '../tools.ts';

/** What pages are given: no tenant, for the function app does the looking. */
export type PageTools = Pick<Tools, 'state' | 'clock' | 'repairs' | 'log'> & {
  readonly settings: Pick<Config, 'schedule' | 'repair' | 'tend' | 'entra' | 'telling'> & Tools['settings'];
};
