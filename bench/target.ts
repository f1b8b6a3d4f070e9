/** What a bench holds its figures against. */
export interface Target {
  readonly name: string;
  readonly found: string;
  readonly wanted: string;
  readonly isMet: boolean;
}

export function lineOf({ name, found, wanted, isMet }: Target): string {
  return `${isMet ? 'met' : 'MISSED'}: ${name}: ${found}, wanted ${wanted}`;
}
