import * as z from 'zod';

/** The last instant that can be written as a date, and the first one below zero (ECMA-262, time values). */
const LAST = 8_640_000_000_000_000;

/** For instants that come back from a store: any other number would end whoever shows it, and be no fault of the row any more. */
export const instantSchema = z.number().min(-LAST).max(LAST);
