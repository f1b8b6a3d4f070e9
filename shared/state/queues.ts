/** Names of the queues. The host names a queue of messages that failed too often by adding `-poison`. */
export const SCANS = 'anchorwatch-scans';
export const REPAIRS = 'anchorwatch-repairs';
