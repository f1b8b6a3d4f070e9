/** Messages hold ids and nothing else: the row is the truth, and a message may come twice, late, or never. */
export interface ScanMessage {
  readonly version: 1;
  readonly run: string;
}

export interface RepairMessage {
  readonly version: 1;
  readonly repair: string;
}
