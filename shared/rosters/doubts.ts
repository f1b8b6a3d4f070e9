/** `12,345` */
export function amount(value: number): string {
  return value.toLocaleString('en-US');
}

/** `12.3 percent` */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} percent`;
}

/** The way out where the numbers are unusual and may yet be right. */
export const CONFIRM = 'If this is right, confirm the counts of this run; the next one is then measured by them.';
