/** `1,985`, wherever the reader is. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}
